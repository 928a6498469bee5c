"""How large a drawing is: asked of a program behind walls (drawing_program.py)."""

from __future__ import annotations

import base64
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from resplice.adapters.ffmpeg import drawing_program
from resplice.adapters.processes.lines import Program
from resplice.core.svg import MAX_BYTES
from resplice.errors import ProviderBusy, SourceInvalid

TIMEOUT_S = 60.0


def drawn_size(path: Path, url: str) -> tuple[int, int]:
    """(width, height), pixels.

    Raises SourceInvalid with what is wrong with it.
    """
    with path.open("rb") as file:
        drawing = base64.b64encode(file.read(MAX_BYTES + 1)).decode()
    try:
        found = _asked(drawing)
    except ProviderBusy:
        raise SourceInvalid(url, "damaged: its drawing cannot be read") from None
    if "wrong" in found:
        raise SourceInvalid(url, str(found["wrong"]))
    width, height = map(int, found["size"])
    return width, height


def _asked(drawing: str) -> dict[str, Any]:
    """Raises ProviderBusy when it brings the reader down, and not another beside it."""
    try:
        return _reader().ask({"drawing": drawing}, TIMEOUT_S)
    except ProviderBusy:
        return _reader().ask({"drawing": drawing}, TIMEOUT_S)


@cache
def _reader() -> Program:
    """Of this process; it ends when nobody asks for a while."""
    spec = find_spec("resplice")
    assert spec and spec.origin
    packages = str(Path(spec.origin).parents[1])
    command = [sys.executable, "-P", "-m", drawing_program.__name__]
    return Program("drawings", command, reads=[packages], environment={"PYTHONPATH": packages})


os.register_at_fork(after_in_child=_reader.cache_clear)
