"""What is made of parts of clips is what is made of whole ones, whatever the file looks like.

Both are rendered by the step itself, on S3. Clips are small, so the parts are too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cloud
import pytest
from botocore.exceptions import EndpointConnectionError
from footage import FFMPEG, ffmpeg
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.ffmpeg.probe import FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.ffmpeg.renderer import FfmpegRenderer
from resplice.adapters.s3 import blocks
from resplice.adapters.s3.parts import S3Parts
from resplice.core.composition import (
    Canvas,
    Clip,
    Composite,
    FilePicture,
    Layer,
    Look,
    Source,
)
from resplice.core.facts import MediaFacts, content_key, facts_to_json
from resplice.core.motion import Motion
from resplice.core.pieces import PROFILES, SegmentTask, StillTask
from resplice.core.stills import still_of
from resplice.steps.pipeline import scene
from resplice.steps.pipeline.plan import Work
from s3_store import Store

BLOCK = 16_384
SEGMENT, WHOLE = "scenes/segment/a", "all of it"
SECONDS, RATE, SIZE = 40, 25, (80, 60)
FRAMES, WINDOWS = 20, 3
PICTURES = f"testsrc2=s={SIZE[0]}x{SIZE[1]}:r={RATE}:d={SECONDS},noise=alls=40:allf=t"
TONES = [f"sine={hertz}:d={SECONDS}" for hertz in (300, 440, 700)]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-crf", "20"]
DEEP = [*H264, "-bf", "5", "-g", "40", "-x264-params", "b-pyramid=normal:open-gop=1:b-adapt=0"]
UNEVEN = "setpts='(N+6*gt(N,90)+2*mod(N,3)+130*gt(N,600))/25/TB'"


def _filmed(path: Path, *options: str, sounds: int = 1) -> None:
    inputs = [word for source in (PICTURES, *TONES[:sounds]) for word in ("-i", source)]
    lavfi = [
        word
        for pair in zip(inputs[::2], inputs[1::2], strict=True)
        for word in ("-f", "lavfi", *pair)
    ]
    maps = [word for index in range(sounds + 1) for word in ("-map", str(index))]
    ffmpeg(*lavfi, *maps, *options, str(path))


def _cut(path: Path) -> None:
    """From the middle of a group of pictures on: an edit list hides what comes before."""
    whole = path.with_name("whole.mp4")
    _filmed(whole, *DEEP)
    ffmpeg("-ss", "1.3", "-i", str(whole), "-c", "copy", str(path))


def _chunked(path: Path) -> None:
    """Pictures and sound by turns, as large as cameras have them, in a raw sound codec."""
    _filmed(path, *H264, "-bf", "0", "-g", "25", "-c:a", "pcm_s16le", "-f", "mov")


CLIPS: dict[str, Callable[[Path], None]] = {
    "index at the end": lambda path: _filmed(path, *DEEP),
    "index in front": lambda path: _filmed(path, *DEEP, "-movflags", "+faststart"),
    "edit list": _cut,
    "uneven": lambda path: _filmed(path, "-vf", UNEVEN, "-fps_mode", "passthrough", *DEEP),
    "three sounds": lambda path: _filmed(path, *H264, "-bf", "2", "-g", "50", sounds=3),
    "raw sound": _chunked,
    "every frame a key frame": lambda path: _filmed(path, "-c:v", "mjpeg", "-q:v", "6"),
    "in fragments": lambda path: _filmed(
        path, *H264, "-bf", "2", "-g", "25", "-movflags", "frag_keyframe+empty_moov"
    ),
}


class Shop(Store):
    """The step's ports on S3. asked: for which ranges of objects; fetched_bytes: what came."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ffmpeg = Ffmpeg(Path(FFMPEG))
        self.asked, self.fetched_bytes = list[str](), 0
        self.scratch = ScratchFolder(folder / "scratch")
        self.on("before-call.GetObject", self._asked)
        self.on("after-call.GetObject", self._came)

    def _asked(self, **told: Any) -> None:
        self.asked.append(told["params"]["headers"].get("Range", WHOLE))

    def _came(self, **told: Any) -> None:
        self.fetched_bytes += int(told["parsed"].get("ContentLength", 0))

    def stored(self, clip: Path) -> MediaFacts:
        facts = FfmpegProber(self.ffmpeg).probe(clip, "")
        told = {"media": facts_to_json(facts), "author": "a test"}
        self.objects.put(content_key(facts.digest), clip, told)
        return facts

    def made(self, task: SegmentTask | StillTask, parts: Any = None) -> bytes:
        """The segment. What was asked for, and how much came, is of what it was made of."""
        self.asked, self.fetched_bytes = [], 0
        ports: Any = SimpleNamespace(
            objects=self.objects,
            parts=parts or S3Parts(self.objects, self.scratch, 1),
            renderer=FfmpegRenderer(self.ffmpeg),
            scratch=self.scratch,
            clock=SimpleNamespace(now_ms=lambda: 0),
        )
        work = Work(task, SEGMENT, task.frames, 0, "body", "miss", there=False)
        scene.make(work, ports, "run")
        found = cloud.client("s3").get_object(Bucket=self.bucket, Key=SEGMENT)["Body"]
        content: bytes = found.read()
        return content

    def made_whole(self, task: SegmentTask | StillTask) -> bytes:
        made = self.made(task, WholeParts(self.objects))
        assert self.asked == [WHOLE]
        return made


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", BLOCK)
    yield Shop(tmp_path)
    assert list((tmp_path / "scratch").iterdir()) == []


