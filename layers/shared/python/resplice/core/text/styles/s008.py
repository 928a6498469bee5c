"""Style 008: ceil and floor. Letters grow in between two lines, which are drawn meanwhile."""

from __future__ import annotations

from resplice.core.text.easing import css_easing
from resplice.core.text.styles.style import BASE, Style

_SLOW = css_easing("easeOutExpo")
STYLE = Style(
    BASE | {"font-family": '"Anton"'},
    split="letters",
    css=(
        ".line{height:3px;background:currentColor;transform-origin:0 0;"
        f"animation:draw 2000ms {_SLOW} both}}.line.below{{transform-origin:100% 0}}"
        ".words{padding:.225em 0}"
        f".letter{{animation:grow 600ms {_SLOW} calc(70ms*var(--n)) both}}"
        "@keyframes draw{from{transform:scaleX(0)}}"
        "@keyframes grow{from{transform:scale(.3);opacity:0}}"
    ),
    around='<div class="line"></div>{text}<div class="line below"></div>',
)
