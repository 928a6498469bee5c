"""The movie layer of the cache: a movie's key leads to the object that is its file, and to what
was said of it.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.prices import Total
from resplice.core.report import MovieResult, Report
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import MAX_REFRESHED_BYTES, StoredFacts, StoredObject
from resplice.steps.movie_files import show
from resplice.steps.pointing import point

MAX_WARNING_CHARS = 500
"""Of each that is kept: a record holds only so much."""
FILES = ("elements/fetch/", "elements/captions/")
"""What the keys of downloads begin with."""
FILE_CHARS = 16
BESIDE = ("ass", "thumbnail", "manifest")
"""What goes with a movie: fields of an Outcome, each an object's key or None."""


@frozen
class Outcome:
    """A stored movie, and what it was made from. ass: the key of its subtitles, if it has some;
    thumbnail: that of its poster, which those of earlier versions lack. new_at_ms: since when the
    files are surely as new as they were then. began_ms: when the run began that made it; 0 of one
    that was found. manifest: the key of what says what it was made of; stills have none, nor those
    of earlier versions.
    """

    stored: StoredObject
    report: Report
    ass: str | None = None
    thumbnail: str | None = None
    new_at_ms: int = 0
    began_ms: int = 0
    manifest: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The keys of all its objects, that of the movie first."""
        return _files(self.stored.key, self.ass, self.thumbnail, self.manifest)

    def of(self, said: tuple[str, ...]) -> Outcome:
        """As the movie of a document of which that is to be said."""
        return replace(self, report=replace(self.report, said=said))


def look_up(
    movie_key: str, ports: Ports, result: MovieResult = "hit", shown_by: str | None = None
) -> Outcome | None:
    """The movie as the cache has it, with the warnings that it was made with. One that a passing
    trouble made other than asked for is only for those that waited for it.

    shown_by: the project that shows its files from now on.
    """
    pointer = ports.cache_index.pointer(movie_key)
    if not pointer or (pointer.get("passing") and result != "joined"):
        return None
    if _is_of_forgotten_files(pointer, ports):
        return None
    ass, thumbnail, manifest = (pointer.get(name) for name in BESIDE)
    files = _files(pointer["object"], ass, thumbnail, manifest)
    found = show(shown_by, files, ports) if shown_by else ports.objects.heads(files)
    stored = found[0] if all(found) else None
    if not stored:
        return None
    saved_ms = stored.facts.get("render_ms", 0)
    warnings, spared = tuple(pointer.get("warnings", ())), Total(*pointer.get("cost", (0, 0)))
    report = Report(result, movie_key, saved_ms=saved_ms, warnings=warnings, spared=spared)
    new_at_ms = _new_at_ms(pointer, stored, ports)
    return Outcome(stored, report, ass, thumbnail, new_at_ms, manifest=manifest)


def _new_at_ms(pointer: StoredFacts, stored: StoredObject, ports: Ports) -> int:
    """Its use makes an object new that is half as old as it may be."""
    made_ms, kept_ms = pointer.get("as_of_ms", 0), ports.movies_kept_ms
    if kept_ms is None or stored.size_bytes > MAX_REFRESHED_BYTES:
        return int(made_ms)
    return max(int(made_ms), ports.clock.now_ms() - kept_ms // 2)


def _files(movie: str, *beside: str | None) -> tuple[str, ...]:
    return (movie, *(key for key in beside if key))


def forget(movie_key: str, file: str, ports: Ports) -> None:
    """The movie's key leads to the file no more, if it does."""
    pointer = ports.cache_index.pointer(movie_key)
    if pointer and pointer["object"] == file:
        ports.cache_index.drop(movie_key)


def publish(made: Outcome, ports: Ports) -> None:
    """From now on the movie's key leads to its object, unless to one of a run begun later. The
    first MAX_WARNINGS warnings are kept with it.
    """
    from resplice.core.warned import first, shortened  # Late: what is found again needs no words.

    told = first(made.report.warnings, MAX_WARNINGS)
    warnings = [shortened(each, MAX_WARNING_CHARS) for each in told]
    cost = astuple(made.report.spent + made.report.spared)
    pointer: dict[str, Any] = {
        "object": made.stored.key,
        "warnings": warnings,
        "cost": cost,
        **{name: getattr(made, name) for name in BESIDE},
    }
    if any(each.passing for each in made.report.elements):
        pointer["passing"] = True
    files = {file_name(each.key) for each in made.report.elements if is_file(each.key)}
    if files:
        pointer["files"] = sorted(files)
    point(made.report.key, pointer, made.began_ms, ports)


def is_file(element_key: str) -> bool:
    """Whether it is of what lies behind an address, which may change."""
    return element_key.startswith(FILES)


def file_name(element_key: str) -> str:
    """As much of its key as a movie keeps: it may be made of thousands."""
    return element_key[-FILE_CHARS:]


def _is_of_forgotten_files(pointer: StoredFacts, ports: Ports) -> bool:
    """Whether a file that it is made of was forgotten since its making began, so that it is not
    known any more whether it is what lies behind the address.
    """
    files = pointer.get("files")
    if not files:
        return False
    forgotten = ports.cache_index.forgotten(pointer.get("as_of_ms", 0))
    return not {file_name(key) for key in forgotten if is_file(key)}.isdisjoint(files)
