"""Reading what FFmpeg says of a file: its packets (framecrc) and its first decoded frame (graphs).

Pure. Neither holds a word of the file's own metadata, which may say anything. The packets are the
truth about length: headers round, lie, or are missing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from resplice.frozen import frozen

_NO_TIME = -(1 << 63)
_BELOW_ZERO = range(1 << 31, 1 << 32)
"""How FFmpeg writes a length below zero: the last packet of an Ogg file of one page has one, when
it goes on after the end. No packet of sound lasts for hours.
"""
_HEADER = re.compile(rb"#(tb|media_type|codec_id) (\d{1,9}): ([\w/-]+)")
_TIME_BASE = re.compile(r"\d{1,10}/0*[1-9]\d{0,9}")
_PACKET = re.compile(rb"(\d{1,9}), *(-?\d{1,19}), *(-?\d{1,19}), *(-?\d{1,19}), ")
_ALPHA = re.compile(r"yuva|gbrap|ya\d|rgba|bgra|argb|abgr|ayuv|vuya|pal8")
_ASPECT = re.compile(r"(\d{1,10}):(\d{1,10})")
MOST_STEPS = 4096
"""Of different lengths of packets that are counted: a file may have a new one in each."""


@frozen
class _Packet:
    start: int
    decoded: int
    duration: int


@dataclass
class Track:
    """The packets of one stream. Times count in time_base (seconds) from the file's zero; what a
    file marks as not to be shown (before its zero) is left out.
    """

    media: str = ""
    codec: str = ""
    time_base: Fraction = Fraction(1)
    packets: int = 0
    has_additions: bool = False
    _sound_end: int = 0
    _first: int | None = None
    _last: _Packet | None = None
    _latest: _Packet | None = None
    _last_is_step: bool = False
    steps: Counter[int] = field(default_factory=Counter)

    @property
    def end_us(self) -> int:
        """When the last picture or sound ends, microseconds from the file's zero."""
        return round(self.end * self.time_base * 1_000_000)

    @property
    def end(self) -> Fraction | int:
        """When what is shown last ends: not the packet that comes last, as pictures are decoded
        in another order than they are shown in.
        """
        if self.media != "video" or self._last is None:
            return self._sound_end
        lasts = self._last.duration
        if lasts <= 0:
            return self._last.start + self._usual_step()
        # How long until the next is decoded is not how long this one is shown: a gap may lie there.
        return self._last.start + (min(lasts, self._usual_step()) if self._last_is_step else lasts)

    def add(self, start: int, duration: int, decoded: int, *, addition: bool = False) -> None:
        """Count a packet in. addition: it brings data beside the picture, such as VP9's alpha."""
        end = start + duration
        # Sound before zero is a codec's run-up, pictures before zero are cut off by an edit list.
        if start < 0 and (end <= 0 or self.media == "video"):
            return
        self.packets += 1
        self._sound_end = max(self._sound_end, end)
        self.has_additions = self.has_additions or addition
        if self.media == "video":
            self._add_picture(_Packet(start, decoded, duration))

    def _add_picture(self, packet: _Packet) -> None:
        before, last = self._latest, self._last
        if last and last is before and packet.start < last.start:
            self._last_is_step = last.duration == packet.decoded - last.decoded
        self._first = packet.start if self._first is None else min(self._first, packet.start)
        self._latest = packet
        if last is None or packet.start >= last.start:
            self._last, self._last_is_step = packet, False
        if packet.duration > 0 and (packet.duration in self.steps or len(self.steps) < MOST_STEPS):
            self.steps[packet.duration] += 1

    def _usual_step(self) -> Fraction | int:
        """The median of what packets last, or else the mean of what lies between pictures."""
        left = (self.steps.total() + 1) // 2
        for duration, count in sorted(self.steps.items()):
            left -= count
            if left <= 0:
                return duration
        if self._first is None or self._last is None or self.packets < 2:
            return 0
        return Fraction(self._last.start - self._first, self.packets - 1)


@dataclass
class Framecrc:
    """Takes framecrc output piece by piece and keeps a summary of each stream.

    A line that framecrc would not write is passed over.
    """

    tracks: dict[int, Track] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the output, cut anywhere."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"#"):
                self._header(line)
            else:
                self._packet(line)

    def track(self, media: str) -> Track | None:
        """The first stream of this media type (`video`, `audio`) that has anything to show."""
        found = (track for track in self.tracks.values() if track.media == media)
        return next((track for track in found if track.packets), None)

    def _header(self, line: bytes) -> None:
        named = _HEADER.fullmatch(line)
        if not named:
            return
        value = named[3].decode()
        track = self.tracks.setdefault(int(named[2]), Track())
        if named[1] == b"media_type":
            track.media = value
        elif named[1] == b"codec_id":
            track.codec = value
        elif _TIME_BASE.fullmatch(value):
            track.time_base = Fraction(value)

    def _packet(self, line: bytes) -> None:
        seen = _PACKET.match(line)
        track = self.tracks.get(int(seen[1])) if seen else None
        if seen is None or track is None:
            return
        decoded, pts, duration = int(seen[2]), int(seen[3]), int(seen[4])
        start = decoded if pts == _NO_TIME else pts
        if track.media == "audio" and duration in _BELOW_ZERO:
            duration -= 1 << 32
        track.add(start, duration, decoded, addition=b"Matroska BlockAdditional" in line)


@frozen
class Frame:
    """A decoded picture as it will be shown: rotated, with square pixels.

    width, height  pixels, at least 1
    untagged       whether it does not say by which matrix its colours were made
    """

    width: int
    height: int
    has_alpha: bool
    untagged: bool


def first_frame(graphs: bytes) -> Frame | None:
    """The frames that came out of the first video filter graph, None without one.

    graphs is what `-print_graphs_file` wrote as JSON. FFmpeg sets a graph up for the first frame
    that it decodes, and the link into the graph's end has that frame's parameters after rotation.
    Raises ValueError when it is not JSON.
    """
    link = next(_ends(json.loads(graphs)), None)
    if link is None:
        return None
    layout, width, height = str(link.get("format")), _pixels(link, "width"), _pixels(link, "height")
    aspect = _ASPECT.fullmatch(str(link.get("sar")))
    across, down = (int(aspect[1]), int(aspect[2])) if aspect else (0, 0)
    if not width or not height:
        return None
    if across and down:
        width = max(1, round(width * across / down))
    untagged = layout.startswith("yuv") and "color_space" not in link
    return Frame(width, height, bool(_ALPHA.match(layout)), untagged)


def _ends(said: Any) -> Iterator[dict[str, Any]]:
    """The links into the ends of the video graphs."""
    for graph in said.get("graphs", ()):
        for step in graph.get("filters", ()):
            if step.get("filter_name") == "buffersink":
                yield from step.get("filter_inputs", ())


def _pixels(link: dict[str, Any], side: str) -> int:
    length = link.get(side)
    return length if isinstance(length, int) else 0
