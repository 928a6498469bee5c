"""SVG drawings as images and masks: sharp at any size, the same as any picture, and shut in."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from footage import RED, WHITE
from resplice.errors import MakeError
from stage import Document, Stage, extent, image, near
from web_server import Server, serving

BLACK = (0, 0, 0)
HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHARED = f"""<svg {HEAD} viewBox="0 0 40 30">
<rect width="20" height="15" fill="#ff0000"/><rect x="20" width="20" height="15" fill="#008000"/>
<rect y="15" width="20" height="15" fill="#0000ff"/><rect x="20" y="15" width="20" height="15"
fill="#c08040" fill-opacity=".5"/></svg>"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def drawn(folder: Path, text: str) -> str:
    path = folder / "drawing.svg"
    path.write_text(text)
    return path.as_uri()


def spots(stage: Stage, *elements: Document) -> list[list[int]]:
    shown = stage.picture(*elements)
    return [shown[y, x].tolist() for y in (20, 70) for x in (30, 130)]


def test_a_drawing_is_seen_with_its_colours(stage: Stage, tmp_path: Path) -> None:
    shown = spots(stage, image(drawn(tmp_path, SHARED), width=160, height=90))
    assert near(shown, [RED, (0, 128, 0), (0, 0, 255), (96, 64, 32)], 3)


def test_a_drawing_has_the_size_that_it_says(stage: Stage, tmp_path: Path) -> None:
    text = f'<svg {HEAD} width="30pt" height="20"><circle cx="20" cy="10" r="2" fill="#fff"/></svg>'
    drawing = drawn(tmp_path, text)
    assert extent(stage.picture(image(drawing, x=50, y=20))) == (68, 28, 72, 32)
    assert extent(stage.picture(image(drawing, position="center-center"))) == (78, 42, 82, 46)


def test_a_drawing_that_is_enlarged_is_sharp(stage: Stage, tmp_path: Path) -> None:
    text = f'<svg {HEAD} viewBox="0 0 8 8"><path d="M4 0v8H8V0z" fill="#fff"/></svg>'
    shown = stage.picture(image(drawn(tmp_path, text), width=80, height=80, x=40))
    row = shown[40, :, 1]
    assert near(row[40:79], 0, 3) and near(row[81:119], 255, 3)
    zoomed = stage.stills(
        {
            "duration": 1,
            "elements": [image(drawn(tmp_path, text), width=80, height=80, x=40, zoom=10)],
        }
    )[0]
    edge = np.flatnonzero((zoomed[40, :, 1] > 20) & (zoomed[40, :, 1] < 235))
    assert len(edge) <= 3


def test_a_drawing_is_cropped_in_its_own_pixels(stage: Stage, tmp_path: Path) -> None:
    crop = {"width": 20, "height": 15, "x": 20, "y": 0}
    drawing = drawn(tmp_path, SHARED)
    shown = spots(stage, image(drawing, crop=crop, width=160, height=90))
    assert near(shown, [(0, 128, 0)] * 4, 3)


@pytest.mark.parametrize("resize", ["cover", "fit"])
def test_a_drawing_is_resized_as_a_picture_is(stage: Stage, tmp_path: Path, resize: str) -> None:
    whole = f'<svg {HEAD} viewBox="0 0 40 40"><rect width="40" height="40" fill="#fff"/></svg>'
    box = {"width": 160, "height": 90, "resize": resize}
    seen = extent(stage.picture(image(drawn(tmp_path, whole), **box)))
    assert seen == ((0, 0, 160, 90) if resize == "cover" else (34, 0, 124, 90))


def test_a_drawing_masks(stage: Stage, tmp_path: Path) -> None:
    half = f'<svg {HEAD} viewBox="0 0 2 1"><rect width="1" height="1" fill="#fff"/></svg>'
    red = stage.footage.colour(*RED, size=(160, 90))
    shown = spots(stage, image(red, mask=drawn(tmp_path, half)))
    assert near(shown, [RED, BLACK, RED, BLACK], 3)


