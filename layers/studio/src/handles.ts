/** Handles: frames over the picture, one for each element that is seen at the playhead. Dragging one
 *  moves its element, its corner resizes it, arrow keys nudge; the document says so afterwards.
 */

import type { ElementForecast, Forecast } from "./api";
import { h, put } from "./dom";
import type { Forecasts } from "./forecasts";
import { pathOf, type Path } from "./places";
import type { Playhead } from "./playhead";
import type { Text } from "./text";
import type { Value } from "./value";

type Box = [number, number, number, number];
const NUDGES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 10;
const LEAST_PX = 2;

export class Handles {
  readonly root = h("div", { class: "handles" });
  private forecast: Forecast | null = null;
  /** What is dragged may not be drawn anew meanwhile: the pointer would lose it. */
  private isDragging = false;

  constructor(
    private readonly text: Text,
    forecasts: Forecasts,
    private readonly playhead: Playhead,
    private readonly selected: Value<string>,
    private readonly onSelect: (element: ElementForecast) => void,
  ) {
    forecasts.known.watch((known) => {
      this.forecast = known?.forecast ?? null;
      this.draw();
    });
    playhead.at.watch(() => this.draw());
    selected.watch(() => this.draw());
  }

  private draw(): void {
    if (this.isDragging) return;
    const at = this.playhead.at.now;
    const seen = (this.forecast?.elements ?? []).filter(
      ({ box, start, duration }) => box && start <= at && at < start + duration,
    );
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["handle"];
    put(this.root, ...seen.toSorted((a, b) => a["z-index"] - b["z-index"]).map((each) => this.handle(each)));
    if (focused) this.root.querySelector<HTMLElement>(`[data-handle="${CSS.escape(focused)}"]`)?.focus();
  }

  private handle(element: ElementForecast): HTMLElement {
    const box = element.box ?? [0, 0, 0, 0];
    const grip = h("span", { class: "grip", "aria-hidden": "true" });
    const made = h(
      "button",
      {
        class: "handle",
        "data-handle": element.path,
        "aria-label": `${element.type} at ${box[0]}, ${box[1]}, ${box[2]} by ${box[3]} pixels: arrow keys move it, with Alt they resize it`,
        "aria-pressed": String(element.from === this.selected.now),
        onfocus: () => this.choose(element),
        onkeydown: (event: KeyboardEvent) => this.nudge(event, element),
        onpointerdown: (event: PointerEvent) => this.drag(event, element, made),
      },
      grip,
    );
    this.place(made, box);
    return made;
  }

  private choose(element: ElementForecast): void {
    if (this.selected.now !== element.from) this.onSelect(element);
  }

  private place(made: HTMLElement, [x, y, width, height]: Box): void {
    const { width: whole, height: high } = this.forecast?.movie ?? { width: 1, height: 1 };
    made.style.left = `${(x / whole) * 100}%`;
    made.style.top = `${(y / high) * 100}%`;
    made.style.width = `${(width / whole) * 100}%`;
    made.style.height = `${(height / high) * 100}%`;
  }

  private nudge(event: KeyboardEvent, element: ElementForecast): void {
    const step = NUDGES[event.key];
    if (!step || !element.box) return;
    event.preventDefault();
    const [dx, dy] = step.map((each) => each * (event.shiftKey ? FAR : 1)) as [number, number];
    this.say(element, moved(element.box, dx, dy, event.altKey), event.altKey);
  }

  private drag(event: PointerEvent, element: ElementForecast, made: HTMLElement): void {
    const { box } = element;
    if (!box || event.button !== 0) return;
    const resizes = (event.target as HTMLElement).classList.contains("grip");
    const scale = (this.forecast?.movie.width ?? 1) / (this.root.clientWidth || 1);
    const now = (at: PointerEvent): Box => {
      const dx = (at.clientX - event.clientX) * scale;
      const dy = (at.clientY - event.clientY) * scale;
      return moved(box, Math.round(dx), Math.round(dy), resizes);
    };
    this.isDragging = true;
    made.setPointerCapture(event.pointerId);
    made.onpointermove = (at) => this.place(made, now(at));
    made.onpointerup = (at) => {
      made.onpointermove = made.onpointerup = null;
      this.isDragging = false;
      this.choose(element);
      if (now(at).some((side, index) => side !== box[index])) this.say(element, now(at), resizes);
    };
    made.onpointercancel = () => {
      this.isDragging = false;
      this.draw();
    };
  }

  /** What is repeated is written once: all of its repetitions follow. */
  private say(element: ElementForecast, box: Box, resizes: boolean): void {
    const at = pathOf(element.from);
    const [x, y, width, height] = box;
    element.box = box;
    const place: [Path, unknown][] = [
      [[...at, "position"], "custom"],
      [[...at, "x"], x],
      [[...at, "y"], y],
    ];
    const size: [Path, unknown][] = [
      [[...at, "width"], width],
      [[...at, "height"], height],
    ];
    this.text.set(resizes ? [...place, ...size] : place);
    this.draw();
  }
}

function moved([x, y, width, height]: Box, dx: number, dy: number, resizes: boolean): Box {
  if (!resizes) return [x + dx, y + dy, width, height];
  return [x, y, Math.max(LEAST_PX, width + dx), Math.max(LEAST_PX, height + dy)];
}
