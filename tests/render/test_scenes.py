"""Scenes over time: order of layers, lengths, windows, transitions, the file that comes out."""

from __future__ import annotations

import math
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from footage import FFMPEG
from resplice.core.schema.movie import TRANSITION_STYLES
from resplice.errors import DocumentError, Problem
from stage import Document, Frames, Stage, image, near, shot, video

RED, GREEN, BLUE, WHITE, BLACK = (
    (255, 0, 0),
    (0, 128, 0),
    (0, 0, 255),
    (255, 255, 255),
    (0, 0, 0),
)
NAMES = {"r": RED, "g": GREEN, "b": BLUE, "w": WHITE, ".": BLACK}


def movie(*scenes: Document, **more: object) -> Document:
    return {"width": 64, "height": 50, "fps": 10, "scenes": list(scenes), **more}


def fill(stage: Stage, name: str, **more: object) -> Document:
    """An image over all of the canvas, named by its colour's first letter."""
    return image(stage.footage.colour(*NAMES[name], (64, 50)), **more)


def story(frames: Frames) -> str:
    """The colour of each frame's middle, run-length: `r10.5` is a second of red, half of black."""
    letters = [
        next((name for name, c in NAMES.items() if near(frame[25, 32], c, 12)), "?")
        for frame in frames
    ]
    return "".join(
        f"{run[0]}{len(run)}"
        for run in re.findall(r"((?:(.)\2*))", "".join(letters))
        for run in run[:1]
    )


def told(stage: Stage, *scenes: Document, **more: object) -> str:
    return story(stage.frames(movie(*scenes, **more)))


def test_later_elements_lie_on_top_unless_the_z_index_says_otherwise(stage: Stage) -> None:
    red, green = fill(stage, "r"), fill(stage, "g")
    seen = stage.stills(
        shot(red, green),
        shot(red | {"z-index": 1}, green),
        shot(red, green | {"z-index": -5}),
        shot(red | {"z-index": 2}, green | {"z-index": 2}),
    )
    assert [story(seen[n : n + 1]) for n in range(4)] == ["g1", "r1", "r1", "g1"]


def test_movie_elements_lie_over_scenes_and_under_transparent_ones(stage: Stage) -> None:
    red, green = fill(stage, "r", duration=-2), fill(stage, "g", duration=-2, z_index=-1)
    scenes = [shot(), shot(background_color="transparent")]
    assert told(stage, *scenes, elements=[green]) == ".10g10"
    assert told(stage, *scenes, elements=[green, red]) == "r20"
    blue = shot(fill(stage, "b"), background_color="transparent")
    assert told(stage, blue, elements=[green]) == "b10"
    inner = shot(fill(stage, "b", z_index=-9), background_color="transparent")
    assert told(stage, inner, elements=[green]) == "b10", "a scene's own layers are above"


def test_lengths_of_scenes(stage: Stage) -> None:
    red = fill(stage, "r")
    auto = {"duration": -1}
    assert told(stage, shot(**auto)) == ".50", "an empty scene"
    assert told(stage, shot(red, **auto)) == "r50", "nothing in it has a length"
    assert told(stage, shot(red | {"start": 1}, **auto)) == ".10r50"
    assert told(stage, shot(red | {"duration": 2}, **auto)) == "r20"
    assert told(stage, shot(red | {"duration": 2, "start": 0.5}, **auto)) == ".5r20"
    assert told(stage, shot(red | {"duration": 1, "extra-time": 0.7}, **auto)) == "r17", (
        "it lingers"
    )
    assert told(stage, shot(red, fill(stage, "g", duration=1.2), **auto)) == "g12"
    assert told(stage, shot(red | {"duration": -2}, fill(stage, "g", duration=1), **auto)) == "g10"


def test_windows_of_elements(stage: Stage) -> None:
    assert told(stage, shot(fill(stage, "r", duration=5), duration=1.5)) == "r15"
    assert told(stage, shot(fill(stage, "r", start=0.4, duration=0.3))) == ".4r3.3"
    assert told(stage, shot(fill(stage, "r", start=3))) == ".10"
    assert told(stage, shot(fill(stage, "r", start=0.24, duration=0.31))) == ".2r4.4"
    assert told(stage, shot(fill(stage, "r"), fill(stage, "g", start=0.5))) == "r5g5"


def test_a_movie_is_no_shorter_than_a_second_and_as_long_as_its_elements(stage: Stage) -> None:
    red = shot(fill(stage, "r"), duration=0.3)
    assert told(stage, red) == "r3.7"
    assert told(stage, red, elements=[fill(stage, "g", start=1, duration=0.8)]) == "r3.7g8"
    assert told(stage, red, elements=[fill(stage, "g", start=0.2)]) == "r2g8"
    under = [fill(stage, "g", duration=2, z_index=-1)]
    assert told(stage, red, elements=under) == "r3g17", "nothing hides it when no scene is there"
    assert told(stage, elements=[fill(stage, "g", duration=2)]) == "g20"


