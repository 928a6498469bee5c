"""Good files, damaged: edits that Hypothesis chooses, and leaves out again to find which matter."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
MOST_EDITS = 6
AT = st.integers(0, 9999)
"""Ten thousandths of the file: the same edit fits files of any length."""
Edit = tuple[str, int, int, bytes]

EDITS = st.tuples(
    st.sampled_from(["byte", "number", "cut", "drop", "twice", "insert", "swap", "near", "behind"]),
    AT,
    st.integers(0, 255),
    st.binary(max_size=8),
)


def damaged(seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Of one of the files; words: what readers of such files look for."""
    return st.builds(
        _edited, st.sampled_from(list(seeds)), st.lists(EDITS, max_size=MOST_EDITS), st.just(words)
    )


def _edited(data: bytes, edits: Sequence[Edit], words: Sequence[bytes]) -> bytes:
    for edit in edits:
        data = _with(data, edit, words)
    return data


def _with(data: bytes, edit: Edit, words: Sequence[bytes]) -> bytes:
    """near: in the first bytes, where headers are. behind: in what follows a word of the file."""
    kind, place, value, piece = edit
    at = place * len(data) // 10_000
    if kind == "behind":
        kind, at = "number", _behind(data, words, place)
    elif kind == "near":
        kind, at = "number" if value % 2 else "byte", min(place % 256, len(data))
    size = 1 + value
    if kind == "byte":
        return data[:at] + bytes([value]) + data[at + 1 :]
    if kind == "number":
        width = (1, 2, 4, 8)[value % 4]
        number = NUMBERS[value % len(NUMBERS)] % (1 << 8 * width)
        return data[:at] + number.to_bytes(width, "big") + data[at + width :]
    if kind == "cut":
        return data[:at]
    if kind == "drop":
        return data[:at] + data[at + size :]
    if kind == "twice":
        return data[:at] + data[at : at + size] * 2 + data[at + size :]
    if kind == "swap":
        return (
            data[:at]
            + data[at + size : at + 2 * size]
            + data[at : at + size]
            + data[at + 2 * size :]
        )
    word = words[value % len(words)] if words and place % 2 else piece
    return data[:at] + word + data[at:]


def _behind(data: bytes, words: Sequence[bytes], place: int) -> int:
    """A place in the fields that follow one of those words that the file has."""
    there = [word for word in words if word in data]
    if not there:
        return place * len(data) // 10_000
    word = there[place % len(there)]
    return min(data.rfind(word) + len(word) + place // 7 % 24, len(data))
