"""The names that mean the same in every type of element: what each is to those that meet it.

Fields that only the schema reads are not here. One table; the sets below it are views of it.
"""

from __future__ import annotations

from typing import Literal

from resplice.frozen import frozen

Place = Literal["movie", "scene", "element", "settings"]
Trait = Literal["inert", "spent", "verbatim", "tolerated", "private", "blankable"]
"""What a field is:

inert      changes nothing that is seen or heard, and is in no key
spent      has done its work when the document is expanded, and is removed
verbatim   belongs to the caller and comes back as it went in: `{{ }}` in it is not resolved
tolerated  does its work elsewhere, or none yet: nobody is warned of it
private    a client program adds it for itself: no part of the movie, and not kept
blankable  an undefined variable in it reads as an empty text; other fields go missing with it
"""


@frozen
class Field:
    """A name as JSON has it, where it may stand, and what it is."""

    name: str
    places: tuple[Place, ...]
    traits: frozenset[Trait]


def _field(name: str, places: str, traits: str = "") -> Field:
    return Field(name, tuple(places.split()), frozenset(traits.split()))  # type: ignore[arg-type]


_ANYWHERE = "movie scene element"

FIELDS = (
    _field("id", _ANYWHERE, "inert tolerated"),
    _field("comment", _ANYWHERE, "inert verbatim tolerated"),
    _field("cache", _ANYWHERE, "inert"),
    _field("variables", _ANYWHERE, "inert spent tolerated"),
    _field("condition", _ANYWHERE, "inert spent tolerated"),
    _field("iterate", "scene", "inert spent tolerated"),
    _field("iterate-as", "scene", "inert spent tolerated"),
    _field("import", "scene", "tolerated"),
    _field("client-data", "movie", "inert verbatim"),
    _field("$schema", "movie", "inert verbatim tolerated"),
    _field("exports", "movie", "inert"),
    _field("draft", "movie", "inert"),
    _field("thumbnail-at", "movie", "inert"),
    _field("content-credentials", "movie", "inert"),
    _field("template", "movie", "tolerated"),
    _field("project", "movie", "tolerated private"),
    _field("apiKey", "movie", "tolerated private"),
    _field("client_data", "movie", "tolerated private"),
    _field("text", "element", "blankable"),
    _field("html", "element", "blankable"),
    _field("settings", "movie element", "tolerated"),
    _field("prompt", "element", "tolerated"),
    _field("model", "element", "tolerated"),
    _field("model-settings", "element", "tolerated"),
    _field("aspect-ratio", "element", "tolerated"),
    _field("connection", "element", "tolerated"),
    _field("font-url", "settings", "tolerated"),
)


def _named(trait: Trait) -> frozenset[str]:
    return frozenset(field.name for field in FIELDS if trait in field.traits)


INERT = _named("inert")
SPENT = _named("spent")
VERBATIM = _named("verbatim")
TOLERATED = _named("tolerated")
PRIVATE = _named("private")
BLANKABLE = _named("blankable")


def names_at(place: Place) -> list[str]:
    """The names that may stand there, besides those of the schema and of private use."""
    at = (field for field in FIELDS if place in field.places)
    return [field.name for field in at if "private" not in field.traits]
