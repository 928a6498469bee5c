/** Two renders side by side: their documents, their pictures at the same moment and what differs of
 *  those, and what the later one reused.
 */

import { MergeView } from "@codemirror/merge";
import { json } from "@codemirror/lang-json";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { TOO_LARGE, type Api, type Explanation, type Movie, type Part } from "./api";
import { h } from "./dom";
import type { Language } from "./language";

/** The dialog; it leaves the page when it is closed. */
export async function compared(api: Api, language: Language, before: Movie, after: Movie): Promise<HTMLDialogElement> {
  const [one, other, why] = await Promise.all([
    api.movie(before.project),
    api.movie(after.project),
    api.explained(after.project),
  ]);
  const films = [one, other, one, other].map(({ url }) =>
    h("video", { src: url, muted: true, playsinline: true, preload: "auto" }),
  );
  const { root, leave } = documents(language, one, other);
  const close = h("button", { class: "plain", onclick: () => dialog.close() }, "Close");
  const dialog = h(
    "dialog",
    { class: "compare", "aria-labelledby": "compare-title" },
    h("div", { class: "tools" }, h("h2", { id: "compare-title" }, "Two renders"), close),
    pictures(one, other, films),
    reused(why),
    root,
  );
  dialog.addEventListener("close", () => {
    leave();
    films.forEach(unload);
    dialog.remove();
  });
  return dialog;
}

/** A video that is only removed goes on being loaded. */
function unload(film: HTMLVideoElement): void {
  film.removeAttribute("src");
  film.load();
}

/** The two films, and their difference: black where they are equal. One control moves them all. */
function pictures(before: Movie, after: Movie, films: HTMLVideoElement[]): HTMLElement {
  const [one, other, under, over] = films as [HTMLVideoElement, HTMLVideoElement, HTMLVideoElement, HTMLVideoElement];
  const last = Math.max(before.duration ?? 0, after.duration ?? 0);
  const at = h("input", { type: "range", min: 0, max: last, step: 0.04, value: 0, "aria-label": "Moment of both films" });
  at.addEventListener("input", () => films.forEach((film) => (film.currentTime = at.valueAsNumber)));
  return h(
    "div",
    { class: "films" },
    h("figure", {}, one, h("figcaption", {}, "Before")),
    h("figure", {}, other, h("figcaption", {}, "After")),
    h("figure", {}, h("div", { class: "difference" }, under, over), h("figcaption", {}, "Difference: black is equal")),
    at,
  );
}

function reused({ cache, against }: Explanation): HTMLElement {
  if (!cache) return h("p", {}, "Nothing is known of what the later one was made of.");
  const made = [...cache.scenes, ...cache.transitions].filter(({ result }) => result !== "hit");
  const hits = cache.scenes.length - cache.scenes.filter(({ result }) => result !== "hit").length;
  const told = cache.movie.result === "hit" ? "The later one was in the cache." : `The later one reused ${hits} of ${cache.scenes.length} scenes.`;
  return h(
    "div",
    { class: "reasons" },
    h("p", {}, told, against ? ` Its reasons are against the render ${against.project}: ${against.because}.` : ""),
    h("ul", {}, ...made.map((part) => h("li", {}, `${nameOf(part)}: ${(part.why ?? [part.reason ?? part.result]).join("; ")}`))),
  );
}

function nameOf(part: Part): string {
  return part.scene === undefined ? `Transition into scene ${part.into_scene}` : `Scene ${part.scene}`;
}

/** leave: what is to be called when they are not seen any more. */
function documents(language: Language, before: Movie, after: Movie): { root: HTMLElement; leave: () => void } {
  const root = h("div", { class: "documents" });
  if (!before.json || !after.json) {
    root.append(h("p", {}, TOO_LARGE));
    return { root, leave: () => {} };
  }
  const side = (text: string, name: string) => ({
    doc: language.readable(text),
    extensions: [
      ...[json(), EditorState.readOnly.of(true), EditorView.lineWrapping],
      EditorView.contentAttributes.of({ "aria-label": name }),
    ],
  });
  const view = new MergeView({
    a: side(before.json, "The document before"),
    b: side(after.json, "The document after"),
    collapseUnchanged: { margin: 2, minSize: 6 },
    parent: root,
  });
  return { root, leave: () => view.destroy() };
}
