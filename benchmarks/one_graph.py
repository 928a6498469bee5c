"""The rival: the three-scene movie as one FFmpeg graph, written by hand for just this movie.

The same x264 settings and threads as the encode profile; zoompan moves in whole pixels, which
shakes, and drawtext sets its type: it is less work than what it is compared with.
"""

from __future__ import annotations

import sys
from pathlib import Path

from resplice.core.composition import Canvas
from resplice.core.filtergraph.segment import encoding
from resplice.core.pieces import PROFILES

from benchmarks.media import ffmpeg

FONT = "layers/fonts/node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"


def render(base: str, out: Path, root: Path) -> None:
    """Write the movie to out. base: what the names of its files follow."""
    draw = f"drawtext=fontfile={root / FONT}:fontcolor=white:shadowx=2:shadowy=2"
    fade = r"alpha='min(1\,min(t/0.5\,(4-t)/0.5))'"
    graph = (
        "[0:v]scale=2880:1620,zoompan=z='1+0.2*on/119':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
        f":d=120:s=1920x1080:fps=30,{draw}:text='Summer sale starts now':fontsize=96"
        f":x=(w-tw)/2:y=(h-th)/2:{fade},format=yuv420p,setsar=1[a];"
        "[1:v]scale=1920:1080,fps=30,trim=end_frame=120,format=yuv420p,setsar=1[b];"
        f"[2:v]scale=1920:1080,{draw}:text='Only this weekend':fontsize=77:x=(w-tw)/2:y=950,"
        "format=yuv420p,setsar=1,loop=-1:1,trim=end_frame=120,settb=1/30,setpts=N,fps=30[c];"
        "[a][b][c]concat=n=3[v];[3:a]volume=0.5,atrim=end=12[s]"
    )
    inputs = [base + name for name in ("photo.jpg", "heavy.mp4", "still.jpg", "music.mp3")]
    video = [word for word in encoding(PROFILES["high"], Canvas(1920, 1080, 30)) if word != "-an"]
    ffmpeg(
        *(word for path in inputs for word in ("-i", path)),
        *("-filter_complex", graph, "-map", "[v]", "-map", "[s]", *video[:-2]),
        *(
            "-ar",
            "48000",
            "-ac",
            "2",
            "-c:a",
            "aac",
            "-b:a",
            "192k",
            "-movflags",
            "+faststart",
            str(out),
        ),
    )


if __name__ == "__main__":
    render(sys.argv[1], Path(sys.argv[2]), Path(__file__).resolve().parents[1])
