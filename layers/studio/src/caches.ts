/** The cache: how large each layer is, how much of what was asked for it had, what that was worth, and
 *  ways to take something out of it.
 */

import type { Api } from "./api";
import { bytes, counted, h, put, seconds, wordsOf } from "./dom";

type Layer = "movies" | "scenes" | "elements";
interface Size {
  objects: number;
  bytes: number;
  at_least: boolean;
}
interface Hits {
  hit: number;
  miss: number;
  joined: number;
  bypass: number;
  rate: number | null;
}
interface Worth {
  since: string;
  /** What is stored of all owners: told to the first one only. */
  layers: Record<Layer, Size> | null;
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

interface Gone {
  entries: number;
  bytes: number;
}

/** name: of its field. asks: whether one is told what would go before it goes. instead: what the field
 *  means when it is empty, where it may be.
 */
interface Way {
  name: string;
  label: string;
  type: string;
  asks?: boolean;
  instead?: string;
  body: (value: string) => object;
}

const LAYERS: Layer[] = ["movies", "scenes", "elements"];
const WEEKS = [1, 7, 30, 90];

export class Caches {
  readonly root = h("div", { class: "list caches" });
  private readonly table = h("div", {});
  private readonly rates = h("div", {});
  private readonly said = h("p", { class: "said", role: "status" });
  private readonly of = new Map<string, HTMLInputElement>();

  constructor(
    private readonly api: Api,
    /** The project that was rendered last here. */
    private readonly project: () => string | null,
    private readonly onPurged: () => void,
  ) {
    put(
      this.root,
      this.said,
      this.table,
      h("h2", {}, "Hit rate"),
      this.rates,
      h("h2", {}, "Purge"),
      ...this.ways().map((way) => this.form(way)),
    );
  }

  private ways(): Way[] {
    return [
      {
        name: "project",
        label: "Project, whose finished movie is joined anew",
        type: "text",
        instead: "the last render",
        body: () => this.ofProject({}),
      },
      { name: "scene", label: "Scene of that project, from 1", type: "number", body: (value) => this.ofProject({ scene: Number(value) }) },
      {
        name: "element",
        label: "Element of it, such as scenes[0].elements[1]",
        type: "text",
        asks: true,
        body: (element) => this.ofProject({ element }),
      },
      { name: "url", label: "What was downloaded from this URL", type: "url", body: (url) => ({ url }) },
      {
        name: "days",
        label: "What was not used for so many days",
        type: "number",
        asks: true,
        body: (days) => ({ "older-than-days": Number(days) }),
      },
    ];
  }

  async load(): Promise<void> {
    try {
      const found = await Promise.all(WEEKS.map((days) => this.worth(days)));
      put(this.table, tableOf(found[1] as Worth));
      put(this.rates, ratesOf(found));
    } catch (error) {
      put(this.said, wordsOf(error));
    }
  }

  private async worth(days: number): Promise<Worth> {
    return (await this.api.call<{ cache: Worth }>("GET", `/v2/cache?days=${days}`)).cache;
  }

  /** Of the project that is named, or else of the last render. */
  private ofProject(what: object): object {
    const project = this.of.get("project")?.value.trim() || this.project();
    if (!project) throw new Error("Nothing was rendered here yet: name a project");
    return { project, ...what };
  }

  private form(way: Way): HTMLElement {
    const id = `purge-${way.name}`;
    const told = { id, type: way.type, required: !way.instead, placeholder: way.instead };
    const input = h("input", { ...told, ...(way.type === "number" ? { min: 0, step: 1 } : {}) });
    this.of.set(way.name, input);
    const button = h("button", { class: "plain" }, "Purge");
    let isForeseen = false;
    const foresee = (words: string | null) => {
      isForeseen = words !== null;
      put(button, words ?? "Purge");
    };
    const submit = async (event: Event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        const body = way.body(input.value);
        if (way.asks && !isForeseen) foresee(await this.foreseen(body));
        else await this.purge(body).finally(() => foresee(null));
      } catch (error) {
        put(this.said, wordsOf(error));
      }
      button.disabled = false;
      if (isForeseen) button.focus();
    };
    input.oninput = () => foresee(null);
    return h("form", { class: "field", onsubmit: (event: Event) => void submit(event) }, h("label", { for: id }, way.label), input, button);
  }

  /** What would go, as a question; null of nothing. */
  private async foreseen(body: object): Promise<string | null> {
    const gone = await this.purged({ ...body, "dry-run": true });
    put(this.said, gone.entries ? "" : "There is nothing of that to purge");
    return gone.entries ? `${said(gone)}: purge?` : null;
  }

  private async purge(body: object): Promise<void> {
    const gone = await this.purged(body);
    put(this.said, `${counted(gone.entries, "entry", "entries")} purged, ${bytes(gone.bytes)}`);
    this.onPurged();
    await this.load();
  }

  private async purged(body: object): Promise<Gone> {
    const gone: Gone = { entries: 0, bytes: 0 };
    for (let asked = body, more = true; more; ) {
      const told = await this.api.call<Purged>("POST", "/v2/cache/purge", JSON.stringify(asked));
      gone.bytes += told.purged.bytes;
      gone.entries += LAYERS.reduce((sum, layer) => sum + told.purged[layer], 0);
      more = told.more;
      asked = { ...body, next: told.next };
    }
    return gone;
  }
}

function said({ entries, bytes: size }: Gone): string {
  return `${counted(entries, "entry", "entries")}, ${bytes(size)}`;
}

function tableOf(worth: Worth): HTMLElement {
  const rows = LAYERS.map((layer) => {
    const stored = worth.layers?.[layer];
    const { hit, miss, joined, bypass } = worth.hits[layer];
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, layer),
      h("td", {}, stored ? `${stored.at_least ? "≥ " : ""}${stored.objects}` : "–"),
      h("td", {}, stored ? bytes(stored.bytes) : "–"),
      h("td", {}, `${hit + joined} of ${hit + joined + miss + bypass}`),
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
