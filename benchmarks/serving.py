"""The server: what a hit takes, and what it does for many, for equals, and against the hostile."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clients import Calls, Client, head, open_many_files
from benchmarks.memory import family
from benchmarks.rendering import Bench

POSTS = 100
MOVIE = {"width": 64, "height": 64, "scenes": [{"duration": 1, "background-color": "#336699"}]}
CROWD, CROWD_SECONDS, POLLS_A_POST = 200, 30.0, 4
EQUALS = 1000
FORESEEN_SCENES, FORECASTS = 100, 20
STILLS, LOOK_S = 15, 0.02
ROWS = 500
COLOURED = {**MOVIE, "scenes": [{"duration": 1, "background-color": "{{colour}}"}]}
HALF_OPEN, BODIES, BODY_BYTES = 260, 60, 9 * 10**6
OTHERS, OTHERS_SECONDS, OTHERS_PAUSE_SECONDS = 10, 15.0, 0.2
PIECE_BYTES = 65_536
REFUSAL = b"HTTP/1.1 400 "
KEY = "sesame"


@dataclass(frozen=True)
class Server:
    """A `resplice serve` process."""

    port: int
    pid: int

    def cpu_ms(self) -> float:
        """What it has computed, without its children: it tells more than the time on the clock when
        others use the machine.
        """
        numbers = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """Of it and all its children."""
        return sum(_resident_kib(pid) for pid in family(self.pid)) / 1024


def hits(bench: Bench) -> None:
    """The same small movie, posted again and again over one connection."""
    with served(bench, "serve") as server:
        calls = asyncio.run(_hitting(server))
    bench.tell("POST of a movie that is there", f"{calls.told('POST')}; {calls.failures()}")


def forecasts(bench: Bench) -> None:
    """What a render of a movie would do of which one text after another is edited."""
    with served(bench, "forecast") as server:
        calls, cpu_ms = asyncio.run(_foreseen(server))
    middle, late = (calls.late_ms("POST", share) for share in (0.5, 0.95))
    told = f"{middle:.0f} ms p50, {late:.0f} ms p95, {cpu_ms:.0f} ms of CPU; {calls.failures()}"
    bench.tell(f"forecast after an edit, {FORESEEN_SCENES} scenes with texts", told)


def stills(bench: Bench) -> None:
    """Frames of a movie whose elements are there, one after another, from the POST to the PNG."""
    with served(bench, "stills") as server:
        took_s = sorted(asyncio.run(_drawn(server)))
    middle, late = took_s[len(took_s) // 2], took_s[-1]
    bench.tell("a frame of a 1080p movie, by the API", f"{middle:.2f} s p50, {late:.2f} s at most")


def table(bench: Bench) -> None:
    """A small movie for each row, in one request; and once more, when all of them are there."""
    with served(bench, "table") as server:
        for what in ("new rows", "rows that are there"):
            took_s, cpu_ms, late = asyncio.run(_taken(server))
            told = f"{took_s:.1f} s, {cpu_ms:.1f} ms of CPU a row; {late} not reached"
            bench.tell(f"POST of {ROWS} {what}", told)


def crowd(bench: Bench) -> None:
    """Clients that poll once a second, and post a movie that is there instead of every fifth."""
    with served(bench, "crowd") as server:
        calls, cpu_ms = asyncio.run(_crowded(server))
    told = f"{calls.told('GET')}; {calls.told('POST')}; {cpu_ms:.1f} ms of CPU a call"
    told += f"; {calls.failures()}"
    bench.tell(f"{CROWD} clients for {CROWD_SECONDS:.0f} s", told)


def equals(bench: Bench) -> None:
    """A movie that nobody made before, posted by all at once."""
    with served(bench, "equals") as server:
        calls, answered_s, ended = asyncio.run(_all_at_once(server))
    told = f"{ended.total()} answered within {answered_s:.1f} s, {ended['miss']} rendered"
    bench.tell(f"{EQUALS} equal new movies at once", f"{told}; {calls.failures()}")


def hostile(bench: Bench) -> None:
    """Connections that never say what they want, and bodies of callers without a key, while others
    poll.
    """
    with served(bench, "hostile", "--api-key", KEY) as server:
        siege = asyncio.run(_besieged(server))
    grown = f"{siege.most_mib - siege.idle_mib:.0f} MiB over {siege.idle_mib:.0f} MiB idle"
    told = f"{grown}; {siege.refused} bodies refused; {siege.others.told('GET')}"
    what = f"{HALF_OPEN} half-open connections, {BODIES} bodies without a key"
    bench.tell(what, f"{told}; {siege.others.failures()}")


async def _hitting(server: Server) -> Calls:
    await _made(Client(server.port, Calls()))
    client = Client(server.port, calls := Calls())
    for _ in range(POSTS):
        await client.call("POST", "/v2/movies", MOVIE)
    client.close()
    return calls


async def _foreseen(server: Server) -> tuple[Calls, float]:
    await _made(Client(server.port, Calls()), _texts())
    client, before_ms = Client(server.port, calls := Calls()), server.cpu_ms()
    for edited in range(FORECASTS):
        answer = await client.call("POST", "/v2/movies?dry-run=forecast", _texts(edited))
        assert answer is None or answer["forecast"]["renders"]["scenes"] == 1
    client.close()
    return calls, (server.cpu_ms() - before_ms) / FORECASTS


async def _taken(server: Server) -> tuple[float, float, int]:
    """How long it took, what it computed for each row, and how many it did not reach in time."""
    client, began_s, before_ms = Client(server.port, Calls()), time.monotonic(), server.cpu_ms()
    rows = [{"colour": f"#{number:06x}"} for number in range(ROWS)]
    bulk = await client.call("POST", "/v2/bulk", {"movie": COLOURED, "rows": rows})
    took_s, cpu_ms = time.monotonic() - began_s, server.cpu_ms() - before_ms
    while (await client.call("GET", f"/v2/bulk?bulk={bulk['bulk']}"))["counts"]["running"]:
        await asyncio.sleep(1)
    client.close()
    return took_s, cpu_ms / ROWS, sum("error" in each for each in bulk["movies"])


async def _drawn(server: Server) -> list[float]:
    client, took_s = Client(server.port, Calls()), list[float]()
    movie = {**_texts(), "width": 1920, "height": 1080, "fps": 25}
    made = await client.call("POST", "/v2/movies?dry-run=make", movie)
    await ended(client, made["project"])
    for frame in range(STILLS):
        began_s = time.monotonic()
        posted = await client.call("POST", f"/v2/stills?at={frame + 0.5}", movie)
        assert (await ended(client, posted["project"], LOOK_S))["status"] == "done"
        took_s.append(time.monotonic() - began_s)
    client.close()
    return took_s


def _texts(edited: int | None = None) -> dict[str, Any]:
    words = [f"Scene {n}" + " is another" * (n == edited) for n in range(FORESEEN_SCENES)]
    scenes = [{"duration": 1, "elements": [{"type": "text", "text": each}]} for each in words]
    return {"width": 320, "height": 180, "fps": 10, "scenes": scenes}


async def _crowded(server: Server) -> tuple[Calls, float]:
    await _made(Client(server.port, Calls()))
    calls, before_ms = Calls(), server.cpu_ms()
    until = time.monotonic() + CROWD_SECONDS
    await _all(_polling(server, calls, number, until) for number in range(CROWD))
    return calls, (server.cpu_ms() - before_ms) / max(1, calls.count())


async def _polling(server: Server, calls: Calls, number: int, until: float) -> None:
    """They do not keep step: each begins a moment after the one before it."""
    await asyncio.sleep(number / CROWD)
    client, project, turn = Client(server.port, calls), "", number
    while (began := time.monotonic()) < until:
        if not project or turn % (POLLS_A_POST + 1) == 0:
            posted = await client.call("POST", "/v2/movies", MOVIE)
            project = posted["project"] if posted else ""
        else:
            await client.call("GET", f"/v2/movies?project={project}")
        turn += 1
        await asyncio.sleep(max(0.0, began + 1 - time.monotonic()))
    client.close()


async def _all_at_once(server: Server) -> tuple[Calls, float, Counter[str]]:
    """Also how many of those that were accepted came from where."""
    calls, began = Calls(), time.monotonic()
    clients = [Client(server.port, calls) for _ in range(EQUALS)]
    posted = await _all(client.call("POST", "/v2/movies", MOVIE) for client in clients)
    answered_s = time.monotonic() - began
    for client in clients:
        client.close()
    poller, results = Client(server.port, Calls()), Counter[str]()
    for project in [answer["project"] for answer in posted if answer]:
        movie = await ended(poller, project)
        results[movie["cache"]["movie"]["result"]] += 1
    return calls, answered_s, results


@dataclass
class Siege:
    """What was seen during it."""

    others: Calls
    idle_mib: float
    most_mib: float
    refused: int = 0


async def _besieged(server: Server) -> Siege:
    project = await _made(Client(server.port, Calls(), KEY))
    siege = Siege(Calls(), server.memory_mib(), 0.0)
    rude = [asyncio.create_task(_half_open(server.port, number)) for number in range(HALF_OPEN)]
    await asyncio.sleep(1)
    rude += [asyncio.create_task(_keyless(server.port, siege)) for _ in range(BODIES)]
    until = time.monotonic() + OTHERS_SECONDS
    watch = asyncio.create_task(_watched(server, siege))
    await _all(_bystander(server.port, siege.others, project, until) for _ in range(OTHERS))
    for task in (watch, *rude):
        task.cancel()
    await asyncio.gather(watch, *rude, return_exceptions=True)
    return siege


async def _half_open(port: int, number: int) -> None:
    """Silent, or in the middle of its head."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    if number % 2:
        writer.write(b"POST /v2/movies HTTP/1.1\r\nContent-")
    try:
        await asyncio.Event().wait()
    finally:
        writer.close()


