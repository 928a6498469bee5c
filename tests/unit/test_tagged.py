"""Families of values that travel as JSON: the tag alone says which class a value is of."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import TypeAdapter, ValidationError
from resplice.core.tagged import Tagged, from_json, tag_of, to_json
from resplice.frozen import frozen


@frozen
class Shape(Tagged):
    @classmethod
    def table(cls) -> Mapping[str, type[Shape]]:
        return {"disc": Disc, "row": Row}


@frozen
class Disc(Shape):
    radius: int


@frozen
class Row(Shape):
    shapes: tuple[Shape, ...]


@frozen
class Blot(Shape):
    pass


NESTED = Row((Disc(1), Row((Disc(2),))))


def test_a_value_is_its_tag_and_its_fields() -> None:
    assert (tag_of(Disc(1)), to_json(Disc(1))) == ("disc", {"tag": "disc", "radius": 1})


def test_members_hold_members() -> None:
    assert from_json(Shape, to_json(NESTED)) == NESTED
    adapter = TypeAdapter(tuple[Shape, ...])
    assert adapter.validate_json(adapter.dump_json((NESTED, Disc(3)))) == (NESTED, Disc(3))


def test_what_is_not_the_members_own_is_left_alone() -> None:
    assert from_json(Shape, {"tag": "disc", "radius": 1, "colour": "red"}) == Disc(1)


@pytest.mark.parametrize(
    "found", [{}, {"tag": "blot"}, {"radius": 1}, {"tag": "disc"}, {"tag": "disc", "radius": "a"}]
)
def test_what_is_no_member_is_refused(found: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        from_json(Shape, found)
    with pytest.raises(ValidationError):
        TypeAdapter(tuple[Shape, ...]).validate_python([found])


def test_a_class_without_a_row_has_no_tag() -> None:
    with pytest.raises(TypeError, match="Blot has no row"):
        to_json(Blot())
