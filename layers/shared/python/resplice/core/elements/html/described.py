"""What the JSON Schema is to know of pages beside their model: their settings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements.html.needs import SETTINGS
from resplice.core.text.described_css import css_settings


def described(
    part: dict[str, Any], parts: dict[str, Any], components: Sequence[ComponentFolder]
) -> None:
    """Adds what settings do."""
    part["properties"]["settings"]["properties"] = css_settings(SETTINGS, {})
