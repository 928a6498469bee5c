/** What is done with the document as a whole: opened from a file, kept as one, formatted, searched. */

import { redo, undo } from "@codemirror/commands";
import { openSearchPanel } from "@codemirror/search";
import { h } from "./dom";
import type { Editor } from "./editor";
import type { Text } from "./text";

const FILE = "movie.json";
const KEPT_MS = 60_000;

export function toolbar(editor: Editor, text: Text): HTMLElement {
  const button = (name: string, does: () => unknown) => h("button", { class: "plain", onclick: () => void does() }, name);
  const input = h("input", { type: "file", accept: "application/json,.json", hidden: true });
  input.onchange = async () => {
    const [file] = input.files ?? [];
    if (file) text.replace(await file.text());
    input.value = "";
  };
  return h(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Document" },
    button("Open…", () => input.click()),
    button("Download", () => download(text.text.now)),
    button("Undo", () => undo(editor.view)),
    button("Redo", () => redo(editor.view)),
    button("Find", () => openSearchPanel(editor.view)),
    button("Format", () => editor.format()),
    input,
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: url, download: FILE }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
