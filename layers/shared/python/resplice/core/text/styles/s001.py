"""Style 001: plain white text with a soft shadow, centred."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(BASE | SHADOW | {"font-family": '"Inter"'}, intro_s=0)
