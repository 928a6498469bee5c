"""The movie's captions as an ASS file: what other players show like us, and what we read back.

There is one Dialogue a line, with `\\k` for each word, and one a word where words are alone. Fed
back as `captions` it gives the same frames: the times are whole hundredths of a second, the styles
hold sizes and colours, and `[Script Info]` what ASS has no words for. What a user edits of words,
times, fonts, sizes and colours counts.

The format: https://github.com/libass/libass/wiki/ASS-File-Format-Guide
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from resplice.core.captions.appearance import POSITIONS, STYLES, Appearance
from resplice.core.captions.ass_reading import BOX_STYLE, GUARD
from resplice.core.captions.captions_file import Cues
from resplice.core.captions.line import Line, LineWord, gaps, ticks
from resplice.core.captions.settings import MAX_EDGE_PX, MAX_FONT_PX
from resplice.core.captions.slot import BOX_PADDING_EM, MID_BOTTOM, MID_TOP
from resplice.core.composition import Canvas
from resplice.core.document.limits import MAX_PIXELS
from resplice.core.geometry import EDGE_GAP

MARKER, MARKED = "Resplice Captions", "1"
_OWN = ("Resplice Style", "Resplice Position", "Resplice Font")
LINE_STYLE, WORD_STYLE = "Line", "Word"

_STYLE_FORMAT = (
    *("Name", "Fontname", "Fontsize", "PrimaryColour", "SecondaryColour", "OutlineColour"),
    *("BackColour", "Bold", "Italic", "Underline", "StrikeOut", "ScaleX", "ScaleY", "Spacing"),
    *("Angle", "BorderStyle", "Outline", "Shadow", "Alignment", "MarginL", "MarginR", "MarginV"),
    "Encoding",
)
_ACROSS = {"left": 1, "center": 2, "right": 3}
_COLOUR = re.compile(r"&?H?([0-9A-Fa-f]{1,8})&?")
_BOLD = 600


def written(lines: Iterable[Line], look: Appearance, canvas: Canvas) -> str:
    """The file, lines ending in \\n. The file of a `font-url` is not named in it."""
    head = {
        "Title": "Captions",
        "ScriptType": "v4.00+",
        "PlayResX": canvas.width,
        "PlayResY": canvas.height,
        "WrapStyle": 0,
        "ScaledBorderAndShadow": "yes",
        MARKER: MARKED,
        _OWN[0]: look.style,
        _OWN[1]: f"{look.position} {look.x} {look.y}",
        _OWN[2]: f"{look.weight} {look.family}",
    }
    texts = [
        "[Script Info]",
        *(f"{name}: {value}" for name, value in head.items()),
        "\n[V4+ Styles]",
        f"Format: {', '.join(_STYLE_FORMAT)}",
        *_styles(look, canvas),
        "\n[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
        *(event for line in lines for event in _events(line, look, canvas)),
    ]
    return "\n".join(texts) + "\n"


def _styles(look: Appearance, canvas: Canvas) -> Iterator[str]:
    outline, shadow = look.outline_px, look.shadow_px
    ink = (look.outline_colour, look.shadow_colour)
    yield _style(LINE_STYLE, look, canvas, look.line_colour, ink, (1, outline, shadow))
    yield _style(WORD_STYLE, look, canvas, look.word_colour, ink, (1, outline, shadow))
    padding = round(BOX_PADDING_EM[1] * look.size_px)
    box = (look.box_colour, look.box_colour)
    yield _style(BOX_STYLE, look, canvas, look.line_colour, box, (3, padding, 0))


def _style(
    name: str,
    look: Appearance,
    canvas: Canvas,
    colour: str,
    around: tuple[str, str],
    border: tuple[int, int, int],
) -> str:
    ink = _ass_colour(colour)
    margins = [round(side * EDGE_GAP) for side in (canvas.width, canvas.width, canvas.height)]
    family = look.family.split(",")[0].strip("\"' ")
    bold = -1 if look.weight >= _BOLD else 0
    fields = (
        *(name, family, look.size_px, ink, _ass_colour(look.line_colour)),
        *(*map(_ass_colour, around), bold, 0, 0, 0, 100, 100, 0, 0),
        *(*border, _alignment(look), *margins, 1),
    )
    return "Style: " + ",".join(map(str, fields))


def _alignment(look: Appearance) -> int:
    row = {"top": 6, "bottom": 0}.get(look.position.split("-")[0], 3)
    return row + _ACROSS[look.align]


def _events(line: Line, look: Appearance, canvas: Canvas) -> Iterator[str]:
    if look.style == "classic-one-word" and line.timed:
        ends = [*(word.start_ms for word in line.words[1:]), line.end_ms]
        for word, end in zip(line.words, ends, strict=True):
            if end > word.start_ms:
                alone = Line((replace(word, ends_row=False),), word.start_ms, end, timed=True)
                yield _event(alone, look, _text(alone, look, canvas))
        return
    if look.style == "boxed-line":
        plain = "".join(map("".join, zip(*_escaped(line), strict=True)))
        yield _event(line, look, f"{{{_place(look, canvas)}\\1a&HFF&}}{plain}", BOX_STYLE)
    yield _event(line, look, _text(line, look, canvas))


def _event(line: Line, look: Appearance, text: str, style: str = LINE_STYLE) -> str:
    layer = 0 if style == BOX_STYLE else 1
    times = f"{_clock(line.start_ms)},{_clock(line.end_ms)}"
    return f"Dialogue: {layer},{times},{style},,0,0,0,,{text}"


def _text(line: Line, look: Appearance, canvas: Canvas) -> str:
    place = _place(look, canvas)
    first = [f"{{{place}}}"] if place else []
    if line.timed and line.words[0].start_ms > line.start_ms:
        first.append(f"{{\\k{(line.words[0].start_ms - line.start_ms) // 10}}}")
    ends = [*(word.start_ms for word in line.words[1:]), line.end_ms]
    words, after = _escaped(line)
    parts = [
        _opened(word, line, end, look) + text + gap + _closed(word)
        for word, end, text, gap in zip(line.words, ends, words, after, strict=True)
    ]
    return "".join([*first, *parts])


def _opened(word: LineWord, line: Line, end_ms: int, look: Appearance) -> str:
    """The tags before a word: how it is written, and what happens to it when it is said."""
    tags = "\\i1" * word.italic + "\\b1" * word.bold
    if line.timed:
        begin, end = word.start_ms - line.start_ms, end_ms - line.start_ms
        tags = f"\\k{(end_ms - word.start_ms) // 10}{tags}{_said(look, begin, end)}"
    return f"{{{tags}}}" if tags else ""


def _said(look: Appearance, begin: int, end: int) -> str:
    """The word's colour from when it is said until the next one is: `\\k` changes it from the
    second to the first colour of the style, and `\\t` back.
    """
    back = _at(end, f"\\1c{_colour_tag(look.line_colour)}")
    tags = f"\\1c{_colour_tag(look.word_colour)}{back}"
    if look.style == "classic-progressive":
        tags += r"\alpha&HFF&" + _at(begin, r"\alpha&H00&")
    if look.style == "boxed-word":
        wide = max(look.outline_px, round(BOX_PADDING_EM[0] * look.size_px))
        plain = f"\\3c{_colour_tag(look.outline_colour)}\\bord{look.outline_px}"
        boxed = f"\\3c{_colour_tag(look.box_colour)}\\bord{wide}"
        tags += plain + _at(begin, boxed) + _at(end, plain)
    return tags


def _at(ms: int, tags: str) -> str:
    """The tags from that time of the line on; a change at 0 would be spread over all of it."""
    return f"\\t({ms},{ms},{tags})" if ms else tags


def _closed(word: LineWord) -> str:
    tags = "\\i0" * word.italic + "\\b0" * word.bold
    return f"{{{tags}}}" if tags else ""


def _escaped(line: Line) -> tuple[list[str], list[str]]:
    """(the words, what stands after each) as ASS writes them."""
    words = []
    for word in line.words:
        text = word.text.replace("\\", "\\" + GUARD).replace("{", "\\{").replace("}", "\\}")
        words.append(text)
    return words, [gap.replace("\n", "\\N") for gap in gaps(line.words)]


def _place(look: Appearance, canvas: Canvas) -> str:
    shares = {"mid-top-center": MID_TOP, "mid-bottom-center": MID_BOTTOM}
    if look.position == "custom":
        return f"\\an5\\pos({look.x},{look.y})"
    if share := shares.get(look.position):
        return f"\\an5\\pos({canvas.width // 2},{round(canvas.height * share)})"
    return ""


def _clock(ms: int) -> str:
    seconds, rest = divmod(ticks(ms), 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 10:02}"


def _ass_colour(colour: str) -> str:
    """`&HAABBGGRR`, where 00 is opaque."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    clear = 255 - int(colour[7:] or "ff", 16)
    return f"&H{clear:02X}{blue}{green}{red}".upper()


