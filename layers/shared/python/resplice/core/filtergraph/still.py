"""The command lines of stills: one frame as its segment composes it, as a PNG of 8-bit sRGB, and
such PNGs on a sheet.

The frame is BT.709 of limited range, as the film is tagged. It becomes RGB of full range by that
matrix, chroma stretched to whole resolution first. Its levels are left as they are: players show
films of BT.709 as they show sRGB, so that the picture looks like the paused film.
"""

from __future__ import annotations

from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import GRAPH, Input, Inputs, Invocation, Paths
from resplice.core.filtergraph.segment import composed
from resplice.core.pieces import SheetTask, StillTask

AS_RGB = (
    "scale=in_color_matrix=bt709:in_range=tv:out_range=pc"
    ":flags=bicubic+accurate_rnd+full_chroma_int"
)
AS_SRGB = "setparams=range=pc:color_primaries=bt709:color_trc=iec61966-2-1:colorspace=gbr"
PACKED = ("-c:v", "png", "-compression_level", "1", "-pred", "sub")
"""A tenth larger than packed by all means, in a fifth of the time."""


def still_invocation(task: StillTask, paths: Paths) -> Invocation:
    """The FFmpeg run that makes the still. paths: as of a segment."""
    graph, inputs = Graph(), Inputs(paths)
    out = graph.chain(
        composed(graph, inputs, task.segment, task.overlap, task.passed),
        *(AS_RGB, "format=rgb24", *(_scaled(task.size) if task.size else ()), AS_SRGB),
    )
    return _png(graph, inputs, out)


def sheet_invocation(task: SheetTask, paths: Paths) -> Invocation:
    """The FFmpeg run that puts stills side by side. paths: where each still lies, by its key."""
    graph, inputs = Graph(), Inputs(paths)
    numbers = [inputs.add(Input(paths[key], "png_pipe", still=True)) for key in task.stills]
    cells = [graph.chain(f"{number}:v", "setsar=1") for number in numbers]
    row = graph.chain(cells, f"concat=n={len(cells)}") if len(cells) > 1 else cells[0]
    tiles = f"tile={task.columns}x{task.rows}:padding={task.gap}:margin={task.gap}:color=black"
    return _png(graph, inputs, graph.chain(row, tiles, AS_SRGB))


def _scaled(size: tuple[int, int]) -> tuple[str, ...]:
    return ("scale={}:{}:flags=bicubic+accurate_rnd".format(*size), "setsar=1")


def _png(graph: Graph, inputs: Inputs, out: str) -> Invocation:
    argv = (
        *("-/filter_complex", GRAPH, "-map", f"[{out}]", "-frames:v", "1"),
        *("-an", "-sn", "-dn", "-map_metadata", "-1", "-threads", "1", *PACKED),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-update", "1", "-f", "image2"),
    )
    return Invocation(argv, tuple(inputs.feeds), graph.text(), tuple(inputs.inputs))
