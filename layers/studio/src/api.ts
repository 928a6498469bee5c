/** The API of this server: what the studio asks of it, in its own words. */

import { ofBrowser, ofTab } from "./storage";

export type State = "reused" | "rendered" | "waiting" | "paid";

export interface Placed {
  path: string;
  from: string;
  start: number;
  duration: number;
  state: State;
}

export interface SceneForecast extends Placed {
  reason: string;
  renders: number;
  transition?: { style: string; duration: number; state: State };
}

export interface ElementForecast extends Placed {
  type: string;
  "z-index": number;
  heard: boolean;
  box?: [number, number, number, number];
  said?: [number, number, number, number];
}

export interface Forecast {
  movie: {
    result: "hit" | "miss";
    width: number;
    height: number;
    fps: number;
    frames: number;
    duration: number;
  };
  renders: {
    scenes: number;
    of: number;
    seconds: number;
    takes: number;
    takes_from: string;
    cost_usd: number;
    unpriced: number;
  };
  scenes: SceneForecast[];
  elements: ElementForecast[];
  assumed: string[];
  warnings: string[];
}

export interface Movie {
  kind: "movie" | "still" | "elements";
  status: "pending" | "running" | "done" | "error" | "timeout";
  message: string;
  progress: number;
  project: string;
  url: string | null;
  thumbnail: string | null;
  created_at: string;
  ended_at: string | null;
  deleted_at?: string;
  duration: number | null;
  rendering_time: number | null;
  cache: { movie: { result: string | null } } | null;
  json?: string | null;
}

export interface Part {
  result: string;
  why?: string[];
  reason?: string;
  scene?: number;
  into_scene?: number;
  path?: string;
}

export interface Explanation {
  cache: { movie: Part; scenes: Part[]; transitions: Part[]; elements: Part[] } | null;
  against: { project: string; because: string } | null;
}

export interface Problem {
  path: string;
  message: string;
}

/** What was refused, or never arrived (status 0). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problems: Problem[] = [],
  ) {
    super(message);
  }

  /** It may be answered another time: nobody was there, or too much was asked for at a time. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** JSON2Video has no status of its own for a key that is not good; and some things no key may do. */
  get isOfKey(): boolean {
    return KEY_WANTED.test(this.message);
  }
}

const KEY = "resplice.key";
const KEY_WANTED = /^(Error: (Invalid )?API Key|Insufficient permissions$)/;
const UNANSWERED_MS = 2000;
export const UNREACHED = "The server does not answer: nothing is lost, the text is kept here";
/** Answers have a most; a document that does not fit is left out of its project. */
export const TOO_LARGE = "The document is too large to be told here";

/** Stills are projects too. */
export function isFilm(movie: Movie): movie is Movie & { url: string } {
  return Boolean(movie.url && movie.kind === "movie");
}

/** Whether a film was wanted and did not come of it; not one that somebody cancelled or deleted. */
export function isFailed({ kind, status, deleted_at }: Movie): boolean {
  return kind === "movie" && !deleted_at && (status === "error" || status === "timeout");
}

export function isOver({ status }: Movie): boolean {
  return status !== "pending" && status !== "running";
}

export class Api {
  /** Called when a key is needed, or the one that is known is not good; why, in the API's words. */
  onKeyWanted: (why: string) => void = () => {};

  get key(): string {
    return ofTab.get(KEY) ?? ofBrowser.get(KEY) ?? "";
  }

  /** kept: until somebody clears what the browser keeps of this page, else as long as the tab. */
  setKey(key: string, kept: boolean): void {
    (kept ? ofBrowser : ofTab).set(KEY, key);
    (kept ? ofTab : ofBrowser).remove(KEY);
  }

  /** Raises Refused, and why the signal was aborted when it was: then there is no answer. */
  async call<T>(method: string, path: string, body?: string, signal?: AbortSignal): Promise<T> {
    const shown = this.key;
    const answer = await fetch(path, this.request(method, body, signal)).catch(() => unanswered(signal));
    const told = ((await answer.json().catch(() => (answer.ok ? unanswered(signal) : {}))) ?? {}) as T & Told;
    signal?.throwIfAborted();
    if (answer.ok) return told;
    const refused = new Refused(answer.status, told.message ?? `The server said ${answer.status}`, told.errors);
    // A late answer to another key says nothing of the one that is known by now.
    if (refused.isOfKey && shown === this.key) this.onKeyWanted(refused.message);
    throw refused;
  }

  private request(method: string, body?: string, signal?: AbortSignal): RequestInit {
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.key) headers["x-api-key"] = this.key;
    if (body !== undefined) headers["content-type"] = "application/json";
    return { method, headers, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) };
  }

  /** since: an earlier project, that reasons are told against. */
  async forecast(document: string, since: string | null, signal: AbortSignal): Promise<Forecast> {
    const against = since ? `&since=${encodeURIComponent(since)}` : "";
    const path = `/v2/movies?dry-run=forecast${against}`;
    return (await this.call<{ forecast: Forecast }>("POST", path, document, signal)).forecast;
  }

  async schema(): Promise<object> {
    return (await this.call<{ schema: object }>("GET", "/v2/schema")).schema;
  }

  async render(document: string): Promise<string> {
    return (await this.call<{ project: string }>("POST", "/v2/movies", document)).project;
  }

  async still(document: string, at: number): Promise<string> {
    const path = `/v2/stills?at=${at.toFixed(3)}`;
    return (await this.call<{ project: string }>("POST", path, document)).project;
  }

  async movie(project: string, signal?: AbortSignal): Promise<Movie> {
    const path = `/v2/movies?project=${encodeURIComponent(project)}`;
    return (await this.call<{ movie: Movie }>("GET", path, undefined, signal)).movie;
  }

  async cancel(project: string): Promise<void> {
    await this.call("DELETE", `/v2/movies?project=${encodeURIComponent(project)}`);
  }

  async explained(project: string): Promise<Explanation> {
    return this.call<Explanation>("GET", `/v2/movies/${encodeURIComponent(project)}/cache`);
  }

  /** The project once it has ended; tells of each look meanwhile, with null when nobody answered: a
   *  render goes on without being looked at.
   */
  async ended(project: string, signal: AbortSignal, told: (movie: Movie | null) => void): Promise<Movie> {
    for (let pauseMs = 120; ; pauseMs = Math.min(1000, pauseMs * 1.3)) {
      const movie = await this.looked(project, signal);
      told(movie);
      if (movie && isOver(movie)) return movie;
      await pause(movie ? pauseMs : UNANSWERED_MS, signal);
    }
  }

  private async looked(project: string, signal: AbortSignal): Promise<Movie | null> {
    try {
      return await this.movie(project, signal);
    } catch (error) {
      if (error instanceof Refused && error.passes) return null;
      throw error;
    }
  }
}

interface Told {
  message?: string;
  errors?: Problem[];
}

/** Nothing came, or only a part of it. */
function unanswered(signal?: AbortSignal): never {
  signal?.throwIfAborted();
  throw new Refused(0, UNREACHED);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop);
  });
}
