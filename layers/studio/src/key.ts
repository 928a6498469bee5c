/** Asks for the API key, when the server wants one or refuses the one that it was shown. */

import type { Api } from "./api";
import { h } from "./dom";

/** again: called once there is another key. */
export function keyDialog(api: Api, again: () => void): HTMLDialogElement {
  const input = h("input", { id: "key", type: "password", autocomplete: "current-password", required: true });
  const kept = h("input", { id: "kept", type: "checkbox" });
  const dialog = h(
    "dialog",
    { class: "key", "aria-labelledby": "key-title" },
    h(
      "form",
      { method: "dialog", onsubmit: () => take() },
      h("h2", { id: "key-title" }, "API key"),
      h("p", {}, "This server asks for one. It is sent to this server alone, and kept for this tab."),
      h("label", { for: "key" }, "Key"),
      input,
      h("label", { class: "check", for: "kept" }, kept, "Keep it in this browser"),
      h("button", { class: "main", type: "submit" }, "Use it"),
    ),
  );
  const take = () => {
    api.setKey(input.value, kept.checked);
    input.value = "";
    again();
  };
  api.onKeyWanted = () => {
    if (!dialog.open) dialog.showModal();
  };
  return dialog;
}
