/** Handles: frames over the picture, one for each element that is seen at the playhead. Dragging one
 *  moves its element, its corner resizes it, arrow keys nudge; the document says so afterwards.
 *
 *  A frame is about what is drawn, the ink of a text; the document says where an element's own box is,
 *  or how far off its preset place. So what changed of the frame is added to what the document says.
 */

import type { ElementForecast, Forecast } from "./api";
import { h, put } from "./dom";
import type { Forecasts } from "./forecasts";
import { pathOf } from "./places";
import type { Playhead } from "./playhead";
import type { Text } from "./text";
import { Value } from "./value";

type Box = [number, number, number, number];
const NUDGES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 10;
const LEAST_PX = 2;
/** Of files, a side that the document leaves open is what is drawn; of pages, the movie's. */
const FILES = ["image", "video"];
const ELSEWHERE = "The document has no such element now: look again in a moment";
const FILLS = "It fills the canvas (resize), so it has no place of its own";

export class Handles {
  readonly root = h("div", { class: "handles" });
  /** Why the last gesture changed nothing. */
  readonly refused = new Value("");
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
    selected.watch(() => this.mark());
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
    this.mark();
  }

  /** The selected one is seen, and lies over the others. */
  private mark(): void {
    for (const each of this.root.children as Iterable<Element> & HTMLCollection) {
      const isSelected = (each as HTMLElement).dataset["from"] === this.selected.now;
      each.setAttribute("aria-pressed", String(isSelected));
    }
  }

  private handle(element: ElementForecast): HTMLElement {
    const box = element.box ?? [0, 0, 0, 0];
    const grip = element.said ? h("span", { class: "grip", "aria-hidden": "true" }) : null;
    const made = h(
      "button",
      {
        class: "handle",
        "data-handle": element.path,
        "data-from": element.from,
        "aria-label": `${element.type} at ${box[0]}, ${box[1]}, ${box[2]} by ${box[3]} pixels: arrow keys move it, with Alt they resize it`,
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
    const by = step.map((each) => each * (event.shiftKey ? FAR : 1)) as [number, number];
    this.say(element, by, event.altKey);
    this.draw();
  }

  private drag(event: PointerEvent, element: ElementForecast, made: HTMLElement): void {
    const { box } = element;
    if (!box || event.button !== 0) return;
    const resizes = (event.target as HTMLElement).classList.contains("grip");
    const scale = (this.forecast?.movie.width ?? 1) / (this.root.clientWidth || 1);
    const by = (at: PointerEvent): [number, number] => [
      Math.round((at.clientX - event.clientX) * scale),
      Math.round((at.clientY - event.clientY) * scale),
    ];
    const end = () => {
      made.onpointermove = made.onpointerup = made.onpointercancel = null;
      this.isDragging = false;
    };
    this.isDragging = true;
    made.setPointerCapture(event.pointerId);
    made.onpointermove = (at) => this.place(made, moved(box, by(at), resizes));
    made.onpointerup = (at) => {
      end();
      this.choose(element);
      if (by(at).some(Boolean)) this.say(element, by(at), resizes);
      this.draw();
    };
    made.onpointercancel = () => {
      end();
      this.draw();
    };
  }

  /** What is repeated is written once: all of its repetitions follow. */
  private say(element: ElementForecast, by: [number, number], resizes: boolean): void {
    const { said, box } = element;
    if (!said || !box) return this.refuse(FILLS);
    const next = resizes ? this.resized(element, by) : { x: said[0] + by[0], y: said[1] + by[1] };
    if (!this.text.setAt(pathOf(element.from), element.type, next)) return this.refuse(ELSEWHERE);
    element.box = moved(box, by, resizes);
    element.said = [next.x ?? said[0], next.y ?? said[1], next.width ?? said[2], next.height ?? said[3]];
  }

  /** A side of a file that the document leaves open follows the other. */
  private resized({ type, said, box }: ElementForecast, by: [number, number]): Partial<Record<Side, number>> {
    const [, , width, height] = said ?? [0, 0, -1, -1];
    const { width: whole, height: high } = this.forecast?.movie ?? { width: 0, height: 0 };
    const isFile = FILES.includes(type);
    const [openWidth, openHeight] = isFile ? [box?.[2] ?? 0, box?.[3] ?? 0] : [whole, high];
    const wide = Math.max(LEAST_PX, (width > 0 ? width : openWidth) + by[0]);
    if (isFile && height <= 0) return { width: wide };
    return { width: wide, height: Math.max(LEAST_PX, (height > 0 ? height : openHeight) + by[1]) };
  }

  private refuse(why: string): void {
    this.refused.set("");
    this.refused.set(why);
  }
}

type Side = "x" | "y" | "width" | "height";

function moved([x, y, width, height]: Box, [dx, dy]: [number, number], resizes: boolean): Box {
  if (!resizes) return [x + dx, y + dy, width, height];
  return [x, y, Math.max(LEAST_PX, width + dx), Math.max(LEAST_PX, height + dy)];
}
