/** Files of one's own: a folder of them at a time, a page after the other. A click gives one to whoever
 *  inserts it; what is uploaded goes into the folder that is shown.
 */

import type { Api } from "./api";
import { bytes, counted, h, put, wordsOf } from "./dom";

export interface MediaFile {
  name: string;
  type: string;
  size: number;
  status: "pending" | "uploaded";
  url: string;
  thumbnailUrl: string | null;
}
interface Listing {
  folders: string[];
  files: MediaFile[];
  total: number;
}

const PAGE = 100;
const ANY_TYPE = "application/octet-stream";

export class Files {
  readonly root = h("section", { class: "files", "aria-label": "Your files" });
  private folder = "";
  private loading = new AbortController();
  private readonly where = h("p", { class: "said" });
  private readonly folders = h("ul", { class: "folders" });
  private readonly shown = h("ul", { class: "cards" });
  private readonly more = h("button", { class: "plain", hidden: true, onclick: () => void this.next() });

  constructor(
    private readonly api: Api,
    private readonly onChosen: (file: MediaFile) => void,
    private readonly tell: (words: string) => void,
  ) {
    const input = h("input", { type: "file", multiple: true, id: "upload" });
    input.onchange = () => {
      void this.upload([...(input.files ?? [])]);
      input.value = "";
    };
    const drop = h("label", { class: "drop", for: "upload" }, "Drop files here, or choose some", input);
    // A file that is dropped beside it would take the page's place.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      void this.upload([...(event.dataTransfer?.files ?? [])]);
    });
    put(this.root, h("h2", {}, "Your files"), drop, this.where, this.folders, this.shown, this.more);
  }

  /** The folder's first page. Until it is shown there is no second one. */
  async load(): Promise<void> {
    this.loading.abort();
    const { signal } = (this.loading = new AbortController());
    this.more.disabled = true;
    try {
      const found = await this.page(0, signal);
      put(this.shown, ...found.files.map((file) => this.file(file)));
      put(this.folders, ...this.ways(found.folders));
      this.count(found);
    } catch (error) {
      if (!signal.aborted) this.tell(wordsOf(error));
    }
  }

  private async next(): Promise<void> {
    const { signal } = this.loading;
    this.more.disabled = true;
    try {
      const found = await this.page(Math.floor(this.shown.children.length / PAGE), signal);
      this.shown.append(...found.files.map((file) => this.file(file)));
      this.count(found);
    } catch (error) {
      if (signal.aborted) return;
      this.more.disabled = false;
      this.tell(wordsOf(error));
    }
  }

  private page(number: number, signal: AbortSignal): Promise<Listing> {
    const path = encodeURIComponent(`/${this.folder}`);
    return this.api.call<Listing>("GET", `/v2/media/folder?path=${path}&page=${number}&page_size=${PAGE}`, undefined, signal);
  }

  private count({ total, files }: Listing): void {
    const left = total - this.shown.children.length;
    // One that says more and has none of them is of files that went meanwhile.
    this.more.hidden = left <= 0 || !files.length;
    this.more.disabled = false;
    put(this.more, `Show more: ${counted(left, "file", "files")} left`);
    put(this.where, `/${this.folder}, ${counted(total, "file", "files")}`);
  }

  private ways(names: string[]): HTMLElement[] {
    const up = this.folder ? [this.way("↑ Up", this.folder.split("/").slice(0, -1).join("/"))] : [];
    return [...up, ...names.map((name) => this.way(name, this.folder ? `${this.folder}/${name}` : name))];
  }

  private way(name: string, folder: string): HTMLElement {
    const go = () => {
      this.folder = folder;
      void this.load();
    };
    return h("li", {}, h("button", { class: "plain", "aria-label": `Open the folder /${folder}`, onclick: go }, name));
  }

  private file(file: MediaFile): HTMLElement {
    return h(
      "li",
      {},
      h(
        "button",
        { class: "card", title: `Insert ${file.name}`, onclick: () => this.onChosen(file) },
        file.thumbnailUrl ? h("img", { src: file.thumbnailUrl, alt: "", loading: "lazy" }) : null,
        h("span", { class: "name" }, file.name),
        h("span", { class: "said" }, file.status === "pending" ? "not uploaded yet" : bytes(file.size)),
      ),
    );
  }

  private async upload(files: File[]): Promise<void> {
    const { folder } = this;
    for (const file of files) {
      this.tell(`Uploading ${file.name}…`);
      try {
        await this.sent(file, folder);
        this.tell(`${file.name} is uploaded`);
      } catch (error) {
        this.tell(wordsOf(error));
        break;
      }
    }
    await this.load();
  }

  private async sent(file: File, folder: string): Promise<void> {
    const contentType = file.type || ANY_TYPE;
    const told = JSON.stringify({ name: file.name, folder, contentType, size: file.size });
    const { uploadUrl } = await this.api.call<{ uploadUrl: string }>("POST", "/v2/media/file", told);
    const answer = await fetch(uploadUrl, { method: "PUT", body: file, headers: { "content-type": contentType } });
    if (!answer.ok) throw new Error(`${file.name} was refused (${answer.status})`);
  }
}
