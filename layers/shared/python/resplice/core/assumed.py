"""Facts that are assumed of what is not made yet, so that a plan can be drawn up without it.

Equal tasks are assumed to have equal facts, so plans that differ do so because their documents do.
Lengths are guesses: whoever shows them says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from resplice.core.facts import (
    AbsentFacts,
    AnimationFacts,
    CaptionsFacts,
    Facts,
    MediaFacts,
    MediaKind,
    SpeechFacts,
    TranscriptFacts,
)
from resplice.core.tasks import (
    AnimateTask,
    CaptionsTask,
    FetchTask,
    FontTask,
    GenerateTask,
    PaintTask,
    SpeakTask,
    Task,
    TranscribeTask,
    WebPageTask,
)

SECONDS = 5.0
"""Of a clip or a sound."""
CHARACTERS_A_SECOND = 14
"""As voices speak."""
SIZE = 1920, 1080
OF_MEDIUM: dict[str, tuple[MediaKind, str]] = {
    "image": ("image", "png_pipe"),
    "mask": ("image", "png_pipe"),
    "video": ("video", "mov"),
    "audio": ("audio", "mp3"),
    "font": ("font", ""),
}
"""The kind of file, and what reads it, by the name of the medium that is wanted."""


def assumed(task: Task, medium: str, digest: str) -> Facts:
    """medium: that of a download, as elements.files names it. digest: in place of the bytes'."""
    return replace(ASSUMED[type(task)](task, medium), digest=digest)


def _fetched(task: FetchTask, medium: str) -> Facts:
    kind, demuxer = OF_MEDIUM.get(medium, OF_MEDIUM["image"])
    seen = SIZE if kind in ("image", "video") else (0, 0)
    lasts_us = _us(SECONDS) if kind in ("video", "audio") else None
    sounds = kind in ("video", "audio")
    return MediaFacts("", 0, kind, demuxer, *seen, lasts_us, has_audio=sounds)


def _spoken(task: SpeakTask, medium: str) -> Facts:
    lasts_us = _us(max(1.0, len(task.text) / CHARACTERS_A_SECOND))
    return SpeechFacts("", 0, "audio", "flac", duration_us=lasts_us, has_audio=True)


def _generated(task: GenerateTask, medium: str) -> Facts:
    if task.kind == "image":
        return MediaFacts("", 0, "image", "png_pipe", task.width, task.height)
    lasts_us = _us(task.seconds or SECONDS)
    return MediaFacts("", 0, "video", "mov", task.width, task.height, lasts_us)


def _painted(task: PaintTask, medium: str) -> Facts:
    return MediaFacts("", 0, "image", "png_pipe", task.width, task.height, has_alpha=True)


def _moving(task: AnimateTask, medium: str) -> Facts:
    still = MediaFacts("", 0, "video", "apng", task.width, task.height, has_alpha=True)
    return AnimationFacts(**vars(still), frames=max(2, task.fps))


def _page(task: WebPageTask, medium: str) -> Facts:
    width, height = (round(side * task.density) for side in (task.width, task.height))
    if not task.frames:
        return MediaFacts("", 0, "image", "png_pipe", width, height, has_alpha=True)
    moving = MediaFacts("", 0, "video", "apng", width, height, has_alpha=True)
    return AnimationFacts(**vars(moving), frames=task.frames)


def _us(seconds: float) -> int:
    return round(seconds * 1e6)


ASSUMED: dict[type[Task], Callable[[Any, str], Facts]] = {
    FetchTask: _fetched,
    FontTask: lambda task, medium: AbsentFacts("", 0),
    CaptionsTask: lambda task, medium: CaptionsFacts("", 0),
    SpeakTask: _spoken,
    TranscribeTask: lambda task, medium: TranscriptFacts("", 0),
    GenerateTask: _generated,
    PaintTask: _painted,
    AnimateTask: _moving,
    WebPageTask: _page,
}
"""A row for every kind of task."""
