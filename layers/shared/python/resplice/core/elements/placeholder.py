"""The card that stands for a picture which nobody generates: its prompt, on a quiet ground."""

from __future__ import annotations

import html

MOST_CHARS = 400

PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>
html, body {{ margin: 0; height: 100%; }}
body {{ box-sizing: border-box; padding: 6vmin; display: flex; flex-direction: column;
  justify-content: center; gap: 3vmin; text-align: center; color: #f4f1ea; background: #3b4a5a;
  border: 1.2vmin dashed #8fa3b5; font-family: Inter; overflow: hidden; }}
small {{ font-size: 3.4vmin; letter-spacing: .12em; text-transform: uppercase; color: #b9c7d3; }}
p {{ margin: 0; font-size: 5.4vmin; line-height: 1.3; overflow-wrap: anywhere; }}
</style></head><body><small>placeholder{model}</small><p>{prompt}</p></body></html>"""


def card(prompt: str, model: str) -> str:
    """The page of the card; model: as the document names it, may be empty."""
    words = prompt if len(prompt) <= MOST_CHARS else prompt[:MOST_CHARS] + "…"
    named = f" · {html.escape(model[:60])}" if model else ""
    return PAGE.format(model=named, prompt=html.escape(words))
