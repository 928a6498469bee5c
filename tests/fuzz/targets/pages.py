"""What a browser paints of strangers: HTML, CSS, drawings, fonts. It loads as the product does, so
that what a page asks for is refused, or called; the canary's colour may be in no picture.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image
from resplice.core.elements.drawings import painting
from resplice.errors import BrowserBroken
from resplice.ports.browser import Animated, PageFile, Painted, PaintFont, PaintPage
from resplice.steps.makers.web_page import Loads
from resplice.wiring.local import local
from web_pages import page

from fuzz.damage import damaged
from fuzz.placed import COLOUR, SECRET, Place
from fuzz.target import Opened, Saw, Target
from fuzz.targets.parsers import ENCODINGS

WHERE = (
    *("file://@canary-file@", "http://127.0.0.1:@canary-port@/a", "http://[::1]:@canary-port@/"),
    *(
        "view-source:file://@canary-file@",
        "http://localhost:@canary-port@/x.js",
        "data:,x",
        "//a/b",
    ),
    *("https://page.resplice/x", "blob:null/x", "https://fonts.resplice/../../package.json"),
)
PROPERTIES = (
    *("width", "height", "filter", "transform", "background", "font", "content", "animation"),
    *("clip-path", "mask", "grid", "columns", "zoom", "position", "mix-blend-mode", "box-shadow"),
)
VALUES = (
    *(
        "1e9px",
        "-1px",
        "blur(9999px)",
        "rotate(1e30deg)",
        "url({url})",
        "calc(1px*9e99)",
        "inherit",
    ),
    *(
        "url('{url}'",
        "attr(x)",
        "var(--a,var(--a))",
        "image-set('{url}' 1x)",
        "x 1s infinite",
        "\\",
    ),
    *("repeat(9999,1px)", "serif", "fixed", "cross-fade(url({url}),red)", "red;}}</style>", "''"),
)
PIECES = (
    *(
        "<p>a</p>",
        "<img src='{url}'>",
        "<iframe src='{url}'></iframe>",
        "<style>",
        "</style>",
        "<!--",
    ),
    *(
        "<object data='{url}'></object>",
        "<link rel=stylesheet href='{url}'>",
        "<base href='{url}'>",
    ),
    *(
        "<meta http-equiv=refresh content='0;url={url}'>",
        "<svg><use href='{url}#a'/></svg>",
        "<table>",
    ),
    *(
        "<script>fetch('{url}').catch(()=>0)</script>",
        "<script>location='{url}'</script>",
        "<b><i>",
    ),
    *(
        "<script>new Worker('{url}')</script>",
        "<script>open('{url}')</script>",
        "]]>",
        "-->",
        "<?x ?>",
    ),
    *(
        "<video src='{url}' autoplay></video>",
        "<canvas width=99999 height=99999></canvas>",
        "&#x0;",
    ),
    *("<script>document.body.innerHTML='<div>'.repeat(9e4)</script>", "<math><mi>x</math>", "<a b"),
    *(
        "<script>alert(1)</script>",
        "<div style='animation:x 1s infinite'>a</div>",
        "<select><option>",
    ),
    *(
        "<template><p>",
        "<details open>",
        "<dialog open>d</dialog>",
        "<marquee>m</marquee>",
        "<plaintext>",
    ),
)
URL = st.sampled_from(WHERE)
CSS = st.lists(
    st.builds(
        lambda name, value, url: f"{name}:{value}".replace("{url}", url),
        *(st.sampled_from(PROPERTIES), st.sampled_from(VALUES) | st.text(max_size=6), URL),
    ),
    max_size=5,
).map(";".join)
PAGES = st.lists(
    st.builds(lambda piece, url: piece.replace("{url}", url), st.sampled_from(PIECES), URL)
    | CSS.map(
        lambda css: f"<style>@keyframes x{{to{{left:9px}}}}div,p{{{css}}}</style><div>d</div>"
    )
    | st.text(max_size=8),
    max_size=7,
).map("".join)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30' viewBox='0 0 40 30'>%s</svg>"
DRAWN = (
    *(b"<rect width='9' height='9' fill='red'/>", b"<text y='20' font-family='Inter'>a</text>"),
    *(b"<image href='file://@canary-file@' width='9' height='9'/>", b"<circle r='1e30'/>"),
    *(b"<image href='http://127.0.0.1:@canary-port@/' width='9' height='9'/>", b"<use href='#a'/>"),
    *(
        b"<script>fetch('http://127.0.0.1:@canary-port@/')</script>",
        b"<g id='a'><use href='#a'/></g>",
    ),
    *(
        b"<filter id='f'><feTurbulence numOctaves='99' baseFrequency='9'/></filter>",
        b"<g filter='url(#f)'>",
    ),
    *(
        b"<foreignObject width='9' height='9'><iframe src='file://@canary-file@'/></foreignObject>",
        b"</g>",
    ),
    *(
        b"<animate attributeName='x' to='9'/>",
        b"<style>@import 'http://127.0.0.1:@canary-port@/';</style>",
    ),
    *(
        b"<pattern id='p' width='1e-9' height='1'><rect/></pattern>",
        b"<path d='M0 0L9e99 9z'/>",
        b"<![CDATA[",
    ),
)
DOCTYPES = (
    b"",
    b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file://@canary-file@'>]>",
    b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>",
    *(b"<?xml version='1.0' encoding='%s'?>" % name for name in ENCODINGS),
)
DRAWINGS = st.builds(
    lambda doctype, parts: doctype + SVG % b"".join(parts),
    st.sampled_from(DOCTYPES),
    st.lists(st.sampled_from(DRAWN), max_size=6),
)
SECONDS = 90.0


def seen(painted: Painted | Animated) -> Saw:
    """The picture; the secret, where the canary is in it."""
    data = painted.png if isinstance(painted, Painted) else painted.apng
    with Image.open(io.BytesIO(data)) as image:
        shown = image.convert("RGB").getcolors(image.width * image.height) or []
    leaked = any(colour == COLOUR and count >= 16 for count, colour in shown)
    return Saw(True, SECRET if leaked else data + "".join(painted.warnings).encode())


def _refusing(check: Callable[[bytes], Saw]) -> Callable[[bytes], Saw]:
    """A browser that paints nothing any more is a fault of ours, whatever the page."""

    def checked(data: bytes) -> Saw:
        try:
            return check(data)
        except BrowserBroken as error:
            raise AssertionError(f"the browser is broken: {error}") from error

    return checked


@contextmanager
def opened_pages(place: Place) -> Iterator[Opened]:
    with local(place.folder / "data") as ports:

        def check(data: bytes) -> Saw:
            kind, _, html = data.partition(b"\n")
            loads = Loads(ports.web, place.folder)
            asked = replace(
                page(html.decode("utf-8", "replace"), wait_ms=50),
                frames=4 if kind == b"moving" else 0,
                fps=10,
            )
            return seen(ports.browser.paint_web_page(asked, loads))

        kinds = st.sampled_from(["still\n", "still\n", "moving\n"])
        yield (
            st.builds(str.__add__, kinds, PAGES).map(lambda t: t.encode(errors="replace")),
            _refusing(check),
        )


@contextmanager
def opened_drawings(place: Place) -> Iterator[Opened]:
    """Measured, and painted as the product does: in a page of its own, as a file of that."""
    with local(place.folder / "data") as ports:

        def check(data: bytes) -> Saw:
            path = place.folder / "drawing.svg"
            path.write_bytes(data)
            facts = ports.prober.probe(path, "drawing.svg")
            if facts.kind != "drawing":
                return Saw(False)
            task = painting(facts, 1)
            files = (PageFile(task.files[0][0], path),)
            asked = PaintPage(task.width, task.height, task.html, files=files)
            return seen(ports.browser.paint(asked))

        words = (b"&a;", b"&b;", b"<g>", b"</svg>", b"xmlns:x='a'", b"\xff\xfe", b"'1e9'", b"<!--")
        plain = [
            SVG % b"".join(DRAWN[:2]),
            SVG % DRAWN[-2],
            DOCTYPES[1] + SVG % b"<text>&a;</text>",
        ]
        yield DRAWINGS | damaged(plain, words), _refusing(check)


@contextmanager
def opened_fonts(place: Place) -> Iterator[Opened]:
    with local(place.folder / "data") as ports:

        def check(data: bytes) -> Saw:
            path = place.folder / "font"
            path.write_bytes(data)
            if ports.prober.probe(path, "font").kind != "font":
                return Saw(False)
            html = "<!doctype html><p style=\"font:20px Own,'Inter'\">Hamburg fi 123 &#x5b57;</p>"
            asked = PaintPage(200, 60, html, fonts=(PaintFont("Own", path),))
            return seen(ports.browser.paint(asked))

        words = (
            b"glyf",
            b"GSUB",
            b"wOF2",
            b"OTTO",
            b"\0\1\0\0",
            b"fvar",
            b"COLR",
            b"SVG ",
            b"name",
        )
        yield damaged(fonts(), words), _refusing(check)


def fonts() -> list[bytes]:
    """Small ones of those that come with the layer, packed and as they are in the package."""
    layer = Path(__file__).resolve().parents[3] / "layers" / "fonts"
    found = sorted(
        layer.glob("node_modules/**/*.woff2"), key=lambda path: (path.stat().st_size, path)
    )
    return [path.read_bytes() for path in found[:4]]


TARGETS = (
    Target("pages", opened_pages, SECONDS, others=True),
    Target("drawings", opened_drawings, SECONDS, others=True),
    Target("fonts", opened_fonts, SECONDS, others=True),
)
