"""Differences of two movies, in the words of their documents: which scene was which, what in it
changed. Nothing here knows what that costs.

Paths are those of the later document, expanded; what is gone has its path in the earlier one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resplice.core.document.fields import INERT
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.fingerprint import without_inert
from resplice.core.matching import matched
from resplice.core.schema.movie import Movie
from resplice.frozen import frozen

Part = Mapping[str, Any]
WRITTEN = "names a file that was written anew"


@frozen
class Difference:
    """What became of what is at a path: `changed`, `is new`. element: of which it is, if of one."""

    path: DocumentPath
    what: str = "changed"
    element: DocumentPath = ()

    def __str__(self) -> str:
        return f"{json_path(self.path)} {self.what}"


@frozen
class Differences:
    """whole     what differs for every picture: `the resolution changed`
    scenes       which scene each one was, of those that were there; counted from 0
    parts        which element each one was, by path
    own          of each scene: what changed in it, but for how it is joined to the one before it
    joins        the same, of how it is joined
    over         what changed of the movie's own elements
    gone         scenes that are not there any more
    """

    whole: tuple[str, ...]
    scenes: Mapping[int, int]
    parts: Mapping[DocumentPath, DocumentPath]
    own: Mapping[int, tuple[Difference, ...]]
    joins: Mapping[int, tuple[Difference, ...]]
    over: tuple[Difference, ...]
    gone: tuple[Difference, ...]

    def all(self) -> list[str]:
        """In the order of the document."""
        told = [*self.whole]
        for scene in self.own:
            told += map(str, (*self.own[scene], *self.joins[scene]))
        moved = [*self.scenes.values()]
        order = ["the order of the scenes changed"] if moved != sorted(moved) else []
        return [*told, *map(str, (*self.gone, *self.over)), *order]


def differences(
    earlier: Movie,
    later: Movie,
    earlier_keys: Mapping[int, str] | None = None,
    later_keys: Mapping[int, str] | None = None,
) -> Differences:
    """keys: of the cache entries of scenes, as far as they are known, counted from 0."""
    before, after = _plain(earlier), _plain(later)
    scenes_before, scenes = before["scenes"], after["scenes"]
    was = matched(
        [_scene_names(scene, n, earlier_keys or {}) for n, scene in enumerate(scenes_before)],
        [_scene_names(scene, n, later_keys or {}) for n, scene in enumerate(scenes)],
    )
    parts: dict[DocumentPath, DocumentPath] = {}
    own, joins = dict[int, tuple[Difference, ...]](), dict[int, tuple[Difference, ...]]()
    for index, scene in enumerate(scenes):
        path = ("scenes", index)
        if index not in was:
            own[index], joins[index] = (Difference(path, "is new"),), ()
            continue
        old = scenes_before[was[index]]
        at = path, ("scenes", was[index])
        own[index] = (
            *_changed(old, scene, path, besides=("elements", "transition")),
            *_elements(old, scene, *at, parts),
        )
        joins[index] = tuple(_changed(_join(old), _join(scene), path))
    gone = [n for n in range(len(scenes_before)) if n not in was.values()]
    return Differences(
        _whole(earlier, later),
        was,
        parts,
        own,
        joins,
        tuple(_elements(before, after, (), (), parts)),
        tuple(Difference(("scenes", n), "of before is gone") for n in gone),
    )


def equal_scenes(earlier: Movie, later: Movie) -> int:
    """How many scenes they have in common."""
    before, after = (
        Counter(map(_scene_content, _plain(each)["scenes"])) for each in (earlier, later)
    )
    return (before & after).total()


def _plain(movie: Movie) -> dict[str, Any]:
    return movie.model_dump(mode="json", by_alias=True)


def _whole(earlier: Movie, later: Movie) -> tuple[str, ...]:
    pairs = (
        ("the resolution", _size(earlier), _size(later)),
        ("the quality", earlier.quality, later.quality),
        ("fps", earlier.fps, later.fps),
    )
    return tuple(
        f"{name} changed: {before} before, {now} now"
        for name, before, now in pairs
        if before != now
    )


def _size(movie: Movie) -> str:
    return "x".join(map(str, movie.size()))


def _scene_names(scene: Part, index: int, keys: Mapping[int, str]) -> Sequence[str | None]:
    return keys.get(index), _scene_content(scene), scene.get("id")


def _scene_content(scene: Part) -> str:
    return json.dumps(without_inert({"scenes": [scene]}), sort_keys=True)


def _join(scene: Part) -> Part:
    return {"transition": scene.get("transition")}


def _elements(
    old: Part,
    new: Part,
    path: DocumentPath,
    old_path: DocumentPath,
    parts: dict[DocumentPath, DocumentPath],
) -> Iterator[Difference]:
    """What changed of the elements of a scene, or of the movie. parts: gets which was which."""
    before, after = old["elements"], new["elements"]
    was = _which(before, after)
    for place, element in enumerate(after):
        own = (*path, "elements", place)
        if place not in was:
            yield Difference(own, "is new", own)
            continue
        parts[own] = (*old_path, "elements", was[place])
        for each in _changed(before[was[place]], element, own):
            yield Difference(each.path, each.what, own)
    for place in range(len(before)):
        if place not in was.values():
            yield Difference((*old_path, "elements", place), "of before is gone")
    if [*was.values()] != sorted(was.values()):
        yield Difference((*path, "elements"), "are in another order")


def _which(before: Sequence[Part], after: Sequence[Part]) -> dict[int, int]:
    """Which element each one was: one of its own type."""
    found: dict[int, int] = {}
    for kind in dict.fromkeys(element["type"] for element in after):
        old = [n for n, element in enumerate(before) if element["type"] == kind]
        new = [n for n, element in enumerate(after) if element["type"] == kind]
        was = matched([_names(before[n]) for n in old], [_names(after[n]) for n in new])
        found |= {new[place]: old[there] for place, there in was.items()}
    return dict(sorted(found.items()))


def _names(element: Part) -> Sequence[str | None]:
    return json.dumps(without_inert({"elements": [element]}), sort_keys=True), element.get("id")


def _changed(
    before: Any, after: Any, path: DocumentPath, besides: Sequence[str] = ()
) -> Iterator[Difference]:
    """The innermost fields and items that differ; inert ones say nothing, if they are known."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*after, *before]):
            known_inert = len(path) in (2, 4) and name in INERT
            if name not in besides and not known_inert:
                yield from _changed(before.get(name), after.get(name), (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changed(old, new, (*path, index))
    elif before != after:
        yield Difference(path, WRITTEN if _names_one_file(before, after) else "changed")


def _names_one_file(before: Any, after: Any) -> bool:
    """Local files are named with the state that they are in, behind a question mark."""
    return all(isinstance(each, str) and each.startswith("file:") for each in (before, after)) and (
        before.partition("?")[0] == after.partition("?")[0]
    )
