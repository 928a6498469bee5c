"""What the prober says of files that FFmpeg and Pillow made, and of files made to hurt."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from resplice.adapters.ffmpeg.command_line import hostile_input
from resplice.adapters.ffmpeg.probe import PROBES_AT_ONCE, FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg, Limits
from resplice.core.colours import Colours
from resplice.core.facts import MediaFacts
from resplice.errors import SourceInvalid

EXECUTABLE = Path(imageio_ffmpeg.get_ffmpeg_exe())
FFMPEG = Ffmpeg(EXECUTABLE)
PICTURE = "-f lavfi -i testsrc2=s=64x48:r=25:d=2"
BOTH = f"{PICTURE} -f lavfi -i sine=d=2.5"
SOUND = "-f lavfi -i sine=d=2"
HALF_CLEAR = "-f lavfi -i color=red@0.5:s=64x48:r=25:d=1,format=yuva420p"


def made(path: Path, argv: str) -> Path:
    """The file that FFmpeg makes at path."""
    command = [str(EXECUTABLE), "-nostdin", "-v", "error", *argv.split(), str(path)]
    subprocess.run(command, check=True, cwd=path.parent)
    return path


def probe(path: Path) -> MediaFacts:
    facts = FfmpegProber(FFMPEG).probe(path, "https://example.com/x")
    data = path.read_bytes()
    assert (facts.digest, facts.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    return facts


def refusal(path: Path) -> str:
    with pytest.raises(SourceInvalid) as caught:
        FfmpegProber(FFMPEG, timeout_s=10).probe(path, "https://example.com/x")
    assert str(path.parent) not in caught.value.reason
    return caught.value.reason


def pixels(path: Path, facts: MediaFacts) -> bytes:
    """The first frame, as RGBA."""
    out: list[bytes] = []
    argv = [*hostile_input(str(path), facts.demuxer, facts.decoder), "-frames:v", "1"]
    argv += ["-pix_fmt", "rgba", "-f", "rawvideo", "-"]
    FFMPEG.run(argv, timeout_s=10, on_output=out.append)
    return b"".join(out)


def quarters() -> Image.Image:
    """Four colours, so that every turn and flip looks different."""
    image = Image.new("RGB", (48, 32), "red")
    image.paste("lime", (24, 0, 48, 16))
    image.paste("blue", (0, 16, 24, 32))
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("ending", "demuxer"),
    [("png", "png_pipe"), ("tiff", "tiff_pipe"), ("webp", "webp_pipe"), ("jpg", "jpeg_pipe")],
)
def test_pictures_are_turned_as_their_exif_says(
    tmp_path: Path, ending: str, demuxer: str, orientation: int
) -> None:
    path = tmp_path / f"turned.{ending}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    quarters().save(path, exif=exif, lossless=True)
    facts = probe(path)
    shown = turned(quarters(), orientation)
    assert (facts.kind, facts.demuxer, facts.width, facts.height) == ("image", demuxer, *shown.size)
    got = np.frombuffer(pixels(path, facts), np.uint8).reshape(shown.height, shown.width, 4)
    corners = np.ix_((5, shown.height - 6), (5, shown.width - 6), range(3))
    assert np.allclose(got[corners], np.asarray(shown)[corners], atol=12)


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as EXIF (CIPA DC-008, tag 274) says it is to be shown."""
    turn = Image.Transpose
    how = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }
    return image.transpose(how[orientation]) if orientation in how else image


