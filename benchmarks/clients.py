"""Many HTTP clients in one process, cheap enough to share a machine with what they measure."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ANSWER_SECONDS = 60.0


@dataclass
class Calls:
    """What became of calls: how long each took that was answered with 200; why others were not."""

    took_ms: dict[str, list[float]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)

    def count(self) -> int:
        return sum(map(len, self.took_ms.values()))

    def late_ms(self, method: str, share: float) -> float:
        """What so large a share of the calls took at most."""
        times = sorted(self.took_ms.get(method, ())) or [float("nan")]
        return times[min(len(times) - 1, int(len(times) * share))]

    def told(self, method: str) -> str:
        middle, late, last = (self.late_ms(method, share) for share in (0.5, 0.95, 1))
        count = len(self.took_ms.get(method, ()))
        return f"{count} × {method} p50 {middle:.1f} ms, p95 {late:.1f} ms, most {last:.0f} ms"

    def failures(self) -> str:
        return ", ".join(f"{n} × {why}" for why, n in sorted(self.failed.items())) or "no error"


class Client:
    """One connection that is kept, and opened again when it broke."""

    def __init__(self, port: int, calls: Calls, key: str = "any") -> None:
        self._port, self._calls, self._key = port, calls, key
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a 200; None for whatever else came, which is counted."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, answer = await self._asked(method, path, body)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            self._calls.failed[type(error).__name__] += 1
            return None
        if status != 200:
            self._calls.failed[str(status)] += 1
            return None
        self._calls.took_ms.setdefault(method, []).append((time.monotonic() - began) * 1000)
        return answer

    async def _asked(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if not self._streams:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        sent = b"" if body is None else json.dumps(body).encode()
        writer.write(head(method, path, self._port, len(sent), self._key) + sent)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), json.loads(answer)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


def head(method: str, path: str, port: int, length: int, key: str | None = None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {length}"]
    lines += ["Content-Type: application/json", *([f"x-api-key: {key}"] if key else []), "", ""]
    return "\r\n".join(lines).encode()


def open_many_files() -> None:
    """As many as this process may: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
