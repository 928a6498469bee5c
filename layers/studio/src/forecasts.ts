/** The forecast: asked for after each edit, once nobody types any more. The newest text wins. */

import { Refused, type Api, type Forecast, type Problem, type SceneForecast } from "./api";
import { counted, debounced, money, seconds } from "./dom";
import { pathOf } from "./places";
import type { Text } from "./text";
import { Value } from "./value";

const PAUSE_MS = 200;
const AGAIN_MS = 3000;
const LARGE_CHARS = 500_000;
const LARGE_PAUSE_MS = 1000;
const REST_MS = 900;

/** of: the text that it is of. */
export interface Known {
  of: string;
  forecast: Forecast;
}

export class Forecasts {
  /** The newest that there is; the text may be a later one. */
  readonly known = new Value<Known | null>(null);
  readonly problems = new Value<Problem[]>([]);
  /** What is asked for and not seen or heard. */
  readonly warnings = new Value<Problem[]>([]);
  /** What is said of it: in the header. */
  readonly sentence = new Value("");
  /** The project that was rendered or opened last. */
  since: string | null = null;
  private asking = new AbortController();
  private isAsking = false;
  private rested_ms = 0;
  private readonly askAgain = debounced((signal: AbortSignal) => {
    if (!signal.aborted) void this.ask();
  }, AGAIN_MS);

  constructor(
    private readonly api: Api,
    private readonly text: Text,
  ) {
    const soon = debounced(() => void this.ask(), PAUSE_MS);
    const later = debounced(() => void this.ask(), LARGE_PAUSE_MS);
    text.text.watch((now) => (now.length > LARGE_CHARS ? later : soon)());
  }

  get scenes(): SceneForecast[] {
    return this.known.now?.forecast.scenes ?? [];
  }

  /** The place in the document of the scene that is seen then. */
  sceneAt(at: number): number {
    const there = this.scenes.findLast(({ start }) => start <= at) ?? this.scenes[0];
    return there ? Number(pathOf(there.from)[1]) : 0;
  }

  /** Ask now: after a render, or with another key. */
  async ask(): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    const of = this.text.text.now;
    if (!of.trim()) return this.nothing();
    this.isAsking = true;
    const asked_ms = performance.now();
    const answer = await this.answer(of, signal);
    if (!answer || signal.aborted) return;
    this.isAsking = false;
    this.rested_ms = performance.now() + Math.max(REST_MS, 2 * (performance.now() - asked_ms));
    if (answer instanceof Refused) await this.refused(answer, signal);
    else this.learn({ of, forecast: answer });
  }

  /** Ask unless an answer is awaited, or came so lately that others would have to wait for the next one:
   *  rests are twice as long as what is asked for takes.
   */
  askAtLeisure(): void {
    if (!this.isAsking && performance.now() >= this.rested_ms) void this.ask();
  }

  /** Null when a later question made this one void. */
  private async answer(of: string, signal: AbortSignal): Promise<Forecast | Refused | null> {
    try {
      return await this.api.forecast(of, this.since, signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof Refused) return error;
      this.isAsking = false;
      throw error;
    }
  }

  private learn(known: Known): void {
    this.known.set(known);
    this.problems.set([]);
    this.warnings.set(known.forecast.warnings.map(placed));
    this.sentence.set(sentence(known.forecast));
  }

  private nothing(): void {
    this.isAsking = false;
    this.known.set(null);
    this.problems.set([]);
    this.warnings.set([]);
    this.sentence.set("The document is empty");
  }

  private async refused(refused: Refused, signal: AbortSignal): Promise<void> {
    if (this.isOfSince(refused)) return this.ask();
    this.warnings.set([]);
    this.problems.set(refused.status === 400 ? refused.problems : []);
    this.sentence.set(firstLine(refused));
    if (refused.passes) this.askAgain(signal);
  }

  /** The earlier project may be gone: then there are no reasons. */
  private isOfSince({ status, problems, isOfKey }: Refused): boolean {
    const gone = this.since !== null && status === 400 && problems.length === 0 && !isOfKey;
    if (gone) this.since = null;
    return gone;
  }
}

/** `This renders 1 of 12 scenes, 2.4 s of picture, 0.01 ¢`. */
export function sentence({ movie, renders, scenes, warnings }: Forecast): string {
  const warned = warnings.length ? `; ${counted(warnings.length, "warning", "warnings")}` : "";
  if (movie.result === "hit") return `This movie is in the cache: it is there at once${warned}`;
  const joins = scenes.filter(({ transition }) => transition?.state === "rendered").length;
  const over = joins ? ` and ${counted(joins, "transition", "transitions")}` : "";
  const what = `This renders ${renders.scenes} of ${renders.of} scenes${over}`;
  return `${what}, ${seconds(renders.seconds)} of picture, ${price(renders)}${warned}`;
}

/** A warning is a line that opens with its place. */
function placed(line: string): Problem {
  const [, path = "", message = line] = /^([^ :]+):? (.*)$/s.exec(line) ?? [];
  return { path, message };
}

/** What nobody knows the price of is not free. */
function price({ cost_usd, unpriced }: Forecast["renders"]): string {
  if (!unpriced) return money(cost_usd);
  const unknown = `an unknown cost of ${counted(unpriced, "piece", "pieces")}`;
  return cost_usd ? `${money(cost_usd)} and ${unknown}` : unknown;
}

function firstLine({ problems, message }: Refused): string {
  const [first] = problems;
  if (!first) return message;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `${first.path ? `${first.path}: ` : ""}${first.message}${more}`;
}