@pytest.mark.parametrize("ending", ["png", "webp", "tiff", "bmp", "gif"])
def test_pictures_with_transparency(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clear.{ending}"
    Image.new("RGBA", (41, 21), (255, 0, 0, 100)).save(path)
    facts = probe(path)
    assert (facts.kind, facts.width, facts.height, facts.has_alpha) == ("image", 41, 21, True)
    assert (facts.duration_us, facts.has_audio) == (None, False)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_bmp_and_png_in_other_modes(tmp_path: Path, mode: str) -> None:
    for ending in ("bmp", "png"):
        path = tmp_path / f"mode.{ending}"
        Image.new(mode, (7, 5)).save(path)
        facts = probe(path)
        assert (facts.kind, facts.width, facts.height) == ("image", 7, 5)


@pytest.mark.parametrize(
    ("ending", "demuxer"), [("gif", "gif"), ("webp", "webp_anim"), ("png", "apng")]
)
def test_animations_are_videos(tmp_path: Path, ending: str, demuxer: str) -> None:
    path = tmp_path / f"moving.{ending}"
    frames = [Image.new("RGBA", (40, 20), (0, 0, 0, 0)) for _ in range(4)]
    for number, frame in enumerate(frames):
        frame.paste((250, 60 * number, 0, 255), (8 * number, 0, 8 * number + 8, 20))
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=[100, 200, 300, 400], loop=0
    )
    facts = probe(path)
    assert (facts.kind, facts.demuxer, facts.width, facts.height) == ("video", demuxer, 40, 20)
    assert facts.duration_us == 1_000_000
    assert facts.has_alpha and not facts.has_audio


CLIPS = [
    ("mp4", f"{BOTH} -c:v libx264", "mov", True),
    ("mov", f"{BOTH} -c:v libx264", "mov", True),
    ("mkv", f"{BOTH} -c:v libx264", "matroska", True),
    ("webm", f"{PICTURE} -c:v libvpx -deadline realtime", "matroska", False),
    ("ogv", f"{BOTH} -c:v libtheora -c:a libvorbis", "ogg", True),
    ("avi", f"{PICTURE} -c:v mpeg4", "avi", False),
    ("flv", f"{PICTURE} -c:v flv", "flv", False),
    ("wmv", f"{PICTURE} -c:v wmv2", "asf", False),
    ("ts", f"{PICTURE} -c:v mpeg2video", "mpegts", False),
    ("mpg", f"{PICTURE} -c:v mpeg2video", "mpeg", False),
]


@pytest.mark.parametrize(("ending", "argv", "demuxer", "sounds"), CLIPS)
def test_clips(tmp_path: Path, ending: str, argv: str, demuxer: str, sounds: bool) -> None:
    facts = probe(made(tmp_path / f"clip.{ending}", argv))
    assert (facts.kind, facts.demuxer, facts.width, facts.height) == ("video", demuxer, 64, 48)
    assert (facts.has_audio, facts.has_alpha, facts.decoder) == (sounds, False, "")
    assert facts.duration_us == pytest.approx(2_000_000, abs=1_000), "of the picture alone"


@pytest.mark.parametrize(("degrees", "size"), [(90, (48, 64)), (180, (64, 48)), (270, (48, 64))])
def test_a_clip_is_turned_as_its_container_says(
    tmp_path: Path, degrees: int, size: tuple[int, int]
) -> None:
    plain = made(tmp_path / "plain.mp4", f"{PICTURE} -c:v libx264")
    turned = made(
        tmp_path / "turned.mp4", f"-display_rotation {degrees} -i {plain} -c copy -frames 5"
    )
    facts = probe(turned)
    assert (facts.width, facts.height) == size


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    facts = probe(made(tmp_path / "a.mp4", f"{PICTURE} -vf setsar=4/3 -c:v libx264"))
    assert (facts.width, facts.height) == (85, 48)


def test_odd_sizes(tmp_path: Path) -> None:
    argv = "-f lavfi -i testsrc=s=63x47:d=0.2 -c:v libx264 -pix_fmt yuv444p"
    facts = probe(made(tmp_path / "a.mp4", argv))
    assert (facts.width, facts.height) == (63, 47)


def test_a_variable_frame_rate_counts_to_its_last_frame(tmp_path: Path) -> None:
    argv = f"{PICTURE} -vf select='not(mod(n\\,5))+lt(n\\,25)' -fps_mode vfr -c:v libx264"
    facts = probe(made(tmp_path / "a.mp4", argv))
    assert facts.duration_us == pytest.approx(1_900_000, abs=101_000)


