"""Limits on files of captions, and how a refusal is said."""

from __future__ import annotations

import pickle

import pytest
from resplice.core.captions.captions_file import (
    MAX_CUE_CHARS,
    MAX_CUES,
    MAX_TIME_MS,
    CaptionsRefused,
    checked_cue,
    counted,
)


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ((-10, 50, 1), "begins before the film"),
        ((50, 40, 1), "ends before it begins"),
        ((0, MAX_TIME_MS + 1, 1), "later than any film"),
        ((0, 50, MAX_CUE_CHARS + 1), "more than 2000 characters"),
    ],
)
def test_refused(cue: tuple[int, int, int], words: str) -> None:
    with pytest.raises(CaptionsRefused, match=f"line 7: .*{words}"):
        checked_cue(*cue, 7)


def test_a_caption_without_time_is_not_there() -> None:
    assert checked_cue(0, 10, 1, 1)
    assert not checked_cue(10, 10, 1, 1)


def test_too_many() -> None:
    counted(MAX_CUES, 1)
    with pytest.raises(CaptionsRefused, match="more than 20000 captions"):
        counted(MAX_CUES + 1, 1)


def test_a_refusal_goes_to_other_processes() -> None:
    error = pickle.loads(pickle.dumps(CaptionsRefused("why", 3)))
    assert (str(error), error.line, error.reason) == ("line 3: why", 3, "why")
    assert str(CaptionsRefused("why")) == "why"
