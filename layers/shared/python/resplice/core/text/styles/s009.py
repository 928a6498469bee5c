"""Style 009: free letters in. Each fades in when its own chance has come."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, Style

STYLE = Style(
    BASE | {"font-family": '"Inter"'},
    split="letters",
    css=(
        ".letter{animation:appear 400ms linear calc(2500ms*var(--random)) both}"
        "@keyframes appear{from{opacity:0}}"
    ),
)
