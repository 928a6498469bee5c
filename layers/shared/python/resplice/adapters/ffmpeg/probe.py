"""What a file is, found out by sniffing its first bytes and then asking FFmpeg.

One FFmpeg run lists all packets (exact length, no decoding) and decodes one frame and one piece
of sound. Nothing is decoded before its size is known to be sane. Facts come from that list, from
the parameters of FFmpeg's filter graph and from what it writes of the frame, never from its log,
which repeats what a file says of itself.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from resplice.adapters.ffmpeg.command_line import MAX_PIXELS, MAX_STREAMS, hostile_input
from resplice.adapters.ffmpeg.drawings import drawn_size
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.core.colours import Colours, profile_colours, told_colours
from resplice.core.facts import MediaFacts
from resplice.core.ffmpeg_log import complaints, starved
from resplice.core.first_picture import CORNER, WRITTEN, FirstPicture, first_picture
from resplice.core.framecrc import Frame, Framecrc, first_frame
from resplice.core.heif import HeifPicture, heif_picture
from resplice.core.sniff import HEAD_BYTES, HEIF, Sniffed, describe, sniff
from resplice.errors import RenderError, SourceInvalid
from resplice.frozen import frozen
from resplice.ports.prober import Loudness

MAX_IMAGE_SIDE = 16_384
MAX_VIDEO_SIDE = 8_192
PROBES_AT_ONCE = 8
"""Each decodes a picture of up to MAX_PIXELS, in memory."""
MAX_DURATION_US = 12 * 3600 * 1_000_000

# FFmpeg's own decoders of these drop the alpha plane.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_LOG_BYTES = 1 << 20
MAX_TOLD_BYTES = 8 << 20
_PICTURE, _SOUND = "0:V:0?", "0:a:0?"
# Not `-frames`: a first piece of sound that lies before zero would end the picture with itself.
_FIRST = "trim=end_frame=1"
_FIRST_SAMPLE = ("-filter:a", "atrim=end_sample=1")
_BEGINNING = ("-filter:v", _FIRST, "-fps_mode", "passthrough", *_FIRST_SAMPLE)
# FFmpeg puts the sound where it finds no picture: encoding all of it would take long.
_CORNER = ("-filter:v", f"{_FIRST},{CORNER}", "-fps_mode", "passthrough", *_FIRST_SAMPLE, *WRITTEN)
# Padded, as a word is shorter than what the meter weighs at once; what is silent does not count.
# Mono is heard from both sides, which is 3 LU more than from one.
_METER = "apad=pad_dur=1,ebur128=peak=true:dualmono=true:metadata=1,ametadata=mode=print:file=-"
SILENT_DB = -70.0
# As masks are read: in the full range of grey, what is transparent as black.
_BRIGHTEST = (
    "format=rgba,premultiply=inplace=1,format=gray,signalstats,"
    "metadata=print:key=lavfi.signalstats.YMAX:file=-"
)
MAX_BLACK = 2
"""Of 255: what lossy pictures make of black."""
_TOO_LARGE = re.compile(r"Picture size \d+x\d+ (?:is invalid|exceeds specified max pixel count .*)")
_TOO_MANY = re.compile(r"(?:.* )?max_streams .*")


@frozen
class _Content:
    """What was found in a file: by FFmpeg, and in the boxes of a HEIF picture."""

    listing: Framecrc
    frame: Frame | None
    first: FirstPicture
    heif: HeifPicture | None


class FfmpegProber:
    """A Prober on one FFmpeg. Safe to use from many threads."""

    def __init__(self, ffmpeg: Ffmpeg, *, timeout_s: float = 60) -> None:
        self._ffmpeg = ffmpeg
        self._timeout_s = timeout_s
        self._turns = threading.BoundedSemaphore(PROBES_AT_ONCE)

    def probe(self, path: Path, url: str) -> MediaFacts:
        """See ports.prober.Prober. The reason says what was found: `an HTML page`, `damaged: …`."""
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            sniffed = sniff(head, partial(_read, file))
            heif = heif_picture(partial(_read, file)) if _is_heif(sniffed) else None
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if sniffed is None:
            raise SourceInvalid(url, describe(head))
        if _is_heif(sniffed) and not heif:
            raise SourceInvalid(url, "a HEIC or AVIF picture put together in an unknown way")
        size = path.stat().st_size
        if sniffed.kind == "font":
            return MediaFacts(digest, size, "font", "")
        if sniffed.kind == "drawing":
            return MediaFacts(digest, size, "drawing", "", *drawn_size(path, url), has_alpha=True)
        with self._turns:
            content = self._content(path, sniffed, heif, url)
            facts = _facts(digest, size, sniffed, content, url)
            if content.first.black and facts.kind == "image" and not heif:
                facts = replace(facts, black=self._is_black(path, sniffed.demuxer))
        return facts

    def loudness(self, path: Path, demuxer: str) -> Loudness:
        said = list[bytes]()
        argv = [*hostile_input(str(path), demuxer), "-map", "0:a:0", "-af", _METER]
        self._ffmpeg.run(
            [*argv, "-f", "null", "-"], timeout_s=self._timeout_s, on_output=said.append
        )
        return _loudness(b"".join(said).decode(errors="replace"))

    def _is_black(self, path: Path, demuxer: str) -> bool:
        """Whether a still whose corner is black is that everywhere, or transparent."""
        said = list[bytes]()
        argv = [*hostile_input(str(path), demuxer), "-map", _PICTURE, "-vf", _BRIGHTEST]
        argv += ["-frames:v", "1", "-f", "null", "-"]
        self._ffmpeg.run(argv, timeout_s=self._timeout_s, on_output=said.append)
        found = re.search(rb"YMAX=(\d+)", b"".join(said))
        return found is not None and int(found[1]) <= MAX_BLACK

    def _content(
        self, path: Path, sniffed: Sniffed, heif: HeifPicture | None, url: str
    ) -> _Content:
        first_error = None
        # The sound alone may be broken or of an unknown codec: the picture still counts.
        for streams in ((_PICTURE, _SOUND), (_PICTURE,)):
            try:
                return self._ask(path, sniffed.demuxer, streams, heif)
            except RenderError as error:
                first_error = first_error or error
                if sniffed.kind != "video" or not error.evidence:
                    break
        raise SourceInvalid(url, _reason(first_error)) from first_error

    def _ask(
        self, path: Path, demuxer: str, streams: tuple[str, ...], heif: HeifPicture | None
    ) -> _Content:
        maps = [word for stream in streams for word in ("-map", stream)]
        begun, corner = _decoding(maps, heif)
        listing, decoded = Framecrc(), [0]
        with TemporaryFile() as graphs, TemporaryFile() as told:
            argv = [
                *("-v", "level+error", "-threads", "1", "-reinit_filter:v", "0"),
                *("-print_graphs_format", "json", "-print_graphs_file", f"pipe:{graphs.fileno()}"),
                *hostile_input(str(path), demuxer),
                # First, as FFmpeg counts the frames of its first output.
                *(*begun, "-f", "null", "-"),
                *(*maps, "-c", "copy", "-f", "framecrc", "pipe:1"),
                *(*corner, f"pipe:{told.fileno()}"),
            ]
            self._ffmpeg.run(
                argv,
                timeout_s=self._timeout_s,
                pass_fds=[graphs.fileno(), told.fileno()],
                on_progress=decoded.append,
                on_output=listing.feed,
                evidence_bytes=_LOG_BYTES,
            )
            graphs.seek(0)
            told.seek(0)
            # A graph may be set up without a frame, from what the file's header claims.
            frame = first_frame(graphs.read()) if decoded[-1] else None
            first = first_picture(told.read(MAX_TOLD_BYTES)) if frame else FirstPicture()
        return _Content(listing, frame, first, heif)


def _is_heif(sniffed: Sniffed | None) -> bool:
    return sniffed is not None and (sniffed.kind, sniffed.demuxer) == ("image", HEIF)


def _decoding(maps: list[str], heif: HeifPicture | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What decodes the first frame and sound, and what writes a corner of that frame.

    The picture of a HEIF file may be made of several items: a graph puts them together.
    """
    if not heif:
        picture = ("-map", _PICTURE) if _PICTURE in maps else ()
        return (*maps, *_BEGINNING), (*picture, *_CORNER)
    inputs = "".join(f"[0:{stream}]" for stream in (heif.stream, heif.clear) if stream)
    whole = f"{inputs}alphamerge,{_FIRST}" if heif.clear else f"{inputs}{_FIRST}"
    graph = f"{whole},split[whole][all];[all]{CORNER}[corner]"
    passed = ("-fps_mode", "passthrough")
    return (
        ("-filter_complex", graph, "-map", "[whole]", *passed),
        ("-map", "[corner]", *passed, *WRITTEN),
    )


