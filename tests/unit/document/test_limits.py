"""Limits of documents leave room for what honest programs send."""

from __future__ import annotations

from resplice.core.document import limits
from resplice.core.elements.video.model import VideoElement
from resplice.core.schema.movie import Movie


def test_the_most_elements_with_every_field_are_read_and_can_be_expanded() -> None:
    fields = len(VideoElement.model_fields)
    assert limits.MAX_ELEMENTS * (fields - 10) <= limits.MAX_VALUES
    values = limits.MAX_VALUES * limits.VALUE_CHARS
    assert values + limits.MAX_BYTES <= limits.MAX_EXPANDED_CHARS
    assert limits.MAX_LISTED_ELEMENTS * limits.MAX_SCENES > limits.MAX_ELEMENTS


def test_the_schema_has_the_same_limits() -> None:
    properties = Movie.model_json_schema()["properties"]
    assert properties["scenes"]["maxItems"] == limits.MAX_SCENES
    assert properties["elements"]["maxItems"] == limits.MAX_LISTED_ELEMENTS
