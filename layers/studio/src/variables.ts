/** A form for the document's variables: those that are words, numbers or switches. */

import { debounced, h, put } from "./dom";
import type { Text } from "./text";

const PAUSE_MS = 150;

export class Variables {
  readonly root = h("div", { class: "variables" });
  private shown = "";

  constructor(private readonly text: Text) {
    text.text.watch(debounced(() => this.draw(), PAUSE_MS));
  }

  private draw(): void {
    const parsed = this.text.parsed() as { variables?: Record<string, unknown> } | undefined;
    if (parsed === undefined || this.root.contains(document.activeElement)) return;
    const variables = Object.entries(parsed.variables ?? {}).filter(([, value]) => isPlain(value));
    const now = JSON.stringify(variables);
    if (now === this.shown && this.root.firstChild) return;
    this.shown = now;
    if (variables.length === 0) put(this.root, h("p", {}, "This document has no variables."));
    else put(this.root, ...variables.map(([name, value]) => this.field(name, value)));
  }

  private field(name: string, value: unknown): HTMLElement {
    const type = typeof value === "number" ? "number" : typeof value === "boolean" ? "checkbox" : "text";
    const input = h("input", { type, id: `variable-${name}`, step: "any", value: String(value) });
    input.checked = value === true;
    input.addEventListener("input", () => {
      const said = type === "checkbox" ? input.checked : type === "number" ? input.valueAsNumber : input.value;
      if (!Number.isNaN(said)) this.text.set([[["variables", name], said]]);
    });
    return h("p", { class: "field" }, h("label", { for: `variable-${name}` }, name), input);
  }
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
