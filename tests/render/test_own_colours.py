"""Pictures whose numbers mean other colours than the canvas's: they come back as they were meant.

Each is made from a colour that is known on the canvas, by others' arithmetic than ours: LittleCMS
for profiles, the formulas of the standards for high dynamic range.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
from footage import ffmpeg
from heif import heic
from PIL import Image, ImageCms
from profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    PRO_PHOTO,
    SRGB,
    SRGB_CURVE,
    gamma,
    parametric,
    profile,
    table,
)
from stage import Document, Stage, image, near, video

COLOURS = ((200, 60, 40), (70, 150, 80), (50, 60, 190), (128, 128, 128), (235, 205, 160))
RENDERED = 3
"""Levels of a colour that encoding and rounding may cost."""


def l_star(step: float) -> float:
    level = 100 * step
    return ((level + 16) / 116) ** 3 if level > 8 else level / 903.3


PROFILES = {
    "display-p3": profile(DISPLAY_P3, parametric(SRGB_CURVE)),
    "adobe-rgb": profile(ADOBE_RGB, gamma(2.19921875)),
    "tabled": profile(ADOBE_RGB, table([l_star(n / 255) for n in range(256)])),
    "uneven": profile(DISPLAY_P3, gamma(1.8), gamma(2.2), parametric([2.0, 1.0, 0.0], kind=1)),
}


def in_profile(colour: tuple[int, ...], of: bytes) -> tuple[int, ...]:
    """The colour of sRGB as numbers of the profile, by LittleCMS."""
    srgb = ImageCms.createProfile("sRGB")
    picture = Image.new("RGB", (4, 4), colour)
    theirs = ImageCms.ImageCmsProfile(io.BytesIO(of))
    told = ImageCms.profileToProfile(picture, srgb, theirs, ImageCms.Intent.RELATIVE_COLORIMETRIC)
    assert told is not None
    return tuple(told.getpixel((0, 0)))  # type: ignore[arg-type]


def stripes(colours: list[tuple[int, ...]], size: tuple[int, int] = (160, 90)) -> Image.Image:
    picture = Image.new("RGB", size)
    for index, colour in enumerate(colours):
        wide = size[0] // len(colours)
        picture.paste(colour, (index * wide, 0, (index + 1) * wide, size[1]))
    return picture


def seen(stage: Stage, *elements: Document) -> list[list[int]]:
    """The middle of each stripe."""
    shown = stage.picture(*elements)
    return [shown[45, 16 + 32 * index].tolist() for index in range(5)]


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "tiff", "heic", "tiled.heic", "avif"])
@pytest.mark.parametrize("name", PROFILES)
def test_a_photo_of_a_wide_gamut_shows_the_colours_it_means(
    stage: Stage, tmp_path: Path, name: str, kind: str
) -> None:
    of, path = PROFILES[name], tmp_path / f"photo.{kind}"
    photo = stripes([in_profile(colour, of) for colour in COLOURS])
    if "heic" in kind:
        heic(photo, path, tile=64 if "tiled" in kind else 0, profile=of)
    else:
        lossy = {"quality": 98, "subsampling": "4:4:4" if kind == "avif" else 0}
        options = {"png": {}, "tiff": {}, "webp": {"lossless": True}}.get(kind, lossy)
        photo.save(path, icc_profile=of, **options)  # type: ignore[arg-type]
    assert near(seen(stage, image(path.as_uri())), COLOURS, RENDERED)


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_clear_photo_of_a_wide_gamut_stays_clear(stage: Stage, tmp_path: Path, kind: str) -> None:
    of = PROFILES["display-p3"]
    picture = stripes([in_profile(colour, of) for colour in COLOURS])
    picture.putalpha(128)
    path = tmp_path / f"clear.{kind}"
    picture.save(path, icc_profile=of, lossless=True)
    shown = seen(stage, image(path.as_uri()))
    assert near(shown, np.asarray(COLOURS) / 2, RENDERED)


def test_what_the_canvas_has_not_is_the_most_that_it_has(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "green.png"
    Image.new("RGB", (160, 90), (0, 255, 0)).save(path, icc_profile=PROFILES["display-p3"])
    assert near(seen(stage, image(path.as_uri()))[0], (0, 255, 0), RENDERED)


def test_a_photo_of_the_widest_gamut(stage: Stage, tmp_path: Path) -> None:
    """Of ProPhoto RGB, whose red holds twice the canvas's: light goes beyond the full, and back."""
    of = profile(PRO_PHOTO, gamma(1.8))
    path = tmp_path / "photo.png"
    stripes([in_profile(colour, of) for colour in COLOURS]).save(path, icc_profile=of)
    assert near(seen(stage, image(path.as_uri())), COLOURS, RENDERED + 1)


