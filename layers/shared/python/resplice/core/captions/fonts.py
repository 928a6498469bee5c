"""Names of fonts as subtitles have them, to families and weights. Pure.

Which families are there only the painter knows: it warns of one that is not.
"""

from __future__ import annotations

import re
from typing import Any

USUAL_WEIGHT = 400
_NAMED = {
    "arial bold": ("Arial", 700),
    "notosans": ("Noto Sans", None),
    "notosans bold": ("Noto Sans", 700),
    "simplified chinese": ("Noto Sans SC", None),
    "traditional chinese": ("Noto Sans TC", None),
    "japanese": ("Noto Sans JP", None),
    "korean": ("Noto Sans KR", None),
    "korean bold": ("Noto Sans KR", 700),
}
"""JSON2Video's own names."""
_BOLD = re.compile(r"(.+?)[ -]bold", re.IGNORECASE)
_WORDS = {"normal": 400, "regular": 400, "bold": 700, "bolder": 800, "lighter": 300}


def font_named(name: str) -> tuple[str, int | None]:
    """(the family, or several with commas between; the weight that the name says, if any).

    Raises ValueError for what is no name.
    """
    text = " ".join(name.split())[:200]
    if re.search(r"[^\w .&'+,\"-]", text):
        raise ValueError("must be a font name, or several with commas between")
    if known := _NAMED.get(text.lower()):
        return known
    if bold := _BOLD.fullmatch(text):
        return bold[1], 700
    return text, None


def weight_of(value: Any) -> int:
    """100..900 of a number, also as a text, or of a CSS name; what is none of them is 400."""
    text = str(value).strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    if not re.fullmatch(r"\d{1,4}(\.0)?", text):
        return USUAL_WEIGHT
    weight = int(float(text))
    return weight if 1 <= weight <= 1000 else USUAL_WEIGHT
