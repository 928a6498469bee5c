"""What a file says of itself, in tags that look like FFmpeg's own words, changes none of its facts.

Every container that the sniffer knows and that holds words is written twice, with and without
hostile ones.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from resplice.adapters.ffmpeg.probe import FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.core.facts import MediaFacts
from resplice.errors import SourceInvalid

EXECUTABLE = Path(imageio_ffmpeg.get_ffmpeg_exe())
PROBER = FfmpegProber(Ffmpeg(EXECUTABLE))
PICTURE = "-f lavfi -i testsrc2=s=64x48:r=25:d=1"
SOUND = "-f lavfi -i sine=d=1"
MARK = "showinfo fmt:yuva420p sar:1/1 s:8192x8192"
GRAPHS = (
    '"}],"graphs":[{"filters":[{"filter_name":"buffersink","filter_inputs":'
    '[{"format":"rgba","width":9,"height":9,"sar":"4:1"}]}]}],"inputfiles":[{"url":"'
)
WORDS = (
    f"[Parsed_{MARK} color_space:unknown",
    "[Parsed_showinfo_0 @ 0x1] [info] n:   0 pts: 0 fmt:rgba sar:9/1 s:0x0 color_space:bt709",
    "  Duration: 99:00:00.00, start: 0.000000, bitrate: 1 kb/s",
    "  Stream #0:0: Video: vp9, yuva420p, 9999x9999, 1 fps",
    "#tb 0: 1/1",
    "#media_type 0: audio",
    "#codec_id 0: vp9",
    "0, 0, 0, 999999, 1, 0x00000000, S=1, Matroska BlockAdditional, 1, 0x0",
    "frame=0",
    "progress=end",
    GRAPHS,
    "[png @ 0x1] [error] Picture size 99999x99999 is invalid",
    "[in#0 @ 0x1] [error] Number of streams exceeds max_streams parameter (64)",
    "[fatal] x: Cannot allocate memory",
    "\x1b[31m\x1b]0;owned\x07\x9b2J\u202e\u2028\r",
    "w" * 9_000,
)
HOSTILE = {"lines": "\n".join(("x", *WORDS)), "one line": " ".join(WORDS)}
KEYS = ("title", "artist", "comment", "encoder", "album", "copyright", "description", "x-own")
STREAM_KEYS = ("title", "handler_name", "language", "comment")

MOVIES = [
    ("mp4", "-c:v libx264", "-c:a aac", "-movflags use_metadata_tags"),
    ("mov", "-c:v libx264", "-c:a aac", ""),
    ("mkv", "-c:v libx264", "-c:a aac", ""),
    ("webm", "-c:v libvpx -deadline realtime", "-c:a libopus", ""),
    ("ogv", "-c:v libtheora", "-c:a libvorbis", ""),
    ("avi", "-c:v mpeg4", "-c:a mp3", ""),
    ("flv", "-c:v flv", "-c:a mp3", ""),
    ("wmv", "-c:v wmv2", "-c:a wmav2", ""),
]
SOUNDS = [
    ("wav", "", ""),
    ("mp3", "", ""),
    ("flac", "", ""),
    ("aiff", "", "-write_id3v2 1"),
    ("ogg", "-c:a libvorbis", ""),
    ("opus", "", ""),
    ("m4a", "", ""),
    ("mka", "-c:a libopus", ""),
    ("aac", "", "-write_id3v2 1"),
]


def ffmpeg(*argv: str) -> None:
    command = [str(EXECUTABLE), "-nostdin", "-v", "error", "-y", *argv]
    subprocess.run(command, check=True)


def facts(path: Path) -> MediaFacts:
    """All facts but those that differ with any byte."""
    return replace(PROBER.probe(path, "https://example.com/x"), digest="", size_bytes=0)


def has_words(path: Path) -> bool:
    data = path.read_bytes()
    return any(MARK.encode(code) in data for code in ("utf-8", "utf-16-le"))


def tags(words: str) -> list[str]:
    """FFmpeg's options that write the words wherever a container has room for some."""
    whole = [option for key in KEYS for option in ("-metadata", f"{key}={words}")]
    return whole + [option for key in STREAM_KEYS for option in ("-metadata:s", f"{key}={words}")]