async def _keyless(port: int, siege: Siege) -> None:
    """All of a body but its last byte, and a look at whether an answer came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sending = asyncio.create_task(_sent(writer, port))
    try:
        first = await reader.read(len(REFUSAL))
        siege.refused += first == REFUSAL
        await asyncio.Event().wait()
    finally:
        sending.cancel()
        writer.close()


async def _sent(writer: asyncio.StreamWriter, port: int) -> None:
    left, piece = BODY_BYTES - 1, b" " * PIECE_BYTES
    with suppress(OSError):
        writer.write(head("POST", "/v2/movies", port, BODY_BYTES))
        while left:
            writer.write(piece[:left])
            left -= min(left, PIECE_BYTES)
            await writer.drain()


async def _bystander(port: int, calls: Calls, project: str, until: float) -> None:
    client = Client(port, calls, KEY)
    while time.monotonic() < until:
        await client.call("GET", f"/v2/movies?project={project}")
        await asyncio.sleep(OTHERS_PAUSE_SECONDS)
    client.close()


async def _watched(server: Server, siege: Siege) -> None:
    while True:
        siege.most_mib = max(siege.most_mib, server.memory_mib())
        await asyncio.sleep(0.1)


async def _made(client: Client, movie: dict[str, Any] = MOVIE) -> str:
    """The project of the movie, the small one if none is given, once it is there."""
    project = str((await client.call("POST", "/v2/movies", movie))["project"])
    assert (await ended(client, project))["status"] == "done"
    client.close()
    return project


async def ended(client: Client, project: str, pause_s: float = 0.1) -> dict[str, Any]:
    while True:
        answer = await client.call("GET", f"/v2/movies?project={project}")
        if answer and answer["movie"]["ended_at"]:
            return dict(answer["movie"])
        await asyncio.sleep(0.1)


async def _all(calls: Iterator[Coroutine[Any, Any, Any]]) -> list[Any]:
    return list(await asyncio.gather(*calls))


@contextmanager
def served(bench: Bench, data: str, *options: str) -> Iterator[Server]:
    open_many_files()
    command = [str(Path(sys.executable).with_name("resplice")), "serve", "--port", "0"]
    command += ["--data", str(bench.work / data), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "http://" in line)
            yield Server(int(re.findall(r"http://[\w.]+:(\d+)", line)[0]), process.pid)
        finally:
            process.terminate()


def _resident_kib(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0
