"""The rival of the slides: one FFmpeg graph, written by hand, with the same x264 settings."""

from __future__ import annotations

import sys
from pathlib import Path

from resplice.core.composition import Canvas
from resplice.core.filtergraph.segment import encoding
from resplice.core.pieces import PROFILES

from benchmarks.media import ffmpeg
from benchmarks.one_graph import FONT

COUNT, FRAMES = 10, 180


def render(base: str, out: Path, root: Path) -> None:
    """Write the movie to out. base: what the names of its files follow."""
    draw = f"drawtext=fontfile={root / FONT}:fontcolor=white:fontsize=77:x=(w-tw)/2:y=950"
    scenes = [
        f"[{i}:v]scale=1920:1080,{draw}:text='Slide {i + 1} of {COUNT}',format=yuv420p,setsar=1,"
        f"loop=-1:1,trim=end_frame={FRAMES},settb=1/30,setpts=N,fps=30[v{i}];"
        for i in range(COUNT)
    ]
    joined = "".join(f"[v{i}]" for i in range(COUNT)) + f"concat=n={COUNT}[v]"
    inputs = [word for i in range(COUNT) for word in ("-i", f"{base}slide{i}.jpg")]
    coded = encoding(PROFILES["high"], Canvas(1920, 1080, 30))
    ffmpeg(*inputs, "-filter_complex", "".join(scenes) + joined, "-map", "[v]", *coded, str(out))


if __name__ == "__main__":
    render(sys.argv[1], Path(sys.argv[2]), Path(__file__).resolve().parents[1])
