"""The demo's music: 25 seconds of pads, plucks and bass as one FFmpeg filtergraph.

Only writes the graph. A chord is four seconds, as long as a scene of the demo.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

SECONDS = 25
CHORD_SECONDS = 4
STEP_SECONDS = 0.5
RATE = 48_000

# MIDI notes: the bass, then the chord from low to high.
CHORDS = (
    (38, 57, 61, 64, 66),
    (35, 57, 62, 64, 66),
    (43, 59, 62, 66, 69),
    (45, 57, 62, 64, 71),
    (43, 59, 62, 66, 69),
    (38, 57, 62, 66, 69),
)
# Which of the chord's notes is plucked at each half second; None rests.
PATTERN = (0, 2, 3, 1, 3, 2, 1, None)
FINALE = (0, 1, 2, 3, None, None, None, None)


def graph(gain_db: float) -> str:
    """The filtergraph; its output is [music]."""
    parts = [*_pads(), *_plucks(), *_basses()]
    labels = "".join(f"[p{number}]" for number in range(len(parts)))
    lines = [f"{part}[p{number}]" for number, part in enumerate(parts)]
    room = "aecho=1:0.75:67|113|197|331|503:0.34|0.28|0.22|0.16|0.10"
    lines.append(
        f"{labels}amix=inputs={len(parts)}:normalize=0:duration=longest,lowpass=f=6500,{room},"
        f"volume={gain_db}dB,alimiter=limit=0.8:level=0:latency=1,atrim=duration={SECONDS},"
        f"afade=t=in:d=0.8:curve=qsin,afade=t=out:st={SECONDS - 3}:d=3:curve=qsin[music]"
    )
    return ";\n".join(lines)


def _hertz(note: int) -> float:
    return 440.0 * math.pow(2, (note - 69) / 12)


def _delayed(start_s: float) -> str:
    return f"adelay={round(start_s * 1000)}:all=1"


def _source(left: str, right: str, seconds: float) -> str:
    return f"aevalsrc=exprs='{left}|{right}':s={RATE}:d={seconds}"


def _pads() -> Iterator[str]:
    """Chords that swell into one another, a little apart in pitch on the left and the right."""
    for index, (_, *notes) in enumerate(CHORDS):
        hold = CHORD_SECONDS + 1.6
        swell = f"min(1\\,t/1.4)*min(1\\,({hold}-t)/1.6)"
        left, right = (f"0.05*{swell}*({_chord(notes, bend)})" for bend in (0.9988, 1.0012))
        yield f"{_source(left, right, hold)},{_delayed(index * CHORD_SECONDS)}"


def _chord(notes: list[int], bend: float) -> str:
    return "+".join(_tone(_hertz(note) * bend, (1, 0.4, 0.14)) for note in notes)


def _plucks() -> Iterator[str]:
    for index, (_, *notes) in enumerate(CHORDS):
        steps = PATTERN if index < len(CHORDS) - 1 else FINALE
        for step, place in enumerate(steps):
            if place is not None:
                pitch, side = _hertz(notes[place] + 12), 0.5 + 0.3 * (-1) ** step
                shape = f"0.13*min(1\\,t/0.006)*({_string(pitch)})"
                start_s = index * CHORD_SECONDS + step * STEP_SECONDS
                yield (
                    f"{_source(f'{1 - side:.1f}*{shape}', f'{side:.1f}*{shape}', 2.2)},"
                    f"{_delayed(start_s)}"
                )


def _string(hertz: float) -> str:
    """A plucked string: the higher a partial, the sooner it is gone."""
    return "+".join(
        f"{level}*sin({math.tau * hertz * part:.4f}*t)*exp(-{2.2 + 1.6 * part:.1f}*t)"
        for part, level in ((1, 1.0), (2, 0.35), (3, 0.12))
    )


def _basses() -> Iterator[str]:
    for index, (note, *_) in enumerate(CHORDS):
        tone = _tone(_hertz(note), (1, 0.5, 0.2))
        shape = f"0.11*min(1\\,t/0.25)*min(1\\,(4.4-t)/0.8)*exp(-0.18*t)*({tone})"
        yield f"{_source(shape, shape, 4.4)},{_delayed(index * CHORD_SECONDS)}"


def _tone(hertz: float, levels: tuple[float, ...]) -> str:
    """Sines at the pitch and above it."""
    return "+".join(
        f"{level}*sin({math.tau * hertz * (part + 1):.4f}*t)" for part, level in enumerate(levels)
    )
