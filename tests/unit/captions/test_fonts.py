"""JSON2Video's names of fonts, as families and weights."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.captions.fonts import font_named, weight_of


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Arial", ("Arial", None)),
        ("Arial Bold", ("Arial", 700)),
        ("Oswald Bold", ("Oswald", 700)),
        ("NotoSans Bold", ("Noto Sans", 700)),
        ("Simplified Chinese", ("Noto Sans SC", None)),
        ("Traditional Chinese", ("Noto Sans TC", None)),
        ("japanese", ("Noto Sans JP", None)),
        ("Korean", ("Noto Sans KR", None)),
        ("Korean Bold", ("Noto Sans KR", 700)),
        ("Montserrat Bold", ("Montserrat", 700)),
        ("  Luckiest   Guy ", ("Luckiest Guy", None)),
        ("Archivo Black, Arial", ("Archivo Black, Arial", None)),
    ],
)
def test_names(name: str, font: tuple[str, int | None]) -> None:
    assert font_named(name) == font


@pytest.mark.parametrize("name", ["x;y", "a{b", "url(x)", "<b>", "a\\"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="font name"):
        font_named(name)


@pytest.mark.parametrize(
    ("value", "weight"),
    [("700", 700), (900, 900), ("bold", 700), ("normal", 400), ("heavy", 400), (0, 400),
     (5000, 400), (None, 400), (700.0, 700), ([], 400)],
)  # fmt: skip
def test_weights(value: Any, weight: int) -> None:
    assert weight_of(value) == weight
