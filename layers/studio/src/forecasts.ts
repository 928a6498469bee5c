/** The forecast: asked for after each edit, once nobody types any more. The newest text wins. */

import { Refused, type Api, type Forecast, type Problem, type SceneForecast } from "./api";
import { debounced, money, seconds } from "./dom";
import { pathOf } from "./places";
import type { Text } from "./text";
import { Value } from "./value";

const PAUSE_MS = 200;
const AGAIN_MS = 3000;
const LARGE_CHARS = 500_000;
const LARGE_PAUSE_MS = 1000;

/** of: the text that it is of. */
export interface Known {
  of: string;
  forecast: Forecast;
}

export class Forecasts {
  /** The newest that there is; the text may be a later one. */
  readonly known = new Value<Known | null>(null);
  readonly problems = new Value<Problem[]>([]);
  /** What is said of it: in the header. */
  readonly sentence = new Value("");
  /** The project that was rendered or opened last. */
  since: string | null = null;
  private asking = new AbortController();
  private readonly askAgain = debounced(() => void this.ask(), AGAIN_MS);

  constructor(
    private readonly api: Api,
    private readonly text: Text,
  ) {
    const soon = debounced(() => void this.ask(), PAUSE_MS);
    const later = debounced(() => void this.ask(), LARGE_PAUSE_MS);
    text.text.watch((now) => {
      if (now) (now.length > LARGE_CHARS ? later : soon)();
    });
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
    try {
      const forecast = await this.api.forecast(of, this.since, signal);
      this.known.set({ of, forecast });
      this.problems.set([]);
      this.sentence.set(sentence(forecast));
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof Refused ? error : new Refused(0, String(error));
      if (this.isOfSince(refused)) return this.ask();
      this.problems.set(refused.status === 400 ? refused.problems : []);
      this.sentence.set(firstLine(refused));
      if (refused.status === 0) this.askAgain();
    }
  }

  /** The earlier project may be gone: then there are no reasons. */
  private isOfSince({ status, problems }: Refused): boolean {
    const gone = this.since !== null && status === 400 && problems.length === 0;
    if (gone) this.since = null;
    return gone;
  }
}

/** `This renders 1 of 12 scenes, 2.4 s of picture, 0.01 ¢`. */
export function sentence({ movie, renders, scenes }: Forecast): string {
  if (movie.result === "hit") return "This movie is in the cache: it is there at once";
  const joins = scenes.filter(({ transition }) => transition?.state === "rendered").length;
  const over = joins ? ` and ${joins} ${joins === 1 ? "transition" : "transitions"}` : "";
  const what = `This renders ${renders.scenes} of ${renders.of} scenes${over}`;
  return `${what}, ${seconds(renders.seconds)} of picture, ${money(renders.cost_usd)}${unpriced(renders.unpriced)}`;
}

function unpriced(count: number): string {
  return count ? ` (and ${count} without a known price)` : "";
}

function firstLine({ problems, message }: Refused): string {
  const [first] = problems;
  if (!first) return message;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `${first.path ? `${first.path}: ` : ""}${first.message}${more}`;
}
