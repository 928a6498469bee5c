"""What `cache: false` means, for every layer of the cache. Nobody else decides it.

Three parts of a document may say it, and MEANING has a row for each:

    the movie    The finished movie is not looked up. Every scene that does not itself say `true`
                 is rendered again. Downloads are asked on condition whether they are still
                 current. Nothing is generated again: that costs money, and is a function of its
                 key.
    a scene      The finished movie is not looked up. The scene is rendered again, and with it the
                 transitions at both its ends; its elements come from the cache.
    an element   The finished movie is not looked up. The element's own tasks are made again, once
                 a submit, and its scene is rendered again. What lies over all scenes, being an
                 element of the movie, has no scene: those that show it are rendered again only if
                 its bytes changed.

Absent, null and `true` ask for nothing, but a scene's own `true` keeps it from the movie's `false`.
A proof (core.proof) asks for what no document can: every scene is rendered again, whatever it says,
and of elements what is made here, of nothing but what the key says.

What passes a cache by is stored under the same key all the same, and repairs what was there; and
within one run it is made once: what the run itself stored is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from resplice.core.document.paths import DocumentPath
from resplice.core.elements import ElementBase
from resplice.core.prices import RUNS_HERE
from resplice.core.report import Result
from resplice.core.schema.movie import Movie, Scene
from resplice.core.tasks import Task, kind_of
from resplice.frozen import frozen

Sayer = Literal["movie", "scene", "element"]


@frozen
class Meaning:
    """What `cache: false` asks for.

    renders       which scenes are rendered again: every one that does not itself say `true`, the
                  scene that says it or holds it, or none
    remakes       the tasks of the element that says it are made again
    revalidates   downloads are asked again on condition
    skips_movie   the finished movie is not looked up, nor is an equal submit waited for
    """

    renders: Literal["every", "own", "none"] = "none"
    remakes: bool = False
    revalidates: bool = False
    skips_movie: bool = True


MEANING: dict[Sayer, Meaning] = {
    "movie": Meaning(renders="every", revalidates=True),
    "scene": Meaning(renders="own"),
    "element": Meaning(renders="own", remakes=True),
}


def bypasses(movie: Movie) -> bool:
    """Whether the finished movie is made again, whatever the cache of movies holds."""
    return any(MEANING[sayer].skips_movie for sayer, _ in _said(movie))


def asked_again(movie: Movie) -> Iterator[DocumentPath]:
    """The path of all that says `cache: false`; () for the movie."""
    return (path for _, path in _said(movie))


def joins(movie: Movie) -> bool:
    """Whether equal submits at the same time share one rendering: if its result may be reused."""
    return not bypasses(movie)


def revalidates(movie: Movie) -> bool:
    """Whether downloads in the cache are asked on condition whether they are still current."""
    return any(MEANING[sayer].revalidates for sayer, _ in _said_by_movie(movie))


def forced(element: ElementBase) -> bool:
    """Whether the element's own tasks are made again."""
    return not element.cache and MEANING["element"].remakes


def is_made_here(task: Task) -> bool:
    """Whether the same comes of it whenever it is made, and nobody is asked or paid."""
    kind = kind_of(task)
    bill = kind.bill(task)
    return not kind.address and (bill is None or bill.provider in RUNS_HERE)


def rendered_again_by(movie: Movie, scene: int) -> DocumentPath | None:
    """The path of what asks for the scene to be rendered again: () for the movie, None for nothing.

    scene counts from 0; the frames after the last one, of a movie whose own elements are longer
    than its scenes, are a scene too.
    """
    own = _said_by_scene(movie.scenes[scene], scene) if scene < len(movie.scenes) else ()
    for sayer, path in own:
        if MEANING[sayer].renders != "none":
            return path
    kept = scene < len(movie.scenes) and _says_true(movie.scenes[scene])
    for sayer, path in _said_by_movie(movie):
        if MEANING[sayer].renders == "every" and not kept:
            return path
    return None


def renders_again(movie: Movie, scene: int, part: str = "body", *, proves: bool = False) -> bool:
    """Whether a part of the scene is. part: `body`, `sound`, or the `transition` into the scene,
    which shows the scene before it too. proves: whether for a proof.
    """
    return proves or any(
        rendered_again_by(movie, each) is not None for each in _shown_in(part, scene)
    )


def shows(part: str, scene: int, other: int) -> bool:
    """Whether a part of a scene shows that one, which may be another."""
    return other in _shown_in(part, scene)


def _shown_in(part: str, scene: int) -> tuple[int, ...]:
    return (scene - 1, scene) if part == "transition" and scene else (scene,)


def rejoins(pieces: Iterable[Result]) -> bool:
    """Whether the joined sound is made again: if anything is that the movie is joined from."""
    return "bypass" in pieces


def usable(*, found: bool, own: bool, again: bool) -> bool:
    """Whether a stored result may be used. own: this run made it. again: it is to be made again."""
    return found and (own or not again)


def result_of(*, usable: bool, own: bool, again: bool) -> Result:
    """What a report calls it."""
    if again:
        return "bypass"
    return "hit" if usable and not own else "miss"


def asks_again(found: Result, *, revalidate: bool) -> bool:
    """Whether a stored download is asked on condition whether it is current. found: what it is in
    a report; what this run made itself is no `hit`, and is current.
    """
    return revalidate and found == "hit"


def _said(movie: Movie) -> Iterator[tuple[Sayer, DocumentPath]]:
    """All that says `cache: false`, with its path."""
    yield from _said_by_movie(movie)
    for index, scene in enumerate(movie.scenes):
        yield from _said_by_scene(scene, index)
    for number, element in enumerate(movie.elements):
        if not element.cache:
            yield "element", ("elements", number)


def _said_by_movie(movie: Movie) -> Iterator[tuple[Sayer, DocumentPath]]:
    if not movie.cache:
        yield "movie", ()


def _said_by_scene(scene: Scene, index: int) -> Iterator[tuple[Sayer, DocumentPath]]:
    """Its elements first: who asks for most is told of."""
    for number, element in enumerate(scene.elements):
        if not element.cache:
            yield "element", ("scenes", index, "elements", number)
    if not scene.cache:
        yield "scene", ("scenes", index)


def _says_true(scene: Scene) -> bool:
    return scene.cache and "cache" in scene.model_fields_set
