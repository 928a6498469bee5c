"""Videos: picture and sound of one file, in step with each other."""

from __future__ import annotations

from typing import Any

from resplice.core.composition import Canvas, FilePicture, Source
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.elements.video.heard import heard
from resplice.core.elements.video.model import VideoElement
from resplice.core.elements.video.needs import needs
from resplice.core.elements.video.shown import in_vain, plays, shown
from resplice.core.facts import MediaFacts
from resplice.core.tasks import FetchTask

CLIP = MediaFacts("a" * 64, 9, "video", "mov", 64, 48, 2_000_000, has_audio=True)
PATH = ("scenes", 0, "elements", 0)
AROUND = Surroundings(Canvas(64, 48, 25), PATH, {PATH: CLIP})


def video(**more: Any) -> VideoElement:
    return VideoElement.model_validate({"type": "video", "src": "https://e.com/a", **more})


def test_it_needs_its_file_and_its_mask() -> None:
    tasks = dict(needs(video(mask="https://e.com/m"), AROUND))
    assert tasks == {(): FetchTask("https://e.com/a"), ("mask",): FetchTask("https://e.com/m")}


def test_a_loop_begins_again_on_a_frame_and_its_sound_with_it() -> None:
    assert plays(video(loop=2), AROUND) == Passage(0, 2_000_000, 2, on_frames=True)
    assert heard(video(loop=2), AROUND) == Heard(Source.of(CLIP), 1, in_step_with_frames=True)


def test_what_is_never_seen_of_it_is_said() -> None:
    told = list(in_vain(video(resize="fit", x=3, seek=-3), AROUND))
    assert [words.split()[0] for words in told] == [".resize", ".seek"]
    assert list(in_vain(video(seek=-2), AROUND)) == []


def test_its_picture_is_the_files() -> None:
    seen = shown(video(), AROUND, 25)
    assert seen.picture == FilePicture(Source.of(CLIP))
    assert (seen.look.size, seen.look.crop) == ((64, 48), None)