@pytest.mark.parametrize(
    ("argv", "black"),
    [
        ("-i color=black:s=64x48 -frames:v 1", True),
        ("-i color=black:s=64x48,format=gray -frames:v 1", True),
        ("-i color=black@0.5:s=64x48,format=rgba -frames:v 1", True),
        ("-i color=black:s=64x48,format=monob -frames:v 1", True),
        ("-i color=black:s=64x48,drawbox=40:40:4:4:white:fill -frames:v 1", False),
        ("-i color=0x303030:s=64x48 -frames:v 1", False),
        ("-i color=white:s=64x48 -frames:v 1", False),
    ],
)
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_still_that_is_black_all_over_is_told(
    tmp_path: Path, argv: str, black: bool, ending: str
) -> None:
    if ending != "png" and "rgba" in argv:
        argv = argv.replace("rgba", "yuv420p")
    assert probe(made(tmp_path / f"a.{ending}", f"-f lavfi {argv}")).black == black


def test_a_mask_is_black_where_it_is_transparent(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 30), (255, 255, 255, 0))
    clear.putpixel((0, 0), (0, 0, 0, 255))
    clear.paste((0, 0, 0, 0), (0, 0, 20, 20))
    clear.save(tmp_path / "clear.png")
    assert probe(tmp_path / "clear.png").black
    clear.putpixel((30, 20), (255, 255, 255, 255))
    clear.save(tmp_path / "clear.png")
    assert not probe(tmp_path / "clear.png").black


GAPS = {
    "in the middle": "lt(n\\,25)+gt(n\\,75)",
    "before the last": "lt(n\\,25)+eq(n\\,99)",
    "before the last two": "lt(n\\,25)+gt(n\\,97)",
    "after the first": "eq(n\\,0)+gt(n\\,50)",
}
H264, VP9 = "-c:v libx264 -x264-params scenecut=0:b-adapt=0", "-c:v libvpx-vp9 -deadline realtime"
KINDS = [(ending, f"{H264} -bf {n}") for ending in ("mp4", "mkv", "ts", "flv") for n in (0, 1, 3)]
KINDS += [("webm", VP9), ("mp4", f"{H264} -bf 2 -movflags frag_keyframe+empty_moov")]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize(("ending", "argv"), KINDS)
def test_a_clip_with_gaps_ends_with_the_picture_that_is_shown_last(
    tmp_path: Path, ending: str, argv: str, gap: str
) -> None:
    """Packets tell how long it is until the next is decoded: a gap lies where it is in no order."""
    source = f"-f lavfi -i testsrc2=s=64x48:r=25:d=4 -vf select={GAPS[gap]} -fps_mode vfr"
    facts = probe(made(tmp_path / f"a.{ending}", f"{source} {argv}"))
    assert facts.duration_us == 4_000_000


@pytest.mark.parametrize(("ending", "argv"), KINDS)
def test_the_last_picture_of_an_uneven_clip_lasts_as_long_as_is_usual(
    tmp_path: Path, ending: str, argv: str
) -> None:
    """MP4 does not tell how long a last picture is shown that is not decoded last."""
    source = "-f lavfi -i testsrc2=s=64x48:r=25:d=4"
    source += " -vf select=not(mod(n\\,7))+not(mod(n\\,5))+eq(n\\,99) -fps_mode vfr"
    lasts_us = probe(made(tmp_path / f"a.{ending}", f"{source} {argv}")).duration_us or 0
    assert 4_000_000 <= lasts_us <= 3_960_000 + 4 * 40_000


def test_what_an_edit_list_cuts_off_is_not_counted(tmp_path: Path) -> None:
    plain = made(tmp_path / "plain.mp4", f"{PICTURE} -c:v libx264")
    facts = probe(made(tmp_path / "cut.mp4", f"-ss 0.52 -i {plain} -c copy"))
    assert facts.duration_us == 1_480_000


