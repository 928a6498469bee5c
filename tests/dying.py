"""Ports whose n-th change is the last thing that a process does, or that somebody cuts in on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import Any

from far_apart import Died, FarApart
from resplice.adapters.s3.checkpoints import ObjectCheckpoints

CHANGES = frozenset(
    (
        *("put", "splice", "delete", "add", "advance", "end", "point", "claim", "renew", "release"),
        *("wait", "stop_waiting", "fetch", "paint", "animate", "run", "start"),
        *("postpone", "forget"),
    )
)
LOOKS = frozenset(("pointer", "get", "peek", "held", "waiting", "unfinished", "due", "head"))
PORTS = (
    *("objects", "splicer", "projects", "agenda", "file_users", "cache_index", "leases"),
    *("web", "browser", "renderer"),
)


class OneByOne(Executor):
    """Runs what is submitted at once, so that calls come in one order, and nothing outlives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Iterator[Any]:
        return map(fn, *iterables)


@dataclass
class Fate:
    """Counts calls by name; after the n-th of those in `of` is carried out, `then` is called.

    n: from 1; 0 for never. early: `then` comes before the call, which is still made unless it
    raises.
    """

    n: int
    then: Callable[[], object]
    of: frozenset[str] = CHANGES
    early: bool = False
    calls: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def came(self) -> bool:
        return len(self.calls) >= self.n

    def carry_out(self, name: str, call: Callable[..., Any], *args: Any, **more: Any) -> Any:
        self.calls.append(name)
        now = len(self.calls) == self.n
        if now and self.early:
            self.then()
        result = call(*args, **more)
        self.done.append(name)
        if now and not self.early:
            self.then()
        return result


@dataclass(frozen=True)
class Fated:
    """A port as it is, but that its calls are counted."""

    port: Any
    fate: Fate

    def __getattr__(self, name: str) -> Any:
        own = getattr(self.port, name)
        if name not in self.fate.of:
            return own
        return lambda *args, **more: self.fate.carry_out(name, own, *args, **more)


def fated(far: FarApart, fate: Fate) -> FarApart:
    """The same service, by a process with this fate."""
    wrapped: dict[str, Any] = {name: Fated(getattr(far.ports, name), fate) for name in PORTS}
    pools = dict.fromkeys(("fetchers", "painters", "lookups", "renderers"), OneByOne())
    ports = replace(far.ports, **pools, **wrapped)
    ports = replace(
        ports, checkpoints=ObjectCheckpoints(ports.objects, ports.scratch, ports.lookups)
    )
    executions: Any = Fated(far.executions, fate)
    return _Fated(ports, far.times, executions, far.states, far.before, far.ends, far.lost)


class _Fated(FarApart):
    """Its lists are those of the service it was made of."""


def die() -> None:
    raise Died
