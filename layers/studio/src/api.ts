/** The API of this server: what the studio asks of it, in its own words. */

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
}

const KEY = "resplice.key";
/** JSON2Video has no status of its own for it. */
const KEY_WANTED = /^Error: (Invalid )?API Key/;
export const UNREACHED = "The server does not answer: nothing is lost, the text is kept here";

export class Api {
  /** Called when a key is needed, or the one that is known is not good. */
  onKeyWanted: () => void = () => {};

  get key(): string {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? "";
  }

  /** kept: until somebody clears what the browser keeps of this page, else as long as the tab. */
  setKey(key: string, kept: boolean): void {
    (kept ? localStorage : sessionStorage).setItem(KEY, key);
    (kept ? sessionStorage : localStorage).removeItem(KEY);
  }

  async call<T>(method: string, path: string, body?: string, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(path, this.request(method, body, signal)).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Refused(0, UNREACHED);
    });
    const told = (await answer.json().catch(() => ({}))) as T & Told;
    if (answer.ok) return told;
    if (answer.status === 403 || KEY_WANTED.test(told.message ?? "")) this.onKeyWanted();
    throw new Refused(answer.status, told.message ?? `The server said ${answer.status}`, told.errors);
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

  async still(document: string, at: number, signal: AbortSignal): Promise<string> {
    const path = `/v2/stills?at=${at.toFixed(3)}`;
    return (await this.call<{ project: string }>("POST", path, document, signal)).project;
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

  /** The project once it has ended; tells of each look meanwhile. */
  async ended(project: string, signal: AbortSignal, told: (movie: Movie) => void): Promise<Movie> {
    for (let pauseMs = 120; ; pauseMs = Math.min(1000, pauseMs * 1.3)) {
      const movie = await this.movie(project, signal);
      told(movie);
      if (movie.status !== "pending" && movie.status !== "running") return movie;
      await pause(pauseMs, signal);
    }
  }
}

interface Told {
  message?: string;
  errors?: Problem[];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
