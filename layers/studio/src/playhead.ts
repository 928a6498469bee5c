/** The moment of the movie that is looked at, in seconds. */

import { Value } from "./value";

export class Playhead {
  readonly at = new Value(0);
  readonly duration = new Value(0);

  go(to_s: number): void {
    const last = Math.max(0, this.duration.now - 0.001);
    this.at.set(Math.min(last, Math.max(0, to_s)));
  }
}
