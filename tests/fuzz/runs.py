"""Runs: every target for its share of the time, each in a process of its own, told in a table; and
one input again. What ends a process is a fault as any other.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from traceback import format_exception

from fuzz.hunt import Found, file_name, hunted, running_input
from fuzz.laws import Counts, tried
from fuzz.placed import placed
from fuzz.targets import TARGETS

FOLDER = Path(__file__).resolve().parents[2] / "build" / "fuzz"
AT_ONCE = 2


def again(path: Path) -> int:
    """The input once more, with all that it raises."""
    target = TARGETS[path.name.rpartition("-")[0]]
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-again-") as folder,
        placed(Path(folder)) as place,
        target.opened(place) as (_, check),
    ):
        tried(path.read_bytes(), target, check, place, Counts())
    print(f"{path} breaks no law")
    return 0


def all_of(names: list[str], minutes: float, seed: int) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    seconds = 60 * minutes * min(AT_ONCE, len(names)) / len(names)
    print(f"{seconds:.0f} s for each of {len(names)} targets, seed {seed}", flush=True)
    print("| target | inputs | seconds | accepted | refused | slowest input | peak memory |")
    print("|---|---|---|---|---|---|---|", flush=True)
    faults = 0
    with ThreadPoolExecutor(AT_ONCE) as turns:
        running = [turns.submit(_of_its_own, name, seconds, seed) for name in names]
        for future in as_completed(running):
            faults += told(future.result(), FOLDER)
    print(f"{faults} faults" + (f", in {FOLDER}" if faults else ""))
    return bool(faults)


def _of_its_own(name: str, seconds: float, seed: int) -> Found:
    """The hunt in a process of its own: what ends that is a fault too."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(_one, name, seconds, seed).result()
        except BrokenProcessPool as error:
            running = running_input(name)
            data = running.read_bytes() if running.exists() else b""
            return Found(name, faults={"the process ended": (data, str(error))})
        except Exception as error:
            told = "".join(format_exception(error))
            return Found(name, faults={"the fuzzing itself": (b"", told)})


def _one(name: str, seconds: float, seed: int) -> Found:
    return hunted(TARGETS[name], seconds, seed, alone=True)


def told(found: Found, folder: Path) -> int:
    """Its row, and each fault with the command that tries it again; how many there are."""
    name = found.name
    counts, memory = found.counts, f"{found.mib} MiB"
    if TARGETS[name].others:
        memory += f"; {found.others_mib} MiB of what it started"
    print(
        f"| {name} | {counts.inputs:,} | {found.seconds:.0f} | {counts.accepted:,} "
        f"| {counts.refused:,} | {1000 * counts.slowest_s:,.0f} ms | {memory} |",
        flush=True,
    )
    for fault, (data, told) in found.faults.items():
        path = folder / file_name(name, data)
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(told, errors="replace")
        print(f"FAULT {fault}: make fuzz INPUT={path}", flush=True)
    return len(found.faults)
