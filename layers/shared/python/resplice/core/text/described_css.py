"""What CSS settings do, for the JSON Schema: of texts, of pages, of a component's groups. Pure.

Nothing is refused here that is not refused in css: values are CSS, and so any text or number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resplice.core.text.css import MAX_VALUE_CHARS
from resplice.core.text.settings import PLACES

Schema = dict[str, Any]

_WITHIN = r"^[^;{}<>@\[\]\\]*$|url\("
"""What stays within its declaration; what a URL holds is looked at elsewhere."""
_SHADOW = "2px 2px rgba(33,33,33,0.5)"
_WORDS: Mapping[str, tuple[str, tuple[str | float, ...]]] = {
    "left": ("From the canvas's left edge.", ("10%", "5vw")),
    "top": ("From the canvas's top edge.", ("10%", "5vh")),
    "right": ("From the canvas's right edge.", ("10%", "5vw")),
    "bottom": ("From the canvas's bottom edge.", ("10%", "5vh")),
    "width": ("How wide it is.", ("50%", "40vw", 400)),
    "height": ("How high it is.", ("50%", "40vh", 300)),
    "color": ("Of the letters.", ("#FFFFFF", "dodgerblue")),
    "font-color": ("Another name of color, which counts before it.", ("#FFFFFF",)),
    "background": ("What lies behind it: a colour, a gradient, a picture.", ("#1E90FF",)),
    "background-color": ("The colour behind it.", ("#000000", "rgba(0,0,0,0.5)")),
    "background-image": ("A gradient or a picture behind it.", ("linear-gradient(red, blue)",)),
    "background-size": ("How large the picture behind it is.", ("cover", "contain")),
    "border": ("The line around it.", ("2px solid #FFFFFF",)),
    "border-radius": ("How round its corners are.", ("8px", "50%")),
    "border-color": ("Of the line around it.", ("#FFFFFF",)),
    "box-shadow": ("The shadow of its box.", ("0 4px 12px rgba(0,0,0,0.4)",)),
    "padding": ("Room between its edge and what is in it.", ("20px", "1vw 2vw")),
    "margin": ("Room around it.", ("1vw", "10px 20px")),
    "display": ("How its box is laid out; none: it is not seen.", ("block", "flex", "none")),
    "overflow": ("What becomes of what is larger than it.", ("hidden", "visible")),
    "rotate": ("How it is turned; a number counts degrees.", ("10deg", -5)),
    "opacity": ("0 (nothing is seen) to 1.", ("0.8", 1)),
    "font-family": ("The name of a font, or several with commas between.", ("Roboto", "Anton")),
    "font-url": ("The URL of a font file of your own.", ("https://example.com/own.ttf",)),
    "font-size": ("px, vw, vh, em, or a number of pixels; vw and vh count its canvas.",
                  ("4vw", "48px", 48)),
    "min-font-size": ("The smallest size that font-size auto may find.", ("12px", "1vw")),
    "max-font-size": ("The largest size that font-size auto may find.", ("80px", "5vw")),
    "font-weight": ("100 to 900, normal or bold; the nearest that the font has.",
                    ("400", "700", "bold")),
    "font-style": ("Whether the letters lean.", ("italic", "normal")),
    "line-height": ("From one line to the next; a number counts font sizes.", (1.2, "60px")),
    "letter-spacing": ("Room between letters.", ("0.1em", "2px")),
    "word-spacing": ("Room between words.", ("0.2em",)),
    "text-align": ("Where lines begin or end.", ("left", "center", "right", "justify")),
    "text-shadow": ("The shadow of the letters.", (_SHADOW, "none")),
    "text-stroke": ("A line around the letters.", ("2px #000000",)),
    "text-decoration": ("A line at the letters.", ("underline", "line-through")),
    "text-transform": ("Capitals.", ("uppercase", "capitalize", "none")),
    "text-indent": ("How far the first line is moved in.", ("2em",)),
    "white-space": ("Whether blanks and lines stay as they are written.", ("pre-wrap", "nowrap")),
    "word-break": ("Where words may break.", ("break-all", "keep-all")),
    "overflow-wrap": ("Whether a long word may break anywhere.", ("anywhere", "break-word")),
    "direction": ("Which way is written.", ("ltr", "rtl")),
    "shadow": ("Of 2022: how many pixels the shadow of the letters lies aside.", (2,)),
    "fill": ("What the shape is filled with.", ("#00FF00",)),
    "stroke": ("The colour of the shape's line.", ("#FFFFFF",)),
    "transform": ("How it is moved, turned or scaled.", ("scale(1.2)", "rotate(5deg)")),
    "filter": ("What its picture is put through.", ("blur(4px)", "grayscale(1)")),
    "gap": ("Room between what is in it.", ("1vw",)),
    "align-items": ("Where what is in it lies, across.", ("center", "flex-start")),
    "justify-content": ("Where what is in it lies, along.", ("center", "space-between")),
}  # fmt: skip
_IN_THE_BOX = {
    "vertical-position": "Where it lies in its canvas, from top to bottom.",
    "horizontal-position": "Where it lies in its canvas, from left to right.",
    "vertical-align": "The older name of vertical-position.",
    "horizontal-align": "The older name of horizontal-position.",
}
_FREE = ("font-family", "font-url")
"""They may be addresses."""


def css_settings(names: Iterable[str], defaults: Mapping[str, Any]) -> Schema:
    """What settings of these names may be."""
    return {name: css_setting(name, defaults) for name in names}


def css_setting(name: str, defaults: Mapping[str, Any]) -> Schema:
    """What one may be. defaults: of settings, where there are some."""
    said = {"default": defaults[name]} if name in defaults else {}
    if name in _IN_THE_BOX:
        places = PLACES[name.replace("align", "position")]
        return {"description": _IN_THE_BOX[name], **said, "enum": [*places]}
    words, examples = _WORDS.get(name, ("As in CSS.", ()))
    made: Schema = {"type": "string", "description": words, "maxLength": MAX_VALUE_CHARS, **said}
    if name not in _FREE:
        made["pattern"] = _WITHIN
    if "color" in name or name in ("fill", "stroke"):
        made["format"] = "color"
    return {**made, "examples": [*examples]} if examples else made
