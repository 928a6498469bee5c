/** The wave of what is heard in the film, below the timeline: read from the film itself. */

import { h } from "./dom";
import type { Film } from "./picture";
import type { Playhead } from "./playhead";
import type { Value } from "./value";

/** A longer film would take too much memory: its sound is decoded whole. */
const MOST_S = 15 * 60;
const BARS = 1600;
const HEIGHT_PX = 36;
const SAMPLES_A_SECOND = 8000;

export class Waveform {
  readonly root = h("canvas", {
    class: "wave",
    width: BARS,
    height: HEIGHT_PX,
    role: "img",
    "aria-label": "The wave of what is heard in the film",
    hidden: true,
  });
  private shown = "";

  constructor(
    film: Value<Film | null>,
    private readonly playhead: Playhead,
  ) {
    film.watch((now) => {
      if (now && now.url !== this.shown) void this.draw(now.url);
    });
  }

  private async draw(url: string): Promise<void> {
    this.shown = url;
    this.root.hidden = true;
    const peaks = this.playhead.duration.now > MOST_S ? null : await peaksOf(url).catch(() => null);
    if (!peaks || this.shown !== url) return;
    const pen = this.root.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, BARS, HEIGHT_PX);
    pen.fillStyle = getComputedStyle(this.root).color;
    peaks.forEach((peak, x) => {
      const high = Math.max(1, peak * HEIGHT_PX);
      pen.fillRect(x, (HEIGHT_PX - high) / 2, 1, high);
    });
    this.root.hidden = false;
  }
}

/** The loudest sample of each bar, 0 to 1. Null for a film in which nothing is heard. */
async function peaksOf(url: string): Promise<number[] | null> {
  const answer = await fetch(url);
  const decoder = new OfflineAudioContext(1, 1, SAMPLES_A_SECOND);
  const sound = await decoder.decodeAudioData(await answer.arrayBuffer());
  const samples = sound.getChannelData(0);
  const each = samples.length / BARS;
  return Array.from({ length: BARS }, (_, bar) => {
    let most = 0;
    for (let at = Math.floor(bar * each); at < (bar + 1) * each; at++) most = Math.max(most, Math.abs(samples[at] ?? 0));
    return Math.min(1, most);
  });
}