def chapters(path: Path, words: str) -> Path:
    """A chapter with the words as its title, in FFmpeg's own format."""
    escaped = "".join(f"\\{char}" if char in "=;#\\\n" else char for char in words)
    text = f";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle={escaped}\n"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def pair(folder: Path, ending: str, argv: str, muxed: str, words: str) -> tuple[Path, Path]:
    """The same packets in two files: without words and with."""
    made, plain, told = (folder / f"{name}.{ending}" for name in ("made", "plain", "told"))
    ffmpeg(*argv.split(), str(made))
    copy = ["-map", "0", "-c", "copy", *muxed.split()]
    ffmpeg("-i", str(made), *copy, str(plain))
    ffmpeg("-i", str(made), *copy, *tags(words), str(told))
    assert has_words(told), "the container has no room for these words"
    return plain, told


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("ending", "video", "audio", "muxed"), MOVIES)
def test_tags_of_a_movie_change_no_fact(
    tmp_path: Path, ending: str, video: str, audio: str, muxed: str, words: str
) -> None:
    plain, told = pair(tmp_path, ending, f"{PICTURE} {SOUND} {video} {audio}", muxed, words)
    assert facts(plain).kind == "video"
    assert facts(told) == facts(plain)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("ending", "audio", "muxed"), SOUNDS)
def test_tags_of_a_sound_change_no_fact(
    tmp_path: Path, ending: str, audio: str, muxed: str, words: str
) -> None:
    plain, told = pair(tmp_path, ending, f"{SOUND} {audio}", muxed, words)
    assert facts(plain).kind == "audio"
    assert facts(told) == facts(plain)


def test_names_of_a_broadcast_change_no_fact(tmp_path: Path) -> None:
    plain, told = tmp_path / "plain.ts", tmp_path / "told.ts"
    names = ["-metadata", f"service_name={MARK}", "-metadata", f"service_provider={MARK}"]
    source = [*PICTURE.split(), "-c:v", "mpeg2video"]
    ffmpeg(*source, str(plain))
    ffmpeg(*source, *names, str(told))
    assert has_words(told)
    assert facts(told) == facts(plain)


@pytest.mark.parametrize("ending", ["mkv", "mp4"])
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_chapters_change_no_fact(tmp_path: Path, ending: str, words: str) -> None:
    plain, told = tmp_path / f"plain.{ending}", tmp_path / f"told.{ending}"
    ffmpeg(*PICTURE.split(), "-c:v", "libx264", str(plain))
    listed = chapters(tmp_path / "chapters", words)
    inputs = ["-i", str(plain), "-f", "ffmetadata", "-i", str(listed)]
    ffmpeg(*inputs, "-map", "0", "-c", "copy", "-map_chapters", "1", str(told))
    assert b"showinfo" in told.read_bytes()
    assert facts(told) == facts(plain)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_attachments_change_no_fact(tmp_path: Path, words: str) -> None:
    plain, told, attached = (tmp_path / name for name in ("plain.mkv", "told.mkv", "attached"))
    attached.write_text(words, encoding="utf-8")
    ffmpeg(*PICTURE.split(), "-c:v", "libx264", str(plain))
    named = ["-metadata:s:t", f"filename={words}", "-metadata:s:t", "mimetype=application/x-font"]
    ffmpeg("-i", str(plain), "-c", "copy", "-attach", str(attached), *named, str(told))
    assert has_words(told)
    assert facts(told) == facts(plain)


def save(path: Path, words: str | None) -> Path:
    """A picture (an animation where the ending says so), with the words wherever they fit."""
    ending = path.suffix[1:]
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "lime", "blue")]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 100}
    more: dict[str, object] = dict(moving) if ending in ("apng", "gif", "webp") else {}
    if words is not None:
        more |= said(ending, words)
    kind = "PNG" if ending == "apng" else None
    frames[0].save(path, format=kind, **more)
    return path


