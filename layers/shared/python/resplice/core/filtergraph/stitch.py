"""The stitch: pieces copied, never re-encoded, into one MP4 that plays before it is loaded."""

from __future__ import annotations

from resplice.core.filtergraph.inputs import Input, Invocation, Paths
from resplice.core.pieces import StitchTask


def concat_list(task: StitchTask, paths: Paths) -> str:
    """FFmpeg's concat script. Each entry's duration keeps the frame grid (see research).

    It counts in microseconds: durations are differences of rounded times, so that however many
    pieces there are the rounding never adds up to a tick.
    """
    lines, frames, begin_us = ["ffconcat version 1.0"], 0, 0
    for piece in task.pieces:
        frames += piece.frames
        end_us = round(frames * 1_000_000 / task.canvas.fps)
        lines.append(f"file {_quoted(f'file:{paths[piece.key]}')}")
        lines.append(f"duration {end_us - begin_us}us")
        begin_us = end_us
    return "\n".join(lines) + "\n"


def stitch_invocation(task: StitchTask, script: str, paths: Paths) -> Invocation:
    """Copy the pieces (and the mix) into one file. script: the path of the concat list."""
    pictures = Input(script, "concat", ("-safe", "0"), holds="mov")
    sound = (Input(paths[task.mix], "mp4"),) if task.mix else ()
    return Invocation(
        (
            *("-map", "0:v:0", *(("-map", "1:a:0") if sound else ()), "-c", "copy"),
            *("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart"),
            *("-video_track_timescale", str(512 * task.canvas.fps), "-f", "mp4"),
        ),
        inputs=(pictures, *sound),
    )


def _quoted(text: str) -> str:
    """As FFmpeg's scripts quote: nothing is special between single quotes but their end."""
    return "'" + text.replace("'", "'\\''") + "'"
