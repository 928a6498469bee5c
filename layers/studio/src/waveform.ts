/** The wave of what is heard in the film, below the timeline: read from the film itself. */

import { h } from "./dom";
import type { Film } from "./picture";
import type { Text } from "./text";
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
  /** Of the film whose wave is asked for, and of the one whose wave is drawn. */
  private asked = "";
  private drawn = "";

  constructor(
    private readonly film: Value<Film | null>,
    private readonly text: Text,
  ) {
    for (const each of [film, text.text] as Value<unknown>[]) each.watch(() => this.show());
  }

  /** Of another text it would stand below scenes that it is not of. */
  private show(): void {
    const film = this.film.now;
    const isOf = film !== null && film.of === this.text.text.now;
    this.root.hidden = !isOf || this.drawn !== film.url;
    if (isOf && this.asked !== film.url) void this.draw(film);
  }

  private async draw({ url, duration_s }: Film): Promise<void> {
    this.asked = url;
    const peaks = duration_s > MOST_S ? null : await peaksOf(url).catch(() => null);
    if (!peaks || this.asked !== url) return;
    const pen = this.root.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, BARS, HEIGHT_PX);
    pen.fillStyle = getComputedStyle(this.root).color;
    peaks.forEach((peak, x) => {
      const high = Math.max(1, peak * HEIGHT_PX);
      pen.fillRect(x, (HEIGHT_PX - high) / 2, 1, high);
    });
    this.drawn = url;
    this.show();
  }
}

/** The loudest sample of each bar in any channel, 0 to 1. Raises for a film in which nothing is heard. */
async function peaksOf(url: string): Promise<number[]> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The film is not there (${answer.status})`);
  const decoder = new OfflineAudioContext(1, 1, SAMPLES_A_SECOND);
  const sound = await decoder.decodeAudioData(await answer.arrayBuffer());
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel));
  const each = sound.length / BARS;
  return Array.from({ length: BARS }, (_, bar) => {
    const [from, to] = [Math.floor(bar * each), Math.ceil((bar + 1) * each)];
    return Math.min(1, Math.max(...channels.map((samples) => loudest(samples, from, to))));
  });
}

function loudest(samples: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let at = from; at < to; at++) most = Math.max(most, Math.abs(samples[at] ?? 0));
  return most;
}
