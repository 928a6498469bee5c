/** Drafts: the text is kept in this browser as it is typed, so that nothing is lost with a tab, a
 *  server or a machine. A text that another tab changes meanwhile is told of; neither is overwritten
 *  unasked: each tab keeps its own, and the newest one is found when the page is opened again.
 */

import { debounced } from "./dom";

const NAME = "resplice-studio";
const STORE = "drafts";
const KEEP_MS = 250;

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
  private readonly id: string;
  readonly keep = debounced((text: string) => void this.put(text), KEEP_MS);

  constructor() {
    this.id = sessionStorage.getItem(NAME) ?? crypto.randomUUID();
    sessionStorage.setItem(NAME, this.id);
    this.channel.onmessage = () => {
      this.channel.onmessage = null;
      this.onElsewhere();
    };
  }

  /** What this tab kept, else the newest of all. */
  async last(): Promise<string | null> {
    try {
      const own = await this.ask<Draft | undefined>("readonly", (store) => store.get(this.id));
      if (own) return own.text;
      const all = await this.ask<Draft[]>("readonly", (store) => store.getAll());
      return all.toSorted((a, b) => b.at_ms - a.at_ms)[0]?.text ?? null;
    } catch {
      return null;
    }
  }

  private async put(text: string): Promise<void> {
    try {
      const draft: Draft = { text, at_ms: Date.now() };
      await this.ask("readwrite", (store) => store.put(draft, this.id));
      this.channel.postMessage(this.id);
    } catch (error) {
      this.onLost(String(error));
    }
  }

  private async ask<T>(mode: IDBTransactionMode, does: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const open = indexedDB.open(NAME, 1);
    open.onupgradeneeded = () => open.result.createObjectStore(STORE);
    const base = await done<IDBDatabase>(open);
    try {
      return await done<T>(does(base.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      base.close();
    }
  }
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error("refused"));
  });
}
