"""What is written after the end of an answer goes nowhere, and is no fault in the log."""

from __future__ import annotations

import asyncio
import socket

from resplice.adapters.http_server.one_piece import OnePiece


def test_what_comes_after_the_end_is_left_out() -> None:
    assert asyncio.run(_sent()) == b"one, two"


async def _sent() -> bytes:
    loop, faults = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, said: faults.append(said))
    ours, theirs = socket.socketpair()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
    piece = OnePiece(transport, loop)
    piece.write(b"one, ")
    piece.write(b"two")
    piece.write_eof()
    piece.write(b"three")
    await asyncio.sleep(0.05)
    transport.close()
    await asyncio.sleep(0)
    assert faults == []
    with theirs:
        return theirs.recv(100)
