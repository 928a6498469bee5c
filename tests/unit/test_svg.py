"""Drawings: what is one, how large it is of itself, and what is wrong with others."""

from __future__ import annotations

import pytest
from resplice.core.svg import MAX_BYTES, MAX_SIDE, SvgRefused, is_svg, svg_size

NAMED = 'xmlns="http://www.w3.org/2000/svg"'
ILLUSTRATOR = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: a program of many words > and more -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg">
]>
<svg version="1.1" xmlns="&ns_svg;" width="120px" height="40px"/>"""
LAUGHS = (
    "<!DOCTYPE svg [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + f"]><svg {NAMED}><text>&a11;</text></svg>"
)


def drawing(attributes: str = "", inside: str = "") -> bytes:
    return f"<svg {NAMED} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (drawing(), True),
        (b"\xef\xbb\xbf\n " + drawing(), True),
        (ILLUSTRATOR.encode(), True),
        (f"<s:svg xmlns:s='{NAMED[7:-1]}'/>".encode(), True),
        (b"<svg width='4'>", True),
        (drawing()[:40], False),
        (drawing(inside="<g>" * 100)[:200], True),
        (b"<!doctype html><html><svg/></html>", False),
        (b"<html><body><svg/></body></html>", False),
        (b"<?xml version='1.0'?><rss/>", False),
        (b"text <svg>", False),
        (b"{}", False),
        (b"", False),
        (b"<", False),
        (b"<!--" + b"-" * 60_000, False),
    ],
)
def test_a_drawing_is_known_by_its_root(head: bytes, is_one: bool) -> None:
    assert is_svg(head) is is_one


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width='120' height='40'", (120, 40)),
        ("width='120px' height='40.4px'", (120, 40)),
        ("width='1in' height='25.4mm'", (96, 96)),
        ("width='72pt' height='6pc'", (96, 96)),
        ("width='2.54cm' height='2em'", (96, 32)),
        ("width='1e2' height='+5'", (100, 5)),
        ("viewBox='0 0 24 12'", (24, 12)),
        ("viewBox='-5,-5,24.6,12.4'", (25, 12)),
        ("width='48' viewBox='0 0 24 12'", (48, 24)),
        ("height='48' viewBox='0 0 24 12'", (96, 48)),
        ("width='100%' height='100%' viewBox='0 0 24 12'", (24, 12)),
        ("width='100%' height='100%'", (300, 150)),
        ("width='90'", (90, 150)),
        ("", (300, 150)),
        ("width='0' height='0'", (300, 150)),
        ("width='-4' height='auto' viewBox='0 0 0 0'", (300, 150)),
        ("width='.' height='px' viewBox='a b c d'", (300, 150)),
        ("width='40960' height='20480'", (MAX_SIDE, MAX_SIDE // 2)),
        ("width='999999999' height='1'", (MAX_SIDE, 1)),
        ("width='1e99' height='1e-99'", (MAX_SIDE, 1)),
        ("width='1e99' viewBox='0 0 1e-99 1e99'", (1, MAX_SIDE)),
        ("width='999999999e99' viewBox='0 0 .000000001e-99 999999999e99'", (1, MAX_SIDE)),
    ],
)
def test_its_own_size(attributes: str, size: tuple[int, int]) -> None:
    assert svg_size(drawing(attributes)) == size


def test_a_drawing_with_entities_of_its_own_is_read() -> None:
    assert svg_size(ILLUSTRATOR.encode()) == (120, 40)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg width='4'/>", 'root does not say xmlns="http://www.w3.org/2000/svg"'),
        (b"<svg xmlns='http://example.com/'/>", "root does not say xmlns"),
        (drawing(inside="<g>"), "damaged: mismatched tag in line 1"),
        (drawing() + b"\n<svg/>", "damaged: junk after document element in line 2"),
        (drawing()[:-4], "damaged: "),
        (b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x'><svg></svg>", "damaged: syntax error"),
        (b"", "damaged: "),
        (LAUGHS.encode(), "damaged: limit on input amplification factor"),
        (b" " * (MAX_BYTES + 1), "a drawing of more than 16 MB"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, reason: str) -> None:
    with pytest.raises(SvgRefused, match=reason):
        svg_size(data)


@pytest.mark.parametrize("encoding", ["utf-7", "big5", "idna", "hex", "punycode", "undefined", "x"])
def test_an_encoding_that_cannot_be_read_is_said(encoding: str) -> None:
    data = f"<?xml version='1.0' encoding='{encoding}'?>".encode() + drawing()
    assert is_svg(data)
    with pytest.raises(SvgRefused, match="damaged: its encoding cannot be read; write it in UTF-8"):
        svg_size(data)