def _loudness(metadata: str) -> Loudness:
    """What the meter had found at the end; it tells peaks as amplitudes."""
    found = dict(re.findall(r"^lavfi\.r128\.(\w+)=(\S+)$", metadata, re.MULTILINE))
    peak = float(found.get("true_peak", 0))
    peak_db = 20 * math.log10(peak) if peak > 0 else SILENT_DB
    integrated = float(found.get("I", SILENT_DB))
    return Loudness(integrated if math.isfinite(integrated) else SILENT_DB, peak_db)


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    if offset >= os.fstat(file.fileno()).st_size:
        return b""  # Boxes may say that a file goes on where none can.
    file.seek(offset)
    return file.read(size)


def _facts(digest: str, size: int, sniffed: Sniffed, content: _Content, url: str) -> MediaFacts:
    picture = content.listing.track("video")
    sound = content.listing.track("audio")
    frame = content.frame if picture else None
    if picture is None or frame is None:
        if sound is None:
            raise SourceInvalid(url, "a file with neither picture nor sound")
        length_us = _sane_length(sound.end_us, url)
        return MediaFacts(
            digest, size, "audio", sniffed.demuxer, duration_us=length_us, has_audio=True
        )
    one = content.heif or picture.packets == 1 or not _may_move(sniffed.demuxer)
    moves = sniffed.kind == "video" or not one
    _check_size(frame, MAX_VIDEO_SIDE if moves else MAX_IMAGE_SIDE, url)
    colours, heif = _colours(content, still=not moves), content.heif
    if not moves:
        return MediaFacts(
            digest=digest,
            size_bytes=size,
            kind="image",
            demuxer=sniffed.demuxer,
            width=frame.width,
            height=frame.height,
            has_alpha=frame.has_alpha,
            colours=colours,
            stream=heif.stream if heif else "",
            clear=heif.clear if heif else "",
        )
    decoder = _ALPHA_DECODERS.get(picture.codec, "") if picture.has_additions else ""
    return MediaFacts(
        digest=digest,
        size_bytes=size,
        kind="video",
        demuxer=sniffed.demuxer,
        width=frame.width,
        height=frame.height,
        duration_us=_sane_length(picture.end_us, url),
        has_alpha=frame.has_alpha or bool(decoder),
        has_audio=sound is not None,
        decoder=decoder,
        untagged=frame.untagged,
        colours=colours,
        interlaced=content.first.interlaced,
    )


