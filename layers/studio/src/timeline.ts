/** The timeline: scenes in true length with their transitions, elements below, and the heat map: what
 *  of it is reused, rendered, waited for or paid. Only what is in view is drawn.
 */

import type { ElementForecast, Forecast, Placed, SceneForecast, State } from "./api";
import { clock, h, put, seconds } from "./dom";
import type { Forecasts } from "./forecasts";
import { pathOf } from "./places";
import type { Playhead } from "./playhead";
import { Value } from "./value";

const WORDS: Record<State, string> = {
  reused: "reused",
  rendered: "rendered",
  waiting: "an element is made, then it is rendered",
  paid: "a provider is paid, then it is rendered",
};
const ROW_PX = 24;
const SCENES_PX = 44;
const MOST_ROWS = 40;
const LEAST_PX = 1.5;
const MOST_ZOOM = 400;
/** A tap becomes a click so long after the finger has left. */
const CLICKED_MS = 100;

export class Timeline {
  readonly root: HTMLElement;
  /** The `from` of what is selected. */
  readonly selected = new Value("");
  private zoom = 1;
  private frame = 0;
  /** What is pressed may not be drawn anew meanwhile: it would never be clicked. */
  private isPressed = false;
  private letGoTimer = 0;
  private forecast: Forecast | null = null;
  private rows = new Map<ElementForecast, number>();
  private readonly legend = h("p", { class: "why" });
  private readonly track = h("div", { class: "track" });
  private readonly needle = h("div", { class: "needle" });
  private readonly ruler: HTMLElement;
  private readonly strip = h("div", { class: "strip", role: "group", "aria-label": "Scenes and elements" });
  private readonly window: HTMLElement;

