"""Rows of docstrings: one for each field, over several lines, of what a part is made of."""

from __future__ import annotations

from pydantic import BaseModel
from resplice.core.elements import TYPES
from resplice.core.schema.before_expansion import OfMovie, OfScene
from resplice.core.schema.descriptions import of_fields, of_part
from resplice.core.schema.movie import Movie, Scene, Transition


class Base(BaseModel):
    """What all have, over
    two lines.

    size    pixels: how high
            it stands
    colour  of its ground.
    """

    size: int
    colour: str


class Own(Base):
    """One of them.

    colour  of its letters, or …
    """


class Silent(Base):
    pass


def test_rows_are_read_to_their_end_and_own_ones_count() -> None:
    assert of_fields(Base) == {
        "size": "Pixels: how high it stands.",
        "colour": "Of its ground.",
    }
    assert of_fields(Own)["colour"] == "Of its letters, or …"
    assert of_fields(Silent) == of_fields(Base)


def test_a_part_is_what_its_docstring_begins_with() -> None:
    assert of_part(Base) == "What all have, over two lines."
    assert of_part(Own) == "One of them." and of_part(Silent) == ""


def test_each_field_of_a_document_has_a_row_and_no_row_is_of_none() -> None:
    models = [Movie, Scene, Transition, OfMovie, OfScene, *(row.model for row in TYPES.values())]
    for model in models:
        assert of_fields(model).keys() == model.model_fields.keys(), model
