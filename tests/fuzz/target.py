"""A row of the table of targets: what is made, and what takes it in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from hypothesis import strategies as st

from fuzz.placed import Place


@dataclass(frozen=True)
class Saw:
    """What became of an input. said: all that came out of it, in which no secret may be."""

    accepted: bool
    said: bytes = b""


Check = Callable[[bytes], Saw]
Opened = tuple[st.SearchStrategy[bytes], Check]


@dataclass(frozen=True)
class Target:
    """opened: makes ready what the inputs need, in a place. Its check raises what is no refusal.

    limit_s: what one input may take: of this process's own time, or of the clock where others
    work for it (`others`), who have limits of their own.
    most_mib: what this process may take; the kernel holds a target to it that starts no others.
    """

    name: str
    opened: Callable[[Place], AbstractContextManager[Opened]]
    limit_s: float = 2.0
    others: bool = False
    most_mib: int = 1024
