/** The document: its text as the editor has it, and what that says. Every change of it is an edit of
 *  the text, so that one undo takes back what was typed, dragged or inserted alike.
 */

import { difference, membersChanged, valueAt, type Path, type Span } from "./places";
import { Value } from "./value";

export interface Edit {
  from: number;
  to: number;
  insert: string;
}

export class Text {
  readonly text = new Value("");
  /** Where the cursor is. */
  readonly cursor = new Value(0);
  /** What is to be shown and selected; the editor does so. */
  readonly shown = new Value<Span | null>(null);

  /** How edits are done; the editor takes this over. */
  apply: (edit: Edit) => void = ({ from, to, insert }) =>
    this.text.set(this.text.now.slice(0, from) + insert + this.text.now.slice(to));

  /** What the text says; undefined while it is no JSON. */
  parsed(): unknown {
    try {
      return JSON.parse(this.text.now) as unknown;
    } catch {
      return undefined;
    }
  }

  /** Give members of an object their values; what else is written there stays as it is. False when
   *  the text is no JSON, or has no object of that type at that place.
   */
  setAt(path: Path, type: string | null, values: Record<string, unknown>): boolean {
    const there = valueAt(this.parsed(), path) as { type?: unknown } | undefined;
    const isMeant = type === null || there?.type === type || String(there?.type).includes("{{");
    const edit = there && isMeant ? membersChanged(this.text.now, path, values) : null;
    if (edit) this.apply({ from: edit.offset, to: edit.offset + edit.length, insert: edit.content });
    return edit !== null;
  }

  /** Lines end as the editor ends them. */
  replace(next: string): void {
    const edit = difference(this.text.now, next.replace(/\r\n?/g, "\n"));
    if (edit) this.apply({ from: edit.offset, to: edit.offset + edit.length, insert: edit.content });
  }
}
