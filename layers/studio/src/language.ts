/** What the editor knows of the document's language: completions and hovers, by the JSON Schema that
 *  this server has of movies.
 */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { snippet } from "@codemirror/autocomplete";
import type { EditorView, Tooltip } from "@codemirror/view";
import {
  getLanguageService,
  InsertTextFormat,
  TextDocument,
  type CompletionItem,
  type JSONDocument,
  type LanguageService,
  type MarkupContent,
} from "vscode-json-languageservice";
import { applyEdits, format } from "jsonc-parser";
import { h } from "./dom";
import { Value } from "./value";

const URI = "movie.json";
const SCHEMA = "resplice://movie";
/** Longer texts are parsed too slowly for every key that is pressed. */
const MOST_CHARS = 1_000_000;
const KINDS: Record<number, string> = { 10: "property", 12: "constant", 9: "namespace", 2: "method" };

/** What can be inserted: an element, and what is said of it. */
export interface Piece {
  element: Record<string, unknown>;
  name: string;
  words: string;
}
interface Schema {
  $defs?: Record<string, { description?: string; properties?: { style?: { anyOf?: Style[] } } }>;
}
interface Style {
  const?: string;
  description?: string;
}

export class Language {
  private readonly service: LanguageService = getLanguageService({});
  private schema: Schema = {};
  /** Whether the schema is there. */
  readonly isReady = new Value(false);
  private held: { text: string; document: TextDocument; json: JSONDocument } | null = null;

  learn(schema: object): void {
    this.schema = schema;
    const known = { uri: SCHEMA, fileMatch: ["*"], schema };
    this.service.configure({ schemas: [known], validate: false });
    this.isReady.set(true);
  }

  readonly complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const asked = context.explicit || context.matchBefore(/["\w-]+$/);
    if (!asked || context.state.doc.length > MOST_CHARS) return null;
    await this.isReady.is(true);
    if (context.aborted) return null;
    const text = context.state.doc.toString();
    const { document, json } = this.read(text);
    const found = await this.service.doComplete(document, document.positionAt(context.pos), json);
    const first = found?.items[0];
    if (!found || !first || context.aborted) return null;
    const span = spanOf(first, document, context.pos);
    const typed = text.slice(span.from, context.pos).replaceAll('"', "").toLowerCase();
    const fitting = found.items.filter(({ label }) => label.toLowerCase().includes(typed));
    // The editor would look for all that is replaced, closing quote and all.
    return { ...span, options: fitting.map((item) => option(item)), filter: false };
  };

  readonly hover = async (view: EditorView, pos: number): Promise<Tooltip | null> => {
    if (view.state.doc.length > MOST_CHARS) return null;
    const text = view.state.doc.toString();
    const { document, json } = this.read(text);
    const found = await this.service.doHover(document, document.positionAt(pos), json);
    const words = [found?.contents ?? []].flat().map(wordsOf).filter(Boolean).join("\n");
    if (!found?.range || !words) return null;
    const from = document.offsetAt(found.range.start);
    return {
      pos: from,
      end: document.offsetAt(found.range.end),
      create: () => ({ dom: h("div", { class: "hover" }, words) }),
    };
  };

  /** Those of the catalog, and of this server's own. */
  components(): Piece[] {
    return Object.entries(this.schema.$defs ?? {})
      .filter(([name]) => /^[\w-]+\/[\w-]+$/.test(name))
      .map(([name, { description }]) => ({ element: { type: "component", component: name }, name, words: description ?? "" }));
  }

  textStyles(): Piece[] {
    const styles = this.schema.$defs?.["TextElement"]?.properties?.style?.anyOf ?? [];
    return styles.flatMap(({ const: style, description }) => {
      if (style === undefined) return [];
      const element = { type: "text", style, text: "Your words" };
      return [{ element, name: `text ${style}`, words: description ?? "" }];
    });
  }

  /** What a program wrote on one line is put on several, for whoever reads it. */
  readable(text: string): string {
    return text.includes("\n") ? text : this.format(text);
  }

  format(text: string): string {
    return applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2 }));
  }

  private read(text: string) {
    if (this.held?.text !== text) {
      const document = TextDocument.create(URI, "json", 1, text);
      this.held = { text, document, json: this.service.parseJSONDocument(document) };
    }
    return this.held;
  }
}

function option(item: CompletionItem): Completion {
  const inserted = item.textEdit?.newText ?? item.insertText ?? item.label;
  const told = wordsOf(item.documentation ?? "");
  const apply = item.insertTextFormat === InsertTextFormat.Snippet ? snippet(fields(inserted)) : inserted;
  return {
    label: item.label,
    type: KINDS[item.kind ?? 0] ?? "text",
    apply,
    ...(told ? { info: () => h("div", { class: "hover" }, told) } : {}),
  };
}

/** Fields of one snippet language in those of the other: `$1` and `${1:x}` to `#{}` and `#{x}`. */
function fields(text: string): string {
  return text.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}|\$\{?\d+\}?/g, (_, name: string | undefined) =>
    name === undefined ? "#{}" : `#{${name.replace(/\\(.)/g, "$1")}}`,
  );
}

/** What is replaced: with the closing quote, which the editor has set already. */
function spanOf(item: CompletionItem, document: TextDocument, pos: number): { from: number; to: number } {
  const edit = item.textEdit;
  if (!edit) return { from: pos, to: pos };
  const { start, end } = "range" in edit ? edit.range : edit.replace;
  return { from: document.offsetAt(start), to: document.offsetAt(end) };
}

function wordsOf(said: string | MarkupContent | { language: string; value: string }): string {
  const text = typeof said === "string" ? said : said.value;
  return text.replace(/\\([\\`*_{}[\]()#+\-.!>])/g, "$1").replaceAll("&nbsp;", " ").trim();
}
