/** Rendering: posts the document, follows its project, cancels it. While pieces are made the forecast
 *  is asked for again and again: what is finished is in the cache, so its blocks turn one by one.
 */

import { isOver, type Api, type Movie } from "./api";
import { h, put, seconds, wordsOf } from "./dom";
import type { Forecasts } from "./forecasts";
import type { Film } from "./picture";
import type { Text } from "./text";
import type { Value } from "./value";

const CANCELLED = "Cancelled: what was finished is kept in the cache";

export class Rendering {
  readonly root: HTMLElement;
  private readonly button = h("button", { class: "main", onclick: () => void this.start() }, "Render");
  private readonly stop = h("button", { class: "plain", hidden: true, onclick: () => void this.cancel() }, "Cancel");
  private readonly bar = h("progress", { max: 100, value: 0, hidden: true, "aria-label": "Rendering" });
  private readonly said = h("span", { class: "said", role: "status" });
  private running: { project: string; abort: AbortController } | null = null;
  /** What became of the wish to cancel; it is said beside how far the render is. */
  private aside = "";

  constructor(
    private readonly api: Api,
    private readonly text: Text,
    private readonly forecasts: Forecasts,
    private readonly film: Value<Film | null>,
  ) {
    this.root = h("div", { class: "rendering" }, this.said, this.bar, this.stop, this.button);
  }

  async start(): Promise<void> {
    if (this.running || this.button.disabled) return;
    this.button.disabled = true;
    const of = this.text.text.now;
    const abort = new AbortController();
    try {
      const project = await this.api.render(of);
      this.running = { project, abort };
      this.show(true);
      this.finish(await this.followed(project, abort.signal), of);
    } catch (error) {
      if (!abort.signal.aborted) put(this.said, wordsOf(error));
    }
    this.running = null;
    this.show(false);
    void this.forecasts.ask();
  }

  private followed(project: string, signal: AbortSignal): Promise<Movie> {
    return this.api.ended(project, signal, (movie) => {
      if (movie) this.bar.value = movie.progress;
      this.tell(movie ? movie.message || "Waiting" : "Waiting for the server");
      if (movie) this.forecasts.askAtLeisure();
    });
  }

  private tell(words: string): void {
    put(this.said, [words, this.aside].filter(Boolean).join(". "));
  }

  private finish(movie: Movie, of: string): void {
    if (movie.status !== "done" || !movie.url) {
      put(this.said, movie.deleted_at ? CANCELLED : movie.message);
      return;
    }
    const took = movie.rendering_time === null ? "" : ` in ${seconds(movie.rendering_time)}`;
    const result = movie.cache?.movie.result;
    put(this.said, result === "hit" ? "It was in the cache" : `Rendered${took}`);
    this.forecasts.since = movie.project;
    this.film.set({ of, url: movie.url, duration_s: movie.duration ?? 0 });
  }

  private show(runs: boolean): void {
    this.bar.hidden = this.stop.hidden = !runs;
    this.button.disabled = runs;
    this.stop.disabled = false;
    this.aside = "";
    if (runs) this.bar.value = 0;
  }

  private async cancel(): Promise<void> {
    if (!this.running) return;
    const { project, abort } = this.running;
    this.stop.disabled = true;
    this.aside = "Cancelling…";
    put(this.said, this.aside);
    try {
      // What is finished would be deleted; whoever follows it finds that out.
      if (isOver(await this.api.movie(project))) return;
      await this.api.cancel(project);
    } catch (error) {
      this.uncancelled(project, wordsOf(error));
      return;
    }
    abort.abort();
    put(this.said, CANCELLED);
  }

  private uncancelled(project: string, why: string): void {
    if (this.running?.project !== project) return;
    this.stop.disabled = false;
    this.aside = `It is not cancelled: ${why}`;
    put(this.said, this.aside);
  }
}
