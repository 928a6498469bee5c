"""Which methods of which ports there are, by the protocols alone: a new one is there by itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import resplice.ports
from resplice.errors import (
    ProviderBusy,
    ProviderError,
    ProviderLost,
    RespliceError,
    SourceError,
    StorageError,
    family,
)
from resplice.ports import Ports
from resplice.ports.executions import Executions

INSIDE = {"clock", "trace"}
"""Ports that touch nothing outside: the harness has a clock of its own."""
NEVER_FAIL = {"build", "close", "knows"}
"""Methods that ask nobody."""
EXECUTIONS = "executions"


@dataclass(frozen=True)
class Kind:
    """A protocol. by_name: whether the port is several of them, by their names."""

    protocol: type
    by_name: bool = False

    def methods(self) -> frozenset[str]:
        return _methods(self.protocol)

    def enters(self, method: str) -> bool:
        """Whether it gives a context."""
        return method in _entering(self.protocol)

    def error(self, method: str, *, done: bool) -> Exception:
        """What the method says that it raises, for a while. done: whether its work was done."""
        return _made(_raised(self.protocol, method), done=done)


@cache
def _methods(protocol: type) -> frozenset[str]:
    own = inspect.getmembers(protocol, inspect.isfunction)
    return frozenset(n for n, _ in own if n[0] != "_" and n not in NEVER_FAIL)


@cache
def _entering(protocol: type) -> frozenset[str]:
    gives = {
        n: inspect.get_annotations(getattr(protocol, n)).get("return") for n in _methods(protocol)
    }
    return frozenset(name for name, what in gives.items() if "ContextManager" in str(what))


@cache
def port_kinds() -> dict[str, Kind]:
    """The ports of Ports that touch something, by name; and the one beside them."""
    known = {protocol.__name__: protocol for protocol in _protocols()}
    found = {EXECUTIONS: Kind(Executions)}
    for field in fields(Ports):
        named = [word for word in re.findall(r"\w+", str(field.type)) if word in known]
        if named and field.name not in INSIDE:
            by_name = str(field.type).startswith("Mapping")
            found[field.name] = Kind(known[named[0]], by_name)
    return found


def _protocols() -> Iterator[type]:
    for module in pkgutil.iter_modules(resplice.ports.__path__):
        loaded = importlib.import_module(f"resplice.ports.{module.name}")
        for each in vars(loaded).values():
            if isinstance(each, type) and getattr(each, "_is_protocol", False):
                yield each


@cache
def _raised(protocol: type, method: str) -> tuple[type[RespliceError], ...]:
    """The errors of ours that its own words name, or else those of the whole protocol."""
    for words in (getattr(protocol, method).__doc__, protocol.__doc__):
        named = re.findall(r"[A-Z]\w+", (words or "").partition("Raises")[2])
        if found := tuple(family()[name] for name in named if name in family()):
            return found
    return (StorageError,)


def _made(kinds: tuple[type[RespliceError], ...], *, done: bool) -> Exception:
    words = "nobody answers" if not done else "the answer was lost"
    below = [each for kind in kinds for each in family(kind).values()]
    if any(issubclass(kind, ProviderError) for kind in below):
        lost = done and ProviderLost in below
        return (ProviderLost if lost else ProviderBusy)("Pay & Co.", words)
    passing = [kind for kind in (*kinds, *below) if kind.retry]
    kind: Any = (*passing, StorageError)[0]
    return kind("http://127.0.0.1/", words) if issubclass(kind, SourceError) else kind(words)
