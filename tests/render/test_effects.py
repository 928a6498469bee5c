"""What elements do to their pictures over time and colour: motion, keys, tones, masks, fades."""

from __future__ import annotations

import numpy as np
import pytest
from footage import BLUE, GREEN, RED, WHITE
from numpy.typing import NDArray
from stage import Document, Stage, extent, image, near, shot, video

Picture = NDArray[np.int16]
W, H = 160, 90


def movie(*scenes: Document, **more: object) -> Document:
    return {"width": W, "height": H, "fps": 10, "scenes": list(scenes), **more}


def ruler(stage: Stage) -> str:
    """160x90: red grows to the right, green downwards, so that a pixel tells where it is from."""
    rows, columns = np.mgrid[0:H, 0:W]
    pixels = np.stack([columns * 255 // W, rows * 255 // H, rows * 0 + 60], axis=2)
    return stage.footage.array("ruler", pixels.astype(np.uint8))


def view(picture: Picture) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of the ruler that is seen, as fractions."""
    inner = picture[10:80, 10:150].astype(float)
    columns, rows = inner[..., 0].mean(axis=0) / 255, inner[..., 1].mean(axis=1) / 255
    across, down = (
        np.polyfit(np.arange(10, 150) + 0.5, columns, 1),
        np.polyfit(np.arange(10, 80) + 0.5, rows, 1),
    )
    left, right = np.polyval(across, (0, W))
    top, bottom = np.polyval(down, (0, H))
    return left, top, right, bottom


def views(stage: Stage, moving: Document, seconds: float = 1) -> list[tuple[float, ...]]:
    seen = stage.frames(movie(shot(moving, duration=seconds)))
    return [view(picture) for picture in seen]


ALL = (0, 0, 1, 1)
CLOSE = 0.015


@pytest.mark.parametrize(("zoom", "scale"), [(2, 1.2), (10, 2), (50, 2), (1.1, 1.11)])
def test_zoom_ends_at_its_scale(stage: Stage, zoom: float, scale: float) -> None:
    gap = (1 - 1 / scale) / 2
    closest = (gap, gap, 1 - gap, 1 - gap)
    inwards = views(stage, image(ruler(stage), zoom=zoom))
    assert near(inwards[0], ALL, CLOSE)
    assert near(inwards[-1], closest, CLOSE)
    widths = [right - left for left, _, right, _ in inwards]
    assert np.all(np.diff(widths) < 0)
    outwards = views(stage, image(ruler(stage), zoom=-zoom))
    assert near(outwards[0], closest, CLOSE)
    assert near(outwards[-1], ALL, CLOSE)


def test_zoom_runs_once_over_a_life_of_many_segments(stage: Stage) -> None:
    moving = image(ruler(stage), zoom=10, start=1)
    seen = stage.frames(movie(shot(moving, duration=23), fps=2))
    sides = [1 / (right - left) for left, _, right, _ in map(view, seen[2:])]
    assert near(sides, np.linspace(1, 2, 44), 0.02)


PANS = ["left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"]


@pytest.mark.parametrize("pan", PANS)
def test_pan_travels_to_the_side_it_names(stage: Stage, pan: str) -> None:
    """The view is 1/1.2 of the picture and ends at that side of it."""
    side = 1 / 1.2
    first, *_, last = views(stage, image(ruler(stage), pan=pan, pan_distance=0.2))
    for axis, (low, high) in enumerate((("left", "right"), ("top", "bottom"))):
        begin, end = (
            (1 - side, 0) if low in pan else (0, 1 - side) if high in pan else [(1 - side) / 2] * 2
        )
        assert near((first[axis], first[axis + 2]), (begin, begin + side), CLOSE)
        assert near((last[axis], last[axis + 2]), (end, end + side), CLOSE)


def test_pan_without_crop_keeps_the_size_and_shows_a_border(stage: Stage) -> None:
    panned = image(ruler(stage), pan="left", pan_distance=0.2, pan_crop=False)
    seen = stage.frames(movie(shot(panned, background_color="#0000ff")))
    border = [np.flatnonzero(near_blue(picture[45])) for picture in (seen[0], seen[-1])]
    assert near((border[0].min(), border[0].max(), len(border[0])), (144, 159, 16), 1.5)
    assert near((border[1].min(), border[1].max(), len(border[1])), (0, 15, 16), 1.5)
    for picture, away in ((seen[0], -0.1), (seen[-1], 0.1)):
        inner = picture[45, 30:130, 0] / 255
        assert near(inner, (np.arange(30, 130) + 0.5) / W - away, 0.03)


def near_blue(row: Picture) -> NDArray[np.bool_]:
    blue: NDArray[np.bool_] = (row[:, 2] > 200) & (row[:, 0] < 60)
    return blue


def test_pan_sets_the_focus_of_zoom(stage: Stage) -> None:
    *_, last = views(stage, image(ruler(stage), zoom=5, pan="bottom-right"))
    assert near(last, (1 / 3, 1 / 3, 1, 1), CLOSE)
    *_, last = views(stage, image(ruler(stage), zoom=5, pan="left"))
    assert near(last, (0, 1 / 6, 2 / 3, 5 / 6), CLOSE)


def test_motion_stays_in_its_box(stage: Stage) -> None:
    source = stage.footage.quarters()
    seen = stage.frames(movie(shot(image(source, zoom=8, x=20, y=10), duration=1)))
    boxed = stage.frames(movie(shot(image(source, zoom=8, width=60, height=60, x=21, y=10))))
    covering = stage.frames(movie(shot(image(source, zoom=8, resize="cover"))))
    for picture in seen:
        assert near(extent(picture), (20, 10, 100, 70), 1)
    for picture in boxed:
        assert near(extent(picture), (21, 10, 81, 70), 1)
        assert near(picture[[25, 25, 55, 55], [35, 67, 35, 67]], [RED, GREEN, BLUE, WHITE], 6)
    for picture in covering:
        assert near(extent(picture), (0, 0, W, H), 1)
        assert near(picture[[30, 30, 60, 60], [40, 120, 40, 120]], [RED, GREEN, BLUE, WHITE], 6)


def test_a_zoom_has_come_to_its_end_when_its_picture_lingers(stage: Stage) -> None:
    zoomed = image(ruler(stage), zoom=5, duration=1, extra_time=0.5)
    seen = views(stage, zoomed, seconds=-1)
    assert len(seen) == 15
    for view in seen[9:]:
        assert near(view, (1 / 6, 1 / 6, 5 / 6, 5 / 6), CLOSE)


def test_what_turns_stands_still_while_it_lingers(stage: Stage) -> None:
    source = stage.footage.quarters(size=(60, 60))
    turning = {"rotate": {"angle": 360, "speed": 4}, "x": 20, "y": 10}
    seen = stage.frames(
        movie(shot(image(source, duration=1.1, extra_time=1, **turning), duration=-1))
    )
    assert len(seen) == 21
    turned = seen[10]
    assert near(turned[[25, 25, 55, 55], [35, 67, 35, 67]], [BLUE, RED, WHITE, GREEN], 6)
    for picture in seen[11:]:
        assert near(picture, turned, 24), "but for what encoding does"


def test_a_moving_clip_plays_while_it_zooms(stage: Stage) -> None:
    source = stage.footage.filmed(
        "pulse.mp4", "color=s=160x90:d=3:r=10,geq=lum=16+N*6:cb=128:cr=128"
    )
    seen = stage.frames(movie(shot(video(source, zoom=3), duration=2.5)))
    levels = [float(picture.mean()) for picture in seen]
    assert near(levels, [6 * n * 255 / 219 for n in range(25)], 3)


SPECTRUM = [
    (0, 177, 64), (10, 160, 70), (128, 128, 128), (255, 255, 255), (0, 0, 0),
    (224, 172, 138), (90, 56, 37), (200, 30, 40), (30, 60, 200), (240, 220, 60),
]  # fmt: skip


def keyed(stage: Stage, **key: object) -> str:
    """What a chroma key does to each colour of the spectrum: takes it, softens it, or leaves it."""
    pixels = np.repeat(np.array([SPECTRUM], np.uint8).repeat(90, axis=0), 16, axis=1)
    source = stage.footage.array("spectrum", pixels)
    picture = stage.picture(image(source, chroma_key=key), background_color="#ff00ff")
    middles = picture[45, 8::16]
    return "".join(
        "t" if near(seen, (255, 0, 255), 8) else "l" if near(seen, told, 10) else "s"
        for seen, told in zip(middles, SPECTRUM, strict=True)
    )


def test_a_chroma_key_takes_its_colour_and_what_is_like_it(stage: Stage) -> None:
    assert keyed(stage, color="#00b140") == "ttllllllll"
    assert keyed(stage, color="#00b140", tolerance=1) == "tsllllllll"
    assert keyed(stage, color="#00b140", tolerance=100) == "t" * 10
    assert keyed(stage, color="#1e3cc8")[8] == "t"


TONES = [(128, 128, 128), (64, 64, 64), (200, 80, 80), (30, 60, 200)]


def toned(stage: Stage, **correction: float) -> list[list[int]]:
    pixels = np.repeat(np.array([TONES], np.uint8).repeat(90, axis=0), 40, axis=1)
    source = stage.footage.array("tones", pixels)
    picture = stage.picture(image(source, correction=correction))
    colours: list[list[int]] = picture[45, 20::40].tolist()
    return colours


def test_correction(stage: Stage) -> None:
    assert near(toned(stage), TONES, 3)
    brighter, darker = toned(stage, brightness=0.2), toned(stage, brightness=-0.2)
    assert near(brighter[0], [128 + 59] * 3, 6)
    assert near(darker[0], [128 - 59] * 3, 6)
    contrasted = toned(stage, contrast=1.5)
    assert contrasted[1][0] < 50
    assert near(toned(stage, contrast=0)[:2], [[128] * 3] * 2, 4)
    lifted = toned(stage, gamma=2)
    assert 150 < lifted[0][0] < 200
    grey = toned(stage, saturation=0)
    assert all(max(colour) - min(colour) <= 4 for colour in grey)
    vivid = toned(stage, saturation=2)
    assert vivid[2][0] - vivid[2][1] > 180
    assert near(vivid[0], TONES[0], 3)


def test_correction_keeps_transparency(stage: Stage) -> None:
    picture = stage.picture(
        image(stage.footage.ring(), correction={"brightness": -0.2}), background_color="#0000ff"
    )
    assert near(picture[40, 40], (0, 0, 255), 3)
    assert near(picture[40, 14], (196, 196, 196), 8)


def gradient(stage: Stage) -> str:
    return stage.footage.array(
        "gradient", np.tile(np.arange(W) * 255 // 159, (H, 1)).astype(np.uint8)
    )


def test_the_grey_levels_of_a_mask_are_transparency(stage: Stage) -> None:
    white, red = (stage.footage.colour(*c, (W, H)) for c in ((255, 255, 255), (255, 0, 0)))
    masked = image(white, mask=gradient(stage))
    over_blue = stage.picture(masked, background_color="#0000ff")
    wanted = np.arange(W) * 255 / 159
    assert near(over_blue[45, :, 0], wanted, 5)
    assert near(over_blue[45, :, 2], 255, 5)
    over_red = stage.picture(image(red), masked)
    assert near(over_red[45, :, 1], wanted, 5)
    turned = stage.picture(image(red), masked | {"rotate": {"angle": 180}})
    assert near(turned[45, :, 1], wanted[::-1], 5)


def test_a_mask_cuts_what_is_transparent_already(stage: Stage) -> None:
    alpha = np.zeros((90, 160, 4), np.uint8)
    alpha[:, :80] = 255
    half = stage.footage.array("half", alpha)
    upper = np.zeros((90, 160), np.uint8)
    upper[:45] = 255
    picture = stage.picture(image(half, mask=stage.footage.array("upper", upper)))
    assert near(extent(picture), (0, 0, 80, 45), 1)
    by_alpha = stage.picture(image(stage.footage.colour(255, 0, 0, (W, H)), mask=half))
    assert near(extent(by_alpha), (0, 0, 80, 90), 1)


def test_a_mask_may_be_a_video_and_its_element_may_move(stage: Stage) -> None:
    wipe = stage.footage.filmed(
        "wipe.mp4",
        "color=black:s=160x90:d=1:r=10,geq=lum='if(lt(X,16*(N+1)),235,16)':cb=128:cr=128",
    )
    white = stage.footage.colour(255, 255, 255, (W, H))
    for more in ({}, {"zoom": 5}):
        seen = stage.frames(movie(shot(image(white, mask=wipe, **more), duration=12.4)))
        widths = [extent(picture, 128)[2] for picture in seen]
        assert near(widths, [16 * (slot % 10 + 1) for slot in range(124)], 2)


@pytest.mark.parametrize("seconds", [3, 6, 13])
def test_a_long_mask_goes_on_over_segments(stage: Stage, seconds: int) -> None:
    """Masks whose rounds are shown apart: each frame has the level of its number."""
    dim = stage.footage.filmed(
        f"dim-{seconds}.mp4",
        f"color=black:s=320x180:d={seconds}:r=10,geq=lum='16+N*219/130':cb=128:cr=128",
        *("-g", "40", "-crf", "8"),
    )
    white = stage.footage.colour(255, 255, 255, (W, H))
    document = movie(shot(image(white, mask=dim, start=0.5), duration=12.4))
    levels = [float(picture[20:70, 20:140].mean()) for picture in stage.frames(document)]
    wanted = [(slot - 5) % (10 * seconds) * 255 / 130 if slot >= 5 else 0 for slot in range(124)]
    assert near(levels, wanted, 4)


def test_fades_reach_their_levels_on_time(stage: Stage) -> None:
    white = stage.footage.colour(255, 255, 255, (W, H))
    fading = image(white, start=0.5, duration=12, fade_in=1, fade_out=2)
    seen = stage.frames(movie(shot(fading, duration=13)))
    levels = [float(picture.mean()) / 255 for picture in seen]
    ages = np.arange(130) - 5
    wanted = np.clip(ages / 10, 0, 1) * np.clip((120 - ages) / 20, 0, 1)
    assert near(levels, wanted, 0.02)


def test_a_fade_over_a_picture_is_opacity(stage: Stage) -> None:
    red, blue = (stage.footage.colour(*c, (W, H)) for c in ((255, 0, 0), (0, 0, 255)))
    seen = stage.frames(movie(shot(image(red), image(blue, fade_in=1))))
    mixed = [picture[45, 80].tolist() for picture in seen]
    assert near(mixed, [(255 - 25.5 * n, 0, 25.5 * n) for n in range(10)], 6)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"width": 53},
        {"width": 88, "height": 88},
        {"rotate": {"angle": 30}},
        {"zoom": 2},
        {"fade_in": 0.1, "start": 0},
        {"x": 7, "y": 3},
    ],
)
def test_transparent_pictures_have_no_dark_rim(stage: Stage, more: Document) -> None:
    """White over white stays white, and over grey nothing is darker than grey."""
    ring = image(stage.footage.ring()) | {key.replace("_", "-"): v for key, v in more.items()}
    document = movie(
        shot(ring, background_color="#ffffff", duration=0.5),
        shot(ring, background_color="#808080", duration=0.5),
    )
    seen = stage.frames(document)
    assert seen[:5].min() >= 245
    assert seen[5:].min() >= 110
    assert seen[7].max() >= 240