def _colours(content: _Content, *, still: bool) -> Colours | None:
    """What the picture's colours mean. A still's profile says it alone."""
    first, heif = content.first, content.heif
    profile = heif.profile if heif and heif.profile else first.profile
    if still and profile:
        return profile_colours(profile)
    if heif and (heif.primaries, heif.transfer) != (2, 2):
        return told_colours(heif.primaries, heif.transfer, still=still)
    return told_colours(first.primaries, first.transfer, still=still)


def _may_move(demuxer: str) -> bool:
    """Whether several packets are an animation; a JPEG may carry a second picture, unseen."""
    return not demuxer.endswith("_pipe")


def _sane_length(length_us: int, url: str) -> int:
    if length_us <= 0:
        raise SourceInvalid(url, "damaged: it has no length")
    if length_us > MAX_DURATION_US:
        raise SourceInvalid(url, "longer than 12 hours")
    return length_us


def _check_size(frame: Frame, most: int, url: str) -> None:
    if max(frame.width, frame.height) > most:
        raise SourceInvalid(
            url, f"a picture of {frame.width}x{frame.height}, more than {most} pixels a side"
        )


def _reason(error: RenderError | None) -> str:
    if error is None or not error.evidence:
        return f"damaged: {error}"
    said = complaints(error.evidence)
    if any(_TOO_LARGE.fullmatch(words) for words in said):
        return f"a picture of more than {MAX_PIXELS // 1_000_000} megapixels"
    if any(_TOO_MANY.fullmatch(words) for words in said):
        return f"a file with more than {MAX_STREAMS} streams"
    if starved(error.evidence):  # FFmpeg says so of too many streams too.
        return "a file that takes more memory to read than there is"
    return f"damaged: {said[0] if said else 'it cannot be decoded'}"
