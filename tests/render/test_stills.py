"""A still is the film's frame before it is encoded, to the bit, wherever in a segment it lies.

Compared are the raw frames that the encoder is given with the one frame that a still is made of.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import GRAPH, Inputs, Invocation, Paths
from resplice.core.filtergraph.segment import composed
from resplice.core.pieces import SegmentTask, StillTask
from resplice.core.stills import still_of
from resplice.steps.execution import local as execution
from resplice.steps.pipeline.scene import opened
from stage import Document, Stage

Raw = NDArray[np.uint8]


def segments(stage: Stage, document: Document) -> list[SegmentTask]:
    """Of the film, in order; its elements are made."""
    planned = execution.explain(stage.studio.accepted(document), stage.studio.ports)[1]
    return [each.task for each in planned.plan.segments]


def raw(stage: Stage, task: SegmentTask, overlap: int, passed: int = 0) -> Raw:
    """What the encoder is given, a row of bytes a frame."""
    ports = stage.studio.ports
    with opened(task.digests(), ports) as paths, ports.scratch.scratch() as folder:
        into = folder / "frames.raw"
        ports.renderer.run(_invocation(task, paths, overlap, passed), into)
        frames = np.fromfile(into, np.uint8)
    width, height = task.canvas.width, task.canvas.height
    halves = (width + 1) // 2 * ((height + 1) // 2)
    return frames.reshape(-1, width * height + 2 * halves)


def _invocation(task: SegmentTask, paths: Paths, overlap: int, passed: int) -> Invocation:
    graph, inputs = Graph(), Inputs(paths)
    out = composed(graph, inputs, task, overlap, passed)
    argv = ("-/filter_complex", GRAPH, "-map", f"[{out}]", "-fps_mode", "passthrough")
    argv += ("-frames:v", str(task.frames), "-pix_fmt", "yuv420p", "-f", "rawvideo")
    return Invocation(argv, tuple(inputs.feeds), graph.text(), tuple(inputs.inputs))


def frame_of(stage: Stage, still: StillTask) -> Raw:
    (frame,) = raw(stage, still.segment, still.overlap, still.passed)
    return frame


def same(stage: Stage, document: Document, numbers: Iterable[int] | None = None) -> None:
    """Every frame of these numbers, of each segment of the film; all of them unless told."""
    for place, task in enumerate(segments(stage, document)):
        film = raw(stage, task, task.frames)
        assert len(film) == task.frames
        for number in range(task.frames) if numbers is None else numbers:
            if number < task.frames:
                still = frame_of(stage, still_of(task, number))
                assert np.array_equal(still, film[number]), (place, number)
