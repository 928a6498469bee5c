"""Style 004: letter by letter, each flickers in."""

from __future__ import annotations

from resplice.core.text.easing import css_easing
from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(
    BASE | SHADOW | {"font-family": '"Roboto"'},
    split="letters",
    css=(
        f".letter{{animation:appear 50ms {css_easing('easeInOutElastic')}"
        " calc(25ms*var(--n)) both}@keyframes appear{from{opacity:0}}"
    ),
)
