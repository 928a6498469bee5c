"""Style 003: word by word, each fades in."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(
    BASE | SHADOW | {"font-family": '"Roboto"'},
    intro_s=10,
    split="words",
    css=(
        ".word{animation:appear 500ms linear calc(400ms*var(--n)) both}"
        "@keyframes appear{from{opacity:0}}"
    ),
)
