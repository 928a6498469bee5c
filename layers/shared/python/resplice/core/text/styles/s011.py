"""Style 011: a text block. The ground is that of each word, not of the whole text."""

from __future__ import annotations

from resplice.core.text.styles.style import BASE, Style

STYLE = Style(
    BASE
    | {"font-family": '"Inter"', "font-size": "6vw", "background-color": "#000000"}
    | {"line-height": "1.4"},
    split="spans",
    css=".word{padding:0 .15em;-webkit-box-decoration-break:clone;box-decoration-break:clone}",
)
