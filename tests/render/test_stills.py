"""A still is the film's frame before it is encoded, to the bit, wherever in a segment it lies.

Compared are the raw frames that the encoder is given with the one frame that a still is made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from footage import QUARTERS
from numpy.typing import NDArray
from PIL import Image
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import GRAPH, Inputs, Invocation, Paths
from resplice.core.filtergraph.segment import composed
from resplice.core.pieces import SegmentTask, StillTask
from resplice.core.stills import still_of
from resplice.core.wanted_stills import Stills
from resplice.steps.execution import local as execution
from resplice.steps.pipeline.scene import opened
from stage import Document, Stage, audio, image, near, shot, video

Raw = NDArray[np.uint8]


def segments(stage: Stage, document: Document) -> list[SegmentTask]:
    """Of the film, in order; its elements are made."""
    planned = execution.explain(stage.studio.accepted(document), stage.studio.ports)[1]
    return [each.task for each in planned.plan.segments]


def raw(stage: Stage, task: SegmentTask, overlap: int, passed: int = 0) -> Raw:
    """What the encoder is given, a row of bytes a frame."""
    ports = stage.studio.ports
    with opened(task.digests(), ports) as paths, ports.scratch.scratch() as folder:
        into = folder / "frames.raw"
        ports.renderer.run(_invocation(task, paths, overlap, passed), into)
        frames = np.fromfile(into, np.uint8)
    width, height = task.canvas.width, task.canvas.height
    halves = (width + 1) // 2 * ((height + 1) // 2)
    return frames.reshape(-1, width * height + 2 * halves)


def _invocation(task: SegmentTask, paths: Paths, overlap: int, passed: int) -> Invocation:
    graph, inputs = Graph(), Inputs(paths)
    out = composed(graph, inputs, task, overlap, passed)
    argv = ("-/filter_complex", GRAPH, "-map", f"[{out}]", "-fps_mode", "passthrough")
    argv += ("-frames:v", str(task.frames), "-pix_fmt", "yuv420p", "-f", "rawvideo")
    return Invocation(argv, tuple(inputs.feeds), graph.text(), tuple(inputs.inputs))


def frame_of(stage: Stage, still: StillTask) -> Raw:
    (frame,) = raw(stage, still.segment, still.overlap, still.passed)
    return frame


def same(stage: Stage, document: Document, numbers: Iterable[int]) -> None:
    """The frames of these numbers, of each segment of the film that has as many."""
    for place, task in enumerate(segments(stage, document)):
        film = raw(stage, task, task.frames)
        assert len(film) == task.frames
        for number in (each for each in numbers if each < task.frames):
            still = frame_of(stage, still_of(task, number))
            assert np.array_equal(still, film[number]), (place, number)


CANVAS = {"width": 160, "height": 90, "fps": 25, "quality": "low"}


def movie(*scenes: Document, **more: object) -> Document:
    return {**CANVAS, "scenes": list(scenes), **more}


def test_what_fades_zooms_turns_and_stands(stage: Stage) -> None:
    quarters, ring = stage.footage.quarters(), stage.footage.ring()
    title = {"type": "text", "text": "Ann", "start": 0.5, "duration": 2, "style": "002"}
    document = movie(
        shot(
            image(quarters, duration=3, zoom=3, fade_in=1, fade_out=1),
            image(ring, width=40, x=100, y=31, rotate={"angle": 90, "speed": 1}),
            image(ring, width=41, x=3, y=5, zoom=-2, pan="left"),
            title,
            duration=4,
        )
    )
    same(stage, document, (0, 1, 24, 30, 62, 74, 75, 99))


INTERLACED = ("-vf", "tinterlace=interleave_top,fieldorder=tff", "-flags", "+ilme+ildct")


@pytest.mark.parametrize(
    ("kind", "rate", "seek", "options"),
    [
        ("mp4", "30", 0.713, ("-x264-params", "open-gop=1:keyint=30:bframes=3:b-pyramid=2")),
        ("mp4", "30", 0.713, ("-x264-params", "intra-refresh=1:keyint=60:bframes=0")),
        ("mkv", "30", 0.713, ("-bf", "4", "-g", "300")),
        ("mp4", "30", 1, (*INTERLACED, "-bf", "0", "-g", "15")),
        ("ts", "30", 0.713, ()),
        ("avi", "30000/1001", 0.713, ("-c:v", "mpeg4", "-bf", "0", "-q:v", "2")),
        ("webp", "30", 0, ("-c:v", "libwebp_anim", "-preset", "none", "-lossless", "1")),
    ],
)
def test_clips_wherever_they_begin(
    stage: Stage, kind: str, rate: str, seek: float, options: tuple[str, ...]
) -> None:
    source = stage.footage.clip(200, rate, kind, *options)
    clip = video(source, seek=seek, start=0.2, duration=5, fade_out=0.5)
    same(stage, movie(shot(clip, duration=5.5)), (0, 5, 54, 55, 56, 79, 80, 129, 130))


def test_a_clip_that_ends_before_it_was_said_to_stays(stage: Stage) -> None:
    card = video(stage.footage.clip(30, "24"), loop=-1, duration=8)
    (task,) = segments(stage, movie(shot(card, duration=8)))
    (layer,) = task.picture.layers
    assert layer.clip and layer.clip.loop_frames == 31
    longer = replace(layer, clip=replace(layer.clip, loop_frames=40))
    task = replace(task, picture=replace(task.picture, layers=(longer,)))
    film = raw(stage, task, task.frames)
    for number in (30, 31, 39, 40, 75):
        assert np.array_equal(frame_of(stage, still_of(task, number)), film[number]), number
    assert np.array_equal(film[31], film[39]) and not np.array_equal(film[39], film[40])


@pytest.mark.parametrize("kind", ["mkv", "mp4"])
def test_clips_of_uneven_rate(stage: Stage, kind: str) -> None:
    clip = video(stage.footage.uneven(kind), seek=0.33, duration=10.7)
    same(stage, {**movie(shot(clip)), "fps": 30}, (0, 1, 60, 61, 77, 150, 299))


def test_clips_that_loop_are_held_masked_or_travel(stage: Stage) -> None:
    card, mask = stage.footage.clip(30, "24"), stage.footage.clip(200, "30", "mkv")
    key = {"color": "#14dc14", "tolerance": 20}
    document = movie(
        shot(video(card, loop=-1, zoom=2, duration=7, mask=mask), duration=7),
        shot(video(card, extra_time=2, chroma_key=key, correction={"brightness": 0.1})),
        shot(video(card, loop=3, width=80, x=7, y=9, resize="fit"), duration=5),
    )
    same(stage, document, (0, 1, 30, 31, 32, 61, 62, 77, 80, 174))


@pytest.mark.parametrize("style", ["smoothleft", "dissolve", "circleopen", "hblur"])
def test_transitions_and_what_lies_over_them(stage: Stage, style: str) -> None:
    card, quarters = stage.footage.clip(100, "25"), stage.footage.quarters()
    ring = image(stage.footage.ring(), width=30, x=5, y=5, duration=-2, fade_in=1)
    enters = {"style": style, "duration": 0.6}
    document = movie(
        shot(video(card)),
        shot(image(quarters, zoom=2), transition=enters),
        elements=[ring],
    )
    same(stage, document, (0, 1, 6, 10, 13, 14))


@pytest.mark.parametrize("fps", [30, 13])
def test_audiograms(stage: Stage, fps: int) -> None:
    clicks = stage.footage.recoded(stage.footage.clicks((0.1, 0.9, 1.4, 2.3), 3), "mp3")
    sound = audio(clicks, start=0.4, fade_in=2)
    wave = {"type": "audiogram", "width": 100, "height": 60, "x": 10, "y": 10}
    same(stage, {**movie(shot(sound, wave, duration=4)), "fps": fps}, (0, 14, 15, 31, 40, 51))


def test_captions_and_what_is_painted_in_motion(stage: Stage) -> None:
    line = {"type": "voice", "text": "One two three four", "voice": "en-us", "model": "espeak"}
    style = {"type": "subtitles", "settings": {"style": "boxed-word"}}
    bar = "<style>@keyframes a{to{margin-left:60px}}</style>"
    page = {"type": "html", "html": f"{bar}<p style='animation:a 1s infinite alternate'>a</p>"}
    flicker = image(stage.footage.flicker("gif"), width=50)
    document = movie(shot(line, page, flicker, duration=3), elements=[style])
    same(stage, document, (0, 6, 10, 24, 25, 26, 37, 60, 74))


def pictures(stage: Stage, document: Document, wanted: Stills) -> list[NDArray[np.int16]]:
    """What is seen in them, as RGB."""
    ports = stage.studio.ports
    _, seen = execution.look(stage.studio.accepted(document), wanted, ports)
    found = list[NDArray[np.int16]]()
    for key in seen.keys:
        with ports.objects.open(key) as path, Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.info["srgb"]) == ("PNG", "RGB", 1)
            found.append(np.asarray(picture, np.int16))
    return found


def test_its_colours_are_those_of_the_film(stage: Stage) -> None:
    document = movie(shot(image(stage.footage.quarters(size=(160, 90)))))
    (seen,) = pictures(stage, document, Stills((0.5,)))
    assert np.abs(seen - stage.frames(document)[12]).mean() < 1 and seen.shape == (90, 160, 3)
    corners = [seen[y, x] for y in (20, 70) for x in (30, 130)]
    assert near(corners, QUARTERS)


def test_one_that_is_there_is_made_no_more_unless_it_is_to_be(stage: Stage) -> None:
    """Pictures that are alike are one."""
    document = movie(shot(image(stage.footage.colour(9, 90, 30), duration=1), duration=2))
    wanted = Stills((0.1, 0.9, 1.5))
    stage.studio.runs()
    first = pictures(stage, document, wanted)
    assert stage.studio.runs() == 2 and np.array_equal(first[0], first[1])
    assert np.array_equal(pictures(stage, document, wanted), first) and stage.studio.runs() == 0
    moved = movie(shot(duration=1), *document["scenes"])
    pictures(stage, moved, Stills((1.1, 2.5)))
    assert stage.studio.runs() == 0
    pictures(stage, {**document, "cache": False}, wanted)
    assert stage.studio.runs() == 2


def test_a_sheet_has_stills_in_order_and_is_made_once(stage: Stage) -> None:
    colours = (200, 10, 10), (10, 150, 10), (10, 10, 200)
    shots = [shot(image(stage.footage.colour(*each, (160, 90)))) for each in colours]
    document, wanted = movie(*shots), Stills(sheet=(2, 2))
    stage.studio.runs()
    (sheet,) = pictures(stage, document, wanted)
    assert sheet.shape == (2 * 98 + 8, 2 * 168 + 8, 3) and stage.studio.runs() == 4
    middles = [sheet[y, x] for y in (53, 151) for x in (88, 256)]
    assert near(middles, [colours[0], colours[1], colours[1], colours[2]], 3)
    assert near(sheet[:8], 0) and near(sheet[:, 168:176], 0)
    pictures(stage, document, wanted)
    assert stage.studio.runs() == 0
    pictures(stage, {**document, "cache": False}, wanted)
    assert stage.studio.runs() == 4
