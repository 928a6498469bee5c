/** Rendering: posts the document, follows its project, cancels it. While pieces are made the forecast
 *  is asked for again and again: what is finished is in the cache, so its blocks turn one by one.
 */

import type { Api, Movie } from "./api";
import { h, put, seconds } from "./dom";
import type { Forecasts } from "./forecasts";
import type { Film } from "./picture";
import type { Text } from "./text";
import type { Value } from "./value";

const LOOK_MS = 900;

export class Rendering {
  readonly root: HTMLElement;
  private readonly button = h("button", { class: "main", onclick: () => void this.start() }, "Render");
  private readonly stop = h("button", { class: "plain", hidden: true, onclick: () => void this.cancel() }, "Cancel");
  private readonly bar = h("progress", { max: 100, value: 0, hidden: true, "aria-label": "Rendering" });
  private readonly said = h("span", { class: "said", role: "status" });
  private running: { project: string; abort: AbortController } | null = null;

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
      const movie = await this.followed(project, abort.signal);
      this.finish(movie, of);
    } catch (error) {
      if (!abort.signal.aborted) put(this.said, error instanceof Error ? error.message : String(error));
    }
    this.running = null;
    this.show(false);
    void this.forecasts.ask();
  }

  private async followed(project: string, signal: AbortSignal): Promise<Movie> {
    let looked_ms = performance.now();
    return this.api.ended(project, signal, (movie) => {
      this.bar.value = movie.progress;
      put(this.said, movie.message || "Waiting");
      if (performance.now() - looked_ms < LOOK_MS) return;
      looked_ms = performance.now();
      void this.forecasts.ask();
    });
  }

  private finish(movie: Movie, of: string): void {
    if (movie.status !== "done" || !movie.url) {
      put(this.said, movie.message);
      return;
    }
    const took = movie.rendering_time === null ? "" : ` in ${seconds(movie.rendering_time)}`;
    const result = movie.cache?.movie.result;
    put(this.said, result === "hit" ? "It was in the cache" : `Rendered${took}`);
    this.forecasts.since = movie.project;
    this.film.set({ of, url: movie.url });
  }

  private show(runs: boolean): void {
    this.bar.hidden = this.stop.hidden = !runs;
    this.button.disabled = runs;
    if (runs) this.bar.value = 0;
  }

  private async cancel(): Promise<void> {
    if (!this.running) return;
    const { project, abort } = this.running;
    put(this.said, "Cancelling…");
    await this.api.cancel(project).catch(() => {});
    abort.abort();
    put(this.said, "Cancelled: what was finished is kept in the cache");
  }
}
