"""What FFmpeg calls an error, as words that may be shown to anybody."""

from __future__ import annotations

import pytest
from resplice.core.ffmpeg_log import MAX_COMPLAINT_CHARS, complaints, printable, starved

LOG = """[info] Input #0, png_pipe
[png @ 0x55d0c] [error] Invalid PNG signature
[fatal] could not go on
[vist#0:0/png @ 0x1] [dec:png @ 0x2] [error] Decoding error
[error] Error opening input file:/home/ann/secret.png
title: [error] never happened
[error]    """


def test_errors_are_told_in_order_without_addresses_and_places() -> None:
    assert complaints(LOG) == ["Invalid PNG signature", "could not go on", "Decoding error"]


def test_a_complaint_is_a_short_line_of_printable_characters() -> None:
    assert complaints("[error] \x1b[31mred\x07\u202e") == ["[31mred"]
    long = complaints("[error] " + "a" * 1000)[0]
    assert len(long) == MAX_COMPLAINT_CHARS and long.endswith("a…")


@pytest.mark.parametrize(
    ("line", "wants"),
    [
        ("[error] Cannot allocate memory", True),
        ("Error while filtering: Cannot allocate memory.\r", True),
        ("Cannot allocate memory is what the title says", False),
        ("[error] Invalid data", False),
    ],
)
def test_wanting_for_memory_is_known_by_how_a_line_ends(line: str, wants: bool) -> None:
    assert starved(f"[info] a\n{line}\n[info] b") is wants


def test_lines_stay_lines() -> None:
    assert printable("a\tb\nc\u2028d\x00") == "ab\ncd"
