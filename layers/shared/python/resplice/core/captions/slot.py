"""The slot of a line's pictures: its size, and where it lies on the canvas. Pure sums.

How wide a text comes out only the browser knows, so the height is reckoned from letters that are
wider than those of any bundled font: a slot has room for more rows than are drawn, never for fewer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import LineWord, gaps
from resplice.core.composition import Canvas
from resplice.core.geometry import EDGE_GAP
from resplice.core.unspaced import unspaced
from resplice.frozen import frozen

BOX_PADDING_EM = (0.1, 0.25)
"""Above and below, left and right of the text in a box."""
BOXED_ASIDE_EM = 0.2
"""Left and right of each word that may get a box, in a script that has no spaces."""
WIDEST_OF_CANVAS = 1 - 2 * EDGE_GAP
MID_TOP, MID_BOTTOM = 0.25, 0.75
"""Where the middle of a line lies with the `mid-` positions, as a fraction of the height."""
FLOURISH_EM = 0.3
"""What letters reach out of their rows."""
MAX_ROWS = 12

_NARROW = frozenset(" .,:;!|'`’il()[]")
_WIDE = frozenset("mwMW@%&—МЩщШшЖжЮю")
_FULL = "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffe6]"
"""Takes milliseconds to compile, which `re` does when it is needed, and once."""
_MARK = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u200b-\u200f\u202a-\u202e\ufe00-\ufe0f]"
)


@frozen
class Slot:
    """Where each picture of a line is drawn: even pixels.

    x, y    of its corner on the canvas
    widest  that the text in it may be
    room    free above and below for what reaches out of the rows; side: left and right of them
    """

    width: int
    height: int
    x: int
    y: int
    widest: int
    room: int
    side: int


def slot_of(words: Sequence[LineWord], look: Appearance, canvas: Canvas, *, alone: bool) -> Slot:
    """The slot that holds every picture of these words. alone: they are shown one at a time.

    Its height is a multiple of four, so that its middle is where any other slot's is; what is
    higher than the canvas is cut.
    """
    widest = round(canvas.width * WIDEST_OF_CANVAS)
    texts = [(word,) for word in words] if alone else [words]
    rows = min(MAX_ROWS, max((rows_of(text, look, widest) for text in texts), default=1))
    padding = FLOURISH_EM + BOX_PADDING_EM[0] * look.style.startswith("boxed")
    room = math.ceil(look.size_px * padding) + look.outline_px + abs(look.shadow_px)
    text_px = math.ceil(rows * look.size_px * line_height_em(look))
    height = -(-min(text_px + 2 * room, canvas.height) // 4) * 4
    x = look.x - canvas.width // 2 if look.position == "custom" else 0
    y = _top(look, canvas, height, room)
    return Slot(
        canvas.width, height, _even(x), _even(y), widest, room, round(canvas.width * EDGE_GAP)
    )


def line_height_em(look: Appearance) -> float:
    """From row to row."""
    return {"boxed-line": 1.3, "boxed-word": 1.4}.get(look.style, 1.2)


def _top(look: Appearance, canvas: Canvas, height: int, room: int) -> int:
    gap = round(canvas.height * EDGE_GAP)
    if look.position.startswith("top-"):
        return gap - room
    if look.position.startswith("bottom-"):
        return canvas.height - gap + room - height
    shares = {"mid-top-center": MID_TOP, "mid-bottom-center": MID_BOTTOM}
    middle = look.y if look.position == "custom" else canvas.height * shares.get(look.position, 0.5)
    return round(middle - height / 2)


def _even(place: int) -> int:
    """Colour has a pixel for each two of the canvas."""
    return place - place % 2


def rows_of(words: Sequence[LineWord], look: Appearance, widest: int) -> int:
    """At most so many rows: words are laid one after another, each as wide as it may be."""
    rows, used = 1, 0.0
    for word, gap in zip(words, gaps(words), strict=True):
        width = (width_em(word.text) + 2 * _aside_em(word, look)) * look.size_px
        if used and used + width > widest:
            rows, used = rows + 1, 0.0
        broken = math.ceil(width / widest) - 1
        rows, used = rows + broken, used + width - broken * widest
        used += width_em(gap) * look.size_px
        if gap == "\n":
            rows, used = rows + 1, 0.0
    return rows


def _aside_em(word: LineWord, look: Appearance) -> float:
    return BOXED_ASIDE_EM if look.style == "boxed-word" and unspaced(word.text) else 0.0


def width_em(text: str) -> float:
    """No font that comes with us draws the text wider, in its own size; most draw it narrower."""
    return sum(map(_letter_em, text))


def _letter_em(letter: str) -> float:
    if letter in _NARROW:
        return 0.45
    if letter in _WIDE:
        return 1.25
    if re.match(_FULL, letter):
        return 1.0
    if _MARK.match(letter):
        return 0.0
    if letter > "\U00010000":
        return 1.4
    return 0.75 if letter.islower() else 0.85
