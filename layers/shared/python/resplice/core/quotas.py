"""Quotas: how much an owner may ask for, who shows one API key, and all together. What was used is
counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, fields, replace
from typing import Any, Literal

from resplice.core.owners import OWNER
from resplice.frozen import frozen


@frozen
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


@frozen
class Bounds:
    """Of a day of UTC, of all owners together or of one API key; None: not limited.

    movies     that are taken in and have to be made
    seconds    of pictures that are rendered for them; what is in the cache is not
    micro_usd  that providers are to be paid, millionths of a dollar by list prices where known
    """

    movies: int | None = None
    seconds: int | None = None
    micro_usd: int | None = None

    def as_json(self) -> dict[str, float | None]:
        """As bounds_of reads it."""
        usd = None if self.micro_usd is None else self.micro_usd / 1_000_000
        return dict(zip(BOUNDS, (self.movies, self.seconds, usd), strict=True))

    def said(self) -> dict[str, float]:
        """Of that what is limited."""
        return {name: most for name, most in self.as_json().items() if most is not None}

    def over(self, other: Bounds) -> Bounds:
        """What is said here, else what is said there."""
        return replace(other, **{k: v for k, v in vars(self).items() if v is not None})


@frozen
class KeyBounds:
    """What may be had in a day by whoever shows one API key. digest: of the key."""

    digest: str
    bounds: Bounds

    @property
    def counter(self) -> str:
        """Whose counters its are."""
        return f"{KEYS}{self.digest}"


@frozen
class Quotas:
    """usual: of everybody; own: of those owners that have another one; together: of all of them;
    key: of the API key that was shown, if it has bounds.
    """

    usual: Quota = Quota()
    own: Mapping[str, Quota] = field(default_factory=dict)
    together: Bounds = Bounds()
    key: KeyBounds | None = None

    def of(self, owner: str) -> Quota:
        return self.own.get(owner, self.usual)

    @property
    def is_bounded(self) -> bool:
        return self.key is not None or self.together != UNBOUNDED

    def most(self, what: Bounded) -> Sequence[tuple[str, int]]:
        """Who bounds it, the key first: whose counter, and the most that it may show."""
        own = [(self.key.counter, self.key.bounds)] if self.key else []
        each = [(whose, getattr(of, what)) for whose, of in (*own, (TOGETHER, self.together))]
        return [(whose, most) for whose, most in each if most is not None]


UNLIMITED = Quotas()
UNBOUNDED = Bounds()
NAMES = tuple(each.name.replace("_", "-") for each in fields(Quota))
TOGETHER, KEYS = "ALL", "key/"
"""Whose counters those of all owners are; what the names of those of keys begin with. No owner is
called so: see core.owners."""
Bounded = Literal["movies", "seconds", "micro_usd"]
"""A field of Bounds."""
BOUNDS = ("movies-per-day", "seconds-per-day", "usd-per-day")
"""As they are said, in the order of Bounds."""
MOST_USD = 10**9
"""More than that is a slip of the keyboard."""


def quotas_of(said: Any) -> Quotas:
    """`{"seconds-per-day": 3600, "owners": {"acme": {"seconds-per-day": 600}}}`: an owner's own
    row says what differs. `"together": {"movies-per-day": 100}`: see Bounds. Raises ValueError in
    words.
    """
    if not isinstance(said, Mapping):
        raise ValueError(f"quotas are a JSON object of {', '.join(NAMES)}, owners, together")
    owners = said.get("owners", {})
    if not isinstance(owners, Mapping) or not all(map(OWNER.fullmatch, owners)):
        raise ValueError("owners is an object of quotas by the names of owners")
    others = ("owners", "together")
    usual = _quota({name: value for name, value in said.items() if name not in others}, {})
    own = {owner: _quota(row, vars(usual)) for owner, row in owners.items()}
    return Quotas(usual, own, bounds_of(said.get("together", {})))


def bounds_of(said: Any) -> Bounds:
    """Of all together. Raises ValueError in words."""
    if not isinstance(said, Mapping):
        raise ValueError(f"together is an object of {', '.join(BOUNDS)}")
    for name, value in said.items():
        if name not in BOUNDS:
            raise ValueError(f"together has no '{name}'; it has {', '.join(BOUNDS)}")
        if name == "usd-per-day":
            _check_dollars(value)
        elif not _is_limit(value):
            raise ValueError(f"{name} is a whole number, or null for no limit")
    movies, seconds, usd = map(said.get, BOUNDS)
    return Bounds(movies, seconds, None if usd is None else round(usd * 1_000_000))


def _check_dollars(value: Any) -> None:
    known = value is None or type(value) in (int, float)
    if not known or (value is not None and not 0 <= value <= MOST_USD):  # NaN is neither.
        raise ValueError("usd-per-day is a number of dollars, or null for no limit")


def _is_limit(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _quota(said: Any, usual: Mapping[str, int | None]) -> Quota:
    if not isinstance(said, Mapping):
        raise ValueError(f"a quota is an object of {', '.join(NAMES)}")
    for name, value in said.items():
        if name not in NAMES:
            raise ValueError(f"there is no quota '{name}'; there are {', '.join(NAMES)}")
        if not _is_limit(value):
            raise ValueError(f"{name} is a whole number, or null for no limit")
    return Quota(**{**usual, **{name.replace("-", "_"): value for name, value in said.items()}})
