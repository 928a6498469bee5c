"""Facts that are assumed of what is not made yet, so that a plan can be drawn up without it.

Equal tasks are assumed to have equal facts, so plans that differ do so because their documents do.
Lengths are guesses: whoever shows them says so. What is written over a movie is assumed to be there
all the time: then nothing is taken for unchanged that may turn out not to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from resplice.core.document.limits import MAX_SECONDS
from resplice.core.facts import (
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
from resplice.core.words import Word

SECONDS = 5.0
"""Of a clip or a sound."""
CHARACTERS_A_SECOND = 14
"""As voices speak."""
SIZE = 1920, 1080
SOMETHING = "…"
"""In place of words that nobody knows."""
CAPTIONS = f"1\n00:00:00,000 --> {MAX_SECONDS // 3600:02}:00:00,000\n{SOMETHING}"
OF_MEDIUM: dict[str, tuple[MediaKind, str]] = {
    "image": ("image", "png_pipe"),
    "mask": ("image", "png_pipe"),
    "video": ("video", "mov"),
    "audio": ("audio", "mp3"),
    "font": ("font", ""),
}
"""The kind of file, and what reads it, by the name of the medium that is wanted."""


def assumed(task: Task, medium: str, digest: str, seek_s: float = 0) -> Facts:
    """medium: that of a download, as elements.files names it. digest: in place of the bytes'.
    seek_s: from where it plays; a download of which nothing is known is assumed to be longer.
    """
    facts = replace(ASSUMED[type(task)](task, medium), digest=digest)
    if not (isinstance(task, FetchTask) and isinstance(facts, MediaFacts) and facts.duration_us):
        return facts
    return replace(facts, duration_us=facts.duration_us + _us(max(0, seek_s)))


def _fetched(task: FetchTask, medium: str) -> Facts:
    kind, demuxer = OF_MEDIUM.get(medium, OF_MEDIUM["image"])
    seen = SIZE if kind in ("image", "video") else (0, 0)
    lasts_us = _us(SECONDS) if kind in ("video", "audio") else None
    sounds = kind in ("video", "audio")
    return MediaFacts("", 0, kind, demuxer, *seen, lasts_us, has_audio=sounds)


def _spoken(task: SpeakTask, medium: str) -> Facts:
    lasts_s = max(1.0, len(task.text) / CHARACTERS_A_SECOND)
    said = task.text.split() or [SOMETHING]
    ends_ms = [round(1000 * lasts_s * (n + 1) / len(said)) for n in range(len(said))]
    words = tuple(map(Word, said, [0, *ends_ms], ends_ms))
    lasting = MediaFacts("", 0, "audio", "flac", duration_us=_us(lasts_s), has_audio=True)
    return SpeechFacts(**vars(lasting), words=words)


def _heard(task: TranscribeTask, medium: str) -> Facts:
    lasts_ms = round(1000 * (task.seconds or SECONDS))
    return TranscriptFacts("", 0, (Word(SOMETHING, 0, lasts_ms),))


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
    FontTask: lambda task, medium: MediaFacts("", 0, *OF_MEDIUM["font"]),
    CaptionsTask: lambda task, medium: CaptionsFacts("", 0, CAPTIONS),
    SpeakTask: _spoken,
    TranscribeTask: _heard,
    GenerateTask: _generated,
    PaintTask: _painted,
    AnimateTask: _moving,
    WebPageTask: _page,
}
"""A row for every kind of task."""
