/** The studio: puts the panes together, and says what follows from what. */

import { Api, Refused, type Placed } from "./api";
import { h, put } from "./dom";
import { Drafts } from "./drafts";
import { Editor } from "./editor";
import { FIRST } from "./first";
import { Forecasts } from "./forecasts";
import { keyDialog } from "./key";
import { Language } from "./language";
import { Picture } from "./picture";
import { partAt, pathOf, spanAt } from "./places";
import { Playhead } from "./playhead";
import { Rendering } from "./rendering";
import { Tabs } from "./tabs";
import { Text } from "./text";
import { Timeline } from "./timeline";
import { Variables } from "./variables";

function start(first: string): void {
  const api = new Api();
  const text = new Text();
  text.text.set(first);
  const drafts = new Drafts();
  const language = new Language();
  const forecasts = new Forecasts(api, text);
  const playhead = new Playhead();

  const code = h("div", { class: "code" });
  const variables = new Variables(text);
  const timeline = new Timeline(forecasts, playhead, (placed) => show(placed));
  const picture = new Picture(api, text, forecasts, playhead, timeline.selected, (element) => {
    timeline.selected.set(element.from);
    show(element);
  });
  const rendering = new Rendering(api, text, forecasts, picture.film);
  const notice = h("p", { class: "notice", role: "status", hidden: true });
  const sentence = h("p", { class: "sentence", "aria-live": "polite", id: "sentence" });
  const dialog = keyDialog(api, () => begin());

  const documents = new Tabs("Document", [
    { name: "Document", panel: code },
    { name: "Variables", panel: variables.root },
  ]);
  const left = h("section", { class: "document", "aria-label": "Document" }, documents.bar, code, variables.root);
  const header = h("header", {}, h("h1", {}, "Resplice"), sentence, rendering.root);
  const panes = h("main", {}, left, picture.root, timeline.root);
  document.body.append(header, notice, panes, dialog);

  const editor = new Editor(code, text, language);
  forecasts.problems.watch((problems) => editor.mark(problems));
  forecasts.sentence.watch((now) => put(sentence, now));
  text.text.watch((now) => drafts.keep(now));
  text.cursor.watch((offset) => {
    const part = partAt(text.text.now, offset);
    if (part) timeline.selected.set(said(part));
  });
  drafts.onElsewhere = () => tell("Another tab edits a document too: each tab keeps its own text.");
  drafts.onLost = (why) => tell(`The text cannot be kept in this browser: ${why}`);

  function show({ from }: Placed): void {
    text.shown.set(spanAt(text.text.now, pathOf(from)));
  }

  function tell(words: string): void {
    notice.hidden = false;
    put(notice, words, h("button", { class: "plain", onclick: () => (notice.hidden = true) }, "Close"));
  }

  function begin(): void {
    void forecasts.ask();
    api.schema().then(
      (schema) => language.learn(schema),
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error;
      },
    );
  }
  begin();
}

function said(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

void new Drafts().last().then((kept) => start(kept ?? FIRST));
