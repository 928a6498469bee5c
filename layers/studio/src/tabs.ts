/** Tabs: one panel of several is shown. Arrow keys go from tab to tab. */

import { h } from "./dom";

export interface Tab {
  name: string;
  panel: HTMLElement;
  /** Called each time it comes into view. */
  onShow?: () => void;
}

export class Tabs {
  readonly bar: HTMLElement;
  private readonly buttons: HTMLButtonElement[];

  constructor(
    label: string,
    private readonly tabs: Tab[],
  ) {
    this.buttons = tabs.map((tab, index) => this.button(tab, index));
    this.bar = h("div", { class: "tabs", role: "tablist", "aria-label": label }, ...this.buttons);
    this.bar.addEventListener("keydown", (event) => this.step(event));
    this.show(0);
  }

  show(index: number): void {
    this.tabs.forEach(({ panel }, each) => (panel.hidden = each !== index));
    this.buttons.forEach((button, each) => {
      button.setAttribute("aria-selected", String(each === index));
      button.tabIndex = each === index ? 0 : -1;
    });
    this.tabs[index]?.onShow?.();
  }

  private button({ name, panel }: Tab, index: number): HTMLButtonElement {
    const id = `tab-${name.toLowerCase()}`;
    panel.id ||= `panel-${name.toLowerCase()}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    const told = { id, role: "tab", "aria-controls": panel.id, onclick: () => this.show(index) };
    return h("button", told, name);
  }

  private step(event: KeyboardEvent): void {
    const here = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.buttons.length - 1;
    const next = { ArrowRight: here + 1, ArrowLeft: here < 1 ? last : here - 1, Home: 0, End: last }[event.key];
    if (next === undefined || here < 0) return;
    this.buttons[next % (last + 1)]?.focus();
    this.show(next % (last + 1));
  }
}
