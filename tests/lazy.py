"""Modules that are loaded at the first use of what is in them.

Every worker reads every test before it runs its share. What only a few tests need, and what takes
long to load (CDK starts a Node process), is loaded by those tests alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class lazy:  # noqa: N801 - reads as a function. importlib's LazyLoader loads when pytest looks round
    """A module by its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(import_module(self._name), name)