@pytest.mark.parametrize(
    ("name", "argv", "decoder"),
    [
        ("a.webm", "-c:v libvpx-vp9 -deadline realtime", "libvpx-vp9"),
        ("a.webm", "-c:v libvpx -auto-alt-ref 0 -deadline realtime", "libvpx"),
        ("a.mov", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le", ""),
        ("a.mov", "-c:v qtrle -pix_fmt argb", ""),
        ("a.mkv", "-c:v ffv1", ""),
    ],
)
def test_clips_with_transparency_say_how_to_decode_it(
    tmp_path: Path, name: str, argv: str, decoder: str
) -> None:
    path = made(tmp_path / name, f"{HALF_CLEAR} {argv}")
    facts = probe(path)
    assert (facts.kind, facts.has_alpha, facts.decoder) == ("video", True, decoder)
    assert pixels(path, facts)[3] == pytest.approx(127, abs=3)


@pytest.mark.parametrize(
    ("ending", "argv", "demuxer", "late_us"),
    [
        ("wav", "", "wav", 0),
        ("flac", "", "flac", 0),
        ("aiff", "", "aiff", 0),
        ("ogg", "-c:a libvorbis", "ogg", 0),
        ("opus", "", "ogg", 0),
        ("m4a", "", "mov", 0),
        ("mka", "-c:a libopus", "matroska", 1_000),
        ("mp3", "", "mp3", 30_000),
        ("aac", "", "aac", 50_000),
    ],
)
def test_sounds(tmp_path: Path, ending: str, argv: str, demuxer: str, late_us: int) -> None:
    facts = probe(made(tmp_path / f"a.{ending}", f"{SOUND} {argv}"))
    assert (facts.kind, facts.demuxer, facts.has_audio) == ("audio", demuxer, True)
    assert (facts.width, facts.height) == (0, 0)
    assert facts.duration_us is not None
    assert 2_000_000 <= facts.duration_us <= 2_000_000 + late_us


def test_a_cover_is_not_a_video(tmp_path: Path) -> None:
    quarters().save(tmp_path / "cover.jpg")
    argv = f"{SOUND} -i cover.jpg -map 0 -map 1 -c:v copy -disposition:v attached_pic"
    for ending in ("mp3", "m4a"):
        assert probe(made(tmp_path / f"a.{ending}", argv)).kind == "audio"


def test_a_cover_longer_than_the_head_is_passed_over(tmp_path: Path) -> None:
    Image.effect_noise((600, 600), 90).save(tmp_path / "cover.png")
    argv = f"{SOUND} -i cover.png -map 0 -map 1 -c:v copy -disposition:v attached_pic"
    facts = probe(made(tmp_path / "a.mp3", argv))
    assert (facts.kind, facts.demuxer) == ("audio", "mp3")


def test_broken_sound_does_not_take_the_picture_along(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mkv", f"{BOTH} -c:v libx264 -c:a flac")
    path.write_bytes(path.read_bytes().replace(b"A_FLAC", b"A_FLAX"))
    facts = probe(path)
    assert (facts.kind, facts.has_audio, facts.duration_us) == ("video", False, 2_000_000)


def test_no_more_files_are_decoded_at_once_than_allowed(tmp_path: Path) -> None:
    path, lock, now, most = made(tmp_path / "a.png", f"{PICTURE} -frames:v 1"), Lock(), [0], [0]

    class Watched(Ffmpeg):
        def run(self, *arguments: Any, **more: Any) -> Any:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.1)
            try:
                return super().run(*arguments, **more)
            finally:
                with lock:
                    now[0] -= 1

    prober = FfmpegProber(Watched(EXECUTABLE))
    with ThreadPoolExecutor(3 * PROBES_AT_ONCE) as pool:
        told = set(pool.map(lambda _: prober.probe(path, "u"), range(3 * PROBES_AT_ONCE)))
    assert len(told) == 1 and 1 < most[0] <= PROBES_AT_ONCE


def test_a_font_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "font"
    path.write_bytes(b"wOF2\0\1\0\0\0\0\0\0\0\x0c\0\0" + bytes(32))
    facts = probe(path)
    assert (facts.kind, facts.demuxer, facts.duration_us) == ("font", "", None)


def test_a_drawing_is_measured_and_not_painted(tmp_path: Path) -> None:
    path = tmp_path / "drawing"
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 32'/>")
    facts = probe(path)
    assert (facts.kind, facts.demuxer, facts.width, facts.height) == ("drawing", "", 48, 32)


def test_what_a_picture_means_is_told(tmp_path: Path) -> None:
    argv = f"{PICTURE} -vf setparams=color_primaries=bt2020:color_trc=smpte2084 -c:v ffv1"
    assert probe(made(tmp_path / "hdr.mkv", argv)).colours == Colours("bt2020", "smpte2084")
    argv = f"{PICTURE} -vf setfield=tff -c:v mpeg2video -flags +ilme+ildct"
    facts = probe(made(tmp_path / "fields.ts", argv))
    assert (facts.interlaced, facts.colours) == (True, None)
    plain = probe(made(tmp_path / "plain.mp4", f"{PICTURE} -c:v libx264"))
    assert (plain.interlaced, plain.colours, plain.stream, plain.clear) == (False, None, "", "")


def test_a_clip_that_was_cut_off_is_as_long_as_what_is_there(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", f"{PICTURE} -c:v libx264 -g 10 -movflags faststart")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    facts = probe(path)
    assert facts.duration_us is not None and 300_000 < facts.duration_us < 1_900_000


def test_a_clip_without_its_index_is_damaged(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", f"{PICTURE} -c:v libx264")
    path.write_bytes(path.read_bytes()[:3000])
    assert refusal(path) == "damaged: moov atom not found"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a playlist"),
        ("a.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n", "a list of files"),
        (
            "a.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'><g>",
            "damaged: no element found in line 1",
        ),
        ("a.png", b"<!doctype html><title>404</title>", "an HTML page"),
        ("a.mp3", b"", "an empty file"),
        ("a.mp4", b"\0\0\0\x20ftypisom" + b"\x5a" * 5000, None),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x5a" * 5000, None),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x5a" * 5000, None),
        ("a.mkv", b"\x1a\x45\xdf\xa3" + b"\x5a" * 5000, None),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + b"\x5a" * 5000, None),
        ("a.ogg", b"OggS" + b"\x5a" * 5000, None),
    ],
)
def test_what_is_not_media_is_named(
    tmp_path: Path, name: str, content: bytes, reason: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    found = refusal(tmp_path / name)
    assert found == reason or (reason is None and found.startswith("damaged: "))


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    packed = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def gif_of(side: int) -> bytes:
    screen = struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6)
    return b"GIF89a" + screen + b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\2\2D\1\0;"


