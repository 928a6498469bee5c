"""The newest of what is told, for web pages that listen: server-sent events, to any number of them.

Each message says all there is to know: who comes late, or is slow, misses nothing that counts.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any


class EventFeed:
    """Tells from any thread; `hear` is for those on event loops."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._number, self._newest, self._is_over = 0, b"", False
        self._wakers = dict[object, Callable[[], object]]()

    def tell(self, message: Mapping[str, Any]) -> None:
        """To all who listen, and to those who come later until there is another one."""
        with self._alone:
            self._number += 1
            self._newest = f"data: {json.dumps(message)}\n\n".encode()
            self._wake()

    def end(self) -> None:
        """Nothing more will be told: nobody is kept waiting."""
        with self._alone:
            self._is_over = True
            self._wake()

    async def hear(
        self, send: Callable[[bytes], Awaitable[None]], gone: asyncio.Future[None]
    ) -> None:
        """Send what is told until that ends or who listens is gone."""
        changed, heard = asyncio.Event(), 0
        gone.add_done_callback(lambda _: changed.set())
        with self._woken(changed):
            while not gone.done():
                changed.clear()
                with self._alone:
                    number, newest, is_over = self._number, self._newest, self._is_over
                if number > heard:
                    heard = number
                    await send(newest)
                elif is_over:
                    return
                else:
                    await changed.wait()

    @contextmanager
    def _woken(self, changed: asyncio.Event) -> Iterator[None]:
        """Meanwhile the event is set when there is something new."""
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, changed.set)
        with self._alone:
            self._wakers[changed] = wake
        try:
            yield
        finally:
            with self._alone:
                del self._wakers[changed]

    def _wake(self) -> None:
        for wake in self._wakers.values():
            wake()
