"""Parameter sets: those of x264 are read, others are errors."""

from __future__ import annotations

import pytest
from parameter_sets import SEQUENCE, described
from resplice.core.h264.parameters import Parameters, parameters
from resplice.errors import RenderError


def test_a_stream_of_x264_is_read() -> None:
    assert parameters(described()) == Parameters(4, 6, 8160, 26, True, True, True)


@pytest.mark.parametrize(
    "stsd",
    [
        b"",
        described(sequence=b""),
        described(sequence=SEQUENCE[:6]),
        described(picture=b"\x68"),
        described(sequence=SEQUENCE[:4] + b"\xff" + SEQUENCE[5:]),
    ],
)
def test_what_is_not_ours_is_an_error(stsd: bytes) -> None:
    with pytest.raises(RenderError):
        parameters(stsd)
