/** Inserting an element into a scene of the document. */

import { applyEdits } from "jsonc-parser";
import { editsFor, spanAt, valueAt, type Path } from "./places";
import type { Text } from "./text";

/** Into that scene, or the last one if there are fewer; where it went, null when there is no scene
 *  that has a list of elements, or may have one.
 */
export function insertElement(text: Text, element: Record<string, unknown>, scene: number): string | null {
  const movie = text.parsed() as { scenes?: unknown } | undefined;
  if (!movie || !Array.isArray(movie.scenes) || movie.scenes.length === 0) return null;
  const index = Math.min(scene, movie.scenes.length - 1);
  const list: Path = ["scenes", index, "elements"];
  const there = valueAt(movie, list);
  if (there !== undefined && !Array.isArray(there)) return null;
  const count = there?.length ?? 0;
  const edits = there ? editsFor(text.text.now, [...list, count], element, true) : editsFor(text.text.now, list, [element]);
  text.replace(applyEdits(text.text.now, edits));
  text.shown.set(spanAt(text.text.now, [...list, count]));
  return `scene ${index + 1}`;
}
