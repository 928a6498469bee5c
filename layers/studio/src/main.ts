/** The studio: puts the panes together, and says what follows from what. */

import { Api, isFilm, Refused, TOO_LARGE, type Movie } from "./api";
import { Caches } from "./caches";
import { debounced, h, put, wordsOf } from "./dom";
import { Drafts } from "./drafts";
import { Editor } from "./editor";
import { FIRST } from "./first";
import { Forecasts } from "./forecasts";
import { Key } from "./key";
import { Language } from "./language";
import { Library } from "./library";
import { Picture, type Film } from "./picture";
import { isWithin, partAt, pathOf, said, spanAt } from "./places";
import { Playhead } from "./playhead";
import { Rendering } from "./rendering";
import { Renders } from "./renders";
import { Tabs } from "./tabs";
import { Text } from "./text";
import { Timeline } from "./timeline";
import { toolbar } from "./tools";
import { Value } from "./value";
import { Variables } from "./variables";
import { Waveform } from "./waveform";

const CURSOR_MS = 120;
const AGAIN_MS = 3000;

class Studio {
  private readonly api = new Api();
  private readonly text = new Text();
  private readonly language = new Language();
  private readonly playhead = new Playhead();
  private readonly film = new Value<Film | null>(null);
  private readonly forecasts: Forecasts;
  private readonly rendering: Rendering;
  private readonly timeline: Timeline;
  private readonly picture: Picture;
  private readonly notice = h("p", { class: "notice", role: "status", hidden: true });
  private readonly learnAgain = debounced(() => void this.learn(), AGAIN_MS);

  constructor(
    private readonly first: string,
    private readonly drafts: Drafts,
  ) {
    const { api, text, playhead, film } = this;
    text.text.set(first);
    this.forecasts = new Forecasts(api, text);
    this.rendering = new Rendering(api, text, this.forecasts, film);
    const wave = new Waveform(film, text);
    this.timeline = new Timeline(this.forecasts, playhead, ({ from }) => this.show(from), wave.root);
    const { selected } = this.timeline;
    this.picture = new Picture(api, text, this.forecasts, playhead, film, selected, ({ from }) => {
      selected.set(from);
      this.show(from);
    });
    this.lay();
    this.follow();
    this.begin();
  }

  /** What is where on the page. */
  private lay(): void {
    const { api, text, language, forecasts, rendering, notice } = this;
    const code = h("div", { class: "code" });
    const variables = new Variables(text);
    const renders = new Renders(api, language, (movie, json) => this.opened(movie, json));
    const library = new Library(api, text, language, () => forecasts.sceneAt(this.playhead.at.now));
    const caches = new Caches(api, () => forecasts.since, () => void forecasts.ask());
    const tabs = new Tabs("Panels", [
      { name: "Document", panel: code },
      { name: "Variables", panel: variables.root },
      { name: "Library", panel: library.root, onShow: () => void library.load() },
      { name: "Renders", panel: renders.root, onShow: () => void renders.load() },
      { name: "Cache", panel: caches.root, onShow: () => void caches.load() },
    ]);
    const panels = [code, variables.root, library.root, renders.root, caches.root];
    const left = h("section", { class: "document", "aria-label": "Document" }, tabs.bar, ...panels);
    const sentence = h("p", { class: "sentence", "aria-live": "polite" });
    const key = new Key(api, () => this.begin());
    const header = h("header", {}, h("h1", {}, "Resplice"), sentence, rendering.root, key.button);
    const panes = h("main", {}, left, this.picture.root, this.timeline.root);
    document.body.append(header, notice, panes, key.dialog);
    const editor = new Editor(code, text, language);
    code.prepend(toolbar(editor, text));
    const mark = () => editor.mark(forecasts.problems.now, forecasts.warnings.now);
    forecasts.problems.watch(mark);
    forecasts.warnings.watch(mark);
    forecasts.sentence.watch((now) => put(sentence, now));
  }