def test_a_drawing_is_told_from_a_page_by_what_it_is(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "drawing.png"
    path.write_text("<?xml version='1.0'?><!-- any name -->" + SHARED)
    assert near(spots(stage, image(path.as_uri(), width=160, height=90))[0], RED, 3)
    path = tmp_path / "page.svg"
    path.write_text(f"<html><body>{SHARED}</body></html>")
    with pytest.raises(MakeError, match="is an HTML page"):
        stage.picture(image(path.as_uri()))


def test_a_damaged_drawing_is_told_as_such(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(MakeError) as caught:
        stage.picture(image(drawn(tmp_path, SHARED[:-20])))
    (problem,) = caught.value.problems
    assert problem.path == "scenes[0].elements[0].src"
    assert "is damaged: unclosed token in line 3" in problem.message


def test_a_drawing_is_no_video(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(MakeError, match="is a drawing"):
        stage.picture({"type": "video", "src": drawn(tmp_path, SHARED)})


GREEN_RECT = '<rect width="100%" height="100%" fill="#008000"/>'


def reaching(server: Server, secret: Path) -> dict[str, str]:
    """Ways out of a drawing: by each something would be fetched, read or run."""
    url, file = server.url("/canary"), secret.as_uri()
    return {
        "image": f'<image href="{url}" width="160" height="90"/>',
        "old image": f'<image xlink:href="{url}" width="160" height="90"/>',
        "image of a file": f'<image href="{file}" width="160" height="90"/>',
        "use": f'<use href="{url}#a"/>',
        "paint": f'<rect width="160" height="90" fill="url({url}#a)"/>',
        "style": f"<style>@import url({url}); rect{{background:url({url})}}</style>",
        "font": f"<style>@font-face{{font-family:X;src:url({url})}}</style>"
        '<text y="20" font-family="X">a</text>',
        "filter": f'<filter id="f"><feImage href="{url}"/></filter>'
        '<rect width="160" height="90" filter="url(#f)"/>',
        "page": f'<foreignObject width="160" height="90"><iframe xmlns="http://www.w3.org/1999/xhtml"'
        f' src="{url}"/><img xmlns="http://www.w3.org/1999/xhtml" src="{url}"/></foreignObject>',
        "script": f"<script>fetch('{url}');document.documentElement.remove()</script>",
        "event": f"<g onload=\"fetch('{url}')\"/>",
        "link": f'<link xmlns="http://www.w3.org/1999/xhtml" rel="stylesheet" href="{url}"/>',
        "other files": '<image href="https://files.resplice/drawing.svg" width="160" height="90"/>',
    }


WAYS = (
    *("image", "old image", "image of a file", "use", "paint", "style", "font", "filter", "page"),
    *("script", "event", "link", "other files"),
)


@pytest.mark.parametrize("way", WAYS)
def test_a_drawing_reaches_nothing(stage: Stage, tmp_path: Path, server: Server, way: str) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(f'<svg {HEAD} viewBox="0 0 2 1"><rect id="a" width="2" height="1"/></svg>')
    inside = reaching(server, secret)[way]
    text = f'<svg {HEAD} width="160" height="90">{GREEN_RECT}{inside}</svg>'
    server.answers["/canary"] = lambda to: to.give(200, secret.read_bytes())
    assert near(spots(stage, image(drawn(tmp_path, text))), [(0, 128, 0)] * 4, 3)
    assert server.seen == []


def test_a_stylesheet_or_an_entity_from_outside_is_not_asked_for(
    stage: Stage, tmp_path: Path, server: Server
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(
        "<rect width='160' height='90' fill='#fff' xmlns='http://www.w3.org/2000/svg'/>"
    )
    server.answers["/canary"] = lambda to: to.give(200, secret.read_bytes())
    text = f"""<?xml-stylesheet href="{server.url("/canary")}" type="text/css"?>
<!DOCTYPE svg [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b SYSTEM "{server.url("/canary")}">]>
<svg {HEAD} width="160" height="90">{GREEN_RECT}&a;&b;</svg>"""
    assert near(spots(stage, image(drawn(tmp_path, text))), [(0, 128, 0)] * 4, 3)
    assert server.seen == []


def test_laughter_without_end_is_refused(stage: Stage, tmp_path: Path) -> None:
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    text = f"<!DOCTYPE svg [<!ENTITY a0 'ha'>{entities}]><svg {HEAD}><text>&a11;</text></svg>"
    with pytest.raises(MakeError, match="limit on input amplification"):
        stage.picture(image(drawn(tmp_path, text)))


def test_a_picture_inside_a_drawing_is_seen(stage: Stage, tmp_path: Path) -> None:
    """What it carries itself is no reference to the outside."""
    png = stage.footage.colour(*WHITE, size=(4, 4)).removeprefix("file://")
    told = base64.b64encode(Path(png).read_bytes()).decode()
    inside = f'<image href="data:image/png;base64,{told}" width="160" height="90" '
    text = f'<svg {HEAD} width="160" height="90">{inside}preserveAspectRatio="none"/></svg>'
    assert near(spots(stage, image(drawn(tmp_path, text))), [WHITE] * 4, 3)


def text_width(stage: Stage, folder: Path, said: str) -> int:
    """How wide a word is in a drawing whose text says that of its font."""
    text = f'<svg {HEAD} width="160" height="90"><text y="60" font-size="40" fill="#fff" {said}>'
    path = folder / f"{abs(hash(said))}.svg"
    path.write_text(text + "Willing</text></svg>")
    left, _, right, _ = extent(stage.picture(image(path.as_uri())))
    return right - left


def test_texts_of_a_drawing_are_in_the_bundled_fonts(stage: Stage, tmp_path: Path) -> None:
    """Anton is narrow; what is not bundled is drawn with another that is."""

    def width(said: str) -> int:
        return text_width(stage, tmp_path, said)

    anton, inter = width('font-family="Anton"'), width('font-family="Inter"')
    assert 0 < anton < 0.92 * inter
    assert width("style='font-family: \"Anton\", serif'") == anton
    assert width('font-family="No Such Font, Anton"') == anton
    assert width('style="font: 40px/1.2 Anton"') == anton
    assert width('font-family="No Such Font"') == inter


def test_a_drawing_that_css_moves_is_seen_as_it_begins(stage: Stage, tmp_path: Path) -> None:
    style = "rect{animation:go 60ms linear infinite}@keyframes go{from{fill:#f00}to{fill:#00f}}"
    inside = f'<style>{style}</style><rect width="160" height="90"/>'
    text = f'<svg {HEAD} width="160" height="90">{inside}</svg>'
    assert near(spots(stage, image(drawn(tmp_path, text))), [RED] * 4, 3)
