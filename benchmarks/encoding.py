"""What other encode settings would cost and give: `python -m benchmarks encoding`.

Five kinds of film, each encoded by what every quality has now and by what it could have: CPU
seconds, bytes and likeness to the source (SSIM); for aq-mode VMAF and banding (CAMBI), too. How
many bytes it would be at the likeness of today is told between two values of crf. It decides
nothing: `core/pieces.py` and `core/filtergraph/segment.py` do. A quarter of an hour of a core.
"""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path

from resplice.core.composition import Canvas
from resplice.core.filtergraph.segment import encoding
from resplice.core.pieces import PROFILES, Profile

from benchmarks import media
from benchmarks.rendering import Bench, timed

CANVAS, SECONDS = Canvas(1280, 720, 30), 2
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast")
LOOKAHEADS = {"high": (0, 20, 40), "medium": (10, 20)}
"""Frames. Of these qualities more is tried; veryfast has 10 of itself, superfast none."""


@dataclass(frozen=True)
class Settings:
    """What differs from today's: words for x264 are added to those that it is told."""

    name: str
    profile: Profile
    more: str = ""

    def words(self) -> list[str]:
        said = list(encoding(self.profile, CANVAS))
        at = said.index("-x264-params") + 1
        said[at] += self.more
        return said


@dataclass(frozen=True)
class Encoded:
    """One film by some settings."""

    cpu_s: float
    size_bytes: int
    ssim: float


def candidates(quality: str) -> Iterator[Settings]:
    """Of a quality, today's first."""
    profile = PROFILES[quality]
    yield Settings("today", profile)
    yield Settings("aq-mode 1", profile, ":aq-mode=1")
    at = PRESETS.index(profile.preset)
    for preset in PRESETS[max(0, at - 1) : at + 3]:
        if preset != profile.preset:
            yield Settings(preset, replace(profile, preset=preset))
    if quality in LOOKAHEADS:
        for frames in LOOKAHEADS[quality]:
            tree = min(1, frames)
            yield Settings(f"lookahead {frames}", profile, f":mbtree={tree}:rc-lookahead={frames}")
        for threads, name in ((1, "1 thread"), (0, "threads auto")):
            yield Settings(name, replace(profile, threads=threads))


class Laboratory:
    """Encodes films, each once for the same settings."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.encoded, self.source = cache(self._encoded), cache(self._source)

    def _source(self, film: str) -> Path:
        """Its frames, as they are."""
        file = self._work / f"{film}.y4m"
        lasting = ("-t", str(SECONDS), "-pix_fmt", "yuv420p")
        media.ffmpeg("-filter_complex", media.FILMS[film], "-map", "[v]", *lasting, str(file))
        return file

    def _encoded(self, film: str, settings: Settings) -> Encoded:
        coded = self.coded(film, settings)
        read = ["-v", "error", "-nostdin", "-y", "-i", str(self.source(film))]
        run = timed([media.FFMPEG, *read, *settings.words(), str(coded)])
        return Encoded(run.cpu_s, coded.stat().st_size, self._ssim(film, coded))

    def coded(self, film: str, settings: Settings) -> Path:
        """Where the film lies that was encoded so."""
        told = f"{film}-{settings.profile}{settings.more}".encode()
        return self._work / f"{hashlib.sha256(told).hexdigest()[:16]}.mp4"

    def _ssim(self, film: str, coded: Path) -> float:
        """Of all planes."""
        command = [media.FFMPEG, "-nostdin", "-i", str(coded), "-i", str(self.source(film))]
        command += ["-lavfi", "ssim", "-f", "null", "-"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        return float(told.rpartition("All:")[2].split()[0])

    def seen(self, film: str, settings: Settings) -> tuple[float, float]:
        """(VMAF, CAMBI): how it looks, of 100; how banded it is, 0 for not at all."""
        self.encoded(film, settings)
        log = self._work / "seen.json"
        graph = f"libvmaf=feature=name=cambi:log_fmt=json:log_path={log}"
        inputs = ("-i", str(self.coded(film, settings)), "-i", str(self.source(film)))
        media.ffmpeg(*inputs, "-lavfi", graph, "-f", "null", "-")
        pooled = json.loads(log.read_text())["pooled_metrics"]
        return pooled["vmaf"]["mean"], pooled["cambi"]["mean"]

    def as_like(self, film: str, settings: Settings, ssim: float) -> tuple[float, float]:
        """(crf, bytes) with which it would be as like the source as that: between two whole ones
        that are less like it and more.
        """
        here = self.encoded(film, settings)
        step = 1 if here.ssim > ssim else -1
        while True:
            profile = settings.profile
            settings = replace(settings, profile=replace(profile, crf=profile.crf + step))
            beside = self.encoded(film, settings)
            if (beside.ssim - ssim) * step <= 0:
                share = (ssim - here.ssim) / (beside.ssim - here.ssim)
                grown = math.log(beside.size_bytes / here.size_bytes) * share
                return profile.crf + step * share, here.size_bytes * math.exp(grown)
            here = beside


def table(bench: Bench) -> None:
    """A table for each quality: a row has one film after another, and all of them together."""
    laboratory, lines = Laboratory(bench.work), list[str]()
    for quality in PROFILES:
        today, *others = candidates(quality)
        rows = chain(_today(laboratory, quality, today), _rows(laboratory, today, others))
        for line in rows:
            lines.append(line)
            print(line, flush=True)
    (bench.media / "encoding.md").write_text("\n".join(lines) + "\n")


def _today(laboratory: Laboratory, quality: str, today: Settings) -> Iterator[str]:
    films, profile = list(media.FILMS), today.profile
    named = f"{quality}: {profile.preset}, crf {profile.crf}"
    yield ""
    yield f"| {named} | {' | '.join(films)} | CPU of all | bytes of all, same SSIM |"
    yield "|---" * (len(films) + 3) + "|"
    cells = []
    for film in films:
        got, seen = laboratory.encoded(film, today), laboratory.seen(film, today)
        cells.append(
            f"{got.cpu_s:.2f} s, {got.size_bytes / 1000:.0f} KB, "
            f"SSIM {got.ssim:.4f}, {_looks(seen)}"
        )
    yield f"| {today.name} | {' | '.join(cells)} | 1 | 1 |"


def _looks(seen: tuple[float, float]) -> str:
    return f"VMAF {seen[0]:.1f}, banding {seen[1]:.2f}"


def _rows(laboratory: Laboratory, today: Settings, others: Sequence[Settings]) -> Iterator[str]:
    """Shares of today's."""
    for other in others:
        cells, cpus, sizes = list[str](), list[float](), list[float]()
        for film in media.FILMS:
            now, then = laboratory.encoded(film, today), laboratory.encoded(film, other)
            crf, size = laboratory.as_like(film, other, now.ssim)
            cpus.append(then.cpu_s / now.cpu_s)
            sizes.append(size / now.size_bytes)
            looks = f", {_looks(laboratory.seen(film, other))}" if "aq-mode" in other.name else ""
            cells.append(
                f"{cpus[-1]:.2f} x CPU, {then.size_bytes / now.size_bytes:.3f} x bytes, "
                f"SSIM {then.ssim:.4f}{looks}; at crf {crf:.1f} {sizes[-1]:.3f} x bytes"
            )
        yield f"| {other.name} | {' | '.join(cells)} | {_mean(cpus):.2f} | {_mean(sizes):.3f} |"


def _mean(shares: Sequence[float]) -> float:
    """Of ratios."""
    return math.exp(sum(map(math.log, shares)) / len(shares))
