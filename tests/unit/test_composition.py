"""What is put together: a source is a file as tasks know it, a picture says what it is made of."""

from __future__ import annotations

from dataclasses import fields

import pytest
from resplice.core.composition import PICTURES, FilePicture, Picture, SheetPicture, Source
from resplice.core.facts import MediaFacts

CLIP = MediaFacts(
    *("a" * 64, 9, "video", "matroska", 64, 48, 1_500_000),
    has_alpha=True,
    has_audio=True,
    decoder="libvpx-vp9",
    untagged=True,
)


def test_a_source_is_the_facts_that_decide_how_a_file_is_read() -> None:
    source = Source.of(CLIP)
    told = {field.name: getattr(source, field.name) for field in fields(Source)}
    assert told == {name: getattr(CLIP, name) for name in told}
    assert {"size_bytes", "duration_us", "x", "y"}.isdisjoint(told)


@pytest.mark.parametrize(("kind", "moves"), [("image", False), ("video", True)])
def test_the_picture_of_a_file_is_the_files(kind: str, moves: bool) -> None:
    picture = FilePicture(Source("b" * 64, "png_pipe", kind, 7, 5, has_alpha=False))
    assert (picture.size, picture.has_alpha, picture.moves) == ((7, 5), False, moves)
    assert picture.digests == {"b" * 64}


def test_every_kind_of_picture_has_a_row() -> None:
    assert Picture.table() is PICTURES
    assert set(PICTURES.values()) >= {FilePicture, SheetPicture}


def test_a_sheet_shows_one_slot_of_its_file() -> None:
    file = Source("b" * 64, "png_pipe", "image", 70, 50, has_alpha=True)
    sheet = SheetPicture(file, (72, 20), (1, 4), 3)
    assert (sheet.size, sheet.has_alpha, sheet.moves) == ((72, 20), True, False)
    assert sheet.digests == {"b" * 64}