def test_movie_elements_keep_the_time_of_the_movie(stage: Stage) -> None:
    scenes = [shot(fill(stage, name), duration=0.7) for name in "rgb"]
    over = fill(stage, "w", start=0.5, duration=1)
    assert told(stage, *scenes, elements=[over]) == "r5w10b6"


@pytest.fixture(scope="session")
def all_styles(stage: Stage) -> Frames:
    """Red and green by turns, each entering with another style over 0.6 s of its 2 s."""
    scenes = [shot(fill(stage, "r"), duration=2)]
    for number, style in enumerate(TRANSITION_STYLES):
        over = {"style": style, "duration": 0.6}
        scenes.append(shot(fill(stage, "gr"[number % 2]), duration=2, transition=over))
    return stage.frames(movie(*scenes))


def test_transitions_shorten_the_movie_by_their_length(all_styles: Frames) -> None:
    assert len(all_styles) == 20 + 44 * 14


@pytest.mark.parametrize("number", range(44), ids=TRANSITION_STYLES)
def test_a_transition_leads_from_one_scene_to_the_other(all_styles: Frames, number: int) -> None:
    before, after = (RED, GREEN) if number % 2 == 0 else (GREEN, RED)
    start = 14 * (number + 1)
    assert near(all_styles[start - 1], before, 12)
    assert away(all_styles[start], before) < 12, "it begins where the scene was"
    assert near(all_styles[start + 6], after, 12)
    inner = all_styles[start + 1 : start + 6]
    assert any(not near(frame, before, 30) and not near(frame, after, 30) for frame in inner)
    for part in (inner[-1], inner[-1][20:30, 27:37]):
        if away(part, after) < away(part, before):
            break
    else:
        pytest.fail("it is not nearly there")


def away(picture: Frames, colour: tuple[int, int, int]) -> float:
    return float(np.abs(picture - np.array(colour)).mean())


def test_a_fade_mixes_in_even_steps(all_styles: Frames) -> None:
    mixed = [all_styles[14 + n][25, 32].tolist() for n in range(7)]
    assert near(mixed, [(255 - 42.5 * n, 21.3 * n, 0) for n in range(7)], 8)


def test_transitions_are_cut_to_what_the_scenes_have(stage: Stage) -> None:
    def lengths(*pairs: tuple[float, float]) -> int:
        scenes = [
            shot(fill(stage, "rgb"[n % 3]), duration=d, transition={"duration": t})
            for n, (d, t) in enumerate(pairs)
        ]
        return len(stage.frames(movie(*scenes)))

    assert lengths((2, 1), (2, 1)) == 30, "the first scene has nothing to blend with"
    assert lengths((1, 0), (3, 2)) == 30, "all of the scene before"
    assert lengths((3, 0), (0.5, 2)) == 30, "all of the scene itself"
    assert lengths((2, 0), (1, 0.8), (2, 0.8)) == 10 * 5 - 8 - 2, "a frame is blended once"
    assert lengths((2, 0), (1, 1), (2, 1)) == 40
    assert lengths((1, 0), (1, 0.04)) == 20
    assert lengths((1, 0), (1, 0.1)) == 19
    assert lengths((1, 0), (1, 0)) == 20


def test_layers_go_on_through_transitions(stage: Stage) -> None:
    """A fade over 20 frames is the same with its last ones under a transition."""
    white = fill(stage, "w", fade_in=2)
    document = movie(
        shot(white, duration=2),
        shot(white, duration=2, transition={"duration": 1, "style": "wipeleft"}),
    )
    seen = stage.frames(document)
    left, right = seen[:, 25, 4, 0] / 255, seen[:, 25, 60, 0] / 255
    assert near(left[:18], np.arange(18) / 20, 0.03)
    assert near(right[12:30], np.arange(2, 20) / 20, 0.03)


def test_movie_layers_lie_over_transitions(stage: Stage) -> None:
    over = image(stage.footage.colour(*WHITE, (20, 20)), duration=-2, x=10, y=10)
    under = fill(stage, "b", duration=-2, z_index=-1)
    scenes = [
        shot(fill(stage, "r", height=20)),
        shot(background_color="transparent", transition={"duration": 0.5}),
    ]
    seen = stage.frames(movie(*scenes, elements=[over, under]))
    assert near(seen[:, 15:25, 15:25].mean(axis=(1, 2)), 255, 10)
    assert near(seen[5, 5, 5], RED, 12)
    assert near(seen[7, 45, 50], (0, 0, 255 * 0.4), 12), "from the black scene to what is under"
    assert near(seen[12, 45, 50], BLUE, 12)


