"""The table of field names: every view of it, and that nothing else lists names."""

from __future__ import annotations

from resplice.core.document import fields
from resplice.core.elements.video.model import VideoElement
from resplice.core.schema.movie import Movie, Scene


def test_each_name_has_one_row() -> None:
    names = [field.name for field in fields.FIELDS]
    assert len(names) == len(set(names))


def test_the_views_are_what_the_stages_need() -> None:
    assert {
        *("comment", "id", "client-data", "exports", "cache", "draft", "$schema"),
        *("thumbnail-at", "content-credentials"),
        *("variables", "condition", "iterate", "iterate-as"),
    } == fields.INERT
    assert {"variables", "condition", "iterate", "iterate-as"} == fields.SPENT
    assert {"comment", "client-data", "$schema"} == fields.VERBATIM
    assert {"project", "apiKey", "client_data"} == fields.PRIVATE
    assert {"text", "html"} == fields.BLANKABLE


def test_what_is_spent_or_private_is_in_no_key_and_warns_nobody() -> None:
    assert fields.SPENT <= fields.INERT & fields.TOLERATED
    assert fields.PRIVATE <= fields.TOLERATED


def test_names_at_a_place() -> None:
    assert "iterate" in fields.names_at("scene")
    assert "iterate" not in fields.names_at("movie")
    assert fields.names_at("settings") == ["font-url"]
    assert "apiKey" not in fields.names_at("movie")


def test_what_the_schema_reads_is_tolerated_by_itself() -> None:
    """Inert fields are known to the schema or tolerated: nobody is warned of them."""
    known = {
        field.alias or name
        for part in (Movie, Scene, VideoElement)
        for name, field in part.model_fields.items()
    }
    assert known | fields.TOLERATED >= fields.INERT