  constructor(
    forecasts: Forecasts,
    private readonly playhead: Playhead,
    private readonly onSelect: (placed: Placed) => void,
    wave: HTMLElement,
  ) {
    this.ruler = h("div", { class: "ruler", role: "slider", tabindex: 0, "aria-label": "Playhead" });
    this.ruler.addEventListener("pointerdown", (event) => this.scrub(event));
    this.ruler.addEventListener("keydown", (event) => this.step(event));
    put(this.track, this.ruler, this.strip, wave, this.needle);
    this.window = h("div", { class: "window", onscroll: () => this.drawSoon() }, this.track);
    const zooms = h(
      "div",
      { class: "zooms" },
      h("button", { class: "plain", "aria-label": "Scene before", onclick: () => this.playhead.go(this.sceneBefore(playhead.at.now)) }, "«"),
      h("button", { class: "plain", "aria-label": "Next scene", onclick: () => this.playhead.go(this.sceneAfter(playhead.at.now)) }, "»"),
      h("button", { class: "plain", "aria-label": "Zoom out", onclick: () => this.zoomBy(1 / 1.6) }, "−"),
      h("button", { class: "plain", "aria-label": "Zoom in", onclick: () => this.zoomBy(1.6) }, "+"),
    );
    const bar = h("div", { class: "bar" }, h("h2", {}, "Timeline"), legendOfStates(), this.legend, zooms);
    this.root = h("section", { class: "timeline", "aria-label": "Timeline" }, bar, this.window);
    this.strip.addEventListener("keydown", (event) => this.walk(event));
    this.strip.addEventListener("pointerdown", (event) => this.press(event));
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => this.letGoSoon());
    new ResizeObserver(() => this.drawSoon()).observe(this.window);
    forecasts.known.watch((known) => {
      this.forecast = known?.forecast ?? null;
      this.rows = this.forecast ? rowsOf(this.forecast) : new Map();
      this.playhead.last(this.forecast?.movie.duration ?? 0);
      this.draw();
    });
    playhead.at.watch(() => this.drawNeedle());
    this.selected.watch(() => this.mark());
  }

  private get duration_s(): number {
    return Math.max(0.1, this.forecast?.movie.duration ?? 1);
  }

  private zoomBy(factor: number): void {
    const middle = (this.window.scrollLeft + this.window.clientWidth / 2) / this.track.clientWidth;
    this.zoom = Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    this.draw();
    this.window.scrollLeft = middle * this.track.clientWidth - this.window.clientWidth / 2;
    this.draw();
  }

  /** Once, however often it is asked for before the next frame. */
  private drawSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.track.style.width = `${this.zoom * 100}%`;
    const { forecast, rows } = this;
    if (!forecast || this.isPressed) return;
    const shown = [
      ...forecast.scenes.filter((scene) => this.isInView(scene)).map((scene) => this.scene(scene)),
      ...forecast.elements
        .filter((element) => this.isInView(element) && this.isWide(element) && (rows.get(element) ?? MOST_ROWS) < MOST_ROWS)
        .map((element) => this.element(element, rows.get(element) ?? 0)),
    ];
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["path"];
    put(this.strip, ...shown);
    if (focused) this.blockOf(focused)?.focus();
    this.mark();
    const most = [...rows.values()].reduce((all, row) => Math.max(all, row + 1), 0);
    this.strip.style.height = `${SCENES_PX + Math.min(MOST_ROWS, most) * ROW_PX + 4}px`;
    this.drawRuler();
    this.drawNeedle();
  }

  private press({ button }: PointerEvent): void {
    if (button !== 0) return;
    clearTimeout(this.letGoTimer);
    this.isPressed = true;
  }

  private letGoSoon(): void {
    clearTimeout(this.letGoTimer);
    if (this.isPressed) this.letGoTimer = window.setTimeout(() => this.letGo(), CLICKED_MS);
  }

  private letGo(): void {
    this.isPressed = false;
    this.draw();
  }

  /** The selected block, or else the first one, is where Tab leads to. */
  private mark(): void {
    const blocks = [...this.strip.querySelectorAll<HTMLElement>(".block")];
    const chosen = blocks.find((block) => block.dataset["from"] === this.selected.now) ?? blocks[0];
    for (const block of blocks) {
      block.setAttribute("aria-pressed", String(block.dataset["from"] === this.selected.now));
      block.tabIndex = block === chosen ? 0 : -1;
    }
  }

  private isInView({ start, duration }: Placed): boolean {
    const whole = this.track.clientWidth || 1;
    const [left, width] = [this.window.scrollLeft / whole, this.window.clientWidth / whole];
    const [from, to] = [start / this.duration_s, (start + duration) / this.duration_s];
    return to >= left - width / 2 && from <= left + width * 1.5;
  }

  /** An element that is too narrow to be seen is left out; its scene is not. */
  private isWide({ duration }: Placed): boolean {
    return (duration / this.duration_s) * this.track.clientWidth >= LEAST_PX;
  }

  private scene(scene: SceneForecast): HTMLElement {
    const name = `Scene ${Number(pathOf(scene.path)[1]) + 1}`;
    const made = this.block(scene, name, 0, `${WORDS[scene.state]}: ${scene.reason}`);
    made.classList.add("scene");
    made.prepend(h("span", { class: "length" }, ` ${seconds(scene.duration)}`));
    made.prepend(h("span", { class: "name" }, name));
    if (scene.transition) {
      const { style, duration, state } = scene.transition;
      const width = `${Math.min(100, (duration / scene.duration) * 100)}%`;
      const overlap = h("span", { class: `overlap ${state}`, title: `${style}, ${seconds(duration)}: ${WORDS[state]}` });
      overlap.style.width = width;
      made.style.setProperty("--overlap", width);
      made.append(overlap);
    }
    return made;
  }

  private element(element: ElementForecast, row: number): HTMLElement {
    const made = this.block(element, `${element.type} ${element.path}`, SCENES_PX + row * ROW_PX, WORDS[element.state]);
    made.classList.add("element");
    made.prepend(h("span", { class: "name" }, element.type));
    return made;
  }

  private block(placed: Placed, name: string, top_px: number, why: string): HTMLElement {
    const { start, duration, state, path, from } = placed;
    const told = `${name}, ${seconds(start)} to ${seconds(start + duration)}, ${why}`;
    const made = h("button", {
      class: `block ${state}`,
      "data-path": path,
      "data-from": from,
      onclick: () => this.choose(placed),
      onfocus: () => put(this.legend, told),
      onpointerenter: () => put(this.legend, told),
    }, h("span", { class: "unseen" }, ` ${told}`));
    made.style.left = `${(start / this.duration_s) * 100}%`;
    made.style.width = `${(duration / this.duration_s) * 100}%`;
    made.style.top = `${top_px}px`;
    return made;
  }

  private choose(placed: Placed): void {
    this.selected.set(placed.from);
    const { start, duration } = placed;
    const at = this.playhead.at.now;
    if (at < start || at >= start + duration) this.playhead.go(start + duration / 2);
    this.onSelect(placed);
  }

  private blockOf(path: string): HTMLElement | null {
    return this.strip.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
  }

  /** Arrow keys go to the next block of the row, or to the one of the next row at that time. */
  private walk(event: KeyboardEvent): void {
    const here = document.activeElement as HTMLElement;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !here.classList.contains("block")) return;
    event.preventDefault();
    const goesAlong = event.key === "ArrowRight" || event.key === "ArrowLeft";
    const [row, at] = [here.offsetTop, here.offsetLeft];
    const blocks = [...this.strip.querySelectorAll<HTMLElement>(".block")].filter((block) =>
      goesAlong
        ? block.offsetTop === row && (block.offsetLeft - at) * step > 0
        : (block.offsetTop - row) * step > 0 && block.offsetLeft + block.offsetWidth > at,
    );
    const far = (block: HTMLElement) =>
      Math.abs(block.offsetTop - row) * this.track.clientWidth + Math.abs(block.offsetLeft - at);
    blocks.toSorted((a, b) => far(a) - far(b))[0]?.focus();
  }

  private scrub(event: PointerEvent): void {
    const go = ({ clientX }: PointerEvent) => {
      const { left, width } = this.ruler.getBoundingClientRect();
      this.playhead.go(((clientX - left) / width) * this.duration_s);
    };
    this.ruler.setPointerCapture(event.pointerId);
    go(event);
    this.ruler.onpointermove = go;
    this.ruler.onpointerup = this.ruler.onpointercancel = () => (this.ruler.onpointermove = null);
  }

  private step(event: KeyboardEvent): void {
    const fps = this.forecast?.movie.fps ?? 25;
    const at = this.playhead.at.now;
    const steps: Record<string, number> = {
      ArrowLeft: at - (event.shiftKey ? 1 : 1 / fps),
      ArrowRight: at + (event.shiftKey ? 1 : 1 / fps),
      PageUp: this.sceneBefore(at),
      PageDown: this.sceneAfter(at),
      Home: 0,
      End: this.duration_s,
    };
    const to_s = steps[event.key];
    if (to_s === undefined) return;
    event.preventDefault();
    this.playhead.go(to_s);
  }

  private sceneBefore(at: number): number {
    return this.forecast?.scenes.findLast(({ start }) => start < at - 0.01)?.start ?? 0;
  }

  private sceneAfter(at: number): number {
    return this.forecast?.scenes.find(({ start }) => start > at + 0.01)?.start ?? at;
  }

  private drawRuler(): void {
    const px = this.track.clientWidth || 1;
    const wanted_s = (this.duration_s * 80) / px;
    const each_s = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((s) => s >= wanted_s) ?? 3600;
    const first = Math.floor((this.window.scrollLeft / px) * (this.duration_s / each_s));
    const count = Math.ceil(((this.window.clientWidth / px) * this.duration_s) / each_s) + 1;
    const marks = Array.from({ length: count }, (_, index) => (first + index) * each_s)
      .filter((at) => at <= this.duration_s)
      .map((at) => {
        const mark = h("span", { class: "mark" }, clock(at));
        mark.style.left = `${(at / this.duration_s) * 100}%`;
        return mark;
      });
    put(this.ruler, ...marks);
  }

  private drawNeedle(): void {
    const at = this.playhead.at.now;
    this.needle.style.left = `${(at / this.duration_s) * 100}%`;
    const told = { min: 0, max: this.duration_s.toFixed(2), now: at.toFixed(2), text: clock(at) };
    for (const [name, value] of Object.entries(told)) this.ruler.setAttribute(`aria-value${name}`, String(value));
  }
}

/** Elements of a scene are in the order of the document; the movie's own are below all of those. */
function rowsOf({ elements }: Forecast): Map<ElementForecast, number> {
  const rows = new Map<ElementForecast, number>();
  let most = -1;
  for (const element of elements) {
    const [list, , , index] = pathOf(element.path);
    if (list !== "scenes") continue;
    rows.set(element, Number(index));
    most = Math.max(most, Number(index));
  }
  const own = elements.filter(({ path }) => path.startsWith("elements"));
  own.forEach((element, index) => rows.set(element, most + 1 + index));
  return rows;
}

function legendOfStates(): HTMLElement {
  const states: State[] = ["reused", "rendered", "waiting", "paid"];
  return h("ul", { class: "states" }, ...states.map((state) => h("li", { class: state }, state)));
}
