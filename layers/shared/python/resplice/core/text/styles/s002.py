"""Style 002: the whole text fades in."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(
    BASE | SHADOW | {"font-family": '"Roboto"'},
    css=".text{animation:appear 2000ms linear both}@keyframes appear{from{opacity:0}}",
)
