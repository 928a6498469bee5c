"""A transport that sends in one piece what is written in one turn of the event loop.

uvicorn writes the head of an answer and its body apart, and some clients take the first piece that
comes for the whole.
"""

from __future__ import annotations

import asyncio
from typing import Any


class OnePiece:
    """All of a transport, but that its writes are gathered."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._gathered: list[bytes] = []
        self._ended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not data:
            return
        if not self._gathered:
            self._loop.call_soon(self.flush)
        self._gathered.append(data)

    def write_eof(self) -> None:
        self.flush()
        self._ended = True
        self._transport.write_eof()

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        gathered, self._gathered = b"".join(self._gathered), []
        # A refusal of what is left of a request may come after the last answer.
        if gathered and not self._ended and not self._transport.is_closing():
            self._transport.write(gathered)