  private follow(): void {
    const { text, drafts, forecasts, playhead } = this;
    text.text.watch((now, before) => {
      if (now !== before) drafts.keep(now);
    });
    addEventListener("unhandledrejection", ({ reason }) => this.tell(`Something went wrong: ${wordsOf(reason)}`));
    for (const each of [text.text, forecasts.known] as Value<unknown>[]) each.watch(() => this.age());
    drafts.onElsewhere = () => this.tell("Another tab edits a document too: each tab keeps its own text.");
    drafts.onLost = (why) => this.tell(`The text cannot be kept in this browser: ${why}`);
    text.cursor.watch(debounced((offset: number) => this.select(offset), CURSOR_MS));
    let isFirst = true;
    forecasts.known.watch((known) => {
      const scene = known?.forecast.scenes[0];
      if (!scene || !isFirst) return;
      isFirst = false;
      playhead.go(scene.start + scene.duration / 2);
    });
  }

  /** The timeline is of the text that was forecast last. */
  private age(): void {
    const known = this.forecasts.known.now;
    const { classList } = this.timeline.root;
    classList.toggle("old", known !== null && known.of !== this.text.text.now);
    classList.toggle("empty", known === null);
  }

  /** Of a project that the page's address names, `#project=ID`, the document and the film. */
  private async open(): Promise<void> {
    const project = new URLSearchParams(location.hash.slice(1)).get("project");
    if (!project) return;
    const movie = await this.api.movie(project);
    history.replaceState(null, "", location.pathname);
    if (!movie.json) throw new Error(TOO_LARGE);
    if (this.text.text.now !== this.first) throw new Error(`${project} is not opened: the text was edited meanwhile`);
    this.opened(movie, movie.json);
  }

  private opened(movie: Movie, json: string): void {
    this.forecasts.since = movie.project;
    this.text.replace(this.language.readable(json));
    // What the editor made of it: its lines end alike.
    const of = this.text.text.now;
    if (isFilm(movie)) this.film.set({ of, url: movie.url, duration_s: movie.duration ?? 0 });
  }

  private show(from: string): void {
    this.text.shown.set(spanAt(this.text.text.now, pathOf(from)));
  }

  /** What the cursor is in is selected, and its scene is looked at. */
  private select(offset: number): void {
    const part = partAt(this.text.text.now, offset);
    const { selected } = this.timeline;
    if (!part || said(part) === selected.now) return;
    selected.set(said(part));
    const scenes = this.forecasts.scenes.filter(({ from }) => isWithin(said(part), from));
    const at = this.playhead.at.now;
    const [first] = scenes;
    const isSeen = scenes.some(({ start, duration }) => start <= at && at < start + duration);
    if (first && !isSeen) this.playhead.go(first.start + first.duration / 2);
  }

  tell(words: string): void {
    this.notice.hidden = false;
    put(this.notice, words, h("button", { class: "plain", onclick: () => (this.notice.hidden = true) }, "Close"));
  }

  /** At first, and with another key. */
  private begin(): void {
    this.open().catch((error: unknown) => {
      // It is opened once there is a key, which the dialog asks for.
      if (!(error instanceof Refused && error.isOfKey)) this.tell(wordsOf(error));
    });
    void this.forecasts.ask();
    void this.learn();
  }

  /** Without the schema nothing is completed: it is asked for until it is there. */
  private async learn(): Promise<void> {
    try {
      this.language.learn(await this.api.schema());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.passes) this.learnAgain();
    }
  }
}

async function start(): Promise<void> {
  const drafts = new Drafts();
  let lost = "";
  const kept = await drafts.last().catch((error: unknown) => {
    lost = wordsOf(error);
    return null;
  });
  const studio = new Studio(kept ?? FIRST, drafts);
  if (lost) studio.tell(`What this browser has kept cannot be read: ${lost}`);
}

void start();
