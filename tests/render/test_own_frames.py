"""Stills of phones and clips of cameras: HEIC, AVIF and interlaced video, as they are meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from footage import BLUE, GREEN, RED, WHITE, ffmpeg, quarters
from heif import heic
from PIL import Image
from resplice.errors import MakeError
from stage import Document, Stage, image, near, shot, video

TURNED = {
    0: (RED, GREEN, BLUE, WHITE),
    1: (GREEN, WHITE, RED, BLUE),
    2: (WHITE, BLUE, GREEN, RED),
    3: (BLUE, RED, WHITE, GREEN),
}
"""Top left, top right, bottom left, bottom right, by quarter turns anticlockwise."""
CODING = 4
"""Levels that HEVC costs a pure colour."""


def corners(stage: Stage, *elements: Document) -> list[list[int]]:
    """Of the square in the middle of the canvas."""
    shown = stage.picture(*elements)
    return [shown[y, x].tolist() for y in (20, 70) for x in (55, 105)]


def square(path: Path) -> Document:
    return image(path.as_uri(), x=35, y=0, width=90, height=90)


@pytest.mark.parametrize("tile", [0, 64], ids=["whole", "tiles"])
@pytest.mark.parametrize("turns", TURNED)
def test_a_heic_photo_is_seen_upright(stage: Stage, tmp_path: Path, tile: int, turns: int) -> None:
    path = heic(quarters(200, 150), tmp_path / "a.heic", tile=tile, quarter_turns=turns)
    assert near(corners(stage, square(path)), TURNED[turns], CODING)


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_an_avif_photo_is_seen_upright(stage: Stage, tmp_path: Path, orientation: int) -> None:
    path, exif = tmp_path / "a.avif", Image.Exif()
    exif[0x0112] = orientation
    quarters(200, 150).save(path, exif=exif, quality=95, subsampling="4:4:4")
    assert near(corners(stage, square(path)), TURNED[{1: 0, 6: 3, 8: 1}[orientation]], CODING)


def test_an_avif_photo_may_be_clear(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a.avif"
    picture = Image.new("RGBA", (160, 90), (255, 0, 0, 255))
    picture.paste((255, 0, 0, 0), (80, 0, 160, 90))
    picture.paste((255, 0, 0, 128), (0, 45, 80, 90))
    picture.save(path, quality=95)
    assert near(corners(stage, image(path.as_uri())), [RED, (0, 0, 0), (128, 0, 0), (0, 0, 0)], 4)


def test_the_still_of_a_moving_avif_is_shown(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a.avif"
    frames = [Image.new("RGB", (160, 90), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=400, quality=95)
    assert near(corners(stage, image(path.as_uri())), [RED] * 4, CODING)


def test_a_heic_masks(stage: Stage, tmp_path: Path) -> None:
    picture = Image.new("RGB", (160, 90), "black")
    picture.paste("white", (0, 0, 80, 90))
    mask = heic(picture, tmp_path / "mask.heic", tile=64)
    red = stage.footage.colour(*RED, size=(160, 90))
    shown = corners(stage, image(red, mask=mask.as_uri()))
    assert near(shown, [RED, (0, 0, 0), RED, (0, 0, 0)], CODING)


def test_a_heif_file_of_an_unknown_make_is_told_as_such(stage: Stage, tmp_path: Path) -> None:
    path = heic(quarters(), tmp_path / "a.heic", tile=64)
    path.write_bytes(path.read_bytes().replace(b"grid", b"iovl"))
    with pytest.raises(MakeError) as caught:
        stage.picture(image(path.as_uri()))
    assert "is a HEIC or AVIF picture put together in an unknown way" in str(caught.value)


def fields(path: Path, first: str, *, told: bool = True) -> str:
    """A white bar that goes on 7 pixels from field to field, two of which make a frame."""
    bars = []
    for field in range(20):
        picture = np.full((96, 160), 20, np.uint8)
        picture[:, 7 * field : 7 * field + 20] = 235
        bars.append(picture)
    frames = b"".join(_woven(*bars[n : n + 2], first).tobytes() for n in range(0, 20, 2))
    flags = ["-flags", "+ilme+ildct", "-x264-params", f"{first}=1"] if told else []
    ffmpeg(
        *("-f", "rawvideo", "-pix_fmt", "gray", "-s", "160x96", "-r", "10", "-i", "-"),
        *("-vf", f"format=yuv420p{f',setfield={first}' if told else ''}"),
        *("-c:v", "libx264", "-crf", "4", *flags, str(path)),
        data=frames,
    )
    return path.as_uri()


def _woven(one: np.ndarray, two: np.ndarray, first: str) -> np.ndarray:
    """The lines of one and the other in turn; the earlier has the top one if tff."""
    woven = two.copy()
    woven[0 if first == "tff" else 1 :: 2] = one[0 if first == "tff" else 1 :: 2]
    return woven


def combed(picture: np.ndarray) -> float:
    """How much each line differs from both its neighbours, on the average."""
    grey = picture[..., 1].astype(float)
    return float(np.abs(grey[1:-1] - (grey[:-2] + grey[2:]) / 2).mean())


def interlaced_movie(source: str) -> Document:
    return {"width": 160, "height": 96, "fps": 10, "scenes": [shot(video(source))]}


@pytest.mark.parametrize("first", ["tff", "bff"])
def test_interlaced_video_is_seen_without_combs(stage: Stage, tmp_path: Path, first: str) -> None:
    shown = stage.frames(interlaced_movie(fields(tmp_path / f"{first}.mp4", first)))
    assert len(shown) == 10
    for number, picture in enumerate(shown[1:9], 1):
        assert combed(picture[10:80]) < 6
        left, *_, right = np.nonzero(picture[45, :, 1] > 128)[0]
        assert abs(left - 14 * number) <= 2, "where the earlier field has it"
        assert abs(right - 14 * number - 19) <= 2


def test_video_that_says_nothing_of_fields_is_left_as_it_is(stage: Stage, tmp_path: Path) -> None:
    shown = stage.frames(interlaced_movie(fields(tmp_path / "progressive.mp4", "tff", told=False)))
    assert combed(shown[5][10:80]) > 12