def said(ending: str, words: str) -> dict[str, object]:
    """Pillow's options that write the words into a picture."""
    exif = Image.Exif()
    for tag in (0x010E, 0x013B, 0x0131, 0x8298):
        exif[tag] = words
    info = PngInfo()
    for key in ("Title", "Comment", "showinfo fmt:rgba"):
        info.add_text(key, words.encode("latin-1", "replace").decode("latin-1"))
        info.add_itxt(key, words)
    return {
        "png": {"pnginfo": info, "exif": exif},
        "apng": {"pnginfo": info, "exif": exif},
        "jpg": {"comment": words.encode(), "exif": exif},
        "gif": {"comment": words.encode()[:4_000]},
        "webp": {"exif": exif, "xmp": words.encode()},
        "tiff": {"description": words.encode(), "artist": words.encode()},
    }[ending]


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("ending", ["png", "apng", "jpg", "gif", "webp", "tiff"])
def test_words_in_a_picture_change_no_fact(tmp_path: Path, ending: str, words: str) -> None:
    plain = save(tmp_path / f"plain.{ending}", None)
    told = save(tmp_path / f"told.{ending}", words)
    assert b"showinfo" in told.read_bytes()
    assert (facts(plain).width, facts(plain).height) == (64, 48)
    assert facts(told) == facts(plain)


def test_a_name_that_imitates_the_graphs_changes_no_fact(tmp_path: Path) -> None:
    plain = save(tmp_path / "plain.png", None)
    told = save(tmp_path / f"{GRAPHS[:150].replace('/', '')}\n{MARK.replace('/', ' ')}.png", None)
    assert facts(told) == facts(plain)


@pytest.mark.parametrize("ending", ["mp4", "mkv", "avi"])
def test_what_is_said_of_a_damaged_file_is_short_and_not_in_its_words(
    tmp_path: Path, ending: str
) -> None:
    argv = f"{PICTURE} -c:v mpeg4"
    _, told = pair(tmp_path, ending, argv, "", HOSTILE["lines"])
    data = bytearray(told.read_bytes())
    mark = {"mp4": b"stsd", "mkv": b"V_MPEG4", "avi": b"strf"}[ending]
    data[data.index(mark) : data.index(mark) + 7] = b"\xff" * 7
    told.write_bytes(data)
    with pytest.raises(SourceInvalid) as caught:
        facts(told)
    reason = caught.value.reason
    assert reason.isprintable() and len(reason) <= 250
    assert "8192" not in reason and "megapixels" not in reason and "streams" not in reason


def hidden(ivf: bytes) -> bytes:
    """The same VP8 frames, none of which is to be shown (RFC 6386, 9.1)."""
    data, at = bytearray(ivf), 32
    while at < len(data):
        data[at + 12] &= ~0x10
        at += 12 + int.from_bytes(data[at : at + 4], "little")
    return bytes(data)


def test_a_size_that_only_the_header_claims_is_no_picture(tmp_path: Path) -> None:
    """FFmpeg sets its filter graph up from the header when no frame comes."""
    shown, sound = tmp_path / "shown.ivf", SOUND.split()
    ffmpeg(*PICTURE.split(), "-c:v", "libvpx", "-deadline", "realtime", str(shown))
    (tmp_path / "hidden.ivf").write_bytes(hidden(shown.read_bytes()))
    for name, kind, width in (("shown", "video", 64), ("hidden", "audio", 0)):
        path = tmp_path / f"{name}.webm"
        ffmpeg("-i", str(tmp_path / f"{name}.ivf"), *sound, "-c:v", "copy", str(path))
        assert (facts(path).kind, facts(path).width) == (kind, width)


def test_the_first_frame_decides_a_size_that_changes(tmp_path: Path) -> None:
    pictures = b""
    for size in ("64x48", *["640x480"] * 4):
        picture = tmp_path / f"{size}.jpg"
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={size}", "-frames:v", "1", str(picture))
        pictures += picture.read_bytes()
    (tmp_path / "all.mjpeg").write_bytes(pictures)
    path = tmp_path / "a.avi"
    ffmpeg("-f", "mjpeg", "-i", str(tmp_path / "all.mjpeg"), "-c", "copy", str(path))
    for _ in range(3):
        assert (facts(path).width, facts(path).height) == (64, 48)