def _colour_tag(colour: str) -> str:
    return f"&H{_ass_colour(colour)[4:]}&"


def is_ours(cues: Cues) -> bool:
    """Whether the file says that we wrote it."""
    return dict(cues.info).get(MARKER.lower()) == MARKED


def look_of(cues: Cues, usual: Appearance, canvas: Canvas) -> Appearance:
    """How our own file says that captions look; `usual` where it says nothing that can be read.

    Sizes of a file for another canvas are brought to this one's width.
    """
    info = dict(cues.info)
    styles = {name: dict(said) for name, said in cues.styles}
    line, word = styles.get(LINE_STYLE, {}), styles.get(WORD_STYLE, {})
    scale = canvas.width / (_number(info.get("playresx"), 1, MAX_PIXELS) or canvas.width)
    look = _fonted(replace(usual, **_named(info, scale)), info, line)
    colours = {
        "line_colour": line.get("primarycolour"),
        "word_colour": word.get("primarycolour"),
        "box_colour": styles.get(BOX_STYLE, {}).get("outlinecolour"),
        "outline_colour": line.get("outlinecolour"),
        "shadow_colour": line.get("backcolour"),
    }
    found = {name: _read_colour(value or "") for name, value in colours.items()}
    sizes = {
        "size_px": _sized(line.get("fontsize"), 1, MAX_FONT_PX, scale),
        "outline_px": _sized(line.get("outline"), 0, MAX_EDGE_PX, scale),
        "shadow_px": _sized(line.get("shadow"), -MAX_EDGE_PX, MAX_EDGE_PX, scale),
    }
    said: dict[str, Any] = {k: value for k, value in (found | sizes).items() if value is not None}
    return replace(look, **said)


