"""Text styles, as a viewer sees them: in pixels of finished movies, before, during and after."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from resplice.core.text.styles import STYLES
from stage import Stage, extent

Picture = NDArray[np.int16]
FPS, SECONDS = 20, 4
WIDTH, HEIGHT = 640, 128
TEXT = "HHHH HHHH"
"""Eight letters in two words."""
FILM: dict[str, Any] = {
    **{"width": WIDTH, "height": HEIGHT, "fps": FPS},
    "scenes": [
        {
            "duration": SECONDS,
            # On black, style 011 would hide its own ground.
            "background-color": "#3050a0" if style == "011" else "#000000",
            "elements": [
                {
                    **{"type": "text", "style": style, "text": TEXT},
                    "settings": {"font-size": "60px", "text-shadow": "none"},
                }
            ],
        }
        for style in STYLES
    ],
}


class Shots:
    """One style's frames."""

    def __init__(self, frames: NDArray[np.int16]) -> None:
        self._frames = frames

    def at(self, seconds: float) -> Picture:
        picture: Picture = self._frames[round(seconds * FPS)]
        return picture

    def letters(self, seconds: float, at_least: int = 64) -> list[tuple[int, int]]:
        """(left, right) of each stretch of columns that has ink."""
        inked = (self.at(seconds).max(axis=2) >= at_least).any(axis=0)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(int), [0]])))
        return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]

    def levels(self, seconds: float) -> list[int]:
        """The brightest level in the place of each letter of the end."""
        picture = self.at(seconds).max(axis=2)
        return [int(picture[:, left:right].max()) for left, right in self.letters(SECONDS - 0.1)]


@pytest.fixture(scope="module")
def film(stage: Stage) -> Mapping[str, Shots]:
    frames = stage.frames(FILM).reshape(len(STYLES), SECONDS * FPS, HEIGHT, WIDTH, 3)
    return {style: Shots(frames[number]) for number, style in enumerate(STYLES)}


def near(levels: list[int], wanted: list[int], within: int = 12) -> bool:
    return all(abs(one - other) <= within for one, other in zip(levels, wanted, strict=True))


def test_001_stands_still(film: Mapping[str, Shots]) -> None:
    shots = film["001"]
    for seconds in (0, 2, 3.9):
        assert len(shots.letters(seconds)) == 8
        assert near(shots.levels(seconds), [255] * 8)


def test_002_fades_in_over_two_seconds(film: Mapping[str, Shots]) -> None:
    shots = film["002"]
    assert near(shots.levels(0), [0] * 8)
    assert near(shots.levels(1), [128] * 8)
    assert near(shots.levels(2), [255] * 8)


def test_003_brings_word_by_word(film: Mapping[str, Shots]) -> None:
    shots = film["003"]
    assert near(shots.levels(0.25), [128] * 4 + [0] * 4)
    assert near(shots.levels(0.65), [255] * 4 + [128] * 4)
    assert near(shots.levels(0.9), [255] * 8)


def test_004_brings_letter_by_letter(film: Mapping[str, Shots]) -> None:
    shots = film["004"]
    assert max(shots.levels(0)) < 12
    assert near(shots.levels(0.1)[:3], [255] * 3)
    assert max(shots.levels(0.1)[4:]) < 12
    assert near(shots.levels(0.25), [255] * 8)


def test_005_letters_jump_up_from_below_their_line(film: Mapping[str, Shots]) -> None:
    shots = film["005"]
    left, top, _, bottom = extent(shots.at(3.9))
    assert not shots.letters(0), "all of them wait below, out of sight"
    first = extent(shots.at(0.05)[:, : left + 40])
    assert first[1] > top + 5, "the first one comes up"
    highest = min(extent(shots.at(frame / FPS))[1] for frame in range(3, 12))
    assert top - 25 < highest < top - 5, "it jumps over its place"
    assert len(shots.letters(0.2)) < 8
    assert [len(shots.letters(seconds)) for seconds in (1.15, 3.9)] == [8, 8]
    assert extent(shots.at(1.15))[3] == bottom


def test_006_letters_slide_in_from_the_right(film: Mapping[str, Shots]) -> None:
    shots = film["006"]
    final = shots.letters(3.9)
    assert not shots.letters(0.45, 12)
    during = shots.letters(0.6)
    assert final[0][0] < during[0][0] < final[0][0] + 40
    assert len(during) < len(final) == 8
    gaps = [right[0] - left[1] for left, right in pairwise(final)]
    assert min(gaps) >= 30, "letters stand half an em apart"


def test_007_letters_turn_about_their_left_edge(film: Mapping[str, Shots]) -> None:
    shots = film["007"]
    final = shots.letters(3.9)
    assert not shots.letters(0), "edge-on they are not seen"
    during = shots.letters(0.1)
    assert abs(during[0][0] - final[0][0]) <= 2
    assert during[0][1] - during[0][0] < 0.9 * (final[0][1] - final[0][0])
    assert len(during) < 8
    assert extent(shots.at(0.3))[1::2] == extent(shots.at(3.9))[1::2], "as high as in the end"


def test_008_letters_grow_between_two_lines(film: Mapping[str, Shots]) -> None:
    shots = film["008"]
    left, top, right, bottom = extent(shots.at(3.9))
    ceiling, floor = shots.at(0.1)[top + 1].max(axis=1), shots.at(0.1)[bottom - 2].max(axis=1)
    assert ceiling[left + 2] > 200 > ceiling[right - 2], "the upper line grows to the right"
    assert floor[right - 2] > 200 > floor[left + 2], "the lower one to the left"
    for row in (top + 1, bottom - 2):
        assert (shots.at(3.9)[row, left:right].max(axis=1) > 200).all()
    words = slice(top + 4, bottom - 4)
    during = extent(shots.at(0.1)[words, : left + 40])
    after = extent(shots.at(3.9)[words, : left + 40])
    assert 0 < during[3] - during[1] < after[3] - after[1]
    assert bottom - top == pytest.approx(60 * 1.2 + 2 * 60 * 0.225 + 2 * 3, abs=2)


def test_009_letters_come_when_their_chance_has_come(film: Mapping[str, Shots]) -> None:
    shots = film["009"]
    assert max(shots.levels(0)) < 12
    assert 0 < sum(level > 200 for level in shots.levels(1.5)) < 8
    assert near(shots.levels(2.95), [255] * 8)
    levels = [shots.levels(n / FPS) for n in range(SECONDS * FPS)]
    begun = [next(n for n, now in enumerate(levels) if now[letter] > 128) for letter in range(8)]
    assert begun != sorted(begun), "not in order"


def test_010_letters_go_when_their_chance_has_come(film: Mapping[str, Shots]) -> None:
    shots = film["010"]
    assert len(shots.letters(0)) == 8
    assert 0 < len(shots.letters(1.5)) < 8
    assert not shots.letters(2.95, 12), "nothing is left"


def test_011_every_word_has_a_ground_of_its_own(film: Mapping[str, Shots]) -> None:
    for seconds in (0, 2, 3.9):
        picture = film["011"].at(seconds)
        black = (picture.max(axis=2) < 24).any(axis=0)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], black.astype(int), [0]])))
        (first, gap), (second, end) = edges.reshape(-1, 2)
        assert 0 < second - gap < 40 < gap - first
        assert abs((gap - first) - (end - second)) <= 1
        assert (picture[HEIGHT // 2, gap + 1 : second - 1] > 30).all(), "nothing between them"
