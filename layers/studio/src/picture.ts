/** The picture: the frame at the playhead while one edits, the film when it is there. What is drawn
 *  of the selected scene can be dragged and resized; the document follows.
 */

import { Refused, type Api, type ElementForecast, type Forecast } from "./api";
import { debounced, h, put } from "./dom";
import type { Forecasts } from "./forecasts";
import { Handles } from "./handles";
import type { Playhead } from "./playhead";
import type { Text } from "./text";
import type { Value } from "./value";

const PAUSE_MS = 350;

/** A film, and the text that it was made of. */
export interface Film {
  of: string;
  url: string;
}

export class Picture {
  readonly root: HTMLElement;
  private readonly said = h("p", { class: "said", "aria-live": "polite" });
  private readonly image = h("img", { alt: "The frame at the playhead", hidden: true });
  private readonly video = h("video", { controls: true, playsinline: true, hidden: true });
  private readonly stage = h("div", { class: "stage" });
  private asking = new AbortController();
  private made = "";

  constructor(
    private readonly api: Api,
    private readonly text: Text,
    private readonly forecasts: Forecasts,
    private readonly playhead: Playhead,
    private readonly film: Value<Film | null>,
    selected: Value<string>,
    onSelect: (element: ElementForecast) => void,
  ) {
    const handles = new Handles(text, forecasts, playhead, selected, onSelect);
    put(this.stage, this.image, this.video, handles.root);
    this.root = h("section", { class: "picture", "aria-label": "Picture" }, this.stage, this.said);
    const soon = debounced(() => void this.still(), PAUSE_MS);
    forecasts.known.watch((known) => {
      if (!known) return;
      this.fit(known.forecast);
      this.show();
      soon();
    });
    playhead.at.watch(() => {
      this.seek();
      soon();
    });
    for (const each of [film, text.text] as Value<unknown>[]) each.watch(() => this.show());
    this.video.addEventListener("timeupdate", () => {
      if (!this.video.paused) this.playhead.go(this.video.currentTime);
    });
  }

  /** The film counts as long as the text is the one that it was made of. */
  private get isFilm(): boolean {
    return this.film.now !== null && this.film.now.of === this.text.text.now;
  }

  private fit({ movie }: Forecast): void {
    this.stage.style.aspectRatio = `${movie.width} / ${movie.height}`;
  }

  private show(): void {
    const { isFilm } = this;
    this.stage.classList.toggle("film", isFilm);
    this.video.hidden = !isFilm;
    this.image.hidden = isFilm || !this.image.src;
    if (!isFilm) this.video.pause();
    const url = this.film.now?.url;
    if (!isFilm || !url || this.video.src === url) return;
    this.video.src = url;
    this.seek();
    put(this.said, "The film");
  }

  private seek(): void {
    if (this.isFilm && this.video.paused) this.video.currentTime = this.playhead.at.now;
  }

  private async still(): Promise<void> {
    const known = this.forecasts.known.now;
    if (this.isFilm || !known || known.of !== this.text.text.now) return;
    const at = this.playhead.at.now;
    const wanted = `${at.toFixed(3)} ${known.of}`;
    if (this.made === wanted) return;
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    put(this.said, "Painting this frame…");
    try {
      const project = await this.api.still(known.of, at, signal);
      const ended = await this.api.ended(project, signal, () => {});
      if (ended.status !== "done" || !ended.url) throw new Refused(400, ended.message);
      this.image.src = ended.url;
      await this.image.decode();
      this.made = wanted;
      this.image.hidden = this.isFilm;
      put(this.said, `The frame at ${at.toFixed(2)} s, as the film will have it`);
      if (known.forecast.elements.some(({ state }) => state !== "reused")) void this.forecasts.ask();
    } catch (error) {
      if (!signal.aborted) put(this.said, error instanceof Error ? error.message : String(error));
    }
  }
}
