"""Quotas: how much an owner may ask for. What was used is counted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from resplice.core.owners import OWNER


@dataclass(frozen=True)
class Quota:
    """Of one owner; None: not limited.

    requests_per_second  of the API
    movies_in_flight     projects that are neither in the cache nor ended
    seconds_per_day      of movies that were rendered for them; a day is one of UTC
    bytes_per_day        the same, of the size of the files
    """

    requests_per_second: int | None = None
    movies_in_flight: int | None = None
    seconds_per_day: int | None = None
    bytes_per_day: int | None = None


@dataclass(frozen=True)
class Quotas:
    """usual: of everybody; own: of those owners that have another one."""

    usual: Quota = Quota()
    own: Mapping[str, Quota] = field(default_factory=dict)

    def of(self, owner: str) -> Quota:
        return self.own.get(owner, self.usual)


UNLIMITED = Quotas()
NAMES = tuple(each.name.replace("_", "-") for each in fields(Quota))


def quotas_of(said: Any) -> Quotas:
    """`{"seconds-per-day": 3600, "owners": {"acme": {"seconds-per-day": 600}}}`: an owner's own
    row says what differs. Raises ValueError in words.
    """
    if not isinstance(said, Mapping):
        raise ValueError(f"quotas are a JSON object of {', '.join(NAMES)}, owners")
    owners = said.get("owners", {})
    if not isinstance(owners, Mapping) or not all(map(OWNER.fullmatch, owners)):
        raise ValueError("owners is an object of quotas by the names of owners")
    usual = _quota({name: value for name, value in said.items() if name != "owners"}, {})
    return Quotas(usual, {owner: _quota(row, vars(usual)) for owner, row in owners.items()})


def _quota(said: Any, usual: Mapping[str, int | None]) -> Quota:
    if not isinstance(said, Mapping):
        raise ValueError(f"a quota is an object of {', '.join(NAMES)}")
    for name, value in said.items():
        if name not in NAMES:
            raise ValueError(f"there is no quota '{name}'; there are {', '.join(NAMES)}")
        if value is not None and (type(value) is not int or value < 0):
            raise ValueError(f"{name} is a whole number, or null for no limit")
    return Quota(**{**usual, **{name.replace("-", "_"): value for name, value in said.items()}})
