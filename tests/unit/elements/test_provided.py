"""What elements say to providers: settings in one spelling, and connections that are there."""

from __future__ import annotations

from typing import Any

from resplice.core.elements.provided import Provided, connection_faults, named_access, settings_text
from resplice.core.providers import Access, Connection, Offers

OFFERS = Offers(connections=(Connection("mine", "fal"),))


def provided(**more: Any) -> Provided:
    return Provided.model_validate({"type": "any", **more})


def test_settings_are_one_text_whatever_their_order() -> None:
    one = provided(**{"model-settings": {"b": 1, "a": {"d": 2, "c": 3}}})
    assert settings_text(one.model_settings) == '{"a":{"c":3,"d":2},"b":1}'
    assert settings_text(provided().model_settings) == "{}"


def test_settings_are_one_text_however_a_number_is_spelled() -> None:
    assert settings_text({"speed": 1.0, "seed": -0.0}) == settings_text({"speed": 1, "seed": 0})
    assert settings_text({"speed": 1.5}) == '{"speed":1.5}'


def test_a_connection_must_be_there_and_be_of_use() -> None:
    assert named_access(provided(connection="mine"), OFFERS) == Access("fal", "mine")
    assert list(connection_faults(provided(connection="mine"), "generators", OFFERS)) == []
    ((keys, words),) = connection_faults(provided(connection="mine"), "voices", OFFERS)
    assert keys == ("connection",) and "fal" in words
    ((_, words),) = connection_faults(provided(connection="other"), "voices", Offers())
    assert "resplice connections add" in words
