"""Which word of a text each of its sounds belongs to.

Sounds come for whole clauses, where words change each other and flow together, and one (`1984`)
may become several. So each word is sounded alone too, and both rows are aligned. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

STRESS = "ˈˌː"
NEVER = 9.0
MOST_CELLS = 1_000_000
"""Of the table of an alignment: half a second. Clauses that people write need some 10 000."""


def owners(sounds: str, alone: Sequence[str]) -> list[int]:
    """For each sound of a clause the place of its word. alone: the sounds of each word, by itself.

    Never falls. A space is the end of the word before it.
    """
    reference, labels = _labelled(alone)
    if len(sounds) * len(reference) > MOST_CELLS:
        return [labels[place * len(labels) // len(sounds)] for place in range(len(sounds))]
    found = _aligned(sounds, reference, labels)
    highest = 0
    for place, label in enumerate(found):
        highest = max(highest, label)
        found[place] = highest
    return found


def _labelled(alone: Sequence[str]) -> tuple[str, list[int]]:
    """All words in a row, each with a space after it, and the word of each character."""
    labels = [place for place, sounds in enumerate(alone) for _ in f"{sounds} " if sounds]
    return "".join(f"{sounds} " for sounds in alone if sounds), labels


def _aligned(sounds: str, reference: str, labels: Sequence[int]) -> list[int]:
    """By least edits; what has no counterpart belongs to the word that was reached."""
    table = _costs(sounds, reference)
    row, column = len(sounds), len(reference)
    found = [0] * row
    while row:
        here = table[row][column]
        if column and here == table[row - 1][column - 1] + _change(
            sounds[row - 1], reference[column - 1]
        ):
            row, column = row - 1, column - 1
            found[row] = labels[column]
        elif here == table[row - 1][column] + _gap(sounds[row - 1]):
            row -= 1
            found[row] = labels[min(column, len(labels) - 1)] if labels else 0
        else:
            column -= 1
    return found


def _costs(sounds: str, reference: str) -> list[list[float]]:
    first = [0.0]
    for character in reference:
        first.append(first[-1] + _gap(character))
    table = [first]
    for sound in sounds:
        above, gap = table[-1], _gap(sound)
        line = [above[0] + gap]
        for (diagonal, over), character in zip(pairwise(above), reference, strict=True):
            line.append(
                min(
                    diagonal + _change(sound, character),
                    over + gap,
                    line[-1] + _gap(character),
                )
            )
        table.append(line)
    return table


def _gap(character: str) -> float:
    return 0.4 if character in STRESS else 0.7 if character == " " else 1.0


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    kinds = (_kind(one), _kind(other))
    return 0.2 if kinds == (1, 1) else 1.1 if kinds == (0, 0) else NEVER


def _kind(character: str) -> int:
    return 2 if character == " " else 1 if character in STRESS else 0
