"""Where segments join, no frame is doubled or dropped: every frame of a film that has a cut of each
kind says its own number, rendered from nothing, and put together anew from the cache after edits.

What is expected is worked out from the document alone: no cut is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from footage import CLIP, Footage, even, numbered, numbers_of, same, shown
from resplice.core.report import Report
from stage import Document, Stage, image, shot, video
from studio import studio

FPS = 25
NOTHING, BLENDED, STANDS = -1, -2, 1000
"""What a plain black frame says; what is not looked at; what the picture that stands still says."""


@dataclass
class Scene:
    """A scene, and the numbers that its frames say where it is blended with no other."""

    document: Document
    numbers: list[int]

    @property
    def overlap(self) -> int:
        return round(self.document.get("transition", {}).get("duration", 0) * FPS)

    def shortened(self, frames: int) -> None:
        self.document["duration"] = frames / FPS
        del self.numbers[frames:]

    def marked(self, footage: Footage, **when: float) -> None:
        """With a dot in a corner of it, where no number is read."""
        self.document["elements"].append(image(footage.colour(255, 0, 0, (4, 4)), **when))


@dataclass
class Film:
    """Scenes in a row, and a clip over them all, which begins at a frame of the movie."""

    scenes: list[Scene]
    over: str
    over_frames: int = 400
    over_first: int = 1255

    def document(self) -> Document:
        over = video(self.over, start=self.over_first / FPS)
        size = {"width": CLIP[0], "height": CLIP[1], "quality": "low", "fps": FPS}
        return {**size, "scenes": [scene.document for scene in self.scenes], "elements": [over]}

    def numbers(self) -> list[int]:
        row: list[int] = []
        for scene in self.scenes:
            if scene.overlap:
                row[-scene.overlap :] = [BLENDED] * scene.overlap
            row += scene.numbers[scene.overlap :]
        row[self.over_first : self.over_first + self.over_frames] = range(self.over_frames)
        return row


def entering(style: str, seconds: float) -> Document:
    return {"transition": {"style": style, "duration": seconds}}


def long_clip(footage: Footage) -> Scene:
    """24 s of one clip, which are three segments."""
    return Scene(shot(video(footage.clip(600, "25")), duration=-1), list(range(600)))


def late_clip(footage: Footage, seek: str = "1.5") -> Scene:
    """12 s of a clip of another rate, which is sought in, after 0.4 s of nothing."""
    source = video(footage.clip(350, "24"), start=0.4, seek=float(seek))
    document = shot(source, duration=12.4)
    numbers = shown(even(350, "24"), range(300), FPS, Fraction(seek))
    return Scene(document | entering("fade", 1), [NOTHING] * 10 + numbers)


def standing(footage: Footage) -> Scene:
    """13 s of a picture that stands still, and over it two short clips."""
    ground = image(footage.array("numbered", numbered(STANDS)))
    first = video(footage.clip(90, "60"), start=3.6)
    second = video(footage.clip(60, "30"), start=9)
    numbers = [STANDS] * 325
    numbers[90:128] = shown(even(90, "60"), range(38), FPS)
    numbers[225:275] = shown(even(60, "30"), range(50), FPS)
    return Scene(shot(ground, first, second, duration=13), numbers)


def plain(seconds: float, **more: Any) -> Scene:
    return Scene(shot(duration=seconds, **more), [NOTHING] * round(seconds * FPS))


def film(footage: Footage) -> Film:
    scenes = [
        long_clip(footage),
        late_clip(footage),
        standing(footage),
        plain(7, **entering("wipeleft", 0.8)),
        plain(11.2, **entering("circleopen", 0.6)),
        plain(5),
    ]
    return Film(scenes, footage.clip(400, "25"))


@pytest.fixture(scope="module")
def fresh(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage whose caches are empty."""
    with studio(tmp_path_factory.mktemp("fresh")) as lab:
        yield Stage(lab, stage.footage)


def rendered(stage: Stage, film: Film) -> tuple[str, str]:
    """Look at every frame of the film. A letter for each scene and each transition of it: whether
    all of it was a hit, or something a miss.
    """
    report, wanted = stage.render(film.document()).report, film.numbers()
    seen = numbers_of(stage.frames(film.document()))
    blended = {slot for slot, number in enumerate(wanted) if number == BLENDED}
    same([BLENDED if slot in blended else number for slot, number in enumerate(seen)], wanted)
    return letters(report)


def letters(report: Report) -> tuple[str, str]:
    scenes, transitions = report.scenes, report.transitions
    return "".join(s.result[0] for s in scenes), "".join(t.result[0] for t in transitions)


def sought(film: Film, footage: Footage) -> None:
    film.scenes[1] = late_clip(footage, "1.513")


def swapped(film: Film, footage: Footage) -> None:
    film.scenes[2], film.scenes[0] = film.scenes[0], film.scenes[2]


EDITS: dict[str, tuple[Callable[[Film, Footage], object], tuple[str, str]]] = {
    "a dot in one segment": (
        lambda film, footage: film.scenes[1].marked(footage, start=4, duration=2),
        ("hmhhhh", "hhh"),
    ),
    "a dot in a transition": (
        lambda film, footage: film.scenes[0].marked(footage, start=23.2),
        ("hhhhhh", "mhh"),
    ),
    "a scene ends sooner, and all after it begin sooner": (
        lambda film, footage: film.scenes[1].shortened(283),
        ("hmhmmm", "hhm"),
    ),
    "what stands stands for a shorter time": (
        lambda film, footage: film.scenes[2].shortened(317),
        ("hhmmmm", "hhm"),
    ),
    "the clip over all begins later": (
        lambda film, footage: setattr(film, "over_first", 1281),
        ("hhhmmm", "hhm"),
    ),
    "a clip is sought a little further": (sought, ("hmhhhh", "mhh")),
    "two scenes change places": (swapped, ("mhmhhh", "mmh")),
}
"""What is done to the film, and what is rendered for it."""


def test_every_frame_is_there_once_from_nothing_and_after_edits(fresh: Stage) -> None:
    assert rendered(fresh, film(fresh.footage)) == ("mmmmmm", "mmm")
    for name, (edit, wanted) in EDITS.items():
        edited = film(fresh.footage)
        edit(edited, fresh.footage)
        assert rendered(fresh, edited) == wanted, name
