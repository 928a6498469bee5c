/** Small things that the browser keeps. Where it keeps nothing, as some are told to, they last as long as
 *  the page; nothing here throws.
 */

export class Kept {
  private readonly instead = new Map<string, string>();

  /** storage: merely naming a forbidden one throws, so that is asked for each time. */
  constructor(private readonly storage: () => Storage) {}

  get(name: string): string | null {
    return this.instead.get(name) ?? attempted(() => this.storage().getItem(name)) ?? null;
  }

  /** All that are kept, whichever page did so. */
  names(): string[] {
    return attempted(() => Object.keys(this.storage())) ?? [];
  }

  set(name: string, value: string): void {
    this.remove(name);
    const kept = attempted(() => {
      this.storage().setItem(name, value);
      return true;
    });
    if (!kept) this.instead.set(name, value);
  }

  remove(name: string): void {
    this.instead.delete(name);
    attempted(() => this.storage().removeItem(name));
  }
}

export const ofTab = new Kept(() => sessionStorage);
export const ofBrowser = new Kept(() => localStorage);

/** randomUUID is only there over https and on this machine. */
export function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function attempted<T>(does: () => T): T | undefined {
  try {
    return does();
  } catch {
    return undefined;
  }
}
