"""Many runs, shared out to processes; what came of them, and the smallest film that still fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from faults import films
from faults.kinds import Fault
from faults.worker import Orders
from faults.worlds import Film
from small_disk import SmallDisk, small_disk
from web_server import serving

DISK_BYTES = 48 << 20
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
"""Where files are written for nobody: it is waited for none of them."""
WORKER = ["-m", "faults.worker"]
Told = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """What all workers share."""

    folder: Path
    port: int
    disks: tuple[SmallDisk, ...]

    def orders(self, number: int, **more: Any) -> Orders:
        disk = self.disks[number]
        return Orders(
            **{
                "disk": (str(disk.folder), disk.holder),
                "memory": str(self.folder / "memory"),
                "port": self.port,
                "places": (),
                "films": (),
                "each": (),
                "real_every": 0,
                **more,
            }
        )

    def lines(self, number: int, orders: Orders) -> Iterator[Told]:
        """What a worker tells."""
        command = [sys.executable, *WORKER, json.dumps(asdict(orders))]
        environment = {
            **os.environ,
            "TMPDIR": str(self.folder),
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        }
        with subprocess.Popen(
            [*self.disks[number].enter, *command],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as worker:
            assert worker.stdout
            for line in worker.stdout:
                yield json.loads(line)
        if worker.returncode:
            raise RuntimeError(f"a worker ended with {worker.returncode}")


@contextmanager
def ground(processes: int) -> Iterator[Ground]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        (folder / "memory").mkdir()
        (folder / "sources").mkdir()
        server = stack.enter_context(serving())
        films.serve_sources(server, folder / "sources")
        disks = [
            stack.enter_context(small_disk(folder / f"disk-{n}", DISK_BYTES))
            for n in range(processes)
        ]
        yield Ground(folder, server.server_port, tuple(disks))


def campaign(
    there: Ground, share: Callable[[int], Orders], heard: Callable[[Told], object]
) -> None:
    """Let all workers work; heard is told of each run."""
    lock, errors = threading.Lock(), list[BaseException]()

    def follow(number: int) -> None:
        try:
            for line in there.lines(number, share(number)):
                with lock:
                    heard(line)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=follow, args=(n,)) for n in range(len(there.disks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def shrunk(there: Ground, film: Film, told: Told, plant: str = "") -> tuple[Film, Told]:
    """The smallest film that comes out wrong by the same kind of fault at the same side effect, and
    what is told of that.
    """
    tried = True
    while tried:
        tried = False
        for less in films.smaller(film):
            if wrong := is_wrong(there, less, told, plant):
                film, told, tried = less, wrong, True
                break
    return film, told


def is_wrong(there: Ground, film: Film, told: Told, plant: str = "") -> Told | None:
    """What is told of the run if something is wrong in it."""
    return next((line for line in replayed(there, film, told, plant) if line["wrongs"]), None)


def replayed(
    there: Ground, film: Film, told: Told, plant: str = "", *, exactly: bool = False
) -> Iterator[Told]:
    """exactly: at that call of the side effect; else at it, or at an earlier one: where there is
    less to do they have other numbers.
    """
    fault = Fault(**told["fault"])
    numbers = [fault.nth] if exactly else range(fault.nth, 0, -1)
    faults = tuple(str(replace(fault, nth=nth)) for nth in numbers)
    yield from there.lines(0, there.orders(0, one=(film, told["place"], faults), plant=plant))