def bmp_of(side: int) -> bytes:
    sizes = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + sizes + bytes(1000)


@pytest.mark.parametrize(
    "bomb", [png_of(60_000, 60_000), png_of(12_000, 12_000), gif_of(60_000), bmp_of(60_000)]
)
def test_an_image_bomb_is_refused_by_its_header(tmp_path: Path, bomb: bytes) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bomb)
    assert refusal(path) == "a picture of more than 128 megapixels"


def test_a_picture_too_long_on_one_side_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.png"
    Image.new("L", (16_400, 2)).save(path)
    assert refusal(path) == "a picture of 16400x2, more than 16384 pixels a side"


@pytest.mark.parametrize("goes_on", [1 << 62, (1 << 63) - 1, (1 << 64) - 1])
def test_a_heif_file_whose_boxes_go_on_where_none_can_is_refused(
    tmp_path: Path, goes_on: int
) -> None:
    begins = (24).to_bytes(4, "big") + b"ftypheic" + bytes(4) + b"heicmif1"
    path = tmp_path / "a.heic"
    path.write_bytes(begins + (1).to_bytes(4, "big") + b"free" + goes_on.to_bytes(8, "big"))
    assert refusal(path)


def test_a_clip_too_large_is_refused(tmp_path: Path) -> None:
    argv = "-f lavfi -i color=s=8200x16 -frames 1 -c:v ffv1"
    assert "more than 8192 pixels a side" in refusal(made(tmp_path / "wide.mkv", argv))