def clip(folder: Path, name: str) -> Path:
    path = folder / f"{name.replace(' ', '-')}.mov"
    if not path.exists():
        CLIPS[name](path)
    return path


def segment(facts: MediaFacts, seeks_s: list[float], frames: int = FRAMES) -> SegmentTask:
    """Windows of the clip beside each other."""
    look, film = Look(scaled=SIZE, size=SIZE, x=0, y=0), FilePicture(Source.of(facts))
    layers = tuple(
        Layer(
            film,
            Look(SIZE, SIZE, index * SIZE[0], 0),
            0,
            frames,
            clip=Clip(round(seek * 1e6), skip_frames=index),
        )
        for index, seek in enumerate(seeks_s)
    )
    canvas = Canvas(SIZE[0] * len(layers), look.size[1], RATE)
    return SegmentTask(canvas, PROFILES["low"], frames, Composite("#000000", layers))


@pytest.mark.parametrize("name", CLIPS)
def test_frames_are_those_of_the_whole_clip(name: str, shop: Shop, media: Path) -> None:
    facts = shop.stored(clip(media, name))
    chosen, length_s = random.Random(name), (facts.duration_us or 0) / 1e6
    # The end too, and what lies after it.
    seeks = [0, *(chosen.uniform(0, length_s) for _ in range(WINDOWS - 2)), length_s - 0.3]
    whole = shop.made_whole(segment(facts, seeks))
    assert shop.made(segment(facts, seeks)) == whole
    assert WHOLE not in shop.asked


def test_a_still_is_made_of_parts(shop: Shop, media: Path) -> None:
    facts = shop.stored(clip(media, "index at the end"))
    still = still_of(segment(facts, [20]), 7)
    whole = shop.made_whole(still)
    assert shop.made(still) == whole and WHOLE not in shop.asked
    assert shop.fetched_bytes < 0.3 * facts.size_bytes


def test_an_answer_that_breaks_off_is_asked_for_again(shop: Shop, media: Path) -> None:
    facts, broken = shop.stored(clip(media, "index in front")), list[str]()
    whole = shop.made_whole(segment(facts, [20]))

    def fail(**told: Any) -> None:
        said = told["params"]["headers"].get("Range", WHOLE)
        if len(shop.asked) % 5 == 0 and said not in broken:
            broken.append(said)
            raise EndpointConnectionError(endpoint_url="s3")

    shop.on("before-call.GetObject", fail)
    assert shop.made(segment(facts, [20])) == whole
    assert broken and WHOLE not in shop.asked


def test_a_view_that_travels_is_fed_with_parts(shop: Shop, media: Path) -> None:
    facts = shop.stored(clip(media, "index at the end"))
    task = segment(facts, [31])
    (layer,) = task.picture.layers
    motion = Motion(1, 1.5, 0, 1, 0, 1, FRAMES)
    moved = replace(layer, look=replace(layer.look, motion=motion))
    task = replace(task, picture=replace(task.picture, layers=(moved,)))
    whole = shop.made_whole(task)
    assert shop.made(task) == whole
    # How far FFmpeg reads on depends on who is faster, but it does not read back.
    assert 0 < shop.fetched_bytes < 0.4 * facts.size_bytes


def test_what_could_not_be_had_in_parts_is_made_of_the_whole(
    shop: Shop, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    facts = shop.stored(clip(media, "index in front"))
    whole = shop.made_whole(segment(facts, [20]))

    def fail(**told: Any) -> None:
        if len(shop.asked) > 3 and "Range" in told["params"]["headers"]:
            raise OSError("the line is dead")

    shop.on("before-call.GetObject", fail)
    assert shop.made(segment(facts, [20])) == whole
    assert shop.asked.count(WHOLE) == 1 and shop.asked[-1] == WHOLE
    assert "not made of parts of its clips: " in caplog.text


def test_a_damaged_clip_shows_what_it_shows_when_it_is_whole(shop: Shop, media: Path) -> None:
    content = bytearray(clip(media, "index in front").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = random.Random(1).randbytes(60_000)
    damaged = media / "damaged.mov"
    damaged.write_bytes(content)
    facts, again = shop.stored(damaged), list[bool]()
    for seek in (5, 20):
        whole = shop.made_whole(segment(facts, [seek]))
        assert shop.made(segment(facts, [seek])) == whole
        again.append(WHOLE in shop.asked)
    assert again == [False, True]


@pytest.mark.parametrize(("frames", "whole"), [(247, False), (251, True)])
def test_what_shows_more_than_half_of_a_clip_opens_the_whole(
    shop: Shop, media: Path, frames: int, whole: bool
) -> None:
    facts = shop.stored(clip(media, "index at the end"))
    shop.made(segment(facts, [0, 20], frames))
    assert (WHOLE in shop.asked) is whole
