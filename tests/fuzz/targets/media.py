"""Files of every container that is read, small, made by FFmpeg and then damaged, their metadata
too: probed, and now and then shown in a movie.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footage import FFMPEG
from heif import heic
from PIL import Image
from resplice.errors import RespliceError
from studio import studio

from fuzz.damage import damaged
from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=32x24:r=5:d=0.6"]
SOUND = ["-f", "lavfi", "-i", "sine=r=16000:d=0.6"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
ONE = ["-frames:v", "1"]
FILES: Mapping[str, list[str]] = {
    **{
        f"video.{each}": [*PICTURE, *SOUND, *H264, "-c:a", "aac"]
        for each in ("mp4", "mov", "mkv", "ts", "flv", "3gp")
    },
    "video.webm": [
        *PICTURE,
        *SOUND,
        "-c:v",
        "libvpx-vp9",
        "-pix_fmt",
        "yuva420p",
        "-c:a",
        "libopus",
    ],
    "video.avi": [*PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "mp3"],
    "video.mpg": [*PICTURE, "-r", "25", "-c:v", "mpeg2video"],
    "video.ogv": [*PICTURE, "-c:v", "libtheora"],
    "fragments.mp4": [*PICTURE, *H264, "-movflags", "frag_keyframe+empty_moov"],
    "sound.mp3": SOUND,
    "sound.wav": SOUND,
    "sound.flac": SOUND,
    "sound.ogg": [*SOUND, "-c:a", "libvorbis"],
    "sound.opus": [*SOUND, "-c:a", "libopus"],
    "sound.m4a": SOUND,
    "sound.aac": SOUND,
    "sound.aiff": SOUND,
    "picture.png": [*PICTURE, *ONE],
    "picture.jpg": [*PICTURE, *ONE],
    "picture.bmp": [*PICTURE, *ONE],
    "picture.tiff": [*PICTURE, *ONE],
    "picture.webp": [*PICTURE, *ONE],
    "picture.gif": [*PICTURE, *ONE],
    "moving.gif": PICTURE,
    "moving.apng": [*PICTURE, "-f", "apng"],
    "moving.webp": [*PICTURE, "-c:v", "libwebp_anim"],
}
SAID = ["-metadata", "title=\x1b[31m@canary-file@", "-metadata", "artist=" + "a" * 200]
SAID += ["-metadata", "comment=http://127.0.0.1:@canary-port@/ %{pts} ';,[v]"]
LISTS = (
    b"#EXTM3U\n#EXTINF:1,\nfile://@canary-file@\n",
    b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:@canary-port@/a.ts\n#EXT-X-ENDLIST\n",
    b"ffconcat version 1.0\nfile '@canary-file@'\n",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video @canary-port@ RTP/AVP 96\n",
    b"<?xml version='1.0'?><MPD><BaseURL>http://127.0.0.1:@canary-port@/</BaseURL></MPD>",
    b"[playlist]\nFile1=file://@canary-file@\n",
    b"RIFF\0\1\0\0AVI LIST\0\1\0\0hdrlGAB2\0\2\0#EXTM3U\nfile://@canary-file@\n",
    b"push graphic-context\nimage over 0,0 0,0 'file://@canary-file@'\n",
)
WORDS = (
    *LISTS[:3],
    *(
        b"moov",
        b"mdat",
        b"trak",
        b"url \0\0\0\0file://@canary-file@",
        b"ftypqt  ",
        b"dref",
        b"alis",
    ),
    *(
        b"\xff\xd8\xff\xe1",
        b"acTL",
        b"IDAT",
        b"iCCP",
        b"ANMF",
        b"LIST",
        b"ID3",
        b"OggS",
        b"\x1aE\xdf\xa3",
    ),
)
FEW = ("video.mp4", "sound.wav", "picture.png")
SHOWN_OF = 6
"""One of so many is shown in a movie, if it is anything."""
SECONDS = 150.0


def seeds(folder: Path, *, few: bool) -> list[bytes]:
    """Each file once, and once with metadata that would like to be read or followed."""
    made = []
    for name, argv in FILES.items():
        if few and name not in FEW:
            continue
        for said in ([], SAID)[few:]:
            into = folder / f"{len(said)}-{name}"
            # What this FFmpeg cannot write nobody has to damage.
            command = [FFMPEG, "-nostdin", "-v", "error", "-y", *argv, *said, str(into)]
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                made.append(into.read_bytes())
    made.append(heic(Image.new("RGB", (64, 64), "red"), folder / "a.heic", tile=32).read_bytes())
    into = folder / "a.avif"
    Image.new("RGB", (32, 32), "red").save(into)
    return [*made, into.read_bytes()]


def document(path: Path, kind: str) -> dict[str, Any]:
    element = {"type": kind, "src": str(path)}
    scene = {"duration": 0.2, "elements": [element]}
    return {"width": 64, "height": 50, "fps": 10, "quality": "low", "scenes": [scene]}


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    folder = place.folder / "made"
    folder.mkdir()
    good = seeds(folder, few=place.few)
    with studio(place.folder / "data") as lab:
        ports = lab.ports

        def check(data: bytes) -> Saw:
            path = place.folder / "media"
            path.write_bytes(data)
            facts = ports.prober.probe(path, str(path))
            said = repr(facts).encode()
            if facts.kind in ("image", "video", "audio") and shown(data):
                try:
                    stored = lab.render(document(path, facts.kind)).stored
                except RespliceError as error:
                    return Saw(True, said + str(error).encode())
                with ports.objects.open(stored.key) as movie:
                    said += movie.read_bytes()
            return Saw(True, said)

        yield damaged(good, WORDS) | damaged(LISTS, WORDS), check


def shown(data: bytes) -> bool:
    return hashlib.sha256(data).digest()[0] % SHOWN_OF == 0


TARGETS = (Target("media", opened, SECONDS, others=True),)
