"""What the JSON Schema is to know of subtitles beside their model: their settings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resplice.core.captions.appearance import POSITIONS, STYLES, Appearance
from resplice.core.captions.settings import (
    MAX_EDGE_PX,
    MAX_FONT_PX,
    MAX_KEYWORDS,
    MAX_REPLACED,
    MAX_WORDS,
    PLACES,
    SYNONYMS,
    USUAL_WORDS,
)
from resplice.core.components import ComponentFolder
from resplice.core.document.limits import MAX_PIXELS
from resplice.core.document.values import COLOUR

Schema = dict[str, Any]
_USUAL = Appearance(size_px=0)
_HOW = {
    "classic": "The line in line-color, the word that is spoken in word-color.",
    "classic-progressive": "Words appear as they are spoken.",
    "classic-one-word": "One word at a time: the one that is spoken.",
    "boxed-line": "A box behind the line.",
    "boxed-word": "A box behind the word that is spoken.",
}


def described(part: Schema, parts: Schema, components: Sequence[ComponentFolder]) -> None:
    """Adds what settings do."""
    settings = dict(SETTINGS)
    settings |= {
        other: {**SETTINGS[name], "description": f"Another name of {name}."}
        for other, name in SYNONYMS.items()
    }
    part["properties"]["settings"]["properties"] = settings


def _pixels(words: str, least: int, most: int, default: int | None) -> Schema:
    said = {} if default is None else {"default": default}
    span = {"minimum": least, "maximum": most, "pattern": r"^\s*[-+]?\d+(\.\d+)?px\s*$"}
    return {"type": "number", "description": words, **span, **said}


def _colour(words: str, default: str) -> Schema:
    return {"type": "string", "description": words, "default": default, **COLOUR}


SETTINGS: Mapping[str, Schema] = {
    "style": {
        "description": "How words are shown as they are spoken.",
        "default": _USUAL.style,
        "anyOf": [{"const": name, "description": _HOW[name]} for name in STYLES],
    },
    "font-family": {
        "type": "string",
        "description": "The name of a font; with font-url the name of that file's family.",
        "default": _USUAL.family,
        "examples": ["Arial", "Montserrat", "Luckiest Guy", "Oswald Bold"],
    },
    "font-url": {
        "type": "string",
        "description": "The URL of a font file of your own.",
        "examples": ["https://example.com/own.ttf"],
    },
    "font-weight": {
        "type": "string",
        "description": "100 to 900, normal or bold; the nearest that the font has.",
        "default": str(_USUAL.weight),
        "examples": ["400", "700", "900"],
    },
    "font-size": _pixels("Pixels; when it is not said, 5 % of the movie's width.",
                         1, MAX_FONT_PX, None),
    "all-caps": {
        "type": "boolean",
        "description": "Whether all is in capitals.",
        "default": False,
    },
    "position": {
        "description": "Where lines are; custom: their middle at x and y.",
        "default": _USUAL.position,
        "enum": [*POSITIONS, *PLACES],
    },
    "x": _pixels("Pixels from the movie's left edge to the middle of lines, with custom.",
                 -MAX_PIXELS, MAX_PIXELS, _USUAL.x),
    "y": _pixels("Pixels from the movie's top edge to the middle of lines, with custom.",
                 -MAX_PIXELS, MAX_PIXELS, _USUAL.y),
    "word-color": _colour("Of the word that is spoken.", _USUAL.word_colour),
    "line-color": _colour("Of the other words; the same as word-color: no word stands out.",
                          _USUAL.line_colour),
    "box-color": _colour("Of the box behind the line or the word, where the style has one.",
                         _USUAL.box_colour),
    "outline-color": _colour("Of the line around letters.", _USUAL.outline_colour),
    "outline-width": _pixels("Pixels of the line around letters; 0: none.",
                             -1, MAX_EDGE_PX, _USUAL.outline_px),
    "shadow-color": _colour("Of the letters' shadow.", _USUAL.shadow_colour),
    "shadow-offset": _pixels("Pixels that the letters' shadow lies right and down; 0: none.",
                             -MAX_EDGE_PX, MAX_EDGE_PX, _USUAL.shadow_px),
    "max-words-per-line": {
        "type": "number",
        "description": f"How many words a line has at most; 1: one at a time; beyond {MAX_WORDS} "
                       f"as {MAX_WORDS}.",
        "minimum": 1,
        "maximum": 1_000_000,
        "default": USUAL_WORDS,
    },
    "keywords": {
        "anyOf": [
            {"type": "array", "items": {"type": ["string", "integer"]}, "maxItems": MAX_KEYWORDS},
            {"type": "string"},
        ],
        "description": "Words that help the transcription: names, brands.",
        "examples": [["Resplice", "FFmpeg"]],
    },
    "replace": {
        "type": "object",
        "description": "Words that are heard wrong, to what is to be written for them.",
        "maxProperties": MAX_REPLACED,
        "additionalProperties": {"type": ["string", "number", "null"]},
        "examples": [{"re splice": "Resplice"}],
    },
}  # fmt: skip
"""Each setting of captions.settings; its ranges and defaults are those of captions."""
