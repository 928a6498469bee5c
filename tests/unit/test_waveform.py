"""How much sound a frame of a waveform shows, and that an excerpt is heard as the whole is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.composition import Sound, Source
from resplice.core.pieces import SAMPLE_RATE
from resplice.core.waveform import COLUMNS, SMOOTHED, excerpts, raster

VOICE = Source("voice", "mp3", "audio", 0, 0, has_alpha=False)


@pytest.mark.parametrize(
    ("fps", "frames"), [(1, 1), (10, 1), (19, 1), (24, 2), (25, 2), (30, 3), (60, 6), (120, 12)]
)
def test_a_frame_shows_a_tenth_of_a_second_or_its_own_time(fps: int, frames: int) -> None:
    assert raster(fps).frames == frames


@pytest.mark.parametrize("fps", range(1, 121))
def test_columns_are_whole_samples_of_every_frame(fps: int) -> None:
    made = raster(fps)
    assert made.samples * made.columns * fps == made.rate
    assert made.rate == pytest.approx(SAMPLE_RATE, rel=0.03)
    assert COLUMNS / 2 <= made.columns * made.frames <= COLUMNS * 4 / 3
    assert made.lead + 1 + made.tail == made.frames + SMOOTHED - 1


@pytest.mark.parametrize("fps", [5, 10, 12, 15, 20, 24, 25, 30, 50, 60, 100, 120])
def test_usual_frame_rates_leave_the_sound_as_it_is(fps: int) -> None:
    assert raster(fps).rate == SAMPLE_RATE


def heard(sound: Sound, sample: int) -> tuple[int, float] | None:
    """Which sample of its source is heard there, and how loud; None where it is not there."""
    age, length = sample - sound.first, sound.end - sound.first
    if not 0 <= age < length:
        return None
    gain = sound.volume
    if age < sound.fade_in:
        gain *= age / sound.fade_in
    if age >= length - sound.fade_out:
        gain *= (length - age) / sound.fade_out
    place = age % sound.loop_samples if sound.loop_samples else age
    return round(sound.seek_us * SAMPLE_RATE / 1e6) + place, round(gain, 9)


@st.composite
def sounds(draw: st.DrawFn) -> Sound:
    first, length = draw(st.integers(0, 300)), draw(st.integers(1, 500))
    return Sound(
        VOICE,
        first,
        first + length,
        draw(st.integers(0, 10_000_000)),
        0.5,
        draw(st.just(0) | st.integers(1, 300)),
        draw(st.integers(0, length)),
        draw(st.integers(0, length)),
    )


@given(sounds(), st.integers(-20, 600), st.integers(1, 200))
def test_an_excerpt_is_heard_as_the_whole_is(sound: Sound, first: int, length: int) -> None:
    found = list(excerpts([sound], first, first + length))
    whole = [heard(sound, sample) for sample in range(first, first + length)]
    if not found:
        assert not any(whole)
        return
    (part,) = found
    assert [heard(part, sample) for sample in range(length)] == whole


def test_an_excerpt_knows_nothing_of_its_place() -> None:
    plain = Sound(VOICE, 0, 100 * SAMPLE_RATE, 0, 1)
    later = Sound(VOICE, 500, 90 * SAMPLE_RATE, 0, 1, fade_in=7, fade_out=9)
    window = 50 * SAMPLE_RATE, 60 * SAMPLE_RATE
    assert list(excerpts([plain], *window)) == [Sound(VOICE, 0, 10 * SAMPLE_RATE, 50_000_000, 1)]
    (moved,) = excerpts([later], window[0] + 500, window[1] + 500)
    assert [moved] == list(excerpts([plain], *window)), "nor of fades that are not near"


def test_only_what_is_near_is_part_of_an_excerpt() -> None:
    row = [Sound(VOICE, n * 100, n * 100 + 100, 0, 1) for n in range(5)]
    assert [part.first for part in excerpts(row, 200, 300)] == [0]
    assert [(part.first, part.end) for part in excerpts(row, 150, 310)] == [
        *((0, 50), (50, 150), (150, 160))
    ]


def test_a_long_loop_is_sought_within_its_round() -> None:
    loop = Sound(VOICE, 0, 10_000, 0, 1, loop_samples=1000)
    (part,) = excerpts([loop], 5100, 5200)
    assert (part.loop_samples, part.first) == (0, 0)
    (part,) = excerpts([loop], 5900, 6100)
    assert (part.loop_samples, part.first) == (1000, -900)
