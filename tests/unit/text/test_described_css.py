"""What an editor is told of CSS settings: all that people set, and nothing that is refused."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from resplice.core.elements.component.styling import KNOWN
from resplice.core.elements.component.styling import declarations as in_groups
from resplice.core.elements.html.needs import SETTINGS as OF_PAGES
from resplice.core.text import css
from resplice.core.text.described_css import css_setting, css_settings
from resplice.core.text.settings import PLACES, SETTINGS, read

ALL = sorted({*SETTINGS, *OF_PAGES, *KNOWN})


@pytest.mark.parametrize("name", ALL)
def test_each_says_what_it_does_and_its_examples_are_read(name: str) -> None:
    said = css_setting(name, {})
    assert said["description"] != "As in CSS." and "default" not in said
    values = said.get("examples", said.get("enum"))
    assert values
    for value in values:
        if name in SETTINGS:
            read({}, {name: value})
        elif not name.endswith(("url", "align")):
            assert in_groups(name, value)
        assert Draft202012Validator({**said, "type": ["string", "number"]}).is_valid(value)


@pytest.mark.parametrize("value", ["red;", "a}", "{", "<b>", "a@b", "a\\b", "[a]"])
def test_what_would_end_a_declaration_is_refused_there_and_here(value: str) -> None:
    with pytest.raises(ValueError, match="must not hold"):
        css.declaration("color", value)
    assert not Draft202012Validator(css_setting("color", {})).is_valid(value)


def test_places_are_those_that_are_read() -> None:
    for name in ("vertical-align", "vertical-position"):
        assert css_setting(name, {})["enum"] == [*PLACES["vertical-position"]]
    assert css_setting("horizontal-align", {})["enum"] == [*PLACES["horizontal-position"]]


def test_defaults_are_the_styles_own_and_what_is_not_known_is_css() -> None:
    defaults: dict[str, Any] = {"color": "#FFFFFF", "hyphens": "auto"}
    said = css_settings(["color", "hyphens", "font-size"], defaults)
    assert said["color"]["default"] == "#FFFFFF" and said["color"]["format"] == "color"
    assert said["hyphens"]["description"] == "As in CSS." and "default" not in said["font-size"]
