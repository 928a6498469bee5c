"""What a step had begun when its time was up: kept when it is there, asked for again when a
provider is still at it, and never taken for a fault of what was read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from far_apart import FarApart, emptied
from resplice.adapters.ffmpeg.probe import FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.core.sources import ElementTask
from resplice.core.tasks import FetchTask, GenerateTask, Task
from resplice.errors import (
    DocumentError,
    LimitReached,
    Problem,
    ProviderBusy,
    RenderError,
    RespliceError,
)
from resplice.ports import Ports
from resplice.steps.deadline import STEP_LATE, Deadline, bounded
from resplice.steps.makers.provided import readable
from resplice.steps.messages import tells_of_a_full_disk
from resplice.steps.pipeline.element import make
from studio import Studio, movie, picture, studio

FULL = "No space left on device"
PAINTING = GenerateTask("image", "fal", "fal-ai/flux/schnell", "a boat", "horizontal", 1344, 768)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("up") / "data") as made:
        yield made


def over(ports: Ports) -> Deadline:
    return Deadline.of_step(0, ports)


def late(task: Task, ports: Ports) -> RespliceError:
    """What is raised when there is no time to make the task."""
    wanted = ElementTask(("scenes", 0, "elements", 0), "element", task, False)
    with pytest.raises(RespliceError) as raised:
        make(wanted, ports, revalidate=False, run="run", deadline=over(ports))
    return raised.value


def test_a_provider_is_asked_again_and_a_download_is_not(lab: Studio, tmp_path: Path) -> None:
    ports = emptied(lab.ports, tmp_path)
    assert isinstance(late(PAINTING, ports), ProviderBusy)
    assert isinstance(late(FetchTask("https://example.com/a.png"), ports), LimitReached)


def test_what_a_provider_said_is_not_hidden_by_the_time(lab: Studio) -> None:
    with pytest.raises(ProviderBusy), bounded("", over(lab.ports), lab.ports):
        raise ProviderBusy("fal", "it is still working on it; try again later")


def test_an_answer_that_nobody_had_time_to_read_is_not_damaged(lab: Studio, tmp_path: Path) -> None:
    """Else it would be forgotten, and paid for once more."""
    answer = tmp_path / "answer.png"
    answer.write_bytes(picture("red"))
    hurried = FfmpegProber(Ffmpeg(Path(imageio_ffmpeg.get_ffmpeg_exe()), left_s=lambda: 0.0))
    with pytest.raises(LimitReached), readable("fal"):
        hurried.probe(answer, "")
    assert lab.ports.prober.probe(answer, "").width


@dataclass
class SlowToStore:
    """objects, of which the first piece of a scene is stored only after so long."""

    objects: Any
    seconds: float

    def put(self, key: str, *given: Any) -> Any:
        if key.startswith("scenes/"):
            time.sleep(self.seconds)
            self.seconds = 0
        return self.objects.put(key, *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.objects, name)


def test_a_scene_that_is_stored_is_kept_however_late(lab: Studio, tmp_path: Path) -> None:
    ports = emptied(lab.ports, tmp_path)
    slow: Any = SlowToStore(ports.objects, 3.2)
    far = FarApart(replace(ports, objects=slow), ends=lambda own: Deadline.of_step(3000, own))
    told = far.made(movie({"duration": 0.1, "background-color": "#ff0000"}))
    assert (told["status"], slow.seconds) == ("done", 0), told["message"]


def test_a_disk_is_full_when_we_say_so_and_not_when_a_stranger_does() -> None:
    assert tells_of_a_full_disk(RenderError(FULL)) and tells_of_a_full_disk(OSError(28, "full"))
    assert not tells_of_a_full_disk(ProviderBusy("fal", FULL))
    assert not tells_of_a_full_disk(DocumentError([Problem("scenes[0].comment", FULL)]))


def test_words_say_how_long_a_step_may_take(lab: Studio) -> None:
    assert Deadline.of_step(1500, lab.ports).words() == STEP_LATE.format(seconds=1.5)
