"""A document with variables to the same document without: what the other stages see.

Resolves `{{ }}`, drops what a false condition leaves out, repeats scenes over arrays, appends
imported elements. No defaults, no types, no lengths: what is malformed passes for the schema to
name. Paths in problems are those of the document as it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from resplice.core.document.absences import unused
from resplice.core.document.expression import ExpressionError
from resplice.core.document.fields import SPENT, VERBATIM
from resplice.core.document.limits import MAX_ELEMENTS, MAX_PROBLEMS, MAX_SCENES, VALUE_CHARS
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.document.problems import problem_at
from resplice.core.document.scope import PLAIN, Budget, LimitError, Scope
from resplice.errors import DocumentError, Problem

_ATTEMPT_CHARS = 4 * VALUE_CHARS
"""What a scene or an element costs though its condition may be false."""


def expand(
    document: Mapping[str, Any], variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The document with nothing left to resolve. Raises DocumentError with all problems."""
    movie, problems, _ = expanded(document, variables)
    if problems:
        raise DocumentError(problems)
    return movie


def expanded(
    document: Mapping[str, Any], variables: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[Problem], tuple[str, ...]]:
    """The document with nothing left to resolve, as a new dict, what was wrong with it, and what
    is told of its variables.

    variables are the request's; they are merged over the movie's own, objects key by key. A
    field that could not be resolved is left out. Raises DocumentError when there are 100 problems
    or the movie grows beyond a limit.
    """
    expansion = _Expansion(document)
    try:
        movie = expansion.movie(variables or {})
    except LimitError as error:
        raise DocumentError([*expansion.problems, Problem("", str(error))]) from None
    return movie, list(expansion.problems), tuple(expansion.warnings)


def origins(
    document: Mapping[str, Any], variables: Mapping[str, Any] | None = None
) -> dict[DocumentPath, DocumentPath]:
    """Of each scene and element of the expanded document, its place in the one that was given.

    Raises DocumentError as `expanded`.
    """
    expansion = _Expansion(document)
    try:
        movie = expansion.movie(variables or {})
    except LimitError as error:
        raise DocumentError([Problem("", str(error))]) from None
    return dict(zip(_parts_of(movie), expansion.came_from, strict=True))


def _parts_of(movie: Mapping[str, Any]) -> Iterator[DocumentPath]:
    """Scenes and elements, as a walk over the document leaves them behind."""
    for key, value in movie.items():
        if key == "elements":
            yield from _elements_of(movie, ())
        elif key == "scenes" and isinstance(value, list):
            for index, scene in enumerate(value):
                yield ("scenes", index)
                yield from _elements_of(scene, ("scenes", index))


def _elements_of(part: Any, path: DocumentPath) -> Iterator[DocumentPath]:
    own = part.get("elements") if isinstance(part, dict) else None
    return ((*path, "elements", n) for n in range(len(own) if isinstance(own, list) else 0))


