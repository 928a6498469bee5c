"""Speech at one loudness: the gain that is given, and the command lines; FFmpeg runs elsewhere."""

from __future__ import annotations

import pytest
from resplice.core.composition import Source
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.filtergraph.speech import (
    LOUDNESS_LUFS,
    MAX_GAIN_DB,
    corrected_db,
    gain_db,
    joined_invocation,
    levelled_invocation,
    listening_invocation,
)

FIRST = Source("first", "mp3", "audio", 0, 0, has_alpha=False)
SECOND = Source("second", "wav", "audio", 0, 0, has_alpha=False)


@pytest.mark.parametrize(
    ("lufs", "gain"),
    [(-26.0, 10.0), (-9.0, -7.0), (LOUDNESS_LUFS, 0.0), (-68.0, MAX_GAIN_DB), (-70.0, 0.0)],
)
def test_the_gain_brings_speech_to_one_loudness_and_leaves_silence(
    lufs: float, gain: float
) -> None:
    assert gain_db(lufs) == pytest.approx(gain)


def test_parts_are_joined_in_their_order_each_by_its_own_demuxer() -> None:
    made = joined_invocation([FIRST, SECOND], AS_NAMED)
    assert [(each.origin, each.format) for each in made.inputs] == [
        ("first", "mp3"),
        ("second", "wav"),
    ]
    assert "concat=n=2:v=0:a=1" in made.graph


def test_a_listener_gets_a_narrow_sound_and_a_viewer_a_wide_one() -> None:
    assert "16000" in listening_invocation(FIRST, AS_NAMED).argv
    levelled = levelled_invocation(FIRST, 10.25, AS_NAMED)
    assert "48000" in levelled.argv and "volume=10.250dB" in levelled.graph


@pytest.mark.parametrize(
    ("gain", "reached", "better"),
    [
        *((6.0, -16.0, None), (6.0, -16.2, None), (6.0, -17.0, 7.0), (-3.0, -15.0, -4.0)),
        *((39.5, -20.0, 40.0), (40.0, -20.0, None), (0.0, -70.0, None)),
    ],
)
def test_what_limiting_took_is_made_up_for(
    gain: float, reached: float, better: float | None
) -> None:
    assert corrected_db(gain, reached) == (None if better is None else pytest.approx(better))
