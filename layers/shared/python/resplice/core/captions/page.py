"""A line to the HTML page of its pictures: one under another, each in a slot of the same size.

The words keep their places in all of them, because every slot holds the same text with the same
line breaks; only what is seen of it differs. Text comes from outside and is hostile: it is
escaped. Painting is the browser's.

Each slot has up to three layers of the same text: boxes, then outline and shadow, then letters.
So no outline lies over a neighbour's letter, and no box over a word beside it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Sequence

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import LineWord, gaps, kept_whole
from resplice.core.captions.slot import (
    BOX_PADDING_EM,
    BOXED_ASIDE_EM,
    Slot,
    line_height_em,
)
from resplice.core.captions.states import State
from resplice.core.text import FALLBACK_FAMILY
from resplice.core.text.css import families
from resplice.core.unspaced import unspaced

BOX_RADIUS_EM = {"boxed-line": 0.0, "boxed-word": 0.15}
BOXED_WORD_SPACING_EM = 0.15
"""Between words, beside the space: or the box of one would touch the next."""
RING_APART_PX = 8
OPAQUE = "ff"

_PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>
html,body{{margin:0;overflow:hidden}}
.slot{{display:flex;box-sizing:border-box;overflow:hidden;width:{width}px;height:{height}px;
padding:{room}px {side}px;{place}}}
.text{{display:grid;min-width:0;max-width:{widest}px;{font}}}
.text div{{grid-area:1/1;position:relative;min-width:0;unicode-bidi:plaintext;text-align:{align};
text-wrap:balance;overflow-wrap:anywhere;white-space:pre-line}}
{layers}
.kept{{white-space:nowrap}}.i{{font-style:italic}}.b{{font-weight:{bold}}}.gone{{visibility:hidden}}
</style></head><body>{slots}</body></html>
"""


def sheet_html(
    words: Sequence[LineWord],
    states: Iterable[State],
    look: Appearance,
    slot: Slot,
    own_family: str | None = None,
) -> str:
    """The page with a slot for each state. own_family: of the font behind `font-url`."""
    return _PAGE.format(
        width=slot.width,
        height=slot.height,
        room=slot.room,
        side=slot.side,
        widest=slot.widest,
        place=_place(look),
        font=_font(look, own_family),
        align=look.align,
        layers=_layers(look),
        bold=max(700, look.weight),
        slots="".join(_slot(words, state, look) for state in states),
    )


def _place(look: Appearance) -> str:
    """The block's own place in the slot: at the side of the canvas that it is nearest to."""
    ends = {"left": "flex-start", "center": "center", "right": "flex-end"}
    down = {"top": "flex-start", "bottom": "flex-end"}.get(look.position.split("-")[0], "center")
    return f"align-items:{down};justify-content:{ends[look.align]}"


def _font(look: Appearance, own_family: str | None) -> str:
    own = f'"{own_family}",' if own_family else ""
    apart = BOXED_WORD_SPACING_EM if look.style == "boxed-word" else 0
    return (
        f"font:{look.weight} {look.size_px}px/{line_height_em(look)} {own}{families(look.family)},"
        f'"{FALLBACK_FAMILY}";font-synthesis:style;word-spacing:{apart}em'
    )


def _layers(look: Appearance) -> str:
    rules = [f".letters{{color:{look.line_colour}}}.letters .now{{color:{look.word_colour}}}"]
    if look.style in BOX_RADIUS_EM:
        down, across = BOX_PADDING_EM
        opaque, opacity = _parted(look.box_colour)
        rules.append(
            f".boxes{{color:transparent;opacity:{opacity:g}}}.boxes .box{{background:{opaque};"
            f"padding:{down}em {across}em;margin:0 -{across}em;"
            f"border-radius:{BOX_RADIUS_EM[look.style]}em;box-decoration-break:clone;"
            "-webkit-box-decoration-break:clone}"
        )
    if look.style == "boxed-word":
        out = BOXED_ASIDE_EM - BOX_PADDING_EM[1]
        rules.append(
            f".tight{{padding:0 {BOXED_ASIDE_EM}em}}.boxes .box.tight{{margin:0 {out:g}em}}"
        )
    if shadows := _around(look):
        rules.append(f".around{{color:transparent;text-shadow:{shadows}}}")
    return "".join(rules)


def _around(look: Appearance) -> str:
    """Outline and shadow as text shadows: rings of copies, which round corners as a pen does."""
    outline = _ring(0, look.outline_px, look.outline_colour) if look.outline_px else []
    shadow = _ring(look.shadow_px, look.outline_px, look.shadow_colour) if look.shadow_px else []
    return ",".join([*outline, *shadow])


def _ring(aside: int, reach: int, colour: str) -> list[str]:
    """Copies of the letters, drawn this far aside, as much thicker as `reach`.

    They lie so close that their edges make one; within a wide ring are others, or thin letters
    would show gaps.
    """
    if not reach:
        return [f"{aside}px {aside}px {colour}"]
    copies = 8 if reach <= 2 else 16 if reach <= 8 else 24 if reach <= 16 else 40
    turns = (math.tau * number / copies for number in range(copies))
    ring = [
        f"{aside + reach * math.cos(turn):.2f}px {aside + reach * math.sin(turn):.2f}px {colour}"
        for turn in turns
    ]
    return [*ring, *_ring(aside, reach - RING_APART_PX, colour)] if reach > RING_APART_PX else ring


def _parted(colour: str) -> tuple[str, float]:
    """(the colour without its alpha, the alpha 0..1)."""
    return colour[:7], int(colour[7:] or OPAQUE, 16) / 255


def _slot(words: Sequence[LineWord], state: State, look: Appearance) -> str:
    seen, spoken = words, state.spoken
    if state.alone and spoken is not None:
        seen, spoken = words[spoken : spoken + 1], 0
    layers = []
    if look.style in BOX_RADIUS_EM:
        layers.append(("boxes", _boxed(seen, spoken, look)))
    if look.outline_px or look.shadow_px:
        layers.append(("around", _marked(seen, state.shown, None)))
    layers.append(("letters", _marked(seen, state.shown, spoken)))
    inner = "".join(f'<div class="{name}">{text}</div>' for name, text in layers)
    return f'<div class="slot"><div class="text">{inner}</div></div>'


def _boxed(words: Sequence[LineWord], spoken: int | None, look: Appearance) -> str:
    if look.style == "boxed-line":
        return f'<span class="box">{_marked(words, len(words), None)}</span>'
    return _marked(words, len(words), spoken, "box")


def _marked(words: Sequence[LineWord], shown: int, spoken: int | None, mark: str = "now") -> str:
    parts: list[str] = []
    for index, (word, gap) in enumerate(zip(words, gaps(words), strict=True)):
        names = list(_classes(word, index < shown, mark if index == spoken else ""))
        text = html.escape(word.text)
        parts.append(f'<span class="{" ".join(names)}">{text}</span>' if names else text)
        parts.append(gap)
    return "".join(parts)


def _classes(word: LineWord, seen: bool, mark: str) -> Iterator[str]:
    if mark:
        yield mark
    if kept_whole(word.text):
        yield "kept"
    if unspaced(word.text):
        yield "tight"
    if word.italic:
        yield "i"
    if word.bold:
        yield "b"
    if not seen:
        yield "gone"
