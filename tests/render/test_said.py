"""What is asked for and never seen or heard is said of a film that is made, each time it is had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.core.warned import code_of
from studio import Studio, movie, studio

MUCH = "too much " * 40
UNKNOWN = "\u0378"
"""No letter, and so in no font."""
DRAWN = "Z\u0337a\u0322l\u0336g\u0321o \ua9c5 \u16a0 \U00012000"
BACK = '<i style="position:fixed;inset:0;background:#123456"></i>'
SRT = "1\n00:00:00,000 --> 00:00:01,000\n{}\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("said")) as made:
        yield made


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, "duration": 1, **more}


def told(lab: Studio, document: dict[str, Any]) -> list[tuple[str, str]]:
    """(path, code) of its warnings."""
    lines = lab.render(document).report.all_warnings
    return sorted((line.split()[0].rstrip(":"), code_of(line)) for line in lines)


def in_vain(duration: float = 2) -> dict[str, Any]:
    texts = [text("late", start=5), text("outside", x=2000)]
    texts.append(text(MUCH, settings={"font-size": "80px"}))
    return movie({"duration": duration, "elements": texts}, width=640, height=360)


VAIN = [
    ("scenes[0].elements[0]", "after-the-end"),
    ("scenes[0].elements[1]", "outside-canvas"),
    ("scenes[0].elements[2]", "text-cut-off"),
]


def test_what_is_never_seen_is_said_of_a_film_from_any_cache(lab: Studio) -> None:
    assert told(lab, in_vain()) == VAIN
    assert lab.render(in_vain()).report.result == "hit"
    assert told(lab, in_vain()) == VAIN, "of the movie's cache"
    edited = lab.render(in_vain(2.5)).report
    assert {each.result for each in edited.elements} == {"hit"}
    assert told(lab, in_vain(2.6)) == VAIN, "of the elements' cache"


def with_letters(letters: str) -> dict[str, Any]:
    html = {"type": "html", "html": f"<p>{letters}</p>", "duration": 1}
    card = {"type": "component", "component": "basic/050", "duration": 1}
    card["settings"] = {"headline": {"text": letters}}
    subtitles = {"type": "subtitles", "captions": SRT.format(letters)}
    scene = {"elements": [text(letters), html, card]}
    return movie(scene, width=640, height=360, elements=[subtitles])


def test_letters_are_drawn_or_said_wherever_they_stand(lab: Studio) -> None:
    assert told(lab, with_letters(DRAWN)) == []
    missing = ["elements[0]", *(f"scenes[0].elements[{number}]" for number in range(3))]
    for _ in range(2):
        assert told(lab, with_letters(f"a {UNKNOWN}")) == [
            (path, "letters-missing") for path in missing
        ]


def test_a_mask_that_hides_all_is_said(lab: Studio, tmp_path: Path) -> None:
    from PIL import Image

    shape = Image.new("RGBA", (64, 48))
    shape.paste((0, 0, 0, 255), (10, 10, 40, 40))
    shape.save(tmp_path / "shape.png")
    Image.new("L", (64, 48), 255).save(tmp_path / "white.png")
    for mask, codes in (("shape", ["mask-hides-all"]), ("white", [])):
        masked = text("Ann", mask=(tmp_path / f"{mask}.png").as_uri())
        found = told(lab, movie({"elements": [masked]}))
        assert [code for _, code in found] == codes


def too_large(kind: str, size: str) -> dict[str, Any]:
    """A film with one of the kind whose letters are of that size."""
    words = "Seen in whole"
    html = {
        "type": "html",
        "html": f'<p style="margin:0;font-size:{size}">{words}</p>',
        "duration": 1,
    }
    card = {"type": "component", "component": "basic/000", "duration": 1}
    card["settings"] = {"headline": {"text": words, "font-size": size}}
    settings = {"font-size": int(size.removesuffix("px"))}
    subtitles = {"type": "subtitles", "captions": SRT.format(words), "settings": settings}
    shown = {"html": [html], "component": [card]}.get(kind, [])
    over = [subtitles] if kind == "subtitles" else []
    return movie({"duration": 1, "elements": shown}, width=320, height=180, elements=over)


@pytest.mark.parametrize("kind", ["html", "component", "subtitles"])
def test_a_text_that_does_not_fit_is_said_wherever_it_stands(lab: Studio, kind: str) -> None:
    path = "elements[0]" if kind == "subtitles" else "scenes[0].elements[0]"
    assert told(lab, too_large(kind, "20px")) == []
    assert told(lab, too_large(kind, "200px")) == [(path, "text-cut-off")]


@pytest.mark.parametrize(
    ("html", "px"),
    [
        ("<style>@keyframes f{from{opacity:0}}p{animation:f 9s}</style>{}", 60),
        ("<style>body{margin:0;overflow:hidden;width:100vw;height:100vh}</style>{}", 60),
        ("<style>html,body{height:100%;overflow:hidden}</style>{}", 60),
        ("<style>html{width:100px}</style>{}", 60),
    ],
)
def test_what_a_page_says_of_itself_hides_no_cut(lab: Studio, html: str, px: int) -> None:
    page = html.replace("{}", '<p style="margin:0;font-size:90px">A</p>')
    element = {"type": "html", "html": f"{BACK}{page}", "duration": 0.2}
    film = movie({"elements": [element]}, width=200, height=px)
    (line,) = lab.render(film).report.all_warnings
    assert code_of(line) == "text-cut-off"
    assert f"px of height and has {px};" in line


@pytest.mark.parametrize(
    "html",
    [
        '<p style="position:absolute;left:-999px">for those who listen</p>',
        '<div style="overflow:hidden;height:40px"><p style="margin-top:300px">hidden</p></div>',
        "<style>@keyframes in{from{translate:90%}}p{animation:in 9s}</style><p>comes in</p>",
        '<p style="font-size:300px;visibility:hidden">kept free</p>',
        '<p style="position:absolute;left:50%;translate:-50%;white-space:nowrap">in the middle</p>',
    ],
)
def test_what_is_meant_to_be_outside_brings_no_warning(lab: Studio, html: str) -> None:
    element = {"type": "html", "html": f"{BACK}{html}", "duration": 0.2}
    assert told(lab, movie({"elements": [element]}, width=200, height=60)) == []
