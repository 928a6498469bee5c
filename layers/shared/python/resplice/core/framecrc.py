"""Reading what FFmpeg says of a file: its packet list (framecrc) and its first decoded frame.

Pure. The packet list is the truth about length: headers round, lie, or are missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

_NO_TIME = -(1 << 63)
_FIRST_FRAME = re.compile(rb"showinfo.* fmt:(\w+).* sar:(\d+)/(\d+) s:(\d+)x(\d+)")
_MATRIX = re.compile(rb"showinfo.* color_space:(\w+)")
_ALPHA = re.compile(r"yuva|gbrap|ya\d|rgba|bgra|argb|abgr|ayuv|vuya|pal8")
_PREFIX = re.compile(r"^(?:\[[^\]]*\]\s*)+")


@dataclass
class Track:
    """The packets of one stream. Times count in time_base from the file's zero; what a file
    marks as not to be shown (before its zero) is left out.
    """

    media: str = ""
    codec: str = ""
    time_base: Fraction = Fraction(1)
    packets: int = 0
    end: int = 0
    has_additions: bool = False

    @property
    def end_us(self) -> int:
        return round(self.end * self.time_base * 1_000_000)


@dataclass
class Framecrc:
    """Takes framecrc output piece by piece and keeps a summary of each stream."""

    tracks: dict[int, Track] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"#"):
                self._header(line.decode("utf-8", "replace"))
            elif line:
                self._packet(line)

    def track(self, media: str) -> Track | None:
        """The stream of this media type (`video`, `audio`), if it has anything to show."""
        found = (track for track in self.tracks.values() if track.media == media)
        return next((track for track in found if track.packets), None)

    def _header(self, line: str) -> None:
        named = re.fullmatch(r"#(tb|media_type|codec_id) (\d+): (\S+)", line)
        if not named:
            return
        track = self.tracks.setdefault(int(named[2]), Track())
        if named[1] == "tb":
            track.time_base = Fraction(named[3])
        elif named[1] == "media_type":
            track.media = named[3]
        else:
            track.codec = named[3]

    def _packet(self, line: bytes) -> None:
        stream, dts, pts, duration, _ = line.split(b",", 4)
        track = self.tracks[int(stream)]
        start = int(pts)
        start = int(dts) if start == _NO_TIME else start
        end = start + int(duration)
        # Sound before zero is a codec's run-up, pictures before zero are cut off by an edit list.
        if start < 0 and (end <= 0 or track.media == "video"):
            return
        track.packets += 1
        track.end = max(track.end, end)
        track.has_additions = track.has_additions or b"Matroska BlockAdditional" in line


@dataclass(frozen=True)
class Frame:
    """A decoded picture as it will be shown: rotated, with square pixels."""

    width: int
    height: int
    has_alpha: bool
    untagged: bool


def first_frame(log: bytes) -> Frame | None:
    """The first frame that the showinfo filter logged."""
    seen = _FIRST_FRAME.search(log)
    if not seen:
        return None
    layout = seen[1].decode()
    aspect_width, aspect_height, width, height = (int(number) for number in seen.groups()[1:])
    if aspect_width and aspect_height:
        width = max(1, round(width * aspect_width / aspect_height))
    matrix = _MATRIX.search(log)
    untagged = layout.startswith("yuv") and matrix is not None and matrix[1] == b"unknown"
    return Frame(width, height, bool(_ALPHA.match(layout)), untagged)


def complaint(log: str) -> str:
    """The first error FFmpeg logged (with `-v level+…`), without its own addresses."""
    for line in log.splitlines():
        if "[error]" in line or "[fatal]" in line:
            words = _PREFIX.sub("", line).strip()
            if words and "file:" not in words:
                return words
    return "it cannot be decoded"