class _Expansion:
    """One walk over a document. problems is an ordered set. came_from: places, in the order of the
    walk, of all scenes and elements that it found.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.problems: dict[Problem, None] = {}
        self.warnings: list[str] = []
        self.came_from: list[DocumentPath] = []
        self._document = document
        self._budget = Budget()
        self._scenes_left = MAX_SCENES
        self._elements_left = MAX_ELEMENTS

    def movie(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        own = self._variables_of(self._document, ())
        names = merged(own, variables)
        scope = self._inner(Scope({}, self._budget), names, ())
        if not self._holds(self._document, scope, ()):
            self._refuse(("condition",), "the movie's own condition is false")
        parts = {"scenes": self._scenes, "elements": self._elements}
        movie = self._fields(self._document, scope, (), parts)
        self.warnings = [*scope.absences.warnings, *unused(self._document, names)]
        return movie

    def _scenes(self, scenes: Any, scope: Scope, path: DocumentPath) -> Any:
        if not isinstance(scenes, list):
            return scope.filled(scenes, path, self._refuse)
        return [
            scene
            for index, source in enumerate(scenes)
            for scene in self._repeated(source, scope, (*path, index))
        ]

    def _repeated(self, scene: Any, scope: Scope, path: DocumentPath) -> Iterator[Any]:
        if not isinstance(scene, dict):
            self._count_scene(path)
            yield scope.filled(scene, path, self._refuse)
            return
        for outer in self._turns(scene, scope, path):
            self._budget.spend(_ATTEMPT_CHARS)
            inner = self._inner(outer, self._variables_of(scene, path), path)
            if self._holds(scene, inner, path):
                self._count_scene(path)
                yield self._scene(scene, inner, path)

    def _count_scene(self, path: DocumentPath) -> None:
        self.came_from.append(path)
        self._scenes_left -= 1
        if self._scenes_left < 0:
            raise LimitError(f"The movie has more than {MAX_SCENES} scenes")

    def _turns(self, scene: dict[str, Any], scope: Scope, path: DocumentPath) -> Iterator[Scope]:
        """The scope around each repetition; the given one when the scene is not repeated."""
        name = scene.get("iterate")
        if name is None or name == "":
            yield scope
            return
        try:
            items = scope.items(str(name))
        except ExpressionError as error:
            self._refuse((*path, "iterate"), error)
            return
        alias = scene.get("iterate-as") or "item"
        yield from (scope.turn(item, str(alias)) for item in items)

    def _scene(self, scene: dict[str, Any], scope: Scope, path: DocumentPath) -> dict[str, Any]:
        imported = self._imported(scene, scope, path)

        def elements(value: Any, scope: Scope, path: DocumentPath) -> Any:
            own = self._elements(value, scope, path)
            if not isinstance(own, list):
                return own
            more = (self._elements(theirs, scope, at) for at, theirs in imported)
            return [*own, *(element for part in more for element in part)]

        source = {**scene, "elements": scene.get("elements") or []} if imported else scene
        fields = self._fields(source, scope, path, {"elements": elements})
        fields.pop("import", None)
        return fields

    def _imported(
        self, scene: dict[str, Any], scope: Scope, path: DocumentPath
    ) -> list[tuple[DocumentPath, Any]]:
        """The elements of the scene that this one imports, of the one which that imports, …"""
        found: list[tuple[DocumentPath, Any]] = []
        source: Any = scene
        seen = {id(scene)}
        here = (*path, "import")
        while wanted := scope.filled(source.get("import"), here, self._refuse):
            self._budget.spend(_ATTEMPT_CHARS)
            index, source = self._scene_by_id.get(str(wanted), (0, None))
            if source is None or id(source) in seen:
                reason = "no scene has the id" if source is None else "a circle of imports at"
                self._refuse(here, f"{reason} '{shortened(str(wanted))}'")
                break
            seen.add(id(source))
            if isinstance(source.get("elements"), list):
                found.append((("scenes", index, "elements"), source["elements"]))
        return found

    @cached_property
    def _scene_by_id(self) -> dict[str, tuple[int, dict[str, Any]]]:
        """Its place and itself; the first of those with the same id."""
        placed = reversed(list(enumerate(self._document["scenes"])))
        return {str(s["id"]): (i, s) for i, s in placed if isinstance(s, dict) and "id" in s}

    def _elements(self, elements: Any, scope: Scope, path: DocumentPath) -> Any:
        if not isinstance(elements, list):
            return scope.filled(elements, path, self._refuse)
        return [
            element
            for index, source in enumerate(elements)
            for element in self._element(source, scope, (*path, index))
        ]

    def _element(self, element: Any, scope: Scope, path: DocumentPath) -> Iterator[Any]:
        """The element, or nothing when its condition is false."""
        if not isinstance(element, dict):
            self._count_element(path)
            yield scope.filled(element, path, self._refuse)
            return
        self._budget.spend(_ATTEMPT_CHARS)
        inner = self._inner(scope, self._variables_of(element, path), path)
        if self._holds(element, inner, path):
            self._count_element(path)
            yield self._fields(element, inner, path, {})

    def _count_element(self, path: DocumentPath) -> None:
        self.came_from.append(path)
        self._elements_left -= 1
        if self._elements_left < 0:
            raise LimitError(f"The movie has more than {MAX_ELEMENTS} elements")

    def _fields(
        self,
        source: Mapping[str, Any],
        scope: Scope,
        path: DocumentPath,
        parts: Mapping[str, Callable[[Any, Scope, DocumentPath], Any]],
    ) -> dict[str, Any]:
        """The object's fields, resolved; those named in parts by their own function."""
        fields: dict[str, Any] = {}
        plain_chars = 0
        for key, value in source.items():
            if key in SPENT:
                continue
            if type(value) in PLAIN and key not in parts:
                fields[key] = value
                plain_chars += VALUE_CHARS + len(key)
                continue
            self._budget.spend(len(key))
            if key in parts:
                now = parts[key](value, scope, (*path, key))
            elif key in VERBATIM:
                now = scope.copied(value)
            else:
                now = scope.filled(value, (*path, key), self._refuse)
            if now is not None or value is None:
                fields[key] = now
        self._budget.spend(plain_chars)
        return fields

    def _holds(self, source: Mapping[str, Any], scope: Scope, path: DocumentPath) -> bool:
        condition = source.get("condition")
        try:
            return condition is None or scope.holds(condition)
        except ExpressionError as error:
            self._refuse((*path, "condition"), error)
            return True

    def _variables_of(self, source: Mapping[str, Any], path: DocumentPath) -> Mapping[str, Any]:
        variables = source.get("variables")
        if isinstance(variables, Mapping):
            return variables
        # PHP writes an empty object as [].
        if variables is not None and variables != []:
            self._refuse((*path, "variables"), "must be an object")
        return {}

    def _inner(self, scope: Scope, variables: Mapping[str, Any], path: DocumentPath) -> Scope:
        try:
            return scope.inner(variables)
        except ExpressionError as error:
            self._refuse((*path, "variables"), error)
            return scope

    def _refuse(self, path: DocumentPath, reason: ExpressionError | str) -> None:
        name = next(part for part in reversed(path) if isinstance(part, str))
        self.problems[problem_at(path, f"'{shortened(name)}': {reason}")] = None
        if len(self.problems) >= MAX_PROBLEMS:
            raise DocumentError(self.problems)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Objects are merged key by key, all else is replaced."""
    both = {**under, **over}
    for key in under.keys() & over.keys():
        if isinstance(under[key], dict) and isinstance(over[key], dict):
            both[key] = merged(under[key], over[key])
    return both
