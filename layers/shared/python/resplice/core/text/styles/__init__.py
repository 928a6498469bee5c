"""Text styles: what a text looks like when its settings do not say. A style is a file and a row.

Values are CSS of ours, trusted; they are read like settings, lengths in vw of the movie's canvas.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.text.styles import s001

STYLES: dict[str, Mapping[str, str]] = {"001": s001.RULES}
"""Every text style: its name -> CSS property -> value. Each has a font-family and a text-align."""
