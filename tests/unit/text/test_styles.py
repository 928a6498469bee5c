"""Text styles: every row is whole, and made of what settings may say too."""

from __future__ import annotations

import pytest
from resplice.core.text import css
from resplice.core.text.settings import flex
from resplice.core.text.styles import STYLES


@pytest.mark.parametrize("name", STYLES)
def test_a_style_says_a_family_and_an_alignment(name: str) -> None:
    rules = STYLES[name].rules
    assert {"font-family", "text-align", "font-size", "color"} <= rules.keys()
    assert flex({}, rules["text-align"])


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_made_of_what_callers_may_say(name: str) -> None:
    for prop, value in STYLES[name].rules.items():
        if prop == "font-family":
            assert css.families(value)
        else:
            assert css.is_property(prop)
            assert css.declaration(prop, value) == value
