"""Purging: take things out of the cache, so that they are made again, and nothing else.

What is purged is an entry: what asks for it finds nothing. The file of a finished movie stays where
its projects say it is, and bytes that several entries lead to stay for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from resplice.core.caching import shows
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.strict_json import parse
from resplice.core.facts import content_key
from resplice.core.keys import element_key
from resplice.core.media import unpinned
from resplice.core.owners import FIRST_OWNER
from resplice.core.tasks import CaptionsTask, FetchTask, Task, pinned_task
from resplice.core.time_units import DAY_MS
from resplice.core.why import parsed
from resplice.errors import DocumentError, Forbidden, NotFound, Problem
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import ListedObject
from resplice.steps import media
from resplice.steps.answers import answer_keys
from resplice.steps.cached_elements import NO_RUN, cached_elements
from resplice.steps.makers import maker_of
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.pipeline.plan import plan_movie
from resplice.steps.projects import status

BY_ADDRESS: tuple[type[Task], ...] = (FetchTask, CaptionsTask)
"""Tasks that an address alone makes."""
ELEMENT = re.compile(r"(scenes\[\d{1,4}\]\.)?elements\[\d{1,5}\]")
AGED = ("elements/", "scenes/")
"""What goes by age: a movie's file is somebody's to download."""
PAGE = 10_000
WHILE_MS = 10_000
"""How long one call goes on; who called is told where it left off."""


@frozen
class Purged:
    """How many entries of each layer are gone, or would be, and the bytes that they led to.

    next: where a call for the rest is to go on; None when there is no rest
    """

    elements: int = 0
    scenes: int = 0
    movies: int = 0
    size_bytes: int = 0
    next: str | None = None


def purge_url(url: str, ports: Ports, *, dry: bool) -> Purged:
    """What was downloaded from there. Finished movies that are made of it are made again too."""
    named = media.versions([unpinned(url.strip())], ports.owner, ports)
    tasks = [pinned_task(kind(url.strip()), named) for kind in BY_ADDRESS]  # type: ignore[call-arg]
    return _without_elements(tasks, ports, dry=dry)


def purge_element(project_id: str, element: str, ports: Ports, *, dry: bool) -> Purged:
    """All that was made for one element of a project. Raises DocumentError, NotFound."""
    accepted = _accepted(project_id, ports)
    path = _element_path(element, accepted)
    cached = cached_elements(accepted, ports)
    tasks = [each.task for each in cached.tasks if each.path[: len(path)] == path]
    found = _without_elements(dict.fromkeys(tasks), ports, dry=dry)
    return replace(found, movies=_without_movie(accepted.key, ports, dry=dry).movies)


def purge_scene(project_id: str, scene: int, ports: Ports, *, dry: bool) -> Purged:
    """The pictures and the sound of one scene of a project, counted from 1, and the transitions at
    its ends. Raises DocumentError, NotFound.
    """
    accepted = _accepted(project_id, ports)
    scenes = len(accepted.movie.scenes)
    if not 1 <= scene <= scenes:
        raise _wrong("scene", f"there is no scene {scene}: the movie has {scenes}, counted from 1")
    cached = cached_elements(accepted, ports)
    if cached.missing:
        path = json_path(next(iter(cached.missing)))
        said = "so it is not known what its scenes were made of: render it, or purge another way"
        raise NotFound(f"{path} is not in the cache any more, {said}")
    planned = plan_movie(accepted.movie, cached.facts, ports, NO_RUN, accepted.offers)
    shown = (work for work in planned.work if shows(work.part, work.scene, scene - 1))
    keys = list(dict.fromkeys(work.key for work in shown))
    there = [found for found in ports.objects.heads(keys) if found]
    if not dry:
        for found in there:
            ports.objects.delete(found.key)
    movies = _without_movie(accepted.key, ports, dry=dry).movies
    return Purged(0, len(there), movies, sum(found.size_bytes for found in there))


def purge_movie(project_id: str, ports: Ports, *, dry: bool) -> Purged:
    """A project's movie as the cache has it: it is joined again from what its scenes are."""
    return _without_movie(_accepted(project_id, ports).key, ports, dry=dry)


def purge_older(days: int, ports: Ports, after: str, *, dry: bool) -> Purged:
    """Everything of elements and scenes that nobody used for so long, whoever's it is.

    after: where an earlier call left off. Raises Forbidden for another than the first owner: what
    lies in the store does not say whose it is.
    """
    if ports.owner != FIRST_OWNER:
        raise Forbidden("Insufficient permissions: what is old may be of other owners too")
    until_ms = ports.clock.now_ms() + WHILE_MS
    before_ms = ports.clock.now_ms() - days * DAY_MS
    gone: list[ListedObject] = []
    for prefix in AGED:
        at = max(after, prefix) if after < f"{prefix}~" else None
        while at is not None:
            page = ports.objects.page(prefix, at, PAGE)
            old = [each for each in page if each.used_at_ms < before_ms]
            gone += old
            if not dry:
                list(ports.lookups.map(ports.objects.delete, [each.key for each in old]))
            at = page[-1].key if page else None
            if at is not None and ports.clock.now_ms() >= until_ms:
                return _counted(gone, at)
    return _counted(gone, None)


def _counted(gone: Sequence[ListedObject], at: str | None) -> Purged:
    elements = sum(each.key.startswith("elements/") for each in gone)
    size_bytes = sum(each.size_bytes for each in gone)
    return Purged(elements, len(gone) - elements, 0, size_bytes, at)


def _without_elements(tasks: Iterable[Task], ports: Ports, *, dry: bool) -> Purged:
    """Also where nothing is there: a movie may be, of what was there."""
    found, size_bytes = 0, 0
    for task in tasks:
        key = element_key(task, ports.tools)
        answers = answer_keys(task, key, ports) if maker_of(task).alone else ()
        pointers = filter(None, map(ports.cache_index.pointer, (key, *answers)))
        digests = {pointer["digest"] for pointer in pointers if "digest" in pointer}
        found += bool(digests)
        size_bytes += sum(_size_bytes(content_key(digest), ports) for digest in digests)
        if not dry:
            # What says where answers are goes last: who dies in between can begin again.
            for answer in answers:
                ports.cache_index.drop(answer)
            ports.cache_index.forget(key, ports.clock.now_ms())
    return Purged(found, 0, 0, size_bytes)


def _size_bytes(key: str, ports: Ports) -> int:
    stored = ports.objects.head(key)
    return stored.size_bytes if stored else 0


def _without_movie(key: str, ports: Ports, *, dry: bool) -> Purged:
    found = ports.cache_index.pointer(key)
    size_bytes = _size_bytes(found["object"], ports) if found else 0
    if not dry:
        ports.cache_index.forget(key, ports.clock.now_ms())
    return Purged(movies=int(bool(found)), size_bytes=size_bytes)


def _accepted(project_id: str, ports: Ports) -> Accepted:
    project = status(project_id, ports.owner, ports)
    document = parse(project.document.encode())
    accepted = accept(document, ports.tools, ports.offers, ports.components.all)
    return media.as_now(accepted, ports)


def _element_path(element: str, accepted: Accepted) -> DocumentPath:
    if not ELEMENT.fullmatch(element):
        raise _wrong("element", "'element' is a path like scenes[0].elements[1] or elements[0]")
    path = parsed(element)
    if path not in {there for there, _ in accepted.movie.every_element()}:
        raise _wrong("element", f"there is no {element} in the movie")
    return path


def _wrong(path: str, said: str) -> DocumentError:
    return DocumentError([Problem(path, said)])
