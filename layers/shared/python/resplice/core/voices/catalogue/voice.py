"""A voice, and the compact form in which the lists of a provider's voices are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from resplice.frozen import frozen

Sex = Literal["female", "male"]


@frozen
class Voice:
    """A voice of a provider.

    id        the provider's own
    name      as people say it: `Aria`
    language  what it speaks when nothing else is said, BCP-47; empty when that is not known
    sex       None for neither, or not known
    model     the provider's own name of the model that it needs; empty for the usual one
    spare     taken for another voice only when there is none that is not: it is old, or a child's
    polyglot  whether it speaks other languages as well
    """

    provider: str
    id: str
    name: str
    language: str
    sex: Sex | None
    model: str = ""
    spare: bool = False
    polyglot: bool = False


def listed(table: str) -> Iterator[tuple[str, Sex | None, str]]:
    """(language, sex, entry) of a list: `en-US: women / men / neither`, entries between spaces;
    a line that begins with a space goes on with the one before.
    """
    for line in table.strip().replace("\n ", " ").splitlines():
        language, _, people = line.partition(":")
        sexes: tuple[Sex | None, ...] = ("female", "male", None)
        for sex, entries in zip(sexes, people.split("/"), strict=False):
            yield from ((language, sex, entry) for entry in entries.split())