def _named(info: Mapping[str, str], scale: float) -> dict[str, Any]:
    """The style and the position, of those that there are."""
    said: dict[str, Any] = {}
    if (style := info.get(_OWN[0].lower(), "")) in STYLES:
        said["style"] = style
    place = [*info.get(_OWN[1].lower(), "").split(), "", "", ""][:3]
    if place[0] in POSITIONS:
        said["position"] = place[0]
        for name, value in zip("xy", place[1:], strict=True):
            said[name] = _sized(value, -MAX_PIXELS, MAX_PIXELS, scale) or 0
    return said


def _fonted(look: Appearance, info: Mapping[str, str], line: Mapping[str, str]) -> Appearance:
    """The font of the head; that of the style where it names another, or another weight."""
    weight, _, family = info.get(_OWN[2].lower(), "").partition(" ")
    if re.fullmatch(r"[1-9]\d{1,2}|1000", weight) and _is_family(family):
        look = replace(look, weight=int(weight), family=family)
    name = line.get("fontname", "").lstrip("@")
    if _is_family(name) and name != look.family.split(",")[0].strip("\"' "):
        look = replace(look, family=name)
    bold = line.get("bold", "")
    if bold in ("0", "-1", "1") and (bold != "0") != (look.weight >= _BOLD):
        look = replace(look, weight=400 if bold == "0" else 700)
    return look


def _is_family(name: str) -> bool:
    return bool(re.fullmatch(r"[\w .&'+,\"-]{1,200}", name)) and bool(name.strip("\"', "))


def _read_colour(value: str) -> str | None:
    found = _COLOUR.fullmatch(value.strip())
    if not found:
        return None
    digits = found[1].rjust(8, "0").lower()
    colour = f"#{digits[6:8]}{digits[4:6]}{digits[2:4]}"
    opaque = 255 - int(digits[:2], 16)
    return colour if opaque == 255 else f"{colour}{opaque:02x}"


def _number(value: str | None, least: int, most: int) -> float | None:
    if not value or not re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", value.strip()):
        return None
    number = float(value)
    return number if math.isfinite(number) and least <= number <= most else None


def _sized(value: str | None, least: int, most: int, scale: float) -> int | None:
    number = _number(value, least, most)
    return None if number is None else max(least, min(most, round(number * scale)))
