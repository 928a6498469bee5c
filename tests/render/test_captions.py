"""Captions in frames: painted by the browser, shown by FFmpeg, looked at pixel by pixel."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from resplice.core.captions.appearance import STYLES, Appearance, Style
from resplice.core.captions.ass import look_of, written
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.lines import Grouping, spoken_lines
from resplice.core.captions.own import own_lines
from resplice.core.captions.reading import read_captions
from resplice.core.captions.settings import usual_look
from resplice.core.captions.sheets import caption_layers, sheets
from resplice.core.composition import Canvas
from resplice.core.facts import MediaFacts
from resplice.core.filtergraph import segment_invocation
from resplice.core.plan import plan
from resplice.core.timeline import TimedLayer, TimedScene, Timeline
from resplice.core.words import Word
from resplice.ports.browser import PaintPage
from stage import Frames, Stage, decoded, extent, near

CANVAS = Canvas(320, 180, 10)
LOOK = Appearance(24, family="Inter", weight=900)
YELLOW, WHITE, BLACK = (255, 255, 0), (255, 255, 255), (0, 0, 0)
Film = Callable[..., Frames]


@pytest.fixture
def film(stage: Stage, tmp_path: Path) -> Film:
    """The frames of a black film under lines: the movie's segments one after another."""
    ports, files = stage.studio.ports, dict[str, str]()

    def painted(page: PaintPage) -> MediaFacts:
        made = ports.browser.paint(page)
        digest = hashlib.sha256(made.png).hexdigest()
        files[digest] = str(tmp_path / f"{digest}.png")
        Path(files[digest]).write_bytes(made.png)
        shape = (made.width, made.height)
        facts = MediaFacts(digest, 9, "image", "png_pipe", *shape, has_alpha=True)
        return replace(facts, x=made.x, y=made.y)

    def render(lines: list[Line], look: Appearance, frames: int, canvas: Canvas = CANVAS) -> Frames:
        pages = (PaintPage(*s.size, s.html(look)) for s in sheets(lines, look, canvas))
        facts = [painted(page) for page in pages]
        above = tuple(
            TimedLayer(each.picture, each.look, each.start, each.end, 0, showing=each.showing)
            for each in caption_layers(lines, look, canvas, facts, frames)
        )
        scene = TimedScene(frames, "#000000", (), ())
        movie = plan(Timeline(canvas, (scene,), (), above, (), frames), "very_high")
        seen = []
        for number, segment in enumerate(movie.segments):
            into = tmp_path / f"{number}.mp4"
            ports.renderer.run(segment_invocation(segment.task, files), into)
            shown = decoded(into, canvas.width, canvas.height)
            seen.append(np.repeat(shown, segment.frames // len(shown), axis=0))
        return np.concatenate(seen)

    return render


def line(*words: tuple[str, int], end: int) -> Line:
    return Line(tuple(LineWord(text, at) for text, at in words), words[0][1], end, timed=True)


def painted_in(frame: NDArray[np.int16], colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The box of all pixels that have about this colour."""
    alike = (np.abs(frame - np.array(colour)).max(axis=2) <= 40).astype(np.int16) * 255
    return extent(np.repeat(alike[:, :, None], 3, axis=2))


THREE = line(("HHH", 300), ("EEE", 600), ("LLL", 1000), end=1500)


def test_the_spoken_word_is_coloured_from_its_frame_on(film: Film) -> None:
    frames = film([THREE], LOOK, 20)
    dark = [frame.max() < 40 for frame in frames]
    assert dark == [True] * 3 + [False] * 12 + [True] * 5
    whole = extent(frames[3])
    middles = []
    for number in range(3, 15):
        assert near(extent(frames[number]), whole, 1), "nothing jumps"
        left, _, right, _ = painted_in(frames[number], YELLOW)
        middles.append((left + right) // 2)
    first, second, third = middles[0], middles[3], middles[7]
    assert first < second < third
    assert near(middles, [first] * 3 + [second] * 4 + [third] * 5, 1)


def test_a_line_over_two_segments_shows_the_right_state_in_both(film: Film) -> None:
    moved = line(("HHH", 9700), ("EEE", 9900), ("LLL", 10200), end=10500)
    here = film([line(("HHH", 700), ("EEE", 900), ("LLL", 1200), end=1500)], LOOK, 16)
    there = film([moved], LOOK, 106)
    # One begins with a key frame where the other goes on.
    assert near(here[6:16], there[96:106], 80)
    assert np.abs(here[6:16] - there[96:106]).mean() < 0.2
    assert near(painted_in(there[99], YELLOW), painted_in(there[100], YELLOW), 2)
    assert painted_in(there[101], YELLOW)[2] < painted_in(there[102], YELLOW)[0]


def test_words_appear_where_they_stay(film: Film) -> None:
    frames = film([THREE], replace(LOOK, style="classic-progressive"), 16)
    whole = film([THREE], LOOK, 16)
    lefts = [extent(frames[n])[0] for n in (3, 6, 10)]
    rights = [extent(frames[n])[2] for n in (3, 6, 10)]
    assert near(lefts, [extent(whole[10])[0]] * 3, 1)
    assert rights[0] < rights[1] < rights[2]
    assert near(frames[10], whole[10], 30)


def test_words_that_are_alone_are_in_the_middle(film: Film) -> None:
    frames = film([THREE], replace(LOOK, style="classic-one-word"), 16)
    for number in (3, 6, 10):
        left, _, right, _ = extent(frames[number])
        assert near((left + right) / 2, 160, 2)
        assert right - left < 80
        assert painted_in(frames[number], WHITE) == (0, 0, 0, 0)


def test_a_box_lies_behind_the_spoken_word_only(film: Film) -> None:
    look = replace(LOOK, style="boxed-word", box_colour="#ff0000", word_colour="#0000ff")
    frame = film([THREE], look, 10)[7]
    box, word = painted_in(frame, (255, 0, 0)), painted_in(frame, (0, 0, 255))
    assert near((word[0] - box[0], box[2] - word[2]), 0.25 * look.size_px + 2, 2.5)
    assert box[1] < word[1] and word[3] < box[3]
    white = painted_in(frame, WHITE)
    assert white[0] < box[0] < box[2] < white[2]
    marked = [extent(each, 200) for each in film([THREE], look, 15)[3:15]]
    assert near([each[2] for each in marked[:7]], marked[0][2], 1), "the words keep their places"


def test_a_box_lies_behind_the_whole_line(film: Film) -> None:
    look = replace(LOOK, style="boxed-line", box_colour="#ff000080")
    frame = film([THREE], look, 10)[7]
    box = painted_in(frame, (128, 0, 0))
    text = extent(frame, 200)
    assert near((text[0] - box[0], box[2] - text[2]), 0.25 * look.size_px + 2, 2.5)
    assert painted_in(frame, YELLOW)[0] > text[0], "the letters are not as clear as their box"


def test_outline_and_shadow(film: Film) -> None:
    plain = replace(LOOK, word_colour="#ffffff")
    look = replace(plain, outline_px=6, outline_colour="#ff0000", shadow_px=8)
    look = replace(look, shadow_colour="#0000ff")
    letters = extent(film([THREE], plain, 5)[4])
    frame = film([THREE], look, 5)[4]
    around = painted_in(frame, (255, 0, 0))
    assert near(np.subtract(around, letters), (-6, -6, 6, 6), 2)
    assert near(extent(frame)[2:], np.add(letters[2:], 14), 2)


POSITIONS: dict[str, tuple[str, float, str, float]] = {
    "top-left": ("left", 16, "top", 9),
    "top-center": ("middle", 160, "top", 9),
    "top-right": ("right", 304, "top", 9),
    "center-left": ("left", 16, "centre", 90),
    "center-center": ("middle", 160, "centre", 90),
    "center-right": ("right", 304, "centre", 90),
    "bottom-left": ("left", 16, "bottom", 171),
    "bottom-center": ("middle", 160, "bottom", 171),
    "bottom-right": ("right", 304, "bottom", 171),
    "mid-top-center": ("middle", 160, "centre", 45),
    "mid-bottom-center": ("middle", 160, "centre", 135),
    "custom": ("middle", 100, "centre", 60),
}


@pytest.mark.parametrize("position", POSITIONS)
def test_positions(film: Film, position: str) -> None:
    """Rows are 1.2 times as high as the font, and capitals in the middle of them."""
    look = replace(LOOK, position=position, x=100, y=60)
    left, top, right, bottom = extent(film([THREE], look, 5)[4])
    across, x, down, y = POSITIONS[position]
    found = {"left": left, "right": right, "middle": (left + right) / 2}[across]
    assert near(found, x, 3)
    gap = (0.6 - 0.364) * look.size_px
    found = {"top": top - gap, "bottom": bottom + gap, "centre": (top + bottom) / 2}[down]
    assert near(found, y, 4)


def test_right_to_left_is_spoken_from_the_right(film: Film) -> None:
    arabic = line(("مرحبا", 0), ("بالعالم", 500), end=1000)
    frames = film([arabic], LOOK, 10)
    first, second = painted_in(frames[2], YELLOW), painted_in(frames[7], YELLOW)
    assert first[0] > second[2] - 2


@pytest.mark.parametrize("style", STYLES)
def test_the_file_that_we_write_gives_the_same_frames(film: Film, style: Style) -> None:
    look = replace(LOOK, style=style, position="center-center", outline_px=2)
    said = [
        Word(text, 200 * n, 200 * n + 150) for n, text in enumerate(["Hi", "字幕", "for", "you."])
    ]
    lines = spoken_lines(said, Grouping(3, look, CANVAS))
    cues = read_captions(written(lines, look, CANVAS))
    again = look_of(cues, usual_look(CANVAS), CANVAS)
    assert np.array_equal(film(lines, look, 14), film(own_lines(cues.lines, None), again, 14))


FAMILIES = ("Arial", "Anton", "Archivo Black", "Luckiest Guy", "Permanent Marker", "Pacifico")
WIDE = "WWWWWWWWWWWW MMMMMMMMMMMM mmmmmmmmmmmm Wonderful GROSSMUTTER 0000000000 @@@@@@@@ %%%%%%%%"


@pytest.mark.parametrize(
    "text", [WIDE, "ああああああああああああ漢字漢字漢字漢字漢字漢字", "😀" * 30]
)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_slot_has_room_for_all_rows(stage: Stage, family: str, text: str) -> None:
    """However wide the letters come out: the same ink as in a slot with far more room."""
    words = tuple(LineWord(word, 0) for word in text.split())
    look = replace(LOOK, family=family, size_px=12, position="top-left")
    (sheet,) = sheets([Line(words, 0, 100, timed=False)], look, CANVAS)
    roomy = replace(sheet, slot=replace(sheet.slot, height=sheet.slot.height * 3))
    inks = [ink(stage, each.html(look), *each.size) for each in (sheet, roomy)]
    assert inks[0] == inks[1]


def ink(stage: Stage, html: str, width: int, height: int) -> tuple[Any, ...]:
    made = stage.studio.ports.browser.paint(PaintPage(width, height, html))
    picture = Image.open(io.BytesIO(made.png))
    return made.x, made.y, picture.size, hashlib.sha256(picture.tobytes()).hexdigest()


def test_hostile_text_is_only_text(film: Film) -> None:
    evil = "</style></div><script>document.body.remove()</script><img src=x>"
    frames = film([Line((LineWord(evil, 0), LineWord("HHH", 0)), 0, 500, timed=False)], LOOK, 5)
    assert painted_in(frames[2], WHITE) != (0, 0, 0, 0)
    assert near(frames[2][0, 0], BLACK)
