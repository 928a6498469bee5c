"""What is made of parts of clips is what is made of whole ones, whatever the file looks like.

Both are rendered by the step itself, on S3. Clips are small, so the parts are too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
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
from resplice.core.pieces import PROFILES, SegmentTask
from resplice.steps.pipeline import scene
from s3_store import Store

BLOCK = 16_384
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


@dataclass
class Shop(Store):
    """The step's ports on S3, which counts what comes of contents. parts: used when it is made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ffmpeg = Ffmpeg(Path(FFMPEG))
        self.fetched_bytes = 0
        self.scratch = ScratchFolder(folder / "scratch")
        self.on("after-call.GetObject", self._came)

    def _came(self, **told: Any) -> None:
        self.fetched_bytes += int(told["parsed"].get("ContentLength", 0))

    def stored(self, clip: Path) -> MediaFacts:
        facts = FfmpegProber(self.ffmpeg).probe(clip, "")
        told = {"media": facts_to_json(facts), "author": "a test"}
        self.objects.put(content_key(facts.digest), clip, told)
        return facts

    def made(self, task: SegmentTask, parts: Any = None) -> tuple[bytes, int]:
        """The segment, and how many bytes were fetched for it."""
        before, ports = (
            self.fetched_bytes,
            SimpleNamespace(
                objects=self.objects,
                parts=parts or S3Parts(self.objects, self.scratch, 1),
                renderer=FfmpegRenderer(self.ffmpeg),
                scratch=self.scratch,
                clock=SimpleNamespace(now_ms=lambda: 0),
            ),
        )
        scene.make(task, "scenes/segment/a", ports, "run")  # type: ignore[arg-type]
        fetched = self.fetched_bytes - before
        return self.content("scenes/segment/a"), fetched

    def made_whole(self, task: SegmentTask) -> tuple[bytes, int]:
        return self.made(task, WholeParts(self.objects))


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
    whole, all_bytes = shop.made_whole(segment(facts, seeks))
    parts, some_bytes = shop.made(segment(facts, seeks))
    assert parts == whole
    assert all_bytes == facts.size_bytes
    # To find a place in fragments is to read through all of them.
    most = 1 if name == "in fragments" else 0.75
    assert some_bytes <= most * facts.size_bytes


def test_a_view_that_travels_is_fed_with_parts(shop: Shop, media: Path) -> None:
    facts = shop.stored(clip(media, "index at the end"))
    task = segment(facts, [31])
    (layer,) = task.picture.layers
    motion = Motion(1, 1.5, 0, 1, 0, 1, FRAMES)
    moved = replace(layer, look=replace(layer.look, motion=motion))
    task = replace(task, picture=replace(task.picture, layers=(moved,)))
    whole, _ = shop.made_whole(task)
    parts, some_bytes = shop.made(task)
    assert (parts == whole, some_bytes < 0.3 * facts.size_bytes) == (True, True)


def test_what_could_not_be_had_in_parts_is_made_of_the_whole(
    shop: Shop, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    facts = shop.stored(clip(media, "index in front"))
    whole, _ = shop.made_whole(segment(facts, [20]))
    asked = list[str]()

    def fail(**told: Any) -> None:
        asked.append(told["params"]["headers"].get("Range", "all"))
        if len(asked) == 4:
            raise OSError("the line is dead")

    shop.on("before-call.GetObject", fail)
    parts, _ = shop.made(segment(facts, [20]))
    assert parts == whole
    assert asked.index("all") >= 4
    assert "not made of parts of its clips: cannot read" in caplog.text


def test_a_damaged_clip_shows_what_it_shows_when_it_is_whole(shop: Shop, media: Path) -> None:
    sound = clip(media, "index in front")
    content = bytearray(sound.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = random.Random(1).randbytes(60_000)
    damaged = media / "damaged.mov"
    damaged.write_bytes(content)
    facts = shop.stored(damaged)
    for seek in (5, 20):
        whole, _ = shop.made_whole(segment(facts, [seek]))
        assert shop.made(segment(facts, [seek]))[0] == whole


@pytest.mark.parametrize(("frames", "whole"), [(247, False), (251, True)])
def test_what_shows_more_than_half_of_a_clip_opens_the_whole(
    shop: Shop, media: Path, frames: int, whole: bool
) -> None:
    facts = shop.stored(clip(media, "index at the end"))
    asked = list[bool]()
    shop.on(
        "before-call.GetObject", lambda **told: asked.append("Range" in told["params"]["headers"])
    )
    shop.made(segment(facts, [0, 20], frames))
    # The last one is the segment itself, as the test reads it.
    assert (False in asked[:-1]) is whole
