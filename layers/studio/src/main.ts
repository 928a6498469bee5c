/** The studio: puts the panes together, and says what follows from what. */

import { Api, Refused, type Placed } from "./api";
import { debounced, h, put } from "./dom";
import { Caches } from "./caches";
import { Drafts } from "./drafts";
import { Editor } from "./editor";
import { FIRST } from "./first";
import { Forecasts } from "./forecasts";
import { keyDialog } from "./key";
import { Library } from "./library";
import { Language } from "./language";
import { Picture, type Film } from "./picture";
import { partAt, pathOf, spanAt } from "./places";
import { Playhead } from "./playhead";
import { Renders } from "./renders";
import { Rendering } from "./rendering";
import { Tabs } from "./tabs";
import { Text } from "./text";
import { Timeline } from "./timeline";
import { toolbar } from "./tools";
import { Value } from "./value";
import { Variables } from "./variables";
import { Waveform } from "./waveform";

const CURSOR_MS = 120;

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
  const film = new Value<Film | null>(null);
  const wave = new Waveform(film, playhead);
  const timeline = new Timeline(forecasts, playhead, (placed) => show(placed), wave.root);
  const picture = new Picture(api, text, forecasts, playhead, film, timeline.selected, (element) => {
    timeline.selected.set(element.from);
    show(element);
  });
  const rendering = new Rendering(api, text, forecasts, film);
  const notice = h("p", { class: "notice", role: "status", hidden: true });
  const sentence = h("p", { class: "sentence", "aria-live": "polite", id: "sentence" });
  const dialog = keyDialog(api, () => begin());

  const renders = new Renders(api, language, ({ project, url }, json) => opened(project, json, url));
  const library = new Library(api, text, language, () => sceneAt(forecasts, playhead.at.now));
  const caches = new Caches(api, () => rendering.ended.now?.project ?? null);
  const panels = [code, variables.root, library.root, renders.root, caches.root];
  const tabs = new Tabs("Panels", [
    { name: "Document", panel: code },
    { name: "Variables", panel: variables.root },
    { name: "Library", panel: library.root, onShow: () => void library.load() },
    { name: "Renders", panel: renders.root, onShow: () => void renders.load() },
    { name: "Cache", panel: caches.root, onShow: () => void caches.load() },
  ]);
  const left = h("section", { class: "document", "aria-label": "Document" }, tabs.bar, ...panels);
  const header = h("header", {}, h("h1", {}, "Resplice"), sentence, rendering.root);
  const panes = h("main", {}, left, picture.root, timeline.root);
  document.body.append(header, notice, panes, dialog);

  const editor = new Editor(code, text, language);
  code.prepend(toolbar(editor, text));
  forecasts.problems.watch((problems) => editor.mark(problems));
  forecasts.sentence.watch((now) => put(sentence, now));
  text.text.watch((now) => drafts.keep(now));
  let isNew = true;
  forecasts.known.watch((known) => {
    const scene = known?.forecast.scenes[0];
    if (!scene || !isNew) return;
    isNew = false;
    playhead.go(scene.start + scene.duration / 2);
  });
  const selectAt = debounced((offset: number) => {
    const part = partAt(text.text.now, offset);
    if (!part || said(part) === timeline.selected.now) return;
    timeline.selected.set(said(part));
    follow(said(part));
  }, CURSOR_MS);
  text.cursor.watch(selectAt);
  let isTold = false;
  drafts.onElsewhere = () => {
    if (!isTold) tell("Another tab edits a document too: each tab keeps its own text.");
    isTold = true;
  };
  drafts.onLost = (why) => tell(`The text cannot be kept in this browser: ${why}`);

  function show({ from }: Placed): void {
    text.shown.set(spanAt(text.text.now, pathOf(from)));
  }

  /** Look at the scene that is edited. */
  function follow(from: string): void {
    const scene = forecasts.known.now?.forecast.scenes.filter((each) => isWithin(from, each.from)) ?? [];
    const at = playhead.at.now;
    const [first] = scene;
    const isSeen = scene.some(({ start, duration }) => start <= at && at < start + duration);
    if (first && !isSeen) playhead.go(first.start + first.duration / 2);
  }

  function tell(words: string): void {
    notice.hidden = false;
    put(notice, words, h("button", { class: "plain", onclick: () => (notice.hidden = true) }, "Close"));
  }

  /** url: of its film, if there is one. */
  function opened(project: string, json: string, url: string | null): void {
    const of = language.readable(json);
    forecasts.since = project;
    text.replace(of);
    if (url) film.set({ of, url });
  }

  /** Of a project that the page's address names, `#project=ID`, the document and the film. */
  async function open(): Promise<void> {
    const project = new URLSearchParams(location.hash.slice(1)).get("project");
    if (!project) return;
    history.replaceState(null, "", location.pathname);
    const { json, url } = await api.movie(project);
    if (json) opened(project, json, url);
  }

  function begin(): void {
    open().catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
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

/** The place in the document of the scene that is seen then. */
function sceneAt(forecasts: Forecasts, at: number): number {
  const scenes = forecasts.known.now?.forecast.scenes ?? [];
  const there = scenes.findLast(({ start }) => start <= at) ?? scenes[0];
  return there ? Number(pathOf(there.from)[1]) : 0;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

function said(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

void new Drafts().last().then((kept) => start(kept ?? FIRST));
