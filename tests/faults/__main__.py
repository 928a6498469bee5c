"""`python -m faults`: films with a fault each, in every place; what came of them, in numbers.

`make faults` is this. It exits with 1 when something came out wrong, and says how to see it again.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from typing import Any

from faults import films
from faults.campaign import campaign, ground, is_wrong, replayed, shrunk
from faults.kinds import KINDS, Fault
from faults.planted import BUGS
from faults.report import Tally
from faults.shares import PLACES, shared


def parsed(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6, help="after which none is begun")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--real-every", type=int, default=100, help="with an FFmpeg that forgets")
    parser.add_argument("--places", nargs="+", default=[*PLACES], choices=PLACES)
    parser.add_argument("--shrink", type=int, default=1, help="of those that came out wrong")
    parser.add_argument("--kinds", nargs="+", default=[], choices=KINDS)
    parser.add_argument("--at", default="", help="only at calls whose names begin so")
    parser.add_argument("--film", help="a seed, or a film as JSON: one run, with --place, --fault")
    parser.add_argument("--place", default="machine", choices=PLACES)
    parser.add_argument("--fault", help="as it is told: dies after @ objects.put #3")
    parser.add_argument("--plant", default="", choices=["", *BUGS], help="a bug, to be found")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    said = parsed(words)
    with ground(1 if said.film else said.processes) as there:
        if said.film:
            return again(said, there)
        tally = Tally()
        campaign(there, lambda number: shared(said, there, number), tally.add)
        print(tally.text())
        for told in tally.wrong[: said.shrink]:
            print(replay(told, films.film(told["seed"], there.port), there, said.plant))
        return bool(tally.wrong)


def again(said: argparse.Namespace, there: Any) -> int:
    """One run, once more."""
    film = json.loads(said.film) if "{" in said.film else films.film(int(said.film), there.port)
    film = films.moved(film, there.port)
    told = {"place": said.place, "fault": Fault.parsed(said.fault).as_json()}
    found = list(replayed(there, film, told, said.plant, exactly=True))
    for line in found:
        print(json.dumps(line, indent=1))
    return any(line["wrongs"] for line in found)


def replay(told: Any, film: Any, there: Any, plant: str) -> str:
    """The command that does it again, with the smallest film that still comes out wrong."""
    if is_wrong(there, film, told, plant):
        film, told = shrunk(there, film, told, plant)
    fault = str(Fault(**told["fault"]))
    words = ["--film", json.dumps(film), "--place", told["place"], "--fault", fault]
    words += ["--plant", plant] if plant else []
    return "again: PYTHONPATH=tests:. .venv/bin/python -m faults " + shlex.join(words)


if __name__ == "__main__":
    sys.exit(main())
