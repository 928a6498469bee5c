"""Style 005: jumping letters. They come up from below their line, which hides them till then."""

from __future__ import annotations

from resplice.core.text.easing import css_easing
from resplice.core.text.styles.style import BASE, SHADOW, Style

STYLE = Style(
    BASE | SHADOW | {"font-family": '"Roboto"'},
    split="letters",
    css=(
        ".word{overflow-y:clip;padding:.2em 0 .15em;margin-bottom:-.15em}"
        f".letter{{animation:jump 750ms {css_easing('easeOutElastic')}"
        " calc(50ms*var(--n)) both}@keyframes jump{from{transform:translateY(1.3em)}}"
    ),
)
