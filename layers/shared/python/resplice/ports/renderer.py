"""The renderer: FFmpeg, told what to do by the core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from resplice.core.filtergraph import Invocation


class Renderer(Protocol):
    """Runs FFmpeg command lines that the core wrote."""

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        """Write the result to `into`; the number of video frames written (0 for sound).

        on_frames is told now and then how many frames are done. Nothing is left on failure.
        Raises RenderError.
        """
        ...

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        """The same, of a run that writes several files. Raises RenderError when any of them fails;
        what is there then is worth nothing.
        """
        ...
