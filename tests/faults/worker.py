"""A process that makes runs, one after the other: those of its films, at its places.

Its standard output has a JSON line for each. It is started by faults.campaign, in the mount
namespace of its small disk.
"""

from __future__ import annotations

import json
import logging
import math
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from faults import films, planted
from faults.kinds import Fault
from faults.machine import Machine
from faults.outside import Memory, Outside
from faults.planning import faults_of
from faults.runs import Clean, Run, clean, run
from faults.stack import stack_of
from faults.worlds import Place
from resplice.wiring.local import local
from small_disk import SmallDisk


@dataclass(frozen=True)
class Orders:
    """What a worker is told. disk: folder and holder. memory: what makers remember. port: where the
    sources are. films: seeds. each: runs of a film at each place. real_every: so many runs one has
    an FFmpeg that remembers nothing. kinds, at: of faults, and what the names of their calls begin
    with, where not all are wanted. seconds: after which no more are begun. one: runs of this film
    at this place, until one of these faults has something wrong.
    """

    disk: tuple[str, int]
    memory: str
    port: int
    places: tuple[str, ...]
    films: tuple[int, ...]
    each: tuple[int, ...]
    real_every: int
    kinds: tuple[str, ...] = ()
    at: str = ""
    seconds: float = math.inf
    plant: str = ""
    one: tuple[Any, str, tuple[str, ...]] | None = None


def told(place: Place, seed: object, made: Run, *, real: bool) -> None:
    print(json.dumps({**asdict(made), "place": place.name, "seed": seed, "real": real}), flush=True)


class Worker:
    """The places, and what is known of films that were made without a fault."""

    def __init__(self, orders: Orders, folder: Path, stack: ExitStack) -> None:
        self._orders, self._folder = orders, folder
        with local(folder / "tools") as ports:
            self._tools = ports.tools
        self._stack = stack

    def place(self, name: str, *, real: bool) -> Place:
        outside = Outside(Memory(Path(self._orders.memory)), real)
        folder, holder = self._orders.disk
        if name == "machine":
            disk = SmallDisk(Path(folder), [], holder)
            own = self._folder / f"machine-{real}"
            own.mkdir()
            machine = Machine(disk, own, outside, self._orders.port, self._tools)
            machine.warm(films.everything(self._orders.port))
            return machine
        given = name, self._folder, outside, self._orders.port, self._tools
        return self._stack.enter_context(stack_of(*given))

    def work(self) -> None:
        orders = self._orders
        places = {
            real: [self.place(name, real=real) for name in orders.places]
            for real in ((False, True) if orders.real_every else (False,))
        }
        count, until = 0, time.monotonic() + orders.seconds
        for seed in orders.films:
            film = films.film(seed, orders.port)
            for number, place in enumerate(places[False]):
                most = orders.each[number]
                for fault in self.chosen(clean(film, place), seed, place)[:most]:
                    if time.monotonic() > until:
                        return
                    count += 1
                    real = bool(orders.real_every) and count % orders.real_every == 0
                    there = places[real][number]
                    told(there, seed, run(self._known, fault, there), real=real)

    def chosen(self, known: Clean, seed: int, place: Place) -> list[Fault]:
        """In an order that the seed decides."""
        self._known = known
        kinds, at = self._orders.kinds, self._orders.at
        every = faults_of(known.points)
        found = [f for f in every if f.name.startswith(at) and (not kinds or f.kind in kinds)]
        random.Random(f"{seed} {place.name}").shuffle(found)
        return found

    def one(self, film: Any, name: str, faults: tuple[str, ...]) -> None:
        place = self.place(name, real=False)
        known = clean(film, place)
        for each in faults:
            made = run(known, Fault.parsed(each), place)
            told(place, None, made, real=False)
            if made.wrongs:
                return


def main() -> None:
    orders = Orders(**json.loads(sys.argv[1]))
    logging.disable(logging.CRITICAL)
    if orders.plant:
        planted.plant(orders.plant)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        worker = Worker(orders, folder, stack)
        if orders.one:
            worker.one(*orders.one)
        else:
            worker.work()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
