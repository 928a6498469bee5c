"""Which frame of a clip is seen when: read from numbers burnt into the clip.

What is expected is worked out from first principles: see `footage.shown`.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from footage import STANDING, UNEVEN_MS, even, numbers_of, same, shown
from resplice.errors import DocumentError
from stage import Document, Stage, audio, extent, image, near, shot, video

CANVAS = {"width": 80, "height": 60, "quality": "low"}
BLACK = -1


def movie(fps: int, *scenes: Document, **more: object) -> Document:
    return {**CANVAS, "fps": fps, "scenes": list(scenes), **more}


def numbers(stage: Stage, document: Document) -> list[int]:
    return numbers_of(stage.frames(document))


@pytest.mark.parametrize(
    ("rate", "fps"),
    [("25", 25), ("24", 30), ("60", 25), ("30000/1001", 30), ("30", 24), ("10", 120), ("25", 1)],
)
def test_a_clip_keeps_its_time_over_segments(stage: Stage, rate: str, fps: int) -> None:
    seconds = 17 if fps < 60 else 11
    frames = seconds * Fraction(rate).__ceil__()
    source = stage.footage.clip(frames, rate)
    times = even(frames, rate)
    length = floor(frames / Fraction(rate) * fps + Fraction(1, 2))
    wanted = shown(times, range(length), fps)
    same(numbers(stage, movie(fps, shot(video(source), duration=-1))), wanted)


@pytest.mark.parametrize("kind", ["mkv", "mp4"])
@pytest.mark.parametrize("fps", [30, 24])
def test_a_clip_of_uneven_rate_keeps_its_time(stage: Stage, kind: str, fps: int) -> None:
    source = stage.footage.uneven(kind)
    times = [Fraction(ms, 1000) for ms in UNEVEN_MS]
    for seek in ("0", "0.33", "3.017"):
        seen = numbers(stage, movie(fps, shot(video(source, seek=float(seek)), duration=10.7)))
        wanted = shown(times, range(len(seen)), fps, Fraction(seek))
        same(seen, wanted)


@pytest.mark.parametrize(
    ("rate", "fps", "seek"),
    [("25", 25, "0.5"), ("24", 30, "0.5"), ("24", 30, "1.013"), ("60", 25, "3.3333")],
)
def test_seek_starts_at_the_frame_of_that_time(
    stage: Stage, rate: str, fps: int, seek: str
) -> None:
    frames = 5 * int(rate)
    source, times = stage.footage.clip(frames, rate), even(frames, rate)
    seen = numbers(stage, movie(fps, shot(video(source, seek=float(seek)), duration=-1)))
    assert len(seen) == max(fps, floor((5 - Fraction(seek)) * fps + Fraction(1, 2)))
    wanted = shown(times, range(len(seen)), fps, Fraction(seek))
    same(seen, wanted)


@pytest.mark.parametrize("kind", ["mkv", "mp4", "ts"])
def test_a_clip_that_stands_for_a_while_ends_with_its_last_picture(stage: Stage, kind: str) -> None:
    """As a screen recording does. Its packets lie in another order than its pictures."""
    source = stage.footage.standing(kind)
    seen = numbers(stage, movie(25, shot(video(source), duration=-1)))
    same(seen, [*range(25), *[24] * 51, *STANDING[25:]])


MPEG = ("-c:v", "mpeg2video", "-q:v", "2")
CONTAINERS = {
    "ts": (),
    "mpg": MPEG,
    "mkv": (),
    "avi": ("-c:v", "mpeg4", "-bf", "0", "-q:v", "2"),
    "flv": (),
    "wmv": ("-c:v", "mpeg4", "-bf", "0", "-q:v", "2"),
    "webm": ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M"),
    "ogv": ("-c:v", "libtheora", "-q:v", "9"),
    "webp": ("-c:v", "libwebp_anim", "-preset", "none", "-lossless", "1"),
    "gif": ("-c:v", "gif", "-pix_fmt", "gray"),
    "apng": ("-c:v", "apng", "-pix_fmt", "gray", "-f", "apng"),
}
"""By ending, with the options that make one; some of them cannot be sought in."""


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize("seek", ["0", "1.013"])
def test_every_container_keeps_its_time_over_segments(stage: Stage, kind: str, seek: str) -> None:
    source, times = stage.footage.clip(350, "25", kind, *CONTAINERS[kind]), even(350, "25")
    seen = numbers(stage, movie(25, shot(video(source, seek=float(seek)), duration=12.4)))
    same(seen, shown(times, range(310), 25, Fraction(seek)))


@pytest.mark.parametrize(("rate", "fps"), [("25", 25), ("24", 30), ("30", 24)])
def test_a_split_by_transitions_and_offsets_changes_nothing(
    stage: Stage, rate: str, fps: int
) -> None:
    """Five layers of two scenes, each cut by an overlap and one begun late."""
    frames = 14 * int(rate)
    source, times = stage.footage.clip(frames, rate), even(frames, rate)
    over = {"style": "fade", "duration": 1}
    document = movie(
        fps,
        shot(duration=2),
        shot(video(source, start=0.7), duration=12.3, transition=over),
        shot(duration=2, transition={**over, "style": "wipeleft", "duration": 0.9}),
    )
    seen = numbers(stage, document)
    starts, first = fps, floor(Fraction("0.7") * fps + Fraction(1, 2))
    body = range(starts + fps, starts + floor(Fraction("11.4") * fps))
    wanted = shown(times, (slot - starts - first for slot in body), fps)
    assert [seen[slot] for slot in body] == wanted


@pytest.mark.parametrize(
    ("seconds", "fps"), [("3", 30), ("0.4", 25), ("1.016", 25), ("1.016", 30), ("0.04", 25)]
)
def test_a_loop_begins_again_at_once_and_never_too_often(
    stage: Stage, seconds: str, fps: int
) -> None:
    """1.016 s are no whole number of frames: a play is the nearest number, every time."""
    frames = round(Fraction(seconds) * 125)
    source, times = stage.footage.clip(frames, "125"), even(frames, "125")
    period = max(1, floor(Fraction(seconds) * fps + Fraction(1, 2)))
    seen = numbers(stage, movie(fps, shot(video(source, loop=7), duration=-1)))
    plays = shown(times, (slot % period for slot in range(7 * period)), fps)
    same(seen, plays + [BLACK] * (fps - len(plays)))


@pytest.mark.parametrize(
    ("duration", "seconds", "seek"),
    [(-2, 3, "0"), (12.6, 3, "1.3"), (-2, 1, "0.21"), (12.6, 1, "0.21"), (-2, 11, "0")],
)
def test_a_loop_without_end_lasts_as_long_as_it_is_given(
    stage: Stage, duration: float, seconds: int, seek: str
) -> None:
    source, times = stage.footage.clip(seconds * 24, "24"), even(seconds * 24, "24")
    looping = video(source, loop=-1, seek=float(seek), duration=duration)
    seen = numbers(stage, movie(25, shot(looping, duration=13)))
    period = floor((seconds - Fraction(seek)) * 25 + Fraction(1, 2))
    length = 325 if duration == -2 else 315
    wanted = shown(times, (slot % period for slot in range(length)), 25, Fraction(seek))
    same(seen, wanted + [BLACK] * (325 - length))


def test_a_loop_split_by_movie_elements_and_scenes_goes_on(stage: Stage) -> None:
    """A movie-level clip runs over scenes of any length as if they were not there."""
    source, times = stage.footage.clip(72, "24"), even(72, "24")
    over = video(source, loop=-1, duration=-2)
    scenes = [shot(duration=seconds) for seconds in (1.3, 2.1, 0.3, 4)]
    seen = numbers(stage, movie(30, *scenes, elements=[over]))
    same(seen, shown(times, (slot % 90 for slot in range(231)), 30))


def test_lengths_of_clips(stage: Stage) -> None:
    source = stage.footage.clip(50, "25")
    cut, long, own = (
        numbers(stage, movie(25, shot(video(source, **said), **scene)))
        for said, scene in (
            ({}, {"duration": 1.2}),
            ({"duration": 3}, {"duration": -1}),
            ({"start": 0.4, "extra_time": 0.6}, {"duration": -1}),
        )
    )
    assert cut == list(range(30))
    assert long == [*range(50), *[BLACK] * 25], "it is not stretched"
    assert own == [*[BLACK] * 10, *range(50), *[49] * 15], "its last picture lingers"


def test_what_lingers_shows_the_frame_that_was_last(stage: Stage) -> None:
    """Of a clip that is cut, that is sought, that goes round and that runs over segments."""
    source, film = stage.footage.clip(50, "25"), stage.footage.clip(270, "25")
    said: list[tuple[Document, list[int]]] = [
        (video(source, duration=0.8, extra_time=0.4), [*range(20), *[19] * 10]),
        (video(source, seek=-1, extra_time=0.2), [*range(25, 50), *[49] * 5]),
        (video(source, loop=-1, duration=2.4, extra_time=0.2), [*range(50), *range(10), *[9] * 5]),
        (video(film, extra_time=0.2), [*range(270), *[269] * 5]),
        (video(film, duration=9.88, extra_time=0.4), [*range(247), *[246] * 10]),
    ]
    scenes = [shot(each, duration=-1) for each, _ in said]
    wanted = [number for _, numbers in said for number in numbers]
    same(numbers(stage, movie(25, *scenes)), wanted)


def test_clips_follow_one_another_in_a_scene_and_over_scenes(stage: Stage) -> None:
    """Each after all that is before it in the list."""
    first, second = stage.footage.clip(30, "25"), stage.footage.clip(50, "25")
    after = [video(first), video(second, start=-1, seek=1.2), video(first, start=-1, duration=0.4)]
    row = [*range(30), *range(30, 50), *range(10)]
    same(numbers(stage, movie(25, shot(*after, duration=-1))), row)
    over = movie(25, shot(duration=0.4), shot(duration=0.4), elements=after)
    same(numbers(stage, over), row)


def test_an_endless_clip_that_nothing_ends_plays_once(stage: Stage) -> None:
    source = stage.footage.clip(30, "25")
    looping = video(source, loop=-1)
    same(numbers(stage, movie(25, shot(looping, duration=-1))), list(range(30)))
    given = numbers(stage, movie(25, shot(looping, duration=2)))
    same(given, [*range(30), *range(20)])


def test_a_clip_may_be_sought_to_its_end_and_no_further(stage: Stage) -> None:
    source = stage.footage.clip(25, "25")
    for loop, duration in ((1, -1), (-1, -2), (3, 1)):
        gone = video(source, seek=2, loop=loop, duration=duration)
        for document in (movie(5, shot(gone)), movie(5, shot(), elements=[gone])):
            with pytest.raises(DocumentError, match=r"'seek' is 2 s, but .* is only 1 s"):
                stage.render(document)
    last = video(source, seek=0.97, loop=-1, duration=-2)
    assert set(numbers(stage, movie(25, shot(last, duration=1)))) == {24}


def test_a_clip_in_a_scene_of_a_frame_more_holds_its_last_one(stage: Stage) -> None:
    """A scene of 250.4 frames has 251 where it begins at 25.2: the last in a segment of its own."""
    source, rate = stage.footage.clip(250, "624/25"), "624/25"
    seen = numbers(stage, movie(25, shot(duration=1.008), shot(video(source), duration=-1)))
    times = even(250, rate)
    wanted = shown(times, range(251), 25)
    assert wanted[-2:] == [249, 249]
    same(seen, [*[BLACK] * 25, *wanted])


def test_rotation_metadata_and_odd_sizes(stage: Stage) -> None:
    made = stage.footage.filmed
    plain = made(
        "plain.mp4", "color=red:s=80x60:d=1,drawbox=c=blue:x=40:t=fill,format=yuv420p", *BT709
    )
    turned = stage.footage.rewrapped("turned.mp4", plain, "-display_rotation", "90")
    odd = made("odd.mkv", "color=white:s=81x61:d=1,format=yuv444p", *BT709)
    straight, upright, uneven = stage.stills(*(shot(video(src)) for src in (plain, turned, odd)))
    red, blue = (255, 0, 0), (0, 0, 255)
    assert near(straight[30, [20, 60]], [red, blue], 6)
    assert near(upright[[20, 60], 30], [blue, red], 6), "counter-clockwise, as FFmpeg counts"
    assert near(extent(upright), (0, 0, 60, 80), 1)
    assert extent(uneven) == (0, 0, 81, 61)
    assert near(uneven[:61, :81], 255, 12)


BT709 = ["-c:v", "libx264", "-colorspace", "bt709", "-color_range", "tv", "-crf", "5"]


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9", "prores_ks", "png"])
def test_clips_with_alpha(stage: Stage, codec: str) -> None:
    kind = "webm" if codec.startswith("libvpx") else "mov"
    pixels = "yuva420p" if kind == "webm" else "rgba" if codec == "png" else "yuva444p10le"
    more = ["-auto-alt-ref", "0"] if kind == "webm" else []
    picture = "color=0x00000000:s=80x60:d=1:r=10,format=rgba,drawbox=c=white:w=40:t=fill:replace=1"
    source = stage.footage.filmed(
        f"alpha-{codec}.{kind}", picture, "-c:v", codec, "-pix_fmt", pixels, *more
    )
    seen = stage.picture(video(source), background_color="#0000ff")
    assert near(seen[10:50, 10:30], 255, 8)
    assert near(seen[10:50, 50:70], (0, 0, 255), 8)


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_an_animated_image_plays_for_ever(stage: Stage, kind: str) -> None:
    moving = image(stage.footage.flicker(kind))
    seen = stage.frames(movie(10, shot(moving, duration=11.2)))
    strongest = [int(picture[30, 40].argmax()) for picture in seen]
    assert strongest == [slot // 4 % 3 for slot in range(112)]


def test_the_sound_of_a_video_as_audio_shows_nothing(stage: Stage) -> None:
    source = stage.footage.with_sound(25, "25", stage.footage.tone(440, 1))
    assert set(numbers(stage, movie(25, shot(audio(source), duration=-1)))) == {BLACK}
