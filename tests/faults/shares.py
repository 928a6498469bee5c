"""What each process does of all the runs: which places, how many films of which seeds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from faults.worker import Orders

PLACES: Mapping[str, int] = {"machine": 6, "folder": 9, "folder-lane": 3, "stack": 1, "lane": 1}
"""How many runs of each there are, for one another: those on moto take longest."""
MOST_OF_A_FILM = 20
"""Runs of one film at the place that has fewest: more films are seen."""


def shared(said: Namespace, there: Any, number: int) -> Orders:
    """The orders of the process of that number. Every film is at every place."""
    weights = {name: PLACES[name] for name in said.places}
    own = -(-said.runs // said.processes)
    whole = sum(weights.values()) * MOST_OF_A_FILM
    count = max(1, round(own / whole))
    each = own / count / sum(weights.values())
    first = said.seed * 1000 + number
    orders: Orders = there.orders(
        number,
        places=tuple(weights),
        films=tuple(range(first, first + count * said.processes, said.processes)),
        each=tuple(max(1, round(each * weight)) for weight in weights.values()),
        real_every=said.real_every,
        plant=said.plant,
        kinds=tuple(said.kinds),
        at=said.at,
        seconds=60 * said.minutes,
    )
    return orders
