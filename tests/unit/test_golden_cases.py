"""Golden text: what whole movies are planned as, and the command lines that make them.

Each folder of tests/cases has a movie.json, the plan.txt made of it and the argv.txt of every
FFmpeg run, fences and all. A change of either is a change of pixels, sound, keys or fences: look
at it in the diff. After a change that is meant, write them anew with

    UPDATE_CASES=1 .venv/bin/python -m pytest tests/unit/test_golden_cases.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.ffmpeg.command_line import command_line
from resplice.core.composition import FilePicture, Layer, Source
from resplice.core.document.expand import expand
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, MediaFacts
from resplice.core.filtergraph import (
    Invocation,
    mix_invocation,
    segment_invocation,
    sound_invocation,
)
from resplice.core.filtergraph.inputs import GRAPH
from resplice.core.pieces import MixTask, Sound, Stretch
from resplice.core.plan import Plan, plan
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import FetchTask
from resplice.core.timeline import timeline

CASES = sorted(path.parent for path in Path(__file__).parents[1].glob("cases/*/movie.json"))


def still(name: str, width: int, height: int, **more: Any) -> MediaFacts:
    demuxer = "jpeg_pipe" if name.endswith("jpg") else "png_pipe"
    return MediaFacts(name, 1000, "image", demuxer, width, height, **more)


def clip(name: str, demuxer: str, size: tuple[int, int], seconds: float, **more: Any) -> MediaFacts:
    us = round(seconds * 1e6)
    return MediaFacts(name, 1000, "video", demuxer, *size, us, **more)


def sound(name: str, seconds: float) -> MediaFacts:
    us = round(seconds * 1e6)
    return MediaFacts(name, 1000, "audio", "mp3", duration_us=us, has_audio=True)


LIBRARY = {
    facts.digest: facts
    for facts in (
        still("photo.jpg", 4000, 3000),
        still("logo.png", 200, 100, has_alpha=True),
        still("mask.png", 64, 64),
        clip("clip.mp4", "mov", (1280, 720), 2.5, has_audio=True, untagged=True),
        clip("long.mp4", "mov", (640, 360), 23.4),
        clip("alpha.webm", "matroska", (600, 600), 3, has_alpha=True, decoder="libvpx-vp9"),
        clip("spinner.gif", "gif", (48, 48), 0.8, has_alpha=True),
        sound("voice.mp3", 1.7),
        sound("music.mp3", 3.2),
    )
}
TEXT = still("text.png", 120, 40, has_alpha=True, x=12, y=8)


def planned(movie: Movie) -> Plan:
    return plan(timeline(movie, library_facts(movie)), movie.quality)


def library_facts(movie: Movie) -> dict[DocumentPath, Facts]:
    """Facts of all that the movie needs: files by their names, and one for every text."""
    facts: dict[DocumentPath, Facts] = {}
    while tasks := element_tasks(movie, facts):
        for each in tasks:
            url = each.task.url if isinstance(each.task, FetchTask) else ""
            facts[each.path] = LIBRARY[url.rpartition("/")[2]] if url else TEXT
    return facts


def described(value: Any) -> str:
    """A value's fields that are not their defaults; a source by its name."""
    if isinstance(value, FilePicture):
        return value.file.digest
    if isinstance(value, Source):
        return value.digest
    if isinstance(value, tuple):
        return f"({', '.join(map(described, value))})"
    if not is_dataclass(value):
        return f"{value:g}" if isinstance(value, float) else str(value)
    said = [
        f"{field.name}={described(own)}"
        for field in fields(value)
        if (own := getattr(value, field.name)) != field.default or field.default is MISSING
    ]
    return f"{type(value).__name__}({', '.join(said)})"


def placed(layer: Layer | Sound) -> str:
    """`name first..end`, then all else that is said of it."""
    kept = ("source", "picture", "first", "end")
    name = described(layer.picture if isinstance(layer, Layer) else layer.source)
    told = [
        f"{field.name} {described(own)}"
        for field in fields(layer)
        if field.name not in kept and (own := getattr(layer, field.name)) != field.default
    ]
    return f"{name} {layer.first}..{layer.end}: {', '.join(told)}"


def plan_text(cut: Plan) -> Iterator[str]:
    canvas = cut.timeline.canvas
    yield f"{canvas.width}x{canvas.height} at {canvas.fps} fps, {cut.timeline.frames} frames"
    for segment in cut.segments:
        task = segment.task
        style = f", {task.style}" if task.style else ""
        held = ", one held" if task.profile.stands else ""
        yield f"scene {segment.scene + 1} {segment.part}: {segment.frames} frames{held}{style}"
        for name, composite in (("over", task.picture), ("into", task.into)):
            if composite:
                yield f"  {name} {composite.background}"
                yield from (f"    {placed(layer)}" for layer in composite.layers)
        if task.above:
            yield "  above"
            yield from (f"    {placed(layer)}" for layer in task.above)
    for number, scene in enumerate(cut.scenes, start=1):
        yield f"sound {number}: {scene.samples} samples, {scene.overlap_samples} shared"
        yield from (f"    {placed(part)}" for part in (scene.sound.sounds if scene.sound else ()))
    yield f"mix: {cut.samples} samples"
    yield from (f"    {placed(part)}" for part in cut.sounds)


class Names(dict[str, str]):
    """Every file lies under its own name."""

    def __missing__(self, name: str) -> str:
        return name


def runs(cut: Plan) -> Iterator[tuple[str, Invocation]]:
    paths = Names()
    for number, segment in enumerate(cut.segments, start=1):
        yield f"segment {number}", segment_invocation(segment.task, paths)
    keys = [f"sound-{n}" if s.sound else None for n, s in enumerate(cut.scenes, start=1)]
    for key, scene in zip(keys, cut.scenes, strict=True):
        if key and scene.sound:
            yield key, sound_invocation(scene.sound, paths)
    heard = any(keys) or cut.sounds
    if heard:
        stretches = tuple(
            Stretch(key, scene.samples, scene.overlap_samples)
            for key, scene in zip(keys, cut.scenes, strict=True)
        )
        mix = MixTask(stretches, cut.sounds, cut.samples, cut.profile.audio_bitrate)
        yield "mix", mix_invocation(mix, paths)


def argv_text(cut: Plan) -> Iterator[str]:
    """An option and its value to a line, a graph on lines of its own."""
    for name, invocation in runs(cut):
        yield f"# {name}"
        for number, feed in enumerate(invocation.feeds):
            shape = f"{feed.source} to {feed.size} {feed.format}, still {feed.still}"
            yield f"feed {number}: {shape}, age {feed.age}, {feed.frames} frames"
            yield f"  {described(feed.motion)}"
            yield from lines(command_line(feed.decode))
        whole = command_line(invocation)
        yield from lines([invocation.graph if word == GRAPH else word for word in whole])


def lines(argv: Sequence[str]) -> Iterator[str]:
    line = ""
    for word in argv:
        if line and word.startswith("-"):
            yield line
            line = ""
        line += f" {word}" if line else f"  {word}"
    if line:
        yield line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_movies_are_planned_as_before(case: Path) -> None:
    cut = planned(validate(expand(json.loads((case / "movie.json").read_text()))))
    for name, made in (("plan.txt", plan_text(cut)), ("argv.txt", argv_text(cut))):
        text = "\n".join(made) + "\n"
        if os.environ.get("UPDATE_CASES"):
            (case / name).write_text(text)
        assert text == (case / name).read_text(), "see the head of this file"
