/** The library: components and text styles, templates, and files of one's own. A click inserts one
 *  into the scene at the playhead, or opens it.
 */

import type { Api } from "./api";
import { bytes, h, put } from "./dom";
import { insertElement } from "./insert";
import type { Language } from "./language";
import type { Text } from "./text";

interface Template {
  id: string;
  name: string;
}
interface MediaFile {
  name: string;
  type: string;
  size: number;
  url: string;
  thumbnailUrl: string | null;
}
interface Folder {
  files: MediaFile[];
}
type Element = Record<string, unknown>;

const PLAYED = ["image", "video", "audio"];
const ANY_TYPE = "application/octet-stream";

/** Of the catalog: by the stem of its file in the gallery, its name on this server. */
declare const PICTURES: Record<string, string>;

export class Library {
  readonly root = h("div", { class: "list library" });
  private readonly said = h("p", { class: "said", role: "status" });
  private readonly templates = h("ul", { class: "rows" });
  private readonly files = h("ul", { class: "cards" });
  private readonly pieces = h("ul", { class: "cards" });

  constructor(
    private readonly api: Api,
    private readonly text: Text,
    private readonly language: Language,
    private readonly scene: () => number,
  ) {
    const input = h("input", { type: "file", multiple: true, id: "upload" });
    input.onchange = () => {
      void this.upload([...(input.files ?? [])]);
      input.value = "";
    };
    const drop = h("label", { class: "drop", for: "upload" }, "Drop files here, or choose some", input);
    language.isReady.watch(() => this.drawPieces());
    // A file that is dropped beside it would take the page's place.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      void this.upload([...(event.dataTransfer?.files ?? [])]);
    });
    put(
      this.root,
      this.said,
      h("h2", {}, "Components and text styles"),
      this.pieces,
      h("h2", {}, "Your files"),
      drop,
      this.files,
      h("h2", {}, "Templates"),
      this.templates,
    );
  }

  async load(): Promise<void> {
    await Promise.all([this.loadTemplates(), this.loadFiles()]).catch((error: unknown) => this.tell(error));
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
    const { templates } = await this.api.call<{ templates: Template[] }>("GET", "/v2/templates");
    put(this.templates, ...templates.map((each) => this.template(each)));
    if (!templates.length) put(this.templates, h("li", {}, "There are none yet."));
  }

  private template({ id, name }: Template): HTMLElement {
    const open = async () => {
      const path = `/v2/templates?id=${encodeURIComponent(id)}`;
      const { template } = await this.api.call<{ template: { movie: string } }>("GET", path);
      this.text.replace(this.language.readable(template.movie));
    };
    return h("li", {}, h("button", { class: "plain", onclick: () => void open().catch((e: unknown) => this.tell(e)) }, name || id));
  }

  private async loadFiles(): Promise<void> {
    const { files } = await this.api.call<Folder>("GET", "/v2/media/folder?path=/&page_size=100");
    put(this.files, ...files.map((file) => this.file(file)));
  }

  private file(file: MediaFile): HTMLElement {
    const insert = () => (PLAYED.includes(file.type) ? this.insert({ type: file.type, src: file.url }) : this.copy(file));
    return h(
      "li",
      {},
      h(
        "button",
        { class: "card", title: `Insert ${file.name}`, onclick: insert },
        file.thumbnailUrl ? h("img", { src: file.thumbnailUrl, alt: "" }) : null,
        h("span", { class: "name" }, file.name),
        h("span", { class: "said" }, bytes(file.size)),
      ),
    );
  }

  /** What is no element is named in others: a font, captions. */
  private copy({ name, url }: MediaFile): void {
    void navigator.clipboard?.writeText(url);
    put(this.said, `The URL of ${name}, for a font-url or captions: ${url}`);
  }

  private async upload(files: File[]): Promise<void> {
    for (const file of files) {
      put(this.said, `Uploading ${file.name}…`);
      try {
        const contentType = file.type || ANY_TYPE;
        const told = { name: file.name, folder: "", contentType, size: file.size };
        const { uploadUrl } = await this.api.call<{ uploadUrl: string }>("POST", "/v2/media/file", JSON.stringify(told));
        const sent = await fetch(uploadUrl, { method: "PUT", body: file, headers: { "content-type": contentType } });
        if (!sent.ok) throw new Error(`${file.name} was refused (${sent.status})`);
        put(this.said, `${file.name} is uploaded`);
      } catch (error) {
        this.tell(error);
        break;
      }
    }
    await this.loadFiles().catch((error: unknown) => this.tell(error));
  }

  private tell(error: unknown): void {
    put(this.said, error instanceof Error ? error.message : String(error));
  }
}
