"""Names of tools, as they salt keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from resplice.core.tools import SHORT_CHARS, Tools

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")


def test_salts_are_the_tools_that_are_named_and_every_owner_but_the_first() -> None:
    assert TOOLS.named("ffmpeg", "core") == ["ffmpeg 1", "core 1"]
    assert replace(TOOLS, owner="acme").named("browser") == ["browser 1", "owner acme"]
    assert TOOLS.named() == []


@pytest.mark.parametrize("name", ["ffmpeg", "resampler", "browser", "core"])
def test_a_short_name_tells_installations_apart_and_no_owners(name: str) -> None:
    assert len(TOOLS.short_name()) == SHORT_CHARS
    assert replace(TOOLS, owner="acme").short_name() == TOOLS.short_name()
    assert replace(TOOLS, credentials=True).short_name() == TOOLS.short_name()
    assert replace(TOOLS, **{name: "2"}).short_name() != TOOLS.short_name()
