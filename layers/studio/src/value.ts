/** A value that others may watch. */

export class Value<T> {
  private readonly watchers = new Set<(now: T, before: T) => void>();

  constructor(private held: T) {}

  get now(): T {
    return this.held;
  }

  /** Watchers are told of what is another value, in the order in which they came. */
  set(next: T): void {
    const before = this.held;
    if (Object.is(before, next)) return;
    this.held = next;
    for (const watcher of this.watchers) watcher(next, before);
  }

  /** Tells at once, and then each time. */
  watch(watcher: (now: T, before: T) => void): void {
    this.watchers.add(watcher);
    watcher(this.held, this.held);
  }

  /** Until it is that. */
  is(value: T): Promise<void> {
    if (Object.is(this.held, value)) return Promise.resolve();
    return new Promise((resolve) => this.watch((now) => Object.is(now, value) && resolve()));
  }
}
