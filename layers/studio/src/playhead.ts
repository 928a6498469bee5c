/** The moment of the movie that is looked at, in seconds. */

import { Value } from "./value";

export class Playhead {
  readonly at = new Value(0);
  readonly duration = new Value(0);

  /** The movie has another length: what is behind its end is not looked at any more. */
  last(duration_s: number): void {
    this.duration.set(duration_s);
    if (duration_s) this.go(this.at.now);
  }

  go(to_s: number): void {
    const last = Math.max(0, this.duration.now - 0.001);
    this.at.set(Math.min(last, Math.max(0, to_s)));
  }
}
