/** The editor of the document's text: it types, marks, completes, finds, undoes and formats. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Problem } from "./api";
import type { Language } from "./language";
import { pathOf, spanAt } from "./places";
import type { Text } from "./text";

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-value)" },
]);
const LINE = /line (\d+), column (\d+)/;

export class Editor {
  readonly view: EditorView;

  constructor(
    parent: HTMLElement,
    private readonly text: Text,
    private readonly language: Language,
  ) {
    const keys = [
      { key: "Shift-Alt-f", run: () => this.format() },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ];
    const extensions = [
      lineNumbers(),
      foldGutter(),
      codeFolding(),
      lintGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [language.complete] }),
      hoverTooltip(language.hover),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      json(),
      syntaxHighlighting(COLOURS),
      keymap.of(keys),
      EditorView.contentAttributes.of({ "aria-label": "The movie's document, JSON", tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.text.text.set(update.state.doc.toString());
        if (update.selectionSet || update.docChanged) this.text.cursor.set(update.state.selection.main.head);
      }),
    ];
    const state = EditorState.create({ doc: text.text.now, extensions });
    this.view = new EditorView({ state, parent });
    text.apply = ({ from, to, insert }) => {
      this.view.dispatch({ changes: { from, to, insert }, userEvent: "input" });
    };
    text.shown.watch((span) => {
      if (!span) return;
      const effects = EditorView.scrollIntoView(span.from, { y: "start", yMargin: 40 });
      this.view.dispatch({ selection: { anchor: span.from, head: span.to }, effects });
    });
  }

  /** Mark what the API refused, and what it warned of, at its place, in its words. */
  mark(problems: Problem[], warnings: Problem[]): void {
    const text = this.view.state.doc.toString();
    const marks = (found: Problem[], severity: Diagnostic["severity"]) =>
      found.map((each): Diagnostic => ({ ...this.spanOf(each, text), severity, message: each.message }));
    const all = [...marks(problems, "error"), ...marks(warnings, "warning")];
    this.view.dispatch(setDiagnostics(this.view.state, all));
  }

  /** Put everything on lines of its own; false while the text is no JSON. */
  format(): boolean {
    if (this.text.parsed() === undefined) return false;
    this.text.replace(this.language.format(this.text.text.now));
    return true;
  }

  private spanOf(problem: Problem, text: string) {
    const told = LINE.exec(problem.message);
    if (problem.path || !told) return spanAt(text, pathOf(problem.path));
    const lines = this.view.state.doc;
    const line = lines.line(Math.min(lines.lines, Number(told[1])));
    const from = Math.min(line.to, line.from + Number(told[2]) - 1);
    return { from, to: Math.min(lines.length, from + 1) };
  }
}
