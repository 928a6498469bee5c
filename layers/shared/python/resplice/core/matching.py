"""Matching: which part of a later document was which of an earlier one. Values in, places out.

A part that was inserted makes no other one another part.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

Names = Sequence[Hashable]
"""What a part is known by, the surest first; None where it has no such name."""


def matched(earlier: Sequence[Names], later: Sequence[Names]) -> dict[int, int]:
    """Where each later part was before, of those that were. All have as many names.

    By the first name of all parts, then the second, …; at last by place: what comes as far after
    (or before) a part that is matched as it did, or lies where it lay when none is.
    """
    found: dict[int, int] = {}
    for rank in range(max(map(len, later), default=0)):
        _by_name(earlier, later, rank, found)
    _by_place(len(earlier), len(later), found)
    return dict(sorted(found.items()))


def _by_name(
    earlier: Sequence[Names], later: Sequence[Names], rank: int, found: dict[int, int]
) -> None:
    taken, there = set(found.values()), dict[Hashable, list[int]]()
    for place, names in enumerate(earlier):
        if place not in taken and names[rank] is not None:
            there.setdefault(names[rank], []).append(place)
    for place, names in enumerate(later):
        if place not in found and (places := there.get(names[rank])):
            # Of equal ones the one that stayed, so that the others may have too.
            found[place] = places.pop(places.index(place) if place in places else 0)


def _by_place(earlier: int, later: int, found: dict[int, int]) -> None:
    taken = set(found.values())
    for step, places in ((1, range(later)), (-1, range(later - 1, -1, -1))):
        last = -1 if step == 1 else earlier
        for place in places:
            if place not in found and 0 <= last + step < earlier and last + step not in taken:
                found[place] = last + step
                taken.add(last + step)
            last = found.get(place, last)
