"""Subtitles through the whole product: which words are seen when, and what edits render again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from resplice.steps.movie_cache import Outcome
from stage import Document, Frames, Stage, image, shot
from studio import decoded

W, H, FPS = 240, 120, 10
GREEN, RED, BLUE = (0, 255, 0), (255, 0, 0), (0, 0, 255)
LINE, WORD, BOX = "#00ff00", "#ff0000", "#0000ff"
VTT = "WEBVTT\n\n00:00.300 --> 00:01.500\n<00:00.300>HHH <00:00.600>EEE <00:01.000>LLL\n"


def movie(*scenes: Document, **more: Any) -> Document:
    return {"width": W, "height": H, "fps": FPS, "quality": "very_high", "scenes": list(scenes),
            **more}  # fmt: skip


def subtitles(captions: str | None, **settings: Any) -> Document:
    look = {"font-family": "Inter", "font-size": 24, "line-color": LINE, "word-color": WORD}
    named = {name.replace("_", "-"): value for name, value in settings.items()}
    said = {} if captions is None else {"captions": captions}
    return {"type": "subtitles", **said, "settings": {**look, **named}}


def srt(*lines: tuple[float, float, str]) -> str:
    """Captions from and to seconds."""

    def clock(second: float) -> str:
        return f"00:00:{int(second):02},{round(second % 1 * 1000):03}"

    return "\n".join(
        f"{number}\n{clock(begin)} --> {clock(end)}\n{text}\n"
        for number, (begin, end, text) in enumerate(lines, start=1)
    )


def voice(text: str, **more: Any) -> Document:
    return {"type": "voice", "text": text, "voice": "espeak", "model": "espeak", **more}


def lit(frames: Frames, colour: tuple[int, int, int]) -> NDArray[np.int64]:
    """How many pixels of each frame have about that colour."""
    alike = np.abs(frames - np.array(colour)).max(axis=3) <= 70
    counts: NDArray[np.int64] = alike.sum(axis=(1, 2))
    return counts


def middle(frame: NDArray[np.int16], colour: tuple[int, int, int]) -> float:
    """The column about which the pixels of that colour lie."""
    _, columns = np.nonzero(np.abs(frame - np.array(colour)).max(axis=2) <= 70)
    return float(columns.mean())


def seen_in(frames: Frames, colour: tuple[int, int, int] = GREEN) -> list[int]:
    """The frames in which more than a few pixels have that colour."""
    return [int(number) for number in np.flatnonzero(lit(frames, colour) > 12)]


def painted(outcome: Outcome) -> list[str]:
    """Whether each line was painted or found."""
    return [each.result for each in outcome.report.elements if each.type == "subtitles"]


def rendered(outcome: Outcome) -> list[int]:
    """How many segments of each scene were rendered."""
    return [scene.segments["miss"] for scene in outcome.report.scenes]


def ass_of(stage: Stage, outcome: Outcome) -> str:
    assert outcome.ass
    with stage.studio.ports.objects.open(outcome.ass) as path:
        return path.read_text()


def pictures(stage: Stage, document: Document) -> str:
    """A hash of each decoded frame of the movie."""
    with stage.studio.ports.objects.open(stage.render(document).stored.key) as path:
        rows = decoded(path).splitlines()
    return "\n".join(row for row in rows if row.startswith("0,"))


def test_each_word_has_its_colour_while_it_is_said(stage: Stage) -> None:
    frames = stage.frames(movie(shot(duration=2), elements=[subtitles(VTT)]))
    assert seen_in(frames) == seen_in(frames, RED) == list(range(3, 15))
    assert frames[[0, 1, 2, 15, 16, 19]].max() < 40
    places = [middle(frames[number], RED) for number in range(3, 15)]
    assert np.ptp(places[:3]) < 1 and np.ptp(places[3:7]) < 1 and np.ptp(places[7:]) < 1
    assert places[0] + 30 < places[3] < places[7] - 30


def test_they_lie_over_everything_and_through_transitions(stage: Stage) -> None:
    cover = image(stage.footage.colour(0, 0, 255, (W, H)), z_index=99, duration=-2)
    written = {**subtitles(srt((0.5, 1.5, "HHHHH"))), "z-index": -9}
    fading = shot(transition={"style": "wipeleft", "duration": 0.6})
    frames = stage.frames(movie(shot(), fading, elements=[written, cover]))
    assert seen_in(frames) == list(range(5, 14)), "the movie lasts 1.4 s"
    assert np.ptp(lit(frames[5:14], GREEN)) <= 12
    assert (lit(frames, BLUE) > W * H * 0.7).all()


def test_a_line_goes_on_over_borders(stage: Stage) -> None:
    """Of segments at 10 s, and of scenes at 12 s."""
    said = srt((9.5, 10.5, "HHHHH"), (11.6, 12.4, "EEEEE"))
    frames = stage.frames(movie(shot(duration=12), shot(), elements=[subtitles(said)]))
    assert seen_in(frames) == [*range(95, 105), *range(116, 124)]
    assert np.ptp(lit(frames[95:105], GREEN)) <= 12
    assert np.ptp(lit(frames[116:124], GREEN)) <= 12


def test_what_is_said_later_is_written_later_and_painted_once(stage: Stage) -> None:
    def talking(before_s: float) -> Document:
        first = shot(duration=before_s, background_color="#101010")
        return movie(first, shot(voice("one. two."), duration=3), elements=[subtitles(None)])

    early, late = stage.render(talking(1)), stage.render(talking(1.5))
    assert painted(early) and set(painted(early)) == {"miss"}
    assert set(painted(late)) == {"hit"} and len(painted(late)) == len(painted(early))
    assert rendered(late) == [0, 0], "what stands still is there, however long"
    before, after = stage.frames(talking(1)), stage.frames(talking(1.5))
    assert seen_in(before, RED) and min(seen_in(before, RED)) >= 10
    assert [number + 5 for number in seen_in(before, RED)] == seen_in(after, RED)


def test_an_edit_renders_only_what_shows_it(stage: Stage) -> None:
    def told(last: str, **look: Any) -> Document:
        said = srt((0.2, 0.8, "FIRST"), (2.2, 2.8, last))
        scenes = [shot(background_color=colour) for colour in ("#040404", "#050505", "#060606")]
        return movie(*scenes, elements=[subtitles(said, **look)])

    first = stage.render(told("THIRD"))
    assert (painted(first), rendered(first)) == (["miss"] * 2, [1, 1, 1])
    word = stage.render(told("OTHER"))
    assert (sorted(painted(word)), rendered(word)) == (["hit", "miss"], [0, 0, 1])
    colour = stage.render(told("OTHER", line_color="#0000ff"))
    assert (painted(colour), rendered(colour)) == (["miss"] * 2, [1, 0, 1])
    style = stage.render(told("OTHER", line_color="#0000ff", style="boxed-line"))
    assert (painted(style), rendered(style)) == (["miss"] * 2, [1, 0, 1])


@pytest.mark.parametrize("source", ["spoken", "timed", "plain"])
def test_the_file_that_is_written_gives_the_same_frames(stage: Stage, source: str) -> None:
    said = {"spoken": None, "timed": VTT, "plain": srt((0.33, 1.27, "HHH EEE"))}[source]
    look = {"style": "boxed-word", "box_color": BOX, "outline_width": 2, "position": "top-center"}

    def film(element: Document) -> Document:
        scene = shot(voice("One, two. Three four five six!"), duration=3)
        return movie(scene, elements=[element])

    written = film(subtitles(said, **look))
    outcome, frames = stage.render(written), pictures(stage, written)
    assert outcome.ass
    file = ass_of(stage, outcome)
    assert pictures(stage, film(subtitles(file, **look))) == frames
    assert pictures(stage, film({"type": "subtitles", "captions": file})) == frames
    assert stage.render(film({"type": "subtitles", "captions": file})).ass == outcome.ass


def test_a_word_that_is_edited_in_the_file_is_seen(stage: Stage) -> None:
    outcome = stage.render(movie(shot(duration=2), elements=[subtitles(VTT)]))
    file = ass_of(stage, outcome)
    edited = file.replace("EEE", "EEEEEEE")
    assert edited != file
    narrow, wide = (
        stage.frames(movie(shot(duration=2), elements=[{"type": "subtitles", "captions": said}]))
        for said in (file, edited)
    )
    assert lit(wide, RED)[7] > 1.5 * lit(narrow, RED)[7]
    assert seen_in(wide) == seen_in(narrow) == list(range(3, 15))


@pytest.mark.parametrize(("style", "boxed"), [("boxed-line", 3), ("boxed-word", 1), ("classic", 0)])
def test_boxes_lie_behind_the_line_or_the_word(stage: Stage, style: str, boxed: int) -> None:
    frames = stage.frames(
        movie(shot(duration=2), elements=[subtitles(VTT, style=style, box_color=BOX)])
    )
    _, columns = np.nonzero(np.abs(frames[7] - np.array(BLUE)).max(axis=2) <= 70)
    wide = int(np.ptp(columns)) if len(columns) else 0
    _, words = np.nonzero(frames[7].max(axis=2) > 120)
    if boxed == 3:
        assert wide >= np.ptp(words) - 2 > 90
    elif boxed == 1:
        assert 40 < wide < np.ptp(words) / 2
    else:
        assert wide == 0
    assert seen_in(frames) == list(range(3, 15))
