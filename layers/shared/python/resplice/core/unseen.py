"""What a document asks for and nobody sees or hears, in words. Pure; never changes the movie.

It says only what lengths, places and facts already tell: it looks at no pixel and no sample, and
says nothing of what an author may well mean (a long clip in a short scene, a muted video).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import hypot

from resplice.core.composition import Canvas, Look
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.document.problems import problem_at
from resplice.core.elements import ElementBase, type_of
from resplice.core.elements.files import MASK
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.facts import MediaFacts
from resplice.core.frame_grid import HALF, at_least_a_frame, exact, frames_of
from resplice.core.warned import first, warned
from resplice.errors import Problem, shown
from resplice.frozen import frozen

NEARLY_A_FRAME = Fraction(95, 100)
"""Of a frame: 0.033 s at 30 fps is meant to be a whole one."""


@frozen
class Join:
    """A scene on the exact clock, in seconds.

    said_s     what the document makes it last; length_s what it lasts, at least a frame
    wanted_s   the length of its transition as the document has it, None without one
    overlap_s  what is left of that between its scenes
    style      the transition's, empty without one
    opaque     whether it hides what lies under the scenes
    """

    said_s: Fraction
    length_s: Fraction
    wanted_s: Fraction | None
    overlap_s: Fraction
    style: str
    opaque: bool


@frozen
class Life:
    """An element, and the seconds [start_s, end_s) in which it is there, of container_s in all.

    once: it would play for ever, but nothing says until when, so that it plays once
    """

    element: ElementBase
    around: Surroundings
    start_s: Fraction
    end_s: Fraction
    container_s: Fraction
    once: bool = False

    @property
    def path(self) -> DocumentPath:
        """Where the document has it."""
        return self.around.path


def amiss(lives: Iterable[Life]) -> Iterator[Problem]:
    """A problem for whatever is wrong with an element now that its facts are known."""
    for life in lives:
        for keys, words in type_of(life.element).amiss(life.element, life.around):
            yield problem_at([*life.path, *keys], words)


def unseen(canvas: Canvas, joins: Sequence[Join], lives: Iterable[Life]) -> tuple[str, ...]:
    """A warning for each thing that is asked for in vain, opening with its path; the first 20."""
    lives = list(lives)
    told = chain(
        (_said(("scenes", n), words) for n, words in _of_scenes(joins, canvas.fps)),
        (_said(life.path, words) for life in lives for words in _of_element(life, joins, canvas)),
        (_said(life.path, words) for life, words in _of_silence(lives)),
    )
    return tuple(first(told, MAX_WARNINGS))


def _said(path: DocumentPath, words: str) -> str:
    """Words that open with a dot are of a property."""
    return f"{shown(json_path(path))}{'' if words.startswith('.') else ' '}{words}"


def _of_scenes(joins: Sequence[Join], fps: int) -> Iterator[tuple[int, str]]:
    for number, join in enumerate(joins):
        if join.said_s * fps < NEARLY_A_FRAME:
            words = f"is {_s(join.said_s)} long, less than a frame: it lasts one"
            yield number, warned("too-short", words)
        if not join.wanted_s:
            continue
        words = _of_transition(join, join.wanted_s, fps) if number else _of_first(joins)
        if words:
            yield number, f".transition {words}"


def _of_first(joins: Sequence[Join]) -> str:
    """Scenes that are made from a list all say the same, and the first one means the others."""
    first, *others = joins
    same = others and (others[0].style, others[0].wanted_s) == (first.style, first.wanted_s)
    words = "has no scene before it and is not seen"
    return "" if same else warned("transition-unseen", words)


def _of_transition(join: Join, wanted_s: Fraction, fps: int) -> str:
    if not join.overlap_s:
        words = "is not seen: the transition before it takes all of the scene between them"
        return warned("transition-cut", words)
    if frames_of(wanted_s, fps) == 0:
        words = f"is {_s(wanted_s)} long, less than half a frame, and is not seen"
        return warned("too-short", words)
    if join.overlap_s < wanted_s:
        words = f"lasts {_s(join.overlap_s)}, not {_s(wanted_s)}: its scenes have no more"
        return warned("transition-cut", words)
    return ""


def _of_element(life: Life, joins: Sequence[Join], canvas: Canvas) -> Iterator[str]:
    if words := _never_there(life, canvas.fps):
        yield words
        return
    if life.once and life.end_s < life.container_s:
        yield warned("plays-once", ".loop is -1, but no 'duration' says until when: it plays once")
    yield from _fades(life, canvas.fps)
    row = type_of(life.element)
    yield from row.in_vain(life.element, life.around)
    mask = life.around.at(MASK.place)
    if isinstance(mask, MediaFacts) and mask.black:
        words = ".mask is black all over: nothing of the element is seen"
        yield warned("mask-hides-all", words)
    if row.shown:
        yield from _out_of_sight(life, row.shown(life.element, life.around, 1), joins, canvas)


def _of_silence(lives: Sequence[Life]) -> Iterator[tuple[Life, str]]:
    """Waveforms of what is never heard: a movie's show what is heard in any scene, too."""
    waves = [
        life for life in lives if type_of(life.element).shows_sound and life.start_s < life.end_s
    ]
    heard = _WhenHeard(lives) if waves else None
    for life in waves:
        if heard and not heard.during(life):
            words = "shows what is heard, but nothing is heard in its {} while it is there"
            said = f"{words.format(_container(life))}: it stays a line"
            yield life, warned("nothing-heard", said)