@pytest.mark.parametrize(
    ("fps", "quality"),
    [
        *((fps, "low") for fps in (1, 7, 24, 29, 60, 120)),
        *((1, "medium"), (29, "medium"), (24, "high"), (120, "high")),
    ],
)
def test_the_file_is_what_players_want(
    stage: Stage, tmp_path: Path, fps: int, quality: str
) -> None:
    lengths = [1, 0.37, 0.5, 0.81, 0.33, 0.29, 0.41, 1.3, 0.9, 0.77, 0.51, 1.07]
    scenes = [shot(fill(stage, "rgb"[n % 3]), duration=d) for n, d in enumerate(lengths)]
    scenes[3]["transition"] = {"duration": 0.3}
    document = movie(*scenes, fps=fps, quality=quality)
    file = tmp_path / "movie.mp4"
    file.write_bytes(stage.bytes(document))
    data = file.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat"), "it plays before it is loaded"
    listed = listing(file)
    assert re.search(r"Video: h264 \((High|Main)\) .*, yuv420p\(tv, bt709, progressive\)", listed)
    assert f", {fps} fps" in listed or f", {fps}.00 fps" in listed
    lasting = [max(Fraction(str(d)), Fraction(1, fps)) for d in lengths]
    overlap = min(Fraction("0.3"), *lasting[2:4])
    frames = math.floor((sum(lasting) - overlap) * fps + Fraction(1, 2))
    times = stamps(file)
    assert len(times) == frames == stage.render(document).stored.facts["frames"]
    assert set(np.diff(times)) == {512}, "ticks between frames"
    assert times[0] == 0


def test_frames_of_very_many_pieces_are_evenly_spaced(stage: Stage, tmp_path: Path) -> None:
    """A frame of 120 fps is no whole number of microseconds, which joining counts in."""
    scenes = [shot(fill(stage, "rgb"[n % 3]), duration=1 / 120) for n in range(121)]
    file = tmp_path / "movie.mp4"
    file.write_bytes(stage.bytes(movie(*scenes, fps=120)))
    assert stamps(file) == [512 * n for n in range(121)]


def listing(file: Path) -> str:
    command = [FFMPEG, "-hide_banner", "-i", str(file)]
    return subprocess.run(command, capture_output=True, text=True).stderr


def stamps(file: Path) -> list[int]:
    """The time of each frame, in ticks of the file's clock, in order of showing."""
    command = [FFMPEG, "-v", "error", "-i", str(file), "-map", "0:v", "-c", "copy"]
    command += ["-f", "framecrc", "-"]
    rows = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(int(row.split(",")[2]) for row in rows if not row.startswith("#"))


def crowd(stage: Stage, count: int, **more: object) -> Document:
    """Small pictures, each an input of its own, in rows over the canvas."""
    files = [stage.footage.colour(n % 60, 0, 99, (8, 8)) for n in range(count)]
    return shot(*(image(f, x=n % 40, y=n // 10, **more) for n, f in enumerate(files)))


def test_scenes_of_very_many_elements(stage: Stage) -> None:
    assert len(stage.frames(movie(crowd(stage, 300)))) == 10


@pytest.mark.parametrize(
    ("count", "more", "words"),
    [
        (301, {}, "Scene #2: 301 elements are seen within 10 seconds; at most 300 may be"),
        (
            *(31, {"zoom": 1}),
            "Scene #2: 31 elements that zoom or pan are seen within 10 seconds; at most 30 may be",
        ),
    ],
)
def test_scenes_of_too_many_elements_are_refused(
    stage: Stage, count: int, more: Document, words: str
) -> None:
    with pytest.raises(DocumentError) as refusal:
        stage.render(movie(shot(), crowd(stage, count, **more)))
    assert refusal.value.problems == (Problem("scenes[1]", words),)


def test_a_movie_of_several_clips_of_every_kind_still_copies_together(stage: Stage) -> None:
    """Segments of other pictures, motions and layers are alike to the decoder."""
    clip = stage.footage.clip(20, "10")
    scenes = [
        shot(fill(stage, "r")),
        shot(video(clip, resize="cover")),
        shot(image(stage.footage.ring(), zoom=3), background_color="#ffffff"),
        shot(image(stage.footage.colour(*BLUE, (64, 50)), zoom=3)),
        shot(fill(stage, "g"), transition={"style": "circleopen", "duration": 0.5}),
    ]
    before = segments(stage)
    seen = stage.frames(movie(*scenes, quality="medium"))
    assert len(seen) == 45
    assert near(seen[5], RED, 6)
    assert near(seen[44], GREEN, 12)
    made = segments(stage).items() - before.items()
    assert len(made) == 6
    assert len({parameters for _, parameters in made}) == 1


def segments(stage: Stage) -> dict[str, bytes]:
    """What each stored segment tells the decoder before its first frame, by key."""
    objects, found = stage.studio.ports.objects, {}
    for stored in objects.list("scenes/segment/"):
        with objects.open(stored.key) as file:
            data = file.read_bytes()
        at = data.index(b"avcC")
        found[stored.key] = data[at : at - 4 + int.from_bytes(data[at - 4 : at], "big")]
    return found
