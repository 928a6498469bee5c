/** The cache: how large each layer is, how much of what was asked for it had, what that was worth, and
 *  ways to take something out of it.
 */

import type { Api } from "./api";
import { bytes, h, put, seconds } from "./dom";

type Layer = "movies" | "scenes" | "elements";
interface Size {
  objects: number;
  bytes: number;
  at_least: boolean;
}
interface Hits {
  hit: number;
  miss: number;
  bypass: number;
  rate: number | null;
}
interface Worth {
  since: string;
  layers: Record<Layer, Size>;
  hits: Record<Layer, Hits>;
  rendered_seconds: number;
  saved_seconds: number;
  spent_usd: number;
  saved_usd: number;
}
interface Purged {
  purged: Record<Layer | "bytes", number>;
  more: boolean;
  next: string | null;
}

const LAYERS: Layer[] = ["movies", "scenes", "elements"];
const WEEKS = [1, 7, 30, 90];

export class Caches {
  readonly root = h("div", { class: "list caches" });
  private readonly table = h("div", {});
  private readonly rates = h("div", {});
  private readonly said = h("p", { class: "said", role: "status" });

  constructor(
    private readonly api: Api,
    /** The project that was rendered last here. */
    private readonly project: () => string | null,
  ) {
    put(
      this.root,
      this.said,
      this.table,
      h("h2", {}, "Hit rate"),
      this.rates,
      h("h2", {}, "Purge"),
      this.form("scene", "Scene, counted from 1, of the last render", "number", (value) => this.ofProject(value)),
      this.form("url", "What was downloaded from this URL", "url", (url) => ({ url })),
      this.form("days", "What was not used for so many days", "number", (days) => ({ "older-than-days": Number(days) })),
    );
  }

  async load(): Promise<void> {
    try {
      const found = await Promise.all(WEEKS.map((days) => this.worth(days)));
      put(this.table, tableOf(found[1] as Worth));
      put(this.rates, ratesOf(found));
    } catch (error) {
      put(this.said, error instanceof Error ? error.message : String(error));
    }
  }

  private async worth(days: number): Promise<Worth> {
    return (await this.api.call<{ cache: Worth }>("GET", `/v2/cache?days=${days}`)).cache;
  }

  private ofProject(value: string): object {
    const project = this.project();
    if (!project) throw new Error("Nothing was rendered here yet");
    return { project, scene: Number(value) };
  }

  private form(name: string, label: string, type: string, asked: (value: string) => object): HTMLElement {
    const id = `purge-${name}`;
    const input = h("input", { id, type, required: true, ...(type === "number" ? { min: 0, step: 1 } : {}) });
    const submit = (event: Event) => {
      event.preventDefault();
      void this.purge(() => asked(input.value));
    };
    return h("form", { class: "field", onsubmit: submit }, h("label", { for: id }, label), input, h("button", { class: "plain" }, "Purge"));
  }

  private async purge(asked: () => object): Promise<void> {
    try {
      let [body, gone_bytes, entries] = [asked(), 0, 0];
      for (let more = true; more; ) {
        const told = await this.api.call<Purged>("POST", "/v2/cache/purge", JSON.stringify(body));
        gone_bytes += told.purged.bytes;
        entries += LAYERS.reduce((sum, layer) => sum + told.purged[layer], 0);
        more = told.more;
        body = { ...body, next: told.next };
      }
      put(this.said, `${entries} ${entries === 1 ? "entry" : "entries"} purged, ${bytes(gone_bytes)}`);
      await this.load();
    } catch (error) {
      put(this.said, error instanceof Error ? error.message : String(error));
    }
  }
}

function tableOf(worth: Worth): HTMLElement {
  const rows = LAYERS.map((layer) => {
    const { objects, bytes: size, at_least } = worth.layers[layer];
    const { hit, miss, bypass } = worth.hits[layer];
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, layer),
      h("td", {}, `${at_least ? "≥ " : ""}${objects}`),
      h("td", {}, bytes(size)),
      h("td", {}, `${hit} of ${hit + miss + bypass}`),
    );
  });
  const head = ["Layer", "Entries", "Size", "Hits, 7 days"].map((name) => h("th", { scope: "col" }, name));
  const saved = `Of the last 7 days: ${seconds(worth.saved_seconds)} of rendering saved, ${seconds(worth.rendered_seconds)} done; $${worth.saved_usd.toFixed(2)} saved, $${worth.spent_usd.toFixed(2)} paid to providers.`;
  return h("div", {}, h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)), h("p", {}, saved));
}

/** Over the last day, week, month and quarter. */
function ratesOf(found: Worth[]): HTMLElement {
  const head = ["Layer", ...WEEKS.map((days) => (days === 1 ? "1 day" : `${days} days`))];
  const rows = LAYERS.map((layer) =>
    h("tr", {}, h("th", { scope: "row" }, layer), ...found.map(({ hits }) => h("td", {}, rate(hits[layer].rate)))),
  );
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows),
  );
}

function rate(of: number | null): HTMLElement {
  if (of === null) return h("span", {}, "–");
  const bar = h("meter", { min: 0, max: 1, value: of, "aria-label": "Hit rate" });
  return h("span", { class: "rate" }, bar, `${Math.round(of * 100)} %`);
}
