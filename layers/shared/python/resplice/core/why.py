"""Why: the reason for everything that a render did not find in the cache, in the document's words.

Compared is with an earlier render: the documents say what changed, the reports what was made then.
A reason is enough to explain a miss; there may be more behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from resplice.core.caching import asked_again, rendered_again_by
from resplice.core.differences import Difference, Differences, differences
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.elements import TYPES, ElementBase
from resplice.core.media import urls_in
from resplice.core.schema.movie import Movie
from resplice.core.sources import named_files
from resplice.errors import shown
from resplice.frozen import frozen

Said = Mapping[str, Any]
"""A part of a report, as JSON."""
Reasons = tuple[str, ...]
MOST = 20
"""Of one miss: nobody reads more."""
NEW: Reasons = ("not made before",)
EVICTED: Reasons = ("evicted or purged: it was made before, and is not in the cache any more",)
UPGRADED: Reasons = ("Resplice was upgraded",)
ELSEWHEN: Reasons = ("what lies over it of the movie's own elements is at another time",)
ELSEWHERE: Reasons = ("it begins at another moment, between two frames",)
"""What is no whole number of frames has one more in some places than in others."""
OFFERED: Reasons = ("what is offered for it changed: its providers, connections or components",)


@frozen
class Rendered:
    """A movie, expanded, and the report of its render, as JSON; empty when there is none."""

    movie: Movie
    report: Said


def explained(now: Rendered, before: Rendered | None) -> dict[str, Any]:
    """The report with `why` at everything that was made, or made again."""
    report = now.report
    asked = _Asked(now) if before is None else _Compared(now, before)
    return {
        **report,
        "movie": _with(report["movie"], asked.of_movie),
        **{
            name: [_with(each, of) for each in report.get(name, ())]
            for name, of in (
                ("scenes", asked.of_scene),
                ("transitions", asked.of_transition),
                ("elements", asked.of_element),
            )
        },
    }


def changes(now: Rendered, before: Rendered) -> Reasons:
    """What is otherwise than it was, whatever was made of that."""
    return _Compared(now, before).changes()


def _with(told: Said, of: Any) -> dict[str, Any]:
    if told["result"] in ("hit", "joined", None):
        return dict(told)
    reasons = list(dict.fromkeys(of(told)))
    more = [f"and {len(reasons) - MOST} more"] if len(reasons) > MOST else []
    return {**told, "why": reasons[:MOST] + more}


class _Asked:
    """What the document itself asks for; nothing is known of what was before."""

    def __init__(self, now: Rendered) -> None:
        self.now = now

    def of_movie(self, told: Said) -> Reasons:
        if told["result"] == "bypass":
            return tuple(f"cache: false on {_named(path)}" for path in asked_again(self.now.movie))
        return self.missed_movie(told)

    def of_scene(self, told: Said) -> Reasons:
        if told["result"] == "bypass":
            return self._again(told["scene"] - 1)
        return self.missed_scene(told)

    def of_transition(self, told: Said) -> Reasons:
        if told["result"] == "bypass":
            into = told["into_scene"] - 1
            return (*self._again(into - 1), *self._again(into))
        return self.missed_transition(told)

    def of_element(self, told: Said) -> Reasons:
        if told["result"] == "bypass":
            return (f"cache: false on {json_path(_element_of(told['path']))}",)
        return self.missed_element(told)

    def _again(self, scene: int) -> Reasons:
        path = rendered_again_by(self.now.movie, scene)
        return () if path is None else (f"cache: false on {_named(path)}",)

    def missed_movie(self, told: Said) -> Reasons:
        return NEW

    def missed_scene(self, told: Said) -> Reasons:
        return NEW

    def missed_transition(self, told: Said) -> Reasons:
        return NEW

    def missed_element(self, told: Said) -> Reasons:
        return NEW


class _Compared(_Asked):
    """What an earlier render tells besides."""

    def __init__(self, now: Rendered, before: Rendered) -> None:
        super().__init__(now)
        self._before = before
        self._scene_keys = _scene_keys(before.report)
        keys = self._scene_keys, _scene_keys(now.report)
        self._differ: Differences = differences(before.movie, now.movie, *keys)
        self._elements_before = {told["key"]: told for told in before.report.get("elements", ())}

    def changes(self) -> Reasons:
        return (*self._differ.all(), *self._other_contents(()))

    def missed_movie(self, told: Said) -> Reasons:
        if told["key"] == _movie_key(self._before.report):
            return self._other_contents(()) or self._passing() or EVICTED
        return self.changes() or self._unseen(OFFERED)

    def missed_scene(self, told: Said) -> Reasons:
        scene = told["scene"] - 1
        if told["key"] in self._scene_keys.values():
            return EVICTED
        if scene not in self._differ.scenes:
            return self._in_scene(scene)
        return (
            (*self._differ.whole, *self._in_scene(scene), *self._joined(scene))
            or self._lies_over()
            or self._unseen(NEW)
        )

    def missed_transition(self, told: Said) -> Reasons:
        into = told["into_scene"] - 1
        joins = map(str, self._differ.joins.get(into, ()))
        sides = (*self._in_scene(into - 1), *self._in_scene(into))
        return (
            (*self._differ.whole, *joins, *sides, *self._neighbour(into))
            or self._lies_over()
            or self._unseen((f"{NEW[0]}, or evicted",))
        )

    def missed_element(self, told: Said) -> Reasons:
        path = _element_of(told["path"])
        if was := self._was(told):
            if _content(was) != _content(told):
                return (self._came_out_otherwise(told),)
            return ("only a stand-in was made before",) if was.get("passing") else EVICTED
        own = [str(each) for each in self._differences() if each.element == path]
        return (
            (*own, *self._other_contents(path, besides=told["key"]))
            or self._new_with_scene(path)
            or self._differ.whole
            or self._heard_otherwise(told)
            or self._unseen(NEW)
        )

    def _differences(self) -> Iterator[Difference]:
        for each in (*self._differ.own.values(), self._differ.over):
            yield from each

    def _in_scene(self, scene: int) -> Reasons:
        place = ("scenes", scene)
        own = map(str, self._differ.own.get(scene, ()))
        return (*own, *self._other_contents(place))

    def _joined(self, scene: int) -> Reasons:
        """How long it is shown alone changes with how long it shares with its neighbours."""
        joins = (*self._differ.joins.get(scene, ()), *self._differ.joins.get(scene + 1, ()))
        lengths = tuple(str(each) for each in joins if each.path[-1] != "style")
        return (*lengths, *self._neighbour(scene + 1))

    def _neighbour(self, scene: int) -> Reasons:
        """Whether the scene enters over another one than before."""
        scenes, movie = self._differ.scenes, self.now.movie
        if not 0 < scene < len(movie.scenes) or not movie.scenes[scene].transition:
            return ()
        if scene not in scenes:
            return (f"scenes[{scene}] is new",)
        if scenes.get(scene - 1, -1) != scenes[scene] - 1:
            return (f"scenes[{scene}] enters over another scene",)
        return ()

    def _lies_over(self) -> Reasons:
        """What of the movie's own elements changed, and of what is over all scenes; else what else
        there is about a scene that did not change itself: when it begins.
        """
        over = tuple(
            str(each)
            for each in self._differences()
            if (each.path[0] == "elements" or self._is_over_all(each.element))
            and self._is_seen(each.element)
        )
        found = (*over, *self._other_contents(("elements",)))
        shown_over = any(map(self._is_seen, _paths(self.now.movie.elements)))
        if found or not self._differ.all():
            return found
        return ELSEWHEN if shown_over else ELSEWHERE

    def _is_over_all(self, path: DocumentPath) -> bool:
        element = _at(self.now.movie, path)
        return element is not None and TYPES[element.type].once

    def _is_seen(self, path: DocumentPath) -> bool:
        element = _at(self.now.movie, path)
        return element is None or bool(TYPES[element.type].shown or self._is_over_all(path))

    def _other_contents(self, place: DocumentPath, besides: str = "") -> Reasons:
        """Of the elements at or below the place, what is asked for as before and came out
        otherwise.
        """
        return tuple(
            self._came_out_otherwise(told)
            for told in self.now.report.get("elements", ())
            if told["key"] != besides
            and parsed(told["path"])[: len(place)] == place
            and (was := self._was(told))
            and _content(was) != _content(told)
        )

    def _came_out_otherwise(self, told: Said) -> str:
        url = self._urls.get(told["path"])
        return (
            f"the file behind {shown(url)} changed" if url else f"{told['path']} came out otherwise"
        )

    def _was(self, told: Said) -> Said | None:
        """What came of it before. A file of our own is keyed by what it is: its URL tells."""
        found = self._elements_before.get(told["key"])
        return found or self._media_before.get(self._urls.get(told["path"], ""))

    @cached_property
    def _media_before(self) -> dict[str, Said]:
        urls = urls_named(self._before.movie)
        named = ((urls.get(each["path"]), each) for each in self._elements_before.values())
        return {url: told for url, told in named if url and urls_in(url)}

    @cached_property
    def _urls(self) -> dict[str, str]:
        return urls_named(self.now.movie)

    def _new_with_scene(self, path: DocumentPath) -> Reasons:
        if path in self._differ.parts or not path:
            return ()
        return tuple(
            str(each) for each in self._differ.own.get(int(path[1]), ()) if path[0] == "scenes"
        )

    def _heard_otherwise(self, told: Said) -> Reasons:
        """What shows all that is heard changes with it."""
        element = _at(self.now.movie, _element_of(told["path"]))
        if element is None or not (TYPES[element.type].once or TYPES[element.type].shows_sound):
            return ()
        return (*self._differ.all(), *self._other_contents(()))

    def _passing(self) -> Reasons:
        told = self._before.report.get("elements", ())
        return tuple(f"only a stand-in was made of {e['path']}" for e in told if e.get("passing"))

    def _unseen(self, otherwise: Reasons) -> Reasons:
        """When nothing changed that the documents tell of."""
        tools = {each.report.get("made_with") for each in (self.now, self._before)}
        return UPGRADED if len(tools - {None}) > 1 else otherwise


def _scene_keys(report: Said) -> dict[int, str]:
    return {told["scene"] - 1: told["key"] for told in report.get("scenes", ())}


def _movie_key(report: Said) -> str | None:
    return report["movie"]["key"] if report else None


def _content(told: Said) -> Any:
    return told.get("content")


def _named(path: DocumentPath) -> str:
    return json_path(path) or "the movie"


def _element_of(path: str) -> DocumentPath:
    parts = parsed(path)
    return parts[: parts.index("elements") + 2]


def parsed(path: str) -> DocumentPath:
    """The parts of a path as json_path writes it, as far as its elements go."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(number) if number else name for number, name in found)


def _paths(elements: Iterable[ElementBase]) -> Iterator[DocumentPath]:
    return (("elements", place) for place, _ in enumerate(elements))


def _at(movie: Movie, path: DocumentPath) -> ElementBase | None:
    """None when it is not there any more."""
    match path:
        case ["scenes", int(scene), "elements", int(place)]:
            return movie.scenes[scene].elements[place]
        case ["elements", int(place)]:
            return movie.elements[place]
    return None


def urls_named(movie: Movie) -> dict[str, str]:
    """What its elements name, by the paths at which reports tell of it."""
    return {
        json_path((*path, *address.place)): url
        for path, element in movie.every_element()
        for address, url in named_files(element)
    }
