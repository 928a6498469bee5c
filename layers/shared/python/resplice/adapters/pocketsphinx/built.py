"""Whether PocketSphinx is set up; asked by every program, so nothing else is loaded."""

from __future__ import annotations

from importlib.util import find_spec


def installed() -> bool:
    return find_spec("pocketsphinx") is not None
