/** The document: its text as the editor has it, and what that says. Every change of it is an edit of
 *  the text, so that one undo takes back what was typed, dragged or inserted alike.
 */

import { changed, difference, type Path, type Span } from "./places";
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

  /** Give values to places; what else is written there stays as it is. */
  set(values: [Path, unknown][]): void {
    const edit = changed(this.text.now, values);
    if (edit) this.apply({ from: edit.offset, to: edit.offset + edit.length, insert: edit.content });
  }

  replace(next: string): void {
    const edit = difference(this.text.now, next);
    if (edit) this.apply({ from: edit.offset, to: edit.offset + edit.length, insert: edit.content });
  }
}
