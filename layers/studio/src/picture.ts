/** The picture: the frame at the playhead while one edits, the film when it is there. What is drawn
 *  of the selected scene can be dragged and resized; the document follows.
 */

import { Refused, type Api, type ElementForecast, type Forecast } from "./api";
import { debounced, h, put, wordsOf } from "./dom";
import type { Forecasts, Known } from "./forecasts";
import { Handles } from "./handles";
import type { Playhead } from "./playhead";
import type { Text } from "./text";
import type { Value } from "./value";

const PAUSE_MS = 350;

/** A film, and the text that it was made of. */
export interface Film {
  of: string;
  url: string;
  duration_s: number;
}

export class Picture {
  readonly root: HTMLElement;
  private readonly said = h("p", { class: "said", "aria-live": "polite" });
  private readonly image = h("img", { alt: "The frame at the playhead", hidden: true });
  private readonly video = h("video", { controls: true, playsinline: true, hidden: true });
  private readonly stage = h("div", { class: "stage" });
  private asking = new AbortController();
  /** The frame that was asked for last, whatever became of it: forecasts come again and again while a
   *  movie is rendered, and it is not to be asked for with each.
   */
  private asked = "";
  /** What is said of that frame. */
  private told = "";
  private isWaiting = false;
  private filmUrl = "";

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
    handles.refused.watch((why) => why && put(this.said, why));
    this.root = h("section", { class: "picture", "aria-label": "Picture" }, h("div", { class: "frame" }, this.stage), this.said);
    const soon = debounced(() => void this.still(), PAUSE_MS);
    forecasts.known.watch((known) => {
      if (known) this.fit(known.forecast);
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
    this.stage.style.setProperty("--ratio", String(movie.width / movie.height));
  }

  private show(): void {
    const { isFilm } = this;
    const isBack = isFilm && this.video.hidden;
    this.stage.classList.toggle("film", isFilm);
    this.video.hidden = !isFilm;
    this.image.hidden = isFilm || !this.image.src || !this.forecasts.known.now;
    if (isFilm) this.forget();
    else this.video.pause();
    this.load();
    if (isBack) this.seek();
    this.say();
  }

  private load(): void {
    const url = this.film.now?.url;
    if (!this.isFilm || !url || this.filmUrl === url) return;
    this.filmUrl = this.video.src = url;
    this.seek();
  }

  private say(): void {
    const words = this.isFilm ? "The film" : this.told;
    // The same words put anew would be read out anew.
    if (this.said.textContent !== words) put(this.said, words);
  }

  private tell(words: string): void {
    this.told = words;
    this.say();
  }

  private seek(): void {
    if (this.isFilm && this.video.paused) this.video.currentTime = this.playhead.at.now;
  }

  /** What was asked for is not waited for any more. */
  private forget(): void {
    if (!this.isWaiting) return;
    this.asking.abort();
    this.isWaiting = false;
    this.asked = this.told = "";
  }

  private async still(): Promise<void> {
    const known = this.forecasts.known.now;
    if (!known) {
      this.forget();
      this.asked = "";
      this.tell("");
      return;
    }
    if (this.isFilm || known.of !== this.text.text.now) return;
    const at = this.playhead.at.now;
    const wanted = `${at.toFixed(3)} ${known.of}`;
    if (this.asked === wanted) return;
    this.forget();
    const { signal } = (this.asking = new AbortController());
    this.asked = wanted;
    this.isWaiting = true;
    this.tell("Painting this frame…");
    try {
      await this.paint(known, at, signal);
      if (!signal.aborted) this.tell(`The frame at ${at.toFixed(2)} s, as the film will have it`);
    } catch (error) {
      if (signal.aborted) return;
      // The next forecast tells that the server is there again, or that there is another key.
      if (error instanceof Refused && (error.passes || error.isOfKey)) this.asked = "";
      this.tell(wordsOf(error));
    }
    if (!signal.aborted) this.isWaiting = false;
  }

  private async paint(known: Known, at: number, signal: AbortSignal): Promise<void> {
    // Not aborted itself: who does not know the project cannot cancel it.
    const project = await this.api.still(known.of, at);
    const url = await this.painted(project, signal);
    if (signal.aborted) return;
    this.image.src = url;
    await this.image.decode();
    if (signal.aborted) return;
    this.image.hidden = this.isFilm;
    if (known.forecast.elements.some(({ state }) => state !== "reused")) void this.forecasts.ask();
  }

  /** Where the picture is. What nobody waits for any more is cancelled. */
  private async painted(project: string, signal: AbortSignal): Promise<string> {
    try {
      signal.throwIfAborted();
      const waits = () => this.tell("Waiting for the server");
      const ended = await this.api.ended(project, signal, (movie) => movie ?? waits());
      if (ended.status !== "done" || !ended.url) throw new Refused(400, ended.message);
      return ended.url;
    } catch (error) {
      if (signal.aborted) await this.api.cancel(project).catch(() => {});
      throw error;
    }
  }
}
