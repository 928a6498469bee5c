"""Components and html pages in the caches: an edit makes anew what shows it, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio import Studio, movie, picture, studio

Document = dict[str, Any]
MOVES = {"left": "80%", "duration": 300, "easing": "linear"}


def component(word: str) -> Document:
    """A text in a box that moves for a third of a second."""
    box = {"left": 0, "top": 0, "width": "50%", "height": "60%", "text": word}
    settings = {"textbox1": {**box, "font-size": "12px", "animate": MOVES}}
    return {"type": "component", "component": "textbox/simple", "settings": settings}


def html(word: str) -> Document:
    return {"type": "html", "html": f"<p style='color:red'>{word}</p>", "wait": 0}


KINDS = {"component": component, "html": html}
WORDS = ("one", "two", "six")


def plain(kind: str) -> Document:
    """A scene of half a second for each of the words."""
    return movie(*({"duration": 0.5, "elements": [KINDS[kind](word)]} for word in WORDS))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("pages")) as lab:
        for kind in KINDS:
            lab.render(plain(kind))
        yield lab


def changed(kind: str, **more: Any) -> Document:
    """The plain movie, with its second element otherwise."""
    document = copy.deepcopy(plain(kind))
    document["scenes"][1]["elements"][0] |= more
    return document


def set_otherwise(**more: Any) -> Document:
    settings = component("two")["settings"]
    return changed("component", settings={"textbox1": {**settings["textbox1"], **more}})


def cost(lab: Studio, document: Document) -> tuple[list[str], list[str]]:
    """(what came of each element, of each scene)."""
    report = lab.render(document).report
    return [each.result for each in report.elements], [each.result for each in report.scenes]


EDITS = {
    "component: a word": set_otherwise(text="twi"),
    "component: a colour": set_otherwise(color="#ff0000"),
    "component: a setting": set_otherwise(**{"font-size": "13px"}),
    "component: a place": set_otherwise(left="10%"),
    "component: another way": set_otherwise(animate={**MOVES, "left": "60%"}),
    "component: another time": set_otherwise(animate={**MOVES, "duration": 400}),
    "component: a size": changed("component", width=50),
    "html: a word": changed("html", **html("twi")),
    "html: a colour": changed("html", html="<p style='color:blue'>two</p>"),
    "html: a setting": changed("html", settings={"font-size": 20}),
    "html: a size": changed("html", width=20),
    "html: its density": changed("html", dpi=2),
    "html: its classes": changed("html", tailwindcss=True),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_makes_its_own_page_and_scene_anew(lab: Studio, name: str) -> None:
    assert cost(lab, EDITS[name]) == (["hit", "miss", "hit"], ["hit", "miss", "hit"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [{"start": 0.2}, {"x": 3}, {"fade-out": 0.2}], ids=str)
def test_a_page_that_is_shown_otherwise_is_painted_no_more(
    lab: Studio, kind: str, said: Document
) -> None:
    assert cost(lab, changed(kind, **said)) == (["hit"] * 3, ["hit", "miss", "hit"])


@pytest.mark.parametrize("kind", KINDS)
def test_scenes_that_change_places_are_rendered_no_more(lab: Studio, kind: str) -> None:
    document = plain(kind)
    document["scenes"].reverse()
    assert cost(lab, document) == (["hit"] * 3, ["hit"] * 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_forced_page_is_painted_again_and_what_shows_it_looks_the_same(
    lab: Studio, kind: str
) -> None:
    document = changed(kind, cache=False)
    elements, scenes = cost(lab, document)
    assert elements == ["hit", "bypass", "hit"]
    assert (scenes[0], scenes[2]) == ("hit", "hit")
    assert lab.decoded(document) == lab.decoded(plain(kind))


def test_another_clock_paints_what_moves_and_not_what_stands(lab: Studio) -> None:
    assert cost(lab, {**plain("component"), "fps": 12})[0] == ["miss"] * 3
    assert cost(lab, {**plain("html"), "fps": 12})[0] == ["hit"] * 3


def test_pages_of_other_words_and_the_same_pixels_share_what_is_rendered(lab: Studio) -> None:
    document = changed("html", html="<p style='color:#f00'>two</p><!-- otherwise -->")
    assert cost(lab, document) == (["hit", "miss", "hit"], ["hit"] * 3)
    document = set_otherwise(color="rgb(255, 255, 255)")
    assert cost(lab, document) == (["hit", "miss", "hit"], ["hit"] * 3)


def test_a_forced_component_fetches_its_pictures_again(lab: Studio, tmp_path: Path) -> None:
    file = tmp_path / "ground.png"
    document = set_otherwise(**{"background-image": file.as_uri()})
    document["scenes"][1]["elements"][0]["cache"] = False
    shown = set()
    for colour in ("red", "blue"):
        file.write_bytes(picture(colour))
        assert cost(lab, document)[1] == ["hit", "bypass", "hit"]
        shown.add(lab.decoded(document))
    assert len(shown) == 2


def test_a_movie_from_the_cache_is_that_from_nothing(lab: Studio, tmp_path: Path) -> None:
    """Also where what moved rests behind a segment's end, and pages lie over each other."""
    document = movie(
        {"duration": 11, "elements": [component("Ann"), {**html("Bea"), "start": 9.8}]},
        {"duration": 0.5, "elements": [component("Ann"), component("Cy")]},
    )
    again = copy.deepcopy(document)
    again["scenes"][1]["elements"][1] = html("Cy")
    lab.render(document)
    with studio(tmp_path) as clean:
        assert lab.decoded(again) == clean.decoded(again)