def test_too_many_streams_are_refused(tmp_path: Path) -> None:
    argv = f"{SOUND} {'-map 0 ' * 70} -c:a pcm_s16le"
    assert refusal(made(tmp_path / "many.mov", argv)) == "a file with more than 64 streams"


def test_a_clip_that_claims_days_is_refused(tmp_path: Path) -> None:
    argv = "-f lavfi -i color=s=16x16:d=1:r=2 -vf setpts=N*50000/TB -fps_mode vfr -c:v mpeg4"
    assert refusal(made(tmp_path / "long.mkv", argv)) == "longer than 12 hours"


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\ncanary.txt\n"
SUBTITLES = b"1\n00:00:00,000 --> 00:00:01,000\na\n\n2\n00:00:02,000 --> 00:00:03,000\nb\n"


def avi_with_subtitle(subtitle: bytes) -> bytes:
    """An AVI with one uncompressed frame whose subtitle stream carries a GAB2 block."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    def stream(kind: bytes, form: bytes) -> bytes:
        header = kind + struct.pack("<4s12I4H", bytes(4), 0, 0, 0, 1, 1, 0, 1, *[0] * 5, 0, 0, 4, 4)
        return chunk(b"LIST", b"strl" + chunk(b"strh", header) + chunk(b"strf", form))

    form = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 24, 0, 48, 0, 0, 0, 0)
    main = struct.pack("<14I", 1_000_000, 0, 0, 0x10, 1, 0, 2, 0, 4, 4, 0, 0, 0, 0)
    streams = stream(b"vids", form) + stream(b"txts", b"")
    header = chunk(b"LIST", b"hdrl" + chunk(b"avih", main) + streams)
    gab2 = b"GAB2\0" + struct.pack("<HIHHI", 2, 2, 0, 4, len(subtitle)) + subtitle
    frames = chunk(b"LIST", b"movi" + chunk(b"01tx", gab2) + chunk(b"00db", bytes(48)))
    body = b"AVI " + header + frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_an_avi_may_not_bring_another_format_along(tmp_path: Path) -> None:
    """CVE-2017-9993: the subtitle block of an AVI was opened as a playlist."""
    path = tmp_path / "a.avi"
    said = []
    for subtitle in (PLAYLIST, SUBTITLES):
        path.write_bytes(avi_with_subtitle(subtitle))
        facts = probe(path)
        assert (facts.kind, facts.width, facts.height) == ("video", 4, 4)
        argv = [
            "-v",
            "debug",
            *hostile_input(str(path), facts.demuxer),
            "-map",
            "0:V",
            "-f",
            "null",
            "-",
        ]
        said.append(FFMPEG.run(argv, timeout_s=10, evidence_bytes=1 << 20))
    assert b"canary" not in said[0]
    assert b"Format not on whitelist 'avi'" in said[1]


def test_of_a_sound_no_more_than_its_beginning_is_encoded(tmp_path: Path) -> None:
    """All of it would not fit into what this FFmpeg may write."""
    sound = made(tmp_path / "long.mp3", "-f lavfi -i sine=d=120 -b:a 64k")
    short = FfmpegProber(Ffmpeg(EXECUTABLE, Limits(file_bytes=32_000)))
    assert short.probe(sound, "https://example.com/x") == probe(sound)


def test_what_takes_more_memory_than_there_is_is_not_called_damaged(tmp_path: Path) -> None:
    large = made(tmp_path / "large.png", "-f lavfi -i color=s=12000x9000,format=rgb24 -frames:v 1")
    small = FfmpegProber(Ffmpeg(EXECUTABLE, Limits(data_bytes=1 << 20)))
    with pytest.raises(SourceInvalid, match="more memory to read than there is"):
        small.probe(large, "https://example.com/x")
