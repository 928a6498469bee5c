/** Renders: what was rendered with this key, newest first, and what failed, with its reason. One can be
 *  opened again; of two films one sees what differs.
 */

import { isFailed, isFilm, TOO_LARGE, type Api, type Movie } from "./api";
import { compared } from "./compare";
import { h, put, seconds, wordsOf } from "./dom";
import type { Language } from "./language";

const SHOWN = 24;
/** Stills are listed too, and there may be hundreds of them for one film. */
const MOST_PAGES = 10;
const DAYS = 90;

interface Page {
  movies: Movie[];
  next_token: string | null;
}

export class Renders {
  readonly root = h("div", { class: "list renders" });
  private readonly picked: Movie[] = [];
  private loading = new AbortController();
  private readonly items = h("ul", { class: "cards" });
  private readonly said = h("p", { class: "said", role: "status" });
  private readonly compare = h("button", { class: "plain", disabled: true, onclick: () => void this.both() }, "Compare two");

  constructor(
    private readonly api: Api,
    private readonly language: Language,
    private readonly onOpen: (movie: Movie, document: string) => void,
  ) {
    const again = h("button", { class: "plain", onclick: () => void this.load() }, "Look again");
    put(this.root, h("div", { class: "tools" }, this.compare, again), this.said, this.items);
  }

  async load(): Promise<void> {
    this.loading.abort();
    const { signal } = (this.loading = new AbortController());
    this.picked.length = 0;
    this.compare.disabled = true;
    try {
      const found = await this.found(signal);
      put(this.items, ...found.map((movie) => this.card(movie)));
      put(this.said, found.length ? "" : `Nothing was rendered in the last ${DAYS} days.`);
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    }
  }

  private async found(signal: AbortSignal): Promise<Movie[]> {
    const since = new Date(Date.now() - DAYS * 86_400_000).toISOString();
    const found: Movie[] = [];
    let token: string | null = "";
    for (let page = 0; page < MOST_PAGES && token !== null && found.length < SHOWN; page++) {
      const query = new URLSearchParams({ date_start: since, ...(token ? { next_token: token } : {}) });
      const told: Page = await this.api.call<Page>("GET", `/v2/movies?${query}`, undefined, signal);
      found.push(...told.movies.filter((movie) => isFilm(movie) || isFailed(movie)));
      token = told.next_token;
    }
    return found.slice(0, SHOWN);
  }

  private tell(error: unknown): void {
    put(this.said, wordsOf(error));
  }

  private card(movie: Movie): HTMLElement {
    const when = new Date(movie.created_at).toLocaleString();
    const open = () => void this.open(movie).catch((e: unknown) => this.tell(e));
    return h(
      "li",
      { class: isFailed(movie) ? "card failed" : "card" },
      movie.thumbnail && h("img", { src: movie.thumbnail, alt: "", loading: "lazy" }),
      h("p", { class: "name" }, when),
      ...(isFailed(movie) ? [h("p", { class: "why" }, movie.message || "It failed")] : this.told(movie, when)),
      h("button", { class: "plain", "aria-label": `Open the render of ${when}`, onclick: open }, "Open"),
    );
  }

  private told(movie: Movie, when: string): HTMLElement[] {
    const result = movie.cache?.movie.result ?? "";
    const words = [seconds(movie.duration ?? 0), result, took(movie)].filter(Boolean).join(", ");
    const pick = h("input", { type: "checkbox", id: `pick-${movie.project}`, "aria-label": `Compare the render of ${when}` });
    pick.onchange = () => this.pick(movie, pick.checked);
    return [h("p", { class: "said" }, words), h("label", { class: "check", for: pick.id }, pick, "Compare")];
  }

  private pick(movie: Movie, picked: boolean): void {
    const at = this.picked.indexOf(movie);
    if (picked) this.picked.push(movie);
    else if (at >= 0) this.picked.splice(at, 1);
    this.compare.disabled = this.picked.length !== 2;
  }

  private async open(movie: Movie): Promise<void> {
    const whole = await this.api.movie(movie.project);
    if (!whole.json) throw new Error(TOO_LARGE);
    this.onOpen(whole, whole.json);
  }

  private async both(): Promise<void> {
    const [one, other] = this.picked.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
    if (!one || !other) return;
    this.compare.disabled = true;
    try {
      const dialog = await compared(this.api, this.language, one, other);
      document.body.append(dialog);
      dialog.showModal();
    } catch (error) {
      this.tell(error);
    }
    this.compare.disabled = this.picked.length !== 2;
  }
}

function took({ rendering_time }: Movie): string {
  return rendering_time === null ? "" : `made in ${seconds(rendering_time)}`;
}