class _WhenHeard:
    """When anything is heard, by the container of what is."""

    def __init__(self, lives: Iterable[Life]) -> None:
        self._spans: dict[DocumentPath, list[tuple[Fraction, Fraction]]] = {}
        for life in sorted(lives, key=lambda each: each.start_s):
            heard = type_of(life.element).heard
            if not heard or life.start_s >= life.end_s or not heard(life.element, life.around):
                continue
            spans = self._spans.setdefault(life.path[:-1], [])
            if spans and life.start_s <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(spans[-1][1], life.end_s)
            else:
                spans.append((life.start_s, life.end_s))

    def during(self, life: Life) -> bool:
        spans = self._spans.get(life.path[:-1], [])
        if _container(life) == "movie" and len(self._spans) > bool(spans):
            return True
        index = bisect_left(spans, life.end_s, key=lambda span: span[0])
        return index > 0 and spans[index - 1][1] > life.start_s


def _never_there(life: Life, fps: int) -> str:
    seen = type_of(life.element).shown is not None
    if life.start_s >= life.container_s:
        begins = f"begins at {_s(life.start_s)}, but its {_container(life)} is only"
        never = "seen" if seen else "heard"
        words = f"{begins} {_s(life.container_s)} long: it is never {never}"
        return warned("after-the-end", words)
    end_s = life.end_s
    if end_s == life.container_s:
        end_s = at_least_a_frame(end_s, fps)
    if seen and frames_of(end_s, fps) <= frames_of(life.start_s, fps):
        lasts = _s(life.end_s - life.start_s)
        return warned("too-short", f"is there for {lasts}, less than a frame, and is not seen")
    return ""


def _fades(life: Life, fps: int) -> Iterator[str]:
    """Fades that are cut because the element is not there for so long."""
    lasts_s = life.end_s - life.start_s
    sides = (("fade-in", life.element.fade_in), ("fade-out", life.element.fade_out))
    for name, fade in sides:
        if fade and (exact(fade) - lasts_s) * fps > HALF:
            there = f"the element is there for {_s(lasts_s)} only"
            yield warned("fade-cut", f".{name} is {_s(exact(fade))}, but {there}")


def _out_of_sight(life: Life, seen: Shown, joins: Sequence[Join], canvas: Canvas) -> Iterator[str]:
    drawn = seen.look
    if seen.picture.has_alpha and drawn.scaled == (1, 1):
        yield warned("blank", "has nothing in it that could be seen")
    elif _outside(drawn, canvas):
        yield warned("outside-canvas", "lies outside the canvas and is never seen")
    elif _container(life) == "movie" and life.element.z_index < 0 and _hidden(life, joins):
        words = "lies under scenes that hide it: no background over it is transparent"
        yield warned("hidden", words)


def _outside(drawn: Look, canvas: Canvas) -> bool:
    """Whether no pixel of it touches the canvas, however it turns about its middle."""
    (width, height), x, y = drawn.size, drawn.x, drawn.y
    right, bottom = float(x + width), float(y + height)
    left, top = float(x), float(y)
    if drawn.rotation:
        reach, middle_x, middle_y = hypot(width, height) / 2, x + width / 2, y + height / 2
        left, right = middle_x - reach, middle_x + reach
        top, bottom = middle_y - reach, middle_y + reach
    return right <= 0 or bottom <= 0 or left >= canvas.width or top >= canvas.height


def _hidden(life: Life, joins: Sequence[Join]) -> bool:
    """Whether opaque scenes are shown for all of its time."""
    end_s = Fraction(0)
    for join in joins:
        start_s = end_s - join.overlap_s
        end_s = start_s + join.length_s
        if not join.opaque and start_s < life.end_s and life.start_s < end_s:
            return False
    return life.end_s <= end_s


def _container(life: Life) -> str:
    return "scene" if life.path[0] == "scenes" else "movie"


def _s(seconds: Fraction) -> str:
    return f"{float(seconds):g} s"
