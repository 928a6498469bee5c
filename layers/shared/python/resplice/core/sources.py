"""What must be made before anything can be placed: downloads, paintings, …, as tasks.

Tasks come in rounds: a text in a downloaded font can be painted only when the font is there, so
`element_tasks` is asked again with what is known until nothing is. What an element needs is said
by its row of TYPES; nothing here knows a type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, islice

from resplice.core.addresses import is_address
from resplice.core.caching import forced
from resplice.core.composition import Canvas
from resplice.core.document.limits import MAX_PROBLEMS, MAX_WARNINGS
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.problems import problem_at
from resplice.core.elements import TYPES, ElementBase, type_of
from resplice.core.elements.drawings import drawings
from resplice.core.elements.files import Address, named
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import Facts, FactsOf, MediaFacts
from resplice.core.media import NO_VERSIONS, unpinned
from resplice.core.providers import NO_OFFERS, Offers, Service
from resplice.core.schema.movie import Movie
from resplice.core.soundtrack import soundtrack
from resplice.core.tasks import Task, pinned_task
from resplice.core.warned import first, warned
from resplice.errors import Problem, shown
from resplice.frozen import frozen


@frozen
class ElementTask:
    """An element task, and whom it is for.

    path    of the element; a mask or font is at a path inside its element
    type    the element's type, for reports
    forced  the document asks for it to be made again
    """

    path: DocumentPath
    type: str
    task: Task
    forced: bool


def element_tasks(
    movie: Movie,
    known: FactsOf,
    offers: Offers = NO_OFFERS,
    versions: Mapping[str, str] = NO_VERSIONS,
) -> list[ElementTask]:
    """Every task that is not in `known` and that needs nothing but what is. versions: of files of
    our own, by URL.
    """
    canvas = Canvas(*movie.size(), movie.fps)
    track = cache(lambda: soundtrack(movie, known, canvas, offers))
    return [
        ElementTask((*path, *place), element.type, pinned_task(task, versions), forced(element))
        for path, element in movie.each_element()
        for around in (Surroundings(canvas, path, known, offers, track),)
        for place, task in chain(type_of(element).needs(element, around), drawings(element, around))
        if (*path, *place) not in known
    ]


def named_files(element: ElementBase) -> Iterator[tuple[Address, str]]:
    """The files that an element names, each with its URL."""
    row = type_of(element)
    return named(element, (*row.addresses, *row.files_in(getattr(element, "settings", None))))


def place_of(path: DocumentPath) -> DocumentPath:
    """The place inside its element that a task's path names; () for the element itself."""
    return path[path.index("elements") + 2 :]


def document_path(path: DocumentPath, element_type: str) -> DocumentPath:
    """Where the document says what a task's path is about: the `src`, where that is the element's
    own; else as `said_path`.
    """
    place = place_of(path)
    address = _address(element_type, place)
    element = path[: len(path) - len(place)]
    return (*element, *address.keys) if address else said_path(path, element_type)


def medium_at(path: DocumentPath, element_type: str) -> str:
    """The name of what is wanted behind the address that a task's path names; empty for others."""
    address = _address(element_type, place_of(path))
    return address.medium.name if address else ""


def said_path(path: DocumentPath, element_type: str) -> DocumentPath:
    """The task's path, or the element's where that has no such field: a line of subtitles."""
    place = place_of(path)
    fields = TYPES[element_type].model.model_fields.items()
    if not place or place[0] in {field.alias or name for name, field in fields}:
        return path
    return path[: len(path) - len(place)]


def _address(element_type: str, place: DocumentPath) -> Address | None:
    row = TYPES[element_type]
    return next((each for each in row.addresses if each.place == place), row.file_at(place))


def notes(movie: Movie, offers: Offers) -> list[str]:
    """What is done otherwise than elements ask, each with its path; the first 20."""
    return first(_notes(movie, offers), MAX_WARNINGS)


