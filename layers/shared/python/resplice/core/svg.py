"""SVG drawings: known by their root element, measured by what it says, and read to the end.

Pure. Nothing is painted here, and nothing outside a drawing is asked for: an entity that names a
file or an address is left empty, and expat itself stops one that grows without end. As expat is C,
`svg_size` is called behind walls (adapters/ffmpeg/drawing_program.py).
"""

from __future__ import annotations

import re
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

MAX_BYTES = 16 << 20
MAX_SIDE = 4096
"""Of the size that a drawing has of itself: a larger one is brought to it."""
UNSAID_SIZE = (300, 150)
"""Of a drawing that says nothing of its size, as browsers have it."""

_NAMESPACE = "http://www.w3.org/2000/svg"
_LENGTH = re.compile(
    r"\s*\+?(\d{0,9}(?:\.\d{0,9})?(?:e[+-]?\d{1,2})?)(px|pt|pc|mm|cm|in|q|em|ex)?\s*", re.IGNORECASE
)
_PIXELS = {"pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 960 / 25.4, "in": 96, "q": 24 / 25.4}
_PIXELS |= {"em": 16, "ex": 8, "px": 1, "": 1}
_MOST_PIXELS = 1e9
"""What is longer would be without end when it is multiplied."""

_BEFORE_ROOT = re.compile(rb"\s*<(!--|\?|!DOCTYPE)")
_END_OF = {
    b"!--": re.compile(rb"(?s:.*?)-->"),
    b"?": re.compile(rb"(?s:.*?)\?>"),
    b"!DOCTYPE": re.compile(rb"[^\[>]*(?:\[[^\]]*\]\s*)?>"),
}
"""What may stand before the first element, and where it ends."""
_SVG = re.compile(rb"\s*<(?:[\w.-]{1,40}:)?svg(?=[\s/>])[^<]*?>")


class SvgRefused(ValueError):
    """What is wrong with a drawing: `damaged: …`."""


class _Root(Exception):
    """The first element of a document, with its namespace before its name."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes


def is_svg(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a drawing."""
    at = len(head) - len(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    while before := _BEFORE_ROOT.match(head, at):
        end = _END_OF[before[1]].match(head, before.end())
        if not end:
            return False
        at = end.end()
    return bool(_SVG.match(head, at))


def svg_size(data: bytes) -> tuple[int, int]:
    """The size that the drawing has of itself, pixels. Raises SvgRefused for what is none."""
    if len(data) > MAX_BYTES:
        raise SvgRefused(f"a drawing of more than {MAX_BYTES >> 20} MB")
    root = _root(data, whole=False)
    if root is None:
        raise SvgRefused("damaged: it has no root element")
    if root.name != f"{_NAMESPACE} svg":
        raise SvgRefused(f'an SVG drawing whose root does not say xmlns="{_NAMESPACE}"')
    _root(data, whole=True)
    return _fitting(*_said_size(root.attributes))


def _root(data: bytes, *, whole: bool) -> _Root | None:
    """The first element; of a whole document it is only seen that it is well made."""
    parser = ParserCreate(namespace_separator=" ")
    if not whole:
        parser.StartElementHandler = _stop
    try:
        parser.Parse(data, whole)
    except _Root as root:
        return root
    except ExpatError as error:
        reason = ErrorString(error.code)
        raise SvgRefused(f"damaged: {reason} in line {error.lineno}") from None
    except (ValueError, LookupError):
        # What expat asks Python for: a codec that there is not, or that is none of single bytes.
        raise SvgRefused("damaged: its encoding cannot be read; write it in UTF-8") from None
    return None


def _stop(name: str, attributes: dict[str, str]) -> None:
    raise _Root(name, attributes)


def _said_size(said: dict[str, str]) -> tuple[float, float]:
    """By width and height; one that is missing follows from the view box."""
    width, height = _pixels(said.get("width", "")), _pixels(said.get("height", ""))
    box = _view_box(said.get("viewBox", ""))
    if width and height:
        return width, height
    if box is None:
        return width or UNSAID_SIZE[0], height or UNSAID_SIZE[1]
    if width:
        return width, width * box[1] / box[0]
    if height:
        return height * box[0] / box[1], height
    return box


def _pixels(length: str) -> float:
    """A length in pixels; 0 for what is none, or counts from what is around it (%)."""
    read = _LENGTH.fullmatch(length)
    try:
        length_px = float(read[1]) * _PIXELS[(read[2] or "").lower()] if read else 0
        return min(length_px, _MOST_PIXELS)
    except ValueError:
        return 0


def _view_box(said: str) -> tuple[float, float] | None:
    numbers = [part for part in re.split(r"[\s,]+", said.strip()[:200]) if part]
    if len(numbers) != 4:
        return None
    size = _pixels(numbers[2]), _pixels(numbers[3])
    return size if all(size) else None


def _fitting(width: float, height: float) -> tuple[int, int]:
    factor = min(1.0, MAX_SIDE / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))
