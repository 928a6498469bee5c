"""The name that somebody meant: the nearest of those that exist, when one is near."""

from __future__ import annotations

from collections.abc import Iterable

MAX_CHARS = 40
"""No field's name is as long; of what is longer nothing is near."""
MAX_SLIPS = 2


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name with the fewest slips of the pen, the first of several; None if none is near.

    A slip is a letter too many, too few, wrong, or changed places with the next. One is allowed
    for each three letters, two at most; case, `_` and `-` are none.
    """
    if len(name) > MAX_CHARS:
        return None
    word = _letters(name)
    most = min(MAX_SLIPS, len(word) // 3)
    counted = ((_slips(word, _letters(other), most), other) for other in known if other != name)
    slips, found = min(counted, key=lambda pair: pair[0], default=(most + 1, ""))
    return found if slips <= most else None


def _letters(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _slips(one: str, other: str, most: int) -> int:
    """The distance of two words (optimal string alignment), most + 1 when it is more than most."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, theirs in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]
