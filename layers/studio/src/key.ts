/** Asks for the API key, when the server wants one or refuses the one that it was shown. */

import type { Api } from "./api";
import { h, put } from "./dom";

/** Headers carry no other characters. */
const SENDABLE = /^[\x20-\x7e\xa0-\xff]+$/;
const UNSENDABLE = "A key has letters, digits and signs of Latin-1 only: this one cannot be sent";

export class Key {
  /** Opens the dialog again; it is there for those whom a key concerns. */
  readonly button = h("button", { class: "plain", hidden: true, onclick: () => this.open("") }, "Key");
  readonly dialog: HTMLDialogElement;
  private readonly input = h("input", { id: "key", type: "password", autocomplete: "current-password", required: true });
  private readonly kept = h("input", { id: "kept", type: "checkbox" });
  private readonly why = h("p", { class: "why", role: "alert", id: "key-why" });
  private refused = "";

  /** again: called once there is another key. */
  constructor(
    private readonly api: Api,
    private readonly again: () => void,
  ) {
    this.button.hidden = !api.key;
    this.input.setAttribute("aria-describedby", this.why.id);
    this.dialog = h(
      "dialog",
      { class: "key", "aria-labelledby": "key-title" },
      h(
        "form",
        { method: "dialog", onsubmit: (event: Event) => this.take(event) },
        h("h2", { id: "key-title" }, "API key"),
        h("p", {}, "This server asks for one. It is sent to this server alone, and kept for this tab."),
        this.why,
        h("label", { for: "key" }, "Key"),
        this.input,
        h("label", { class: "check", for: "kept" }, this.kept, "Keep it in this browser"),
        h("button", { class: "main", type: "submit" }, "Use it"),
      ),
    );
    api.onKeyWanted = (why) => this.wanted(why);
  }

  /** Who has closed the dialog is not asked again for each answer that says the same. */
  private wanted(why: string): void {
    const refused = `${why} ${this.api.key}`;
    this.button.hidden = false;
    if (this.dialog.open || this.refused === refused) return;
    this.refused = refused;
    this.open(why);
  }

  private open(why: string): void {
    put(this.why, why);
    this.dialog.showModal();
  }

  private take(event: Event): void {
    const key = this.input.value.trim();
    if (!SENDABLE.test(key)) {
      event.preventDefault();
      put(this.why, UNSENDABLE);
      return;
    }
    this.refused = "";
    this.api.setKey(key, this.kept.checked);
    this.input.value = "";
    this.button.hidden = false;
    this.again();
  }
}
