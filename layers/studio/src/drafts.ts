/** Drafts: the text is kept in this browser as it is typed, so that nothing is lost with a tab, a
 *  server or a machine. A text that another tab changes meanwhile is told of; neither is overwritten
 *  unasked: each tab keeps its own, and the newest one is found when the page is opened again.
 */

import { wordsOf } from "./dom";
import { freshId, ofBrowser, ofTab } from "./storage";

const NAME = "resplice-studio";
const STORE = "drafts";
const GOING = `${NAME} going `;
const KEEP_MS = 250;
/** Nor is it waited for the end of a long text. */
const LONGEST_MS = 2000;
const MOST = 20;
/** A page that is loaded anew may come before its former self has let go. */
const PATIENCE_MS = 500;

interface Draft {
  text: string;
  at_ms: number;
}

export class Drafts {
  /** Another tab has kept a text; called once. */
  onElsewhere: () => void = () => {};
  /** Texts cannot be kept, and why. */
  onLost: (why: string) => void = () => {};
  private readonly channel = new BroadcastChannel(NAME);
  private id = "";
  private base: Promise<IDBDatabase> | null = null;
  private kept: string | null = null;
  private wanted: string | null = null;
  private underway: string | null = null;
  private since_ms = 0;
  private timer: number | undefined;
  private isPruned = false;

  constructor() {
    this.channel.onmessage = () => {
      this.channel.onmessage = null;
      this.onElsewhere();
    };
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
  }

  /** What this tab kept, else the newest of all. Raises when that cannot be read: then this tab goes on
   *  under another id, so that what could not be read is not written over.
   */
  async last(): Promise<string | null> {
    const before = ofTab.get(NAME);
    this.id = await ownId(before);
    try {
      await this.settle();
      const store = (await this.opened()).transaction(STORE).objectStore(STORE);
      const own = before ? await done<Draft | undefined>(store.get(before)) : undefined;
      this.kept = own?.text ?? null;
      return this.kept ?? newest(await done<Draft[]>(store.getAll()));
    } catch (error) {
      this.id = await ownId(null);
      throw error;
    }
  }

  keep(text: string): void {
    const now_ms = performance.now();
    if (this.wanted === null) this.since_ms = now_ms;
    this.wanted = text;
    clearTimeout(this.timer);
    const left_ms = this.since_ms + LONGEST_MS - now_ms;
    this.timer = window.setTimeout(() => this.flush(), Math.max(0, Math.min(KEEP_MS, left_ms)));
  }

  /** The database may hear that the page went before it is done with what the page told it: this is
   *  there at once.
   */
  private leave(): void {
    const text = this.wanted ?? this.underway;
    if (text !== null) ofBrowser.set(GOING + this.id, JSON.stringify({ text, at_ms: Date.now() }));
    this.flush();
  }

  /** What pages that went could not wait for is written now, unless what is there is newer. */
  private async settle(): Promise<void> {
    for (const name of ofBrowser.names().filter((each) => each.startsWith(GOING))) {
      const id = name.slice(GOING.length);
      const said = ofBrowser.get(name);
      const going = JSON.parse(said ?? "null") as Draft | null;
      if (going) await this.written((store) => putUnlessNewer(store, going, id));
      // Its tab may have gone once more.
      if (ofBrowser.get(name) === said) ofBrowser.remove(name);
    }
  }

  private flush(): void {
    clearTimeout(this.timer);
    const text = this.wanted;
    this.wanted = null;
    if (text !== null && text !== this.kept) void this.put(text);
  }

  private async put(text: string): Promise<void> {
    // Before it is: whoever goes back to the text before, meanwhile, is to have that kept again.
    this.kept = this.underway = text;
    try {
      const draft: Draft = { text, at_ms: Date.now() };
      await this.written((store) => {
        store.put(draft, this.id);
        store.transaction.commit();
      });
      if (this.underway === text) {
        this.underway = null;
        ofBrowser.remove(GOING + this.id);
      }
      this.channel.postMessage(this.id);
      if (!this.isPruned) await this.prune();
    } catch (error) {
      this.kept = null;
      this.onLost(wordsOf(error));
    }
  }

  /** The oldest go; once in a tab's life is enough. */
  private async prune(): Promise<void> {
    this.isPruned = true;
    const store = (await this.opened()).transaction(STORE).objectStore(STORE);
    const [ids, drafts] = await Promise.all([done<string[]>(store.getAllKeys()), done<Draft[]>(store.getAll())]);
    const byAge = ids.map((id, index) => ({ id, at_ms: drafts[index]?.at_ms ?? 0 })).toSorted((a, b) => b.at_ms - a.at_ms);
    const old = byAge.slice(MOST);
    if (old.length) await this.written((within) => old.forEach(({ id }) => within.delete(id)));
  }

  /** Until it is on the disk: a full one is found out about as late as that. */
  private async written(does: (store: IDBObjectStore) => unknown): Promise<void> {
    const transaction = (await this.opened()).transaction(STORE, "readwrite");
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("refused"));
    });
    does(transaction.objectStore(STORE));
    await ended;
  }

  /** It stays open, so that a page that goes has time for a last write. */
  private async opened(): Promise<IDBDatabase> {
    this.base ??= open();
    try {
      const base = await this.base;
      base.onclose = () => (this.base = null);
      return base;
    } catch (error) {
      this.base = null;
      throw error;
    }
  }
}

async function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  return done<IDBDatabase>(asked);
}

function newest(drafts: Draft[]): string | null {
  return drafts.toSorted((a, b) => b.at_ms - a.at_ms)[0]?.text ?? null;
}

/** In one transaction: another tab may be writing. */
function putUnlessNewer(store: IDBObjectStore, draft: Draft, id: string): void {
  const there = store.get(id) as IDBRequest<Draft | undefined>;
  there.onsuccess = () => {
    if ((there.result?.at_ms ?? 0) < draft.at_ms) store.put(draft, id);
  };
}

/** The one that this tab had, or another one if a tab has it that this one is a duplicate of. */
async function ownId(before: string | null): Promise<string> {
  if (before && (await isHeld(before))) return before;
  const id = freshId();
  await isHeld(id);
  ofTab.set(NAME, id);
  return id;
}

/** Held for the tab's life; false when another one does. Over plain http nobody can, and all may. */
function isHeld(id: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    locks
      .request(`${NAME} ${id}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, hold)
      .catch((error: unknown) => resolve(!(error instanceof DOMException && error.name === "TimeoutError")));
  });
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error("refused"));
  });
}