@pytest.mark.parametrize("curve", ["parametric", "table"])
def test_a_profile_of_srgb_changes_nothing(stage: Stage, tmp_path: Path, curve: str) -> None:
    levels = [
        step / 12.92 if step <= 0.04045 else ((step + 0.055) / 1.055) ** 2.4
        for step in np.arange(1024) / 1023
    ]
    told = parametric(SRGB_CURVE) if curve == "parametric" else table(levels)
    bare, tagged = tmp_path / "bare.png", tmp_path / "tagged.png"
    photo = stripes(list(COLOURS))
    photo.save(bare)
    photo.save(tagged, icc_profile=profile(SRGB, told))
    documents = [
        {"width": 160, "height": 90, "fps": 1, "scenes": [{"elements": [image(path.as_uri())]}]}
        for path in (bare, tagged)
    ]
    plain, same = (stage.frames(document) for document in documents)
    assert (plain == same).all()


def light(number: float) -> float:
    """sRGB's light for a level of 0..255."""
    step = number / 255
    return step / 12.92 if step <= 0.04045 else float(((step + 0.055) / 1.055) ** 2.4)


TO_BT2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""BT.2087: light of BT.709 as light of BT.2020."""


def pq(nits: float) -> float:
    """SMPTE ST 2084."""
    power = (max(nits, 0) / 10_000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def hlg(scene: float) -> float:
    """ITU-R BT.2100, from light of the scene, 0..1."""
    if scene <= 1 / 12:
        return math.sqrt(3 * max(scene, 0))
    return 0.17883277 * math.log(12 * scene - 0.28466892) + 0.55991073


def as_pq(colour: tuple[int, ...], white_nits: float = 203) -> list[float]:
    nits = TO_BT2020 @ [white_nits * light(number) for number in colour]
    return [pq(each) for each in nits]


def as_hlg(colour: tuple[int, ...]) -> list[float]:
    """For a display of 1000 nits, whose system gamma is 1.2."""
    shown = TO_BT2020 @ [0.203 * light(number) for number in colour]
    luma = float(shown @ [0.2627, 0.6780, 0.0593])
    return [hlg(each * luma ** (1 / 1.2 - 1)) for each in shown] if luma else [0.0, 0.0, 0.0]


def filmed(path: Path, signal: list[list[float]], transfer: str, size: str = "160x90") -> str:
    """A clip of stripes in 10 bit HEVC, with the tags that phones write."""
    width, height = map(int, size.split("x"))
    row = np.repeat(np.array(signal), width // len(signal), axis=0)
    raw = np.round(np.broadcast_to(row, (height, width, 3)) * 65_535).astype("<u2").tobytes()
    tags = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited"
    ffmpeg(
        *("-f", "rawvideo", "-pix_fmt", "rgb48le", "-s", size, "-r", "10", "-i", "-"),
        *("-vf", "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le"),
        *("-c:v", "libx265", "-x265-params", f"log-level=none:crf=6:{tags}"),
        *("-tag:v", "hvc1", str(path)),
        data=raw * 10,
    )
    return path.as_uri()


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_video_shows_the_colours_it_means(stage: Stage, tmp_path: Path, transfer: str) -> None:
    colours = ((255, 255, 255), *COLOURS[:3], COLOURS[4])
    signal = [(as_pq if transfer == "smpte2084" else as_hlg)(colour) for colour in colours]
    clip = filmed(tmp_path / "hdr.mp4", signal, transfer)
    assert near(seen(stage, video(clip)), colours, RENDERED)
    assert near(seen(stage, video(clip, zoom=1))[2], colours[2], RENDERED)


def test_reference_white_is_white_and_what_is_brighter_too(stage: Stage, tmp_path: Path) -> None:
    whites = [[pq(nits)] * 3 for nits in (203, 400, 1000, 4000, 100)]
    clip = filmed(tmp_path / "bright.mp4", whites, "smpte2084")
    grey = 255 * (1.055 * (100 / 203) ** (1 / 2.4) - 0.055)
    wanted = [[255] * 3] * 4 + [[grey] * 3]
    assert near(seen(stage, video(clip)), wanted, RENDERED)
    clip = filmed(tmp_path / "white.mp4", [[0.75] * 3] * 5, "arib-std-b67")
    assert near(seen(stage, video(clip)), 255, RENDERED), "75 % of HLG, says BT.2408"


def test_what_is_brighter_than_white_keeps_its_hue(stage: Stage, tmp_path: Path) -> None:
    signal = [as_pq((255, 128, 0), white) for white in (203, 300, 500, 203, 203)]
    clip = filmed(tmp_path / "orange.mp4", signal, "smpte2084")
    assert near(seen(stage, video(clip))[:3], [(255, 128, 0)] * 3, 2 * RENDERED)


def test_an_avif_of_a_wide_gamut_told_by_numbers(stage: Stage, tmp_path: Path) -> None:
    """No profile: primaries of Display P3 by their number in H.273."""
    of, path = PROFILES["display-p3"], tmp_path / "p3.avif"
    photo = stripes([in_profile(colour, of) for colour in COLOURS])
    tags = "setparams=color_primaries=smpte432:color_trc=iec61966-2-1"
    ffmpeg(
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "160x90", "-i", "-", "-frames:v", "1"),
        *("-vf", f"scale=out_color_matrix=bt709:out_range=pc,format=yuv444p,{tags}"),
        *("-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "5", "-still-picture", "1", str(path)),
        data=photo.tobytes(),
    )
    assert near(seen(stage, image(path.as_uri())), COLOURS, RENDERED)
