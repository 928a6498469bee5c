"""Style 007: falling dominoes. Letters turn about their left edge until they face the viewer."""

from __future__ import annotations

from resplice.core.text.easing import css_easing
from resplice.core.text.styles.style import BASE, Style

STYLE = Style(
    BASE | {"font-family": '"Anton"'},
    split="letters",
    css=(
        f".letter{{transform-origin:0 50%;animation:fall 1200ms {css_easing('easeOutCirc')}"
        " calc(45ms*var(--n)) both}@keyframes fall{from{transform:rotateY(90deg)}}"
    ),
)
