"""The command line that makes a JPEG of one frame of a movie of ours."""

from __future__ import annotations

from resplice.core.filtergraph.inputs import Input, Invocation, Paths
from resplice.core.pieces import PosterTask

SHARPNESS = "3"
"""Of 2 to 31, the best first."""
AS_JPEG = (
    "scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=smpte170m:out_range=pc"
    ":flags=accurate_rnd+full_chroma_int,format=yuvj420p"
)
"""Who reads a JPEG takes its colours for those of JFIF."""


def poster_invocation(task: PosterTask, paths: Paths) -> Invocation:
    """paths: where the segment lies, by its key. It is read from the frame that is wanted, rounded
    down, so that no rounding takes the next one, and where pictures begin anew no other is decoded.
    """
    at_us = task.frame * 1_000_000 // task.fps
    at = ("-ss", f"{at_us / 1_000_000:.6f}") if task.frame else ()
    return Invocation(
        (
            *("-map", "0:v:0", "-frames:v", "1", "-vf", AS_JPEG),
            *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
            *("-threads", "1", "-c:v", "mjpeg", "-q:v", SHARPNESS),
            *("-update", "1", "-f", "image2"),
        ),
        inputs=(Input(paths[task.piece], "mov", at),),
    )
