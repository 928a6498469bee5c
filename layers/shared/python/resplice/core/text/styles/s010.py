"""Style 010: free letters out. Each fades away when its own chance has come; nothing is left."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, Style

STYLE = Style(
    BASE | {"font-family": '"Inter"'},
    split="letters",
    css=(
        ".letter{animation:vanish 400ms linear calc(2500ms*var(--random)) both}"
        "@keyframes vanish{to{opacity:0}}"
    ),
)
