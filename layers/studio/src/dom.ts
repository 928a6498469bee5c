/** Elements of the page, made in one call. Text only ever becomes text. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** An element. `onclick` and the like are listeners; true is an attribute without a value, and
 *  false, null and undefined are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  put(made, ...children);
  return made;
}

/** Replaces what is in an element. */
export function put(into: Element, ...children: Child[]): void {
  into.replaceChildren(...children.filter((child): child is Node | string => isThere(child)));
}

function isThere(child: Child): boolean {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** Calls once nothing was asked for that long; what was asked before is dropped. */
export function debounced<A extends unknown[]>(call: (...given: A) => void, pauseMs: number) {
  let timer: number | undefined;
  return (...given: A): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => call(...given), pauseMs);
  };
}

export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1).replace(/\.?0+$/, "")} s`;
}

/** 0:05.2, 12:30, 1:02:03. */
export function clock(value: number): string {
  // Of 2.3 the fraction is a little less than 0.3: tenths come first.
  const tenths = Math.round(value * 10);
  const whole = Math.floor(tenths / 10);
  const [h0, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(s).padStart(2, "0")}${whole < 60 ? `.${tenths % 10}` : ""}`;
  return h0 ? `${h0}:${String(m).padStart(2, "0")}:${tail}` : `${m}:${tail}`;
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

/** Two digits, so that small amounts are seen to differ. */
export function money(usd: number): string {
  if (usd === 0) return "nothing to pay";
  const cents = Number((usd * 100).toPrecision(2));
  if (cents >= 100) return `$${usd.toFixed(2)}`;
  return cents < 0.01 ? "less than 0.01 ¢" : `${cents} ¢`;
}

/** `1 entry`, `2 entries`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What is said of an error, whatever was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
