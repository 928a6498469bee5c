"""Style 006: revealing letters. They slide in from the right, far apart from each other."""

from __future__ import annotations

from resplice.core.text.easing import css_easing
from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(
    BASE | SHADOW | {"font-family": '"Anton"', "letter-spacing": ".5em"},
    split="letters",
    css=(
        f".letter{{animation:reveal 1200ms {css_easing('easeOutExpo')}"
        " calc(500ms + 30ms*var(--n)) both}"
        "@keyframes reveal{from{transform:translateX(40px);opacity:0}}"
    ),
)
