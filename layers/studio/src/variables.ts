/** A form for the document's variables: those that are words, numbers or switches. */

import { debounced, h, put } from "./dom";
import type { Text } from "./text";

const PAUSE_MS = 150;

export class Variables {
  readonly root = h("div", { class: "variables" });
  private shown = "";

  constructor(private readonly text: Text) {
    new ResizeObserver(() => this.draw()).observe(this.root);
    text.text.watch(debounced(() => this.draw(), PAUSE_MS));
  }

  private draw(): void {
    const parsed = this.text.parsed() as { variables?: Record<string, unknown> } | undefined;
    if (parsed === undefined || this.root.hidden || this.root.contains(document.activeElement)) return;
    const variables = Object.entries(parsed.variables ?? {}).filter(([, value]) => isPlain(value));
    const now = JSON.stringify(variables);
    if (now === this.shown && this.root.firstChild) return;
    this.shown = now;
    if (variables.length === 0) put(this.root, h("p", {}, "This document has no variables."));
    else put(this.root, ...variables.map(([name, value]) => this.field(name, value)));
  }

  private field(name: string, value: unknown): HTMLElement {
    const id = `variable-${name}`;
    const field = typeof value === "string" ? this.words(id, value) : this.plain(id, value);
    field.addEventListener("input", () => {
      const said = saidIn(field);
      if (!Number.isNaN(said)) this.text.setAt(["variables"], null, { [name]: said });
    });
    return h("p", { class: "field" }, h("label", { for: id }, name), field);
  }

  private words(id: string, value: string): HTMLInputElement | HTMLTextAreaElement {
    const lines = value.split("\n").length;
    const field = lines > 1 ? h("textarea", { id, rows: Math.min(8, lines) }) : h("input", { id, type: "text" });
    field.value = value;
    return field;
  }

  private plain(id: string, value: unknown): HTMLInputElement {
    const type = typeof value === "number" ? "number" : "checkbox";
    const field = h("input", { type, id, step: "any", value: String(value) });
    field.checked = value === true;
    return field;
  }
}

function saidIn(field: HTMLInputElement | HTMLTextAreaElement): string | number | boolean {
  if (field instanceof HTMLTextAreaElement) return field.value;
  return field.type === "checkbox" ? field.checked : field.type === "number" ? field.valueAsNumber : field.value;
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
