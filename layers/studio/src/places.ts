/** Places in a document: a JSON path as the API says it, and where that is in the text. */

import { applyEdits, findNodeAtLocation, modify, parseTree, type Edit, type Node } from "jsonc-parser";

export type Path = (string | number)[];
export interface Span {
  from: number;
  to: number;
}

const FORMAT = { insertSpaces: true, tabSize: 2, eol: "\n" };

/** `scenes[0].elements[1].src` to its parts. */
export function pathOf(said: string): Path {
  return [...said.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? "") : Number(index),
  );
}

let parsed: { text: string; root: Node | undefined } = { text: "", root: undefined };

/** Large texts take a while to parse, and are asked about again and again. */
function treeOf(text: string): Node | undefined {
  if (parsed.text !== text) parsed = { text, root: parseTree(text, [], { allowTrailingComma: true }) };
  return parsed.root;
}

/** Where it is or, when the text has no such place, where what it lies in is. */
export function spanAt(text: string, path: Path): Span {
  const root = treeOf(text);
  for (let depth = path.length; root && depth > 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node) return spanOf(node);
  }
  return { from: 0, to: 0 };
}

/** A property with its name, so that one sees what it is. */
function spanOf(node: Node): Span {
  const whole = node.parent?.type === "property" ? node.parent : node;
  return { from: whole.offset, to: whole.offset + whole.length };
}

/** The same, the other way round. */
export function said(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

/** Whether it is the other place, or inside it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** The scene or element at a place of the text, if there is one; the innermost. */
export function partAt(text: string, offset: number): Path | null {
  const root = treeOf(text);
  const path: Path = [];
  for (let node = root; node; ) {
    const inside: Node | undefined = node.children?.find((child) => holds(child, offset));
    if (!inside) break;
    if (node.type === "property") path.push(String(node.children?.[0]?.value));
    if (node.type === "array") path.push(node.children?.indexOf(inside) ?? 0);
    node = inside;
  }
  return partOf(path);
}

function holds(node: Node, offset: number): boolean {
  return node.offset <= offset && offset <= node.offset + node.length;
}

/** As much of a path as names a scene or an element. */
export function partOf(path: Path): Path | null {
  const [list, , inner] = path;
  if (list === "elements" && path.length >= 2) return path.slice(0, 2);
  if (list !== "scenes" || path.length < 2) return null;
  return inner === "elements" && path.length >= 4 ? path.slice(0, 4) : path.slice(0, 2);
}

/** The least edits that give a value to a place; all else in the text stays as it is. */
export function editsFor(text: string, path: Path, value: unknown, insert = false): Edit[] {
  return modify(text, path, value, { formattingOptions: FORMAT, isArrayInsertion: insert });
}

/** The least edit that gives members of one object their values: only the text of that object is
 *  looked at, however large the rest is. Null when there is no object at that place.
 */
export function membersChanged(text: string, at: Path, values: Record<string, unknown>): Edit | null {
  const root = treeOf(text);
  const node = root && findNodeAtLocation(root, at);
  if (node?.type !== "object") return null;
  const line = text.lastIndexOf("\n", node.offset - 1) + 1;
  const from = text.slice(line, node.offset).trim() ? node.offset : line;
  const before = text.slice(from, node.offset + node.length);
  let after = before;
  for (const [name, value] of Object.entries(values)) after = applyEdits(after, editsFor(after, [name], value));
  const edit = difference(before, after) ?? { offset: 0, length: 0, content: "" };
  return { ...edit, offset: from + edit.offset };
}

/** What differs of two texts: the shortest piece in the middle. */
export function difference(before: string, after: string): Edit | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return {
    offset: start,
    length: before.length - end - start,
    content: after.slice(start, after.length - end),
  };
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string, unknown> | null | undefined)?.[part], root);
}
