"""A pool of threads that takes turns: between owners, and between the projects of each.

A share is what one project submits to. Shares of one pool are executors of their own; which of
them a free thread serves next is decided here. It knows nothing of what is run.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from resplice.frozen import frozen

P = ParamSpec("P")
T = TypeVar("T")


class FairPool:
    """keeps_room: for work that waits more than it computes. Then nobody ever has more threads
    than are left: neither an owner, of all, nor a project, of those that its owner leaves. So who
    comes next finds one free, however long the others' work takes.
    """

    def __init__(self, threads: int, name: str, *, keeps_room: bool = False) -> None:
        self._most, self._name, self._keeps_room = threads, name, keeps_room
        self._changed = threading.Condition()
        self._owners: dict[str, _Owner] = {}
        self._threads = self._idle = self._running = 0
        self._closed = False

    def share(self, owner: str) -> Share:
        """What one project of the owner may submit to."""
        return Share(self, owner)

    def shutdown(self) -> None:
        """Begin nothing more; what was submitted and has not begun is cancelled."""
        with self._changed:
            self._closed = True
            shares = [share for owner in self._owners.values() for share in owner.shares]
            self._changed.notify_all()
        for share in shares:
            share.shutdown(wait=False, cancel_futures=True)

    def add(self, share: Share, work: _Work) -> None:
        with self._changed:
            if self._closed or share.closed:
                raise RuntimeError("nothing can be submitted after the shutdown")
            share.waiting.append(work)
            self._owners.setdefault(share.owner, _Owner()).shares[share] = None
            self._wake()

    def take_back(self, share: Share) -> list[_Work]:
        """What has not begun of a share that is closed."""
        with self._changed:
            share.closed, taken = True, list(share.waiting)
            share.waiting.clear()
            self._forget(share)
            return taken

    def _wake(self) -> None:
        if self._idle:
            self._changed.notify()
        elif self._threads < self._most:
            self._threads += 1
            threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while taken := self._take():
            share, work = taken
            work.run()
            del work  # Its result may be large, and the next work may be long in coming.
            with self._changed:
                self._count(share, -1)
                self._forget(share)

    def _take(self) -> tuple[Share, _Work] | None:
        """The next work, as soon as there is one; None when the pool is shut down."""
        with self._changed:
            while not self._closed:
                share = next(self._may_begin(), None)
                if share:
                    self._count(share, 1)
                    self._to_the_end(share)
                    work = share.waiting.popleft()
                    if next(self._may_begin(), None):
                        self._wake()
                    return share, work
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
        return None

    def _may_begin(self) -> Iterator[Share]:
        """Those that have work which may begin now, who waits longest for a turn first."""
        free = self._most - self._running
        for owner in self._owners.values() if free else ():
            left = free - owner.running if self._keeps_room else free
            if left <= 0 < owner.running:
                continue
            for share in owner.shares:
                kept = self._keeps_room and 0 < share.running >= left
                if share.waiting and not kept:
                    yield share

    def _count(self, share: Share, change: int) -> None:
        share.running += change
        self._owners[share.owner].running += change
        self._running += change

    def _to_the_end(self, share: Share) -> None:
        owner = self._owners.pop(share.owner)
        self._owners[share.owner] = owner
        del owner.shares[share]
        owner.shares[share] = None

    def _forget(self, share: Share) -> None:
        """Unless something of it runs or waits."""
        owner = self._owners.get(share.owner)
        if owner and not (share.running or share.waiting):
            owner.shares.pop(share, None)
            if not owner.shares:
                del self._owners[share.owner]


class Share(Executor):
    """One project's access to a pool; its shutdown leaves the pool to others."""

    def __init__(self, pool: FairPool, owner: str) -> None:
        self._pool, self.owner = pool, owner
        self.waiting: deque[_Work] = deque()
        self.running, self.closed = 0, False
        self._futures: set[Future[Any]] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        work = _Work(future, partial(fn, *args, **kwargs))
        try:
            self._pool.add(self, work)
        except RuntimeError:
            work.cancel()  # Whoever shuts it down at this moment waits for it already.
            raise
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """cancel_futures: what has not begun never will; else it is run all the same."""
        running = list(self._futures)
        if cancel_futures:
            for work in self._pool.take_back(self):
                work.cancel()
        self.closed = True
        if wait:
            futures.wait(running)


@dataclass
class _Owner:
    """What one owner has in a pool. shares: in the order of their turns."""

    running: int = 0
    shares: dict[Share, None] = field(default_factory=dict)


@frozen
class _Work:
    future: Future[Any]
    call: Callable[[], Any]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.call()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)

    def cancel(self) -> None:
        """Who waits for it hears of it at once."""
        self.future.cancel()
        self.future.set_running_or_notify_cancel()
