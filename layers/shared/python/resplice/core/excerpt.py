"""An excerpt: a scene of a movie, and what it is blended with, as a movie of its own. Pure.

What is seen in the scene is then known before the rest of the movie is. It may still be cut in
another way there: where lengths are no whole number of frames, its place decides.
"""

from __future__ import annotations

from resplice.core.document.paths import DocumentPath
from resplice.core.elements import type_of
from resplice.core.facts import FactsOf
from resplice.core.schema.movie import Movie
from resplice.frozen import frozen


@frozen
class Excerpt:
    """scene: the number of the scene in the movie of its own. first: where that begins in the whole
    one.
    """

    movie: Movie
    scene: int
    first: int

    def facts(self, whole: FactsOf) -> FactsOf:
        """Those of its elements, by their paths in it."""
        last = self.first + len(self.movie.scenes)
        return {
            (path[0], place - self.first, *path[2:]): found
            for path, found in whole.items()
            for place in (scene_of(path),)
            if place is not None and self.first <= place < last
        }


def is_excerptible(movie: Movie) -> bool:
    """Whether no scene shows what is of the movie."""
    over = all(type_of(element).shown is None for element in movie.elements)
    return over and not any(type_of(element).once for _, element in movie.every_element())


def excerpt(movie: Movie, scene: int) -> Excerpt:
    """The scene, and those beside it that a transition blends it with."""
    scenes = movie.scenes
    first = scene - 1 if scene and scenes[scene].transition else scene
    blended = scene + 1 < len(scenes) and scenes[scene + 1].transition
    last = scene + 1 if blended else scene
    own = movie.model_copy(update={"scenes": scenes[first : last + 1], "elements": ()})
    return Excerpt(own, scene - first, first)


def scene_of(path: DocumentPath) -> int | None:
    """The number of the scene that it lies in."""
    return path[1] if path[0] == "scenes" and isinstance(path[1], int) else None
