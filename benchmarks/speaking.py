"""Speech and subtitles: how fast Kokoro speaks, what subtitles cost, what is spoken twice."""

from __future__ import annotations

from typing import Any

import imageio_ffmpeg

from benchmarks import movies
from benchmarks.rendering import Bench, Run, ratio

ROUNDS = 2
SENTENCES = (
    "The harbour is quiet before the first boat leaves.",
    "A man in a yellow coat counts the ropes and says nothing.",
    "By six the bakery opens, and the whole street smells of bread.",
    "Nobody hurries here, because the tide decides when the day begins.",
    "Children run along the wall and race the gulls to the end of it.",
    "The ferry arrives with letters, flour, and one stranger with a map.",
    "He asks for the lighthouse, and everybody points in the same direction.",
    "It has been dark for thirty years, but the lamp is still polished.",
    "In the afternoon the wind turns, and the water changes its colour.",
    "The nets come in heavy, and the talking starts again on every deck.",
    "At night the windows glow like a second row of stars above the bay.",
    "Then somebody climbs the tower and, just once, switches on the light.",
    "It turns above the roofs, and for a moment every face is white.",
    "The dogs bark, the cats look up, and an old man takes off his hat.",
    "Somewhere a window opens, and a child begins to count the turns.",
    "Nobody asks who did it, and nobody ever says that it was the stranger.",
    "In the morning the harbour is quiet again before the first boat leaves.",
)
"""About a minute when they are spoken."""
CAPTION_LINES, CAPTION_WORDS, CAPTION_SECONDS = 40, 5, 1.5


def narration(bench: Bench) -> None:
    """A minute of speech from nothing; then the same lines in another movie."""
    first = bench.render(_narrated(fps=10), "narration")
    took_s = first.report["timings_ms"]["elements"] / 1000
    _, seconds = imageio_ffmpeg.count_frames_and_secs(str(bench.work / "out.mp4"))
    what = f"{seconds:.0f} s of narration by Kokoro, from nothing"
    bench.tell(what, f"{took_s:.1f} s, {first.cpu_s:.1f} s of CPU")
    other = bench.render(_narrated(fps=12), "narration")
    bench.tell("the same lines in another movie", f"{_characters(other)} characters spoken")


def subtitles(bench: Bench) -> None:
    """60 s, 12 scenes, with 40 lines of highlighted words and without them, in turns."""
    plain, captioned = [], []
    for number in range(ROUNDS):
        plain.append(bench.render(movies.scenes(12), f"plain-{number}"))
        captioned.append(bench.render(_captioned(), f"captioned-{number}"))
    wall, cpu = ratio(captioned, plain, "wall_s"), ratio(captioned, plain, "cpu_s")
    bench.tell(
        "60 s with 40 lines of subtitles, against none", f"{wall:.2f} x wall, {cpu:.2f} x CPU"
    )


def _narrated(fps: int) -> movies.Document:
    scenes = [
        {"elements": [{"type": "voice", "voice": "af_heart", "text": text}]} for text in SENTENCES
    ]
    return {"resolution": "custom", "width": 320, "height": 180, "fps": fps, "scenes": scenes}


def _characters(run: Run) -> int:
    """What was spoken in it."""
    costs = (each["cost"] for each in run.report["elements"] if each["result"] != "hit")
    return sum(round(cost["units"]) for cost in costs)


def _captioned() -> movies.Document:
    document = movies.scenes(12)
    element: dict[str, Any] = {"type": "subtitles", "captions": _karaoke()}
    return document | {"elements": [*document["elements"], element]}


def _karaoke() -> str:
    """Lines one after the other, with a time for each word, as ASS."""
    head = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
    each_cs = round(CAPTION_SECONDS * 100 / CAPTION_WORDS)
    lines = []
    for number in range(CAPTION_LINES):
        begin_s = number * CAPTION_SECONDS
        words = " ".join(f"{{\\k{each_cs}}}word{number}x{word}" for word in range(CAPTION_WORDS))
        times = f"{_clock(begin_s)},{_clock(begin_s + CAPTION_SECONDS)}"
        lines.append(f"Dialogue: 0,{times},Default,{words}\n")
    return head + "".join(lines)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"0:{int(minutes):02}:{rest:05.2f}"
