/** The library: components and text styles, templates, and files of one's own. A click inserts one
 *  into the scene at the playhead, or opens it.
 */

import type { Api } from "./api";
import { h, put, wordsOf } from "./dom";
import { Files, type MediaFile } from "./files";
import { insertElement } from "./insert";
import type { Language } from "./language";
import type { Text } from "./text";

interface Template {
  id: string;
  name: string;
}
type Element = Record<string, unknown>;

const PLAYED = ["image", "video", "audio"];

/** Of the catalog: by the stem of its file in the gallery, its name on this server. */
declare const PICTURES: Record<string, string>;

export class Library {
  readonly root = h("div", { class: "list library" });
  private readonly said = h("p", { class: "said", role: "status" });
  private readonly own = h("ul", { class: "rows" });
  private readonly shared = h("ul", { class: "rows" });
  private readonly files: Files;
  private readonly pieces = h("ul", { class: "cards" });

  constructor(
    private readonly api: Api,
    private readonly text: Text,
    private readonly language: Language,
    private readonly scene: () => number,
  ) {
    this.files = new Files(api, (file) => this.choose(file), (words) => put(this.said, words));
    language.isReady.watch(() => this.drawPieces());
    put(
      this.root,
      this.said,
      h("h2", {}, "Components and text styles"),
      this.pieces,
      this.files.root,
      h("h2", {}, "Your templates"),
      this.own,
      h("h2", {}, "Shared templates"),
      this.shared,
    );
  }

  async load(): Promise<void> {
    await Promise.all([this.loadTemplates(), this.files.load()]).catch((error: unknown) => this.tell(error));
  }

  private drawPieces(): void {
    const found = [...this.language.textStyles(), ...this.language.components()];
    put(this.pieces, ...found.map(({ element, name, words }) => this.piece(element, name, words)));
  }

  private piece(element: Element, name: string, words: string): HTMLElement {
    const picture = PICTURES[name.replace(/[ /]/g, "-")];
    const made = h(
      "button",
      { class: "card", title: words, "aria-label": `Insert ${name}. ${words}`, onclick: () => this.insert(element) },
      picture ? h("img", { src: `/studio/${picture}`, alt: "", loading: "lazy" }) : null,
      h("span", { class: "name" }, name),
    );
    return h("li", {}, made);
  }

  private insert(element: Element): void {
    const where = insertElement(this.text, element, this.scene());
    put(this.said, where ? `Inserted into ${where}` : "The document is no movie that anything can be put into");
  }

  private async loadTemplates(): Promise<void> {
    const [own, library] = await Promise.all([this.listed(""), this.listed("?shared=tools")]);
    const others = library.filter(({ id }) => !own.some((each) => each.id === id));
    for (const [list, found] of [[this.own, own], [this.shared, others]] as const)
      put(list, ...(found.length ? found.map((each) => this.template(each)) : [h("li", {}, "There are none yet.")]));
  }

  /** query: `?shared=tools` for those that all see, one's own among them. */
  private async listed(query: string): Promise<Template[]> {
    return (await this.api.call<{ templates: Template[] }>("GET", `/v2/templates${query}`)).templates;
  }

  private template({ id, name }: Template): HTMLElement {
    const open = async () => {
      const path = `/v2/templates?id=${encodeURIComponent(id)}`;
      const { template } = await this.api.call<{ template: { movie: string } }>("GET", path);
      this.text.replace(this.language.readable(template.movie));
    };
    return h("li", {}, h("button", { class: "plain", onclick: () => void open().catch((e: unknown) => this.tell(e)) }, name || id));
  }

  private choose(file: MediaFile): void {
    if (PLAYED.includes(file.type)) this.insert({ type: file.type, src: file.url });
    else this.copy(file);
  }

  /** What is no element is named in others: a font, captions. */
  private copy({ name, url }: MediaFile): void {
    void navigator.clipboard?.writeText(url);
    put(this.said, `The URL of ${name}, for a font-url or captions: ${url}`);
  }

  private tell(error: unknown): void {
    put(this.said, wordsOf(error));
  }
}
