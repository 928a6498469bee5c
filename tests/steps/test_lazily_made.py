"""Providers are made when they are first asked, once, whoever asks at the same time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from resplice.wiring.providers import Lazily


def test_many_who_ask_at_once_have_one_made() -> None:
    made, together = list[object](), Barrier(8)

    def make() -> object:
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    known = Lazily({"one": make})

    def look_up(_: int) -> object:
        together.wait(30)
        return known["one"]

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(look_up, range(8)))
    assert found == {*made} and len(made) == 1


def test_what_is_not_looked_up_is_not_made() -> None:
    known = Lazily({"one": lambda: 1 / 0})
    assert (list(known), len(known), "one" in list(known)) == (["one"], 1, True)
    with pytest.raises(KeyError):
        known["other"]
