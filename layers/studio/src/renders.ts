/** Renders: what was rendered with this key, newest first. One can be opened again; of two one sees
 *  what differs.
 */

import type { Api, Movie } from "./api";
import { compared } from "./compare";
import { h, put, seconds } from "./dom";
import type { Language } from "./language";

const SHOWN = 24;

export class Renders {
  readonly root = h("div", { class: "list renders" });
  private readonly picked: Movie[] = [];
  private readonly items = h("ul", { class: "cards" });
  private readonly said = h("p", { class: "said", role: "status" });
  private readonly compare = h("button", { class: "plain", disabled: true, onclick: () => void this.both() }, "Compare two");

  constructor(
    private readonly api: Api,
    private readonly language: Language,
    private readonly onOpen: (movie: Movie, document: string) => void,
  ) {
    const again = h("button", { class: "plain", onclick: () => void this.load() }, "Look again");
    put(this.root, h("p", { class: "tools" }, this.compare, again), this.said, this.items);
  }

  async load(): Promise<void> {
    this.picked.length = 0;
    this.compare.disabled = true;
    try {
      const found = await this.api.call<{ movies: Movie[] }>("GET", `/v2/movies?limit=${SHOWN}`);
      const films = found.movies.filter(isFilm);
      put(this.items, ...films.map((movie) => this.card(movie)));
      put(this.said, films.length ? "" : "Nothing was rendered yet.");
    } catch (error) {
      put(this.said, error instanceof Error ? error.message : String(error));
    }
  }

  private card(movie: Movie): HTMLElement {
    const when = new Date(movie.created_at).toLocaleString();
    const result = movie.cache?.movie.result ?? "";
    const told = [seconds(movie.duration ?? 0), result, took(movie)].filter(Boolean).join(", ");
    const pick = h("input", { type: "checkbox", id: `pick-${movie.project}` });
    pick.onchange = () => this.pick(movie, pick.checked);
    return h(
      "li",
      { class: "card" },
      h("img", { src: movie.thumbnail ?? "", alt: "", loading: "lazy" }),
      h("p", { class: "name" }, when),
      h("p", { class: "said" }, told),
      h("label", { class: "check", for: pick.id }, pick, "Compare"),
      h("button", { class: "plain", "aria-label": `Open the render of ${when}`, onclick: () => void this.open(movie) }, "Open"),
    );
  }

  private pick(movie: Movie, picked: boolean): void {
    const at = this.picked.indexOf(movie);
    if (picked) this.picked.push(movie);
    else if (at >= 0) this.picked.splice(at, 1);
    this.compare.disabled = this.picked.length !== 2;
  }

  private async open(movie: Movie): Promise<void> {
    const whole = await this.api.movie(movie.project);
    if (!whole.json) return;
    this.onOpen(whole, whole.json);
  }

  private async both(): Promise<void> {
    const [one, other] = this.picked.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
    if (!one || !other) return;
    const dialog = await compared(this.api, this.language, one, other);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }
}

/** Stills are projects too. */
function isFilm({ url, thumbnail }: Movie): boolean {
  return Boolean(url && thumbnail);
}

function took({ rendering_time }: Movie): string {
  return rendering_time === null ? "" : `made in ${seconds(rendering_time)}`;
}
