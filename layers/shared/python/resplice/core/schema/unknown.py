"""Names in a document that nothing acts on: most often a slip of the pen. Never an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resplice.core.document.fields import TOLERATED, Place, names_at
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.spelling import nearest
from resplice.core.document.values import Part
from resplice.core.elements import ElementBase, type_of
from resplice.core.schema.movie import Movie, Scene
from resplice.errors import shown


def unknown_keys(movie: Movie) -> list[str]:
    """A warning for each name that does nothing, with the nearest that does; the first 20. Those in
    exports are told apart: they are in no key, so that a movie in the cache knows none of them.
    """
    return _told(_unknown(movie, ()))


def unknown_in_exports(movie: Movie) -> list[str]:
    """Likewise."""
    return _told(_unknown_of_field("exports", movie.exports, ()))


def _told(found: Iterator[tuple[DocumentPath, list[str]]]) -> list[str]:
    every = list(found)
    if not every:
        return []
    from resplice.core.warned import said_of  # Late: most documents need none of its words.

    def told(each: tuple[DocumentPath, list[str]]) -> str:
        path, known = each
        return _line(f"{shown(json_path(path))} is not known and does nothing", path[-1], known)

    return said_of(every, told, MAX_WARNINGS)


def _line(words: str, name: int | str, known: Sequence[str]) -> str:
    from resplice.core.warned import warned  # Late: most documents need none of its words.

    meant = nearest(str(name), known)
    return warned("unknown-key", words, f"did you mean '{meant}'?" if meant else None)


def _unknown(part: Part, path: DocumentPath) -> Iterator[tuple[DocumentPath, list[str]]]:
    """(path, the names that exist there) of each name that does not."""
    for name in part.model_extra or {}:
        if name not in TOLERATED:
            yield (*path, name), _names_of(part)
    if isinstance(part, ElementBase):
        for keys, known in type_of(part).unknown(part):
            yield (*path, *keys), known
    for name, value in part:
        if isinstance(value, Part | tuple) and name != "exports":
            yield from _unknown_of_field(name, value, path)


def _unknown_of_field(
    name: str, value: object, path: DocumentPath
) -> Iterator[tuple[DocumentPath, list[str]]]:
    if isinstance(value, Part):
        yield from _unknown(value, (*path, name.replace("_", "-")))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _unknown(inner, (*path, name, index))


def _names_of(part: Part) -> list[str]:
    """What the part may say: its own fields, and those that mean the same in every part."""
    own = [field.alias or name for name, field in type(part).model_fields.items()]
    place = _place(part)
    return own + (names_at(place) if place else [])


def _place(part: Part) -> Place | None:
    if isinstance(part, Movie):
        return "movie"
    if isinstance(part, Scene):
        return "scene"
    return "element" if isinstance(part, ElementBase) else None
