"""CSS colours to hex digits: names, `#` in four lengths, rgb() and hsl() in both spellings.

Pictures are not mixed here: alpha only tells whether a colour can be seen at all.
"""

from __future__ import annotations

import colorsys
import re

_NAMED = """
    aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc
    bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a
    burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50
    cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b
    darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9
    darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc
    darkred:8b0000 darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f
    darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff
    dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0
    forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700
    goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0
    hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa
    lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080
    lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90
    lightgrey:d3d3d3 lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa
    lightslategray:778899 lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0
    lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa
    mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371
    mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585
    midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead
    navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500
    orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093
    papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6
    purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1
    saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee
    sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090
    snow:fffafa springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8
    tomato:ff6347 turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5
    yellow:ffff00 yellowgreen:9acd32
"""
NAMES: dict[str, str] = dict(entry.split(":") for entry in _NAMED.split())
"""The 148 names of CSS, each with its six hex digits."""

MAX_CHARS = 200
"""The longest colour that anyone writes has half of it."""
DEGREES = {"": 1.0, "%": 1.0, "deg": 1.0, "grad": 0.9, "rad": 57.29577951308232, "turn": 360.0}

_NUMBER = r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))"
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})([0-9a-f]{1,2})?")
_CALL = re.compile(
    rf"(rgb|hsl)a?\(\s*{_NUMBER}(%|deg|grad|rad|turn)?[\s,]+{_NUMBER}(%?)[\s,]+{_NUMBER}(%?)"
    rf"(?:[\s,/]+{_NUMBER}%?)?\s*\)"
)


def hex_colour(value: str) -> str:
    """`#rrggbb`, lower case, of a CSS name, hex digits, rgb() or hsl(); alpha is left out.

    Raises ValueError for anything else.
    """
    return _read(value)[0]


def background(value: str) -> str:
    """As hex_colour, and `transparent` for what nobody would see. Raises ValueError."""
    colour, alpha = (value, "0") if value.strip().lower() == "transparent" else _read(value)
    return "transparent" if alpha and not alpha.strip("+-0.") else colour


def _read(value: str) -> tuple[str, str]:
    """(`#rrggbb`, alpha as it was written). Raises ValueError."""
    text = value.strip().lower() if len(value) <= MAX_CHARS else ""
    if text in NAMES:
        return f"#{NAMES[text]}", ""
    if parts := _HEX.fullmatch(text):
        digits, alpha = parts[1], parts[2] or ""
        if len(digits) == 3 and len(alpha) < 2:
            return "#" + "".join(digit * 2 for digit in digits), alpha
        if len(digits) == 6 and len(alpha) != 1:
            return f"#{digits}", alpha
    if parts := _CALL.fullmatch(text):
        levels = _hsl_levels(parts) if parts[1] == "hsl" else _rgb_levels(parts)
        if all(0 <= level <= 255 for level in levels):
            return "#" + "".join(f"{level:02x}" for level in levels), parts[8] or ""
    raise ValueError("must be a colour like #1E90FF, rgb(30, 144, 255) or dodgerblue")


def _rgb_levels(parts: re.Match[str]) -> list[int]:
    """Red, green, blue, out of range where they were written so."""
    written = ((parts[2], parts[3]), (parts[4], parts[5]), (parts[6], parts[7]))
    return [round(float(n) * 255 / 100 if unit == "%" else float(n)) for n, unit in written]


def _hsl_levels(parts: re.Match[str]) -> list[int]:
    """Red, green, blue of a hue, and of saturation and lightness in percent, cut to 0..100."""
    hue = float(parts[2]) * DEGREES[parts[3] or ""] % 360
    saturation, lightness = (max(0.0, min(100.0, float(parts[n]))) for n in (4, 6))
    shares = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return [int(share * 255 + 0.5) for share in shares]


def with_alpha(value: str) -> str:
    """`#rrggbb`, or `#rrggbbaa` where the colour lets something through. Raises ValueError."""
    if value.strip().lower() == "transparent":
        return "#00000000"
    colour, alpha = _read(value)
    if not alpha:
        return colour
    if value.strip().startswith("#"):
        level = int(alpha * 2 if len(alpha) == 1 else alpha, 16)
    else:
        share = float(alpha) / (100 if value.rstrip(" )").endswith("%") else 1)
        level = round(255 * max(0.0, min(1.0, share)))
    return colour if level == 255 else f"{colour}{level:02x}"
