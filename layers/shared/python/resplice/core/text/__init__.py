"""Text: settings and styles to CSS, and the page that a browser paints."""

from __future__ import annotations

FALLBACK_FAMILY = "Resplice Fallback"
"""The family that the browser adapter makes of bundled fonts, for every script it has."""

FILES = "https://files.resplice/"
"""Where a page finds the files that its task names. No such host exists."""
