"""A picture that the browser paints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PaintTask:
    """A page painted by the browser. fonts: (family, digest) of downloaded ones."""

    width: int
    height: int
    html: str
    fonts: tuple[tuple[str, str], ...] = ()