def _notes(movie: Movie, offers: Offers) -> Iterator[str]:
    canvas = Canvas(*movie.size(), movie.fps)
    for path, taken in movie.displaced():
        note = warned("one-counts", f"only one counts in a movie: {json_path(taken)}")
        yield f"{json_path(path)}: {note}"
    for path, element in movie.each_element():
        around = Surroundings(canvas, path, {}, offers)
        for keys, note in type_of(element).notes(element, around):
            yield f"{json_path((*path, *keys))}: {note}"


@frozen
class Asked:
    """What a movie's elements ask of others, each sorted.

    services    what providers do for it
    components  those that it is made of
    connections those that are named
    """

    services: tuple[Service, ...]
    components: tuple[str, ...]
    connections: tuple[str, ...]


def asked_by(movie: Movie) -> Asked:
    services, components, connections = set[Service](), set[str](), set[str]()
    for _, element in movie.each_element():
        row = type_of(element)
        services.update(row.services(element))
        components.update(row.components(element))
        # Of a type that has none it is a name that nobody knows, and may be anything.
        if (named := getattr(element, "connection", None)) and isinstance(named, str):
            connections.add(named)
    return Asked(tuple(sorted(services)), tuple(sorted(components)), tuple(sorted(connections)))


def source_problems(
    movie: Movie, offers: Offers = NO_OFFERS, *, files_allowed: bool
) -> list[Problem]:
    """What can be said against sources and settings before anything is fetched: the first 100."""
    return list(islice(_source_problems(movie, offers, files_allowed), MAX_PROBLEMS))


def _source_problems(movie: Movie, offers: Offers, files_allowed: bool) -> Iterator[Problem]:
    canvas = Canvas(*movie.size(), movie.fps)
    for path, element in movie.each_element():
        for address, url in named_files(element):
            if reason := _refused(url, files_allowed):
                yield problem_at([*path, *address.keys], reason)
        around = Surroundings(canvas, path, {}, offers)
        for keys, fault in type_of(element).faults(element, around):
            yield problem_at([*path, *keys], fault)


def lacks(movie: Movie) -> list[Problem]:
    """What its elements lack: JSON2Video takes such a movie, and says so when it renders it."""
    found = (
        problem_at([*path, *keys], lack)
        for path, element in movie.each_element()
        for keys, lack in type_of(element).lacks(element)
    )
    return list(islice(found, MAX_PROBLEMS))


def _refused(url: str, files_allowed: bool) -> str | None:
    if not url.strip():
        return "The source URL is empty; was a variable left unresolved?"
    is_file = url.partition(":")[0].lower() == "file"
    if (is_file and not files_allowed) or not is_address(url):
        local = " or a local file" if files_allowed else ""
        return f"The source '{url[:200]}' must be an http, https or data URL{local}"
    return None


def kind_problems(movie: Movie, known: FactsOf) -> list[Problem]:
    """Elements whose source turned out to be something that they cannot show or play."""
    return [
        problem_at([*path, *address.keys], unsuitable(element.type, address.place, url, _is(found)))
        for path, element in movie.each_element()
        for address, url in named_files(element)
        if (found := known.get((*path, *address.place))) and not _suits(address, found)
    ]


def _suits(address: Address, found: Facts) -> bool:
    return isinstance(found, address.medium.facts) and address.medium.suits(found)


def unsuitable(element_type: str, place: DocumentPath, url: str, found: str) -> str:
    """Says that what is behind the URL cannot be used. found: what it is, `plain text`."""
    address = _address(element_type, place)
    takes = address.medium.name if address else element_type
    user = _with_article(f"{element_type} element") + (f"'s {place[-1]}" if place else "")
    return (
        f"The URL provided is not {_with_article(takes)} file and cannot be used as a source for "
        f"{user}; '{shown(unpinned(url))}' is {found}"
    )


def _is(found: Facts) -> str:
    if not isinstance(found, MediaFacts):
        return "no media file"
    silent = found.kind == "video" and not found.has_audio
    return _with_article(found.kind) + " without sound" * silent


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aih' else 'a'} {noun}"
