"""Makers: MAKERS, the one table of who makes each kind of work.

To add a maker: write `make` in a file here. It is given a Job and the ports; it makes the bytes,
stores them with their facts and returns a TaskOutcome (`paint` is an example). Import the file
below and add a row to MAKERS, under the name that the kind has in core.tasks.TASKS. The row names
the ports that `make` uses and the function it runs in; the workflow's branches and the ports of
that function follow. Only a function that is not there yet also needs its own row in
infra/rows.py and a handler in functions/.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.tasks import Task, kind_of
from resplice.steps.makers import (
    animate,
    captions,
    fetch,
    font,
    generate,
    paint,
    speak,
    transcribe,
    web_page,
)
from resplice.steps.makers.maker import Job, Maker

__all__ = ["MAKERS", "Job", "Maker", "functions", "maker_of", "ports_of"]

MAKERS: Mapping[str, Maker] = {
    "fetch": Maker(fetch.make, ("web", "prober"), "element", revalidates=True),
    "font": Maker(font.make, ("web", "prober"), "element", revalidates=True),
    "captions": Maker(captions.make, ("web",), "element", revalidates=True),
    "speak": Maker(
        speak.make,
        ("voices", "aligner", "connections", "leases", "prober", "renderer"),
        "speak",
        max_batch=4,
        alone=True,
        fails="Voice generation failed",
    ),
    "transcribe": Maker(
        transcribe.make,
        ("transcribers", "connections", "leases", "renderer"),
        "transcribe",
        alone=True,
        fails="Transcription failed",
    ),
    "generate": Maker(
        generate.make,
        ("generators", "connections", "leases", "web", "prober"),
        "generate",
        alone=True,
        fails="Generation failed",
    ),
    "paint": Maker(paint.make, ("browser",), "paint", max_batch=12),
    "animate": Maker(animate.make, ("browser",), "paint", max_batch=2),
    "web-page": Maker(web_page.make, ("browser", "web"), "paint", revalidates=True),
}

STORING = ("objects", "cache_index", "checkpoints")
"""The ports that every function which makes elements needs."""


def maker_of(task: Task) -> Maker:
    return MAKERS[kind_of(task).name]


def functions() -> tuple[str, ...]:
    """Every function that makes elements, each once."""
    return tuple(dict.fromkeys(maker.function for maker in MAKERS.values()))


def ports_of(function: str) -> tuple[str, ...]:
    """The ports that a function needs for all that it makes."""
    own = [port for maker in MAKERS.values() if maker.function == function for port in maker.ports]
    return tuple(dict.fromkeys([*STORING, *own]))
