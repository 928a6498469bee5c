"""A component element: what is made for it, what is wrong with it, and where it is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.components import ComponentFolder
from resplice.core.elements.component import settings
from resplice.core.facts import Facts, MediaFacts
from resplice.core.keys import movie_key
from resplice.core.providers import Offers
from resplice.core.schema.validation import validate
from resplice.core.sources import (
    asked_by,
    document_path,
    element_tasks,
    kind_problems,
    notes,
    source_problems,
)
from resplice.core.tasks import AnimateTask, FetchTask
from resplice.core.timeline import timeline
from resplice.core.tools import Tools
from resplice.errors import DocumentError, MakeError
from resplice.steps.pipeline.accept import accept
from warned_lines import plainly

TOOLS = Tools("f", "r", "b", "c")
OWN = ComponentFolder(
    "own/box",
    json.dumps(
        {
            "title": "Box",
            "groups": {"box": {"settings": {"src": {"type": "image"}, "text": {"type": "text"}}}},
        }
    ),
    '<div style="{{ box.css }}"><img src="{{ box["src"] }}">{{ box.text|first|default }}</div>',
)
OFFERS = Offers(components=(OWN, *ComponentFolders(CATALOG).all()))
BAD_DEFAULT = '"box": {"defaults": {"color": ";"}, '
PATH = ("scenes", 0, "elements", 0)
PICTURE = MediaFacts("b" * 64, 9, "image", "png_pipe", 64, 48)
FONT = MediaFacts("f" * 64, 9, "font", "", 0, 0)


def movie(**said: Any) -> Any:
    element = {"type": "component", "component": "own/box", **said}
    return validate({"scenes": [{"duration": 2, "elements": [element]}]})


def tasks(document: Any, known: dict[Any, Facts] | None = None, offers: Offers = OFFERS) -> Any:
    return {each.path[4:]: each.task for each in element_tasks(document, known or {}, offers)}


def page(document: Any, known: dict[Any, Facts] | None = None, offers: Offers = OFFERS) -> Any:
    return tasks(document, known, offers)[()]


def problems(document: Any, offers: Offers = OFFERS) -> list[str]:
    found = source_problems(document, offers, files_allowed=False)
    return [f"{each.path}: {each.message}" for each in found]


def test_a_page_is_painted_at_the_clock_of_the_movie_on_the_element_s_canvas() -> None:
    found = page(movie(settings={"box": {"text": "Ann"}}))
    assert isinstance(found, AnimateTask) and (found.width, found.height, found.fps) == (
        640,
        360,
        25,
    )
    assert page(movie(width=200)).width == 200 and page(movie(width=200)).height == 360
    assert page(movie(width=200, resize="fit")).width == 640
    assert page(movie(zoom=2)).width == 1280


def test_pictures_and_fonts_come_first_and_are_part_of_it() -> None:
    said = {"src": "https://e.com/a.png", "font-url": "https://e.com/a.ttf"}
    document = movie(settings={"box": {**said, "background": "url(https://e.com/b.png)"}})
    found = tasks(document)
    assert found == {
        ("settings", "box", "src"): FetchTask("https://e.com/a.png"),
        ("settings", "box", "font-url"): FetchTask("https://e.com/a.ttf"),
        ("settings", "box", "background"): FetchTask("https://e.com/b.png"),
    }
    known = {(*PATH, *place): PICTURE for place in found} | {
        (*PATH, "settings", "box", "font-url"): FONT
    }
    painted = page(document, known)
    assert painted.files == (("b" * 32, "b" * 64),) and painted.fonts == (
        (f"font-{'f' * 32}", "f" * 64),
    )
    assert f"https://files.resplice/{'b' * 32}" in painted.html and "e.com" not in painted.html
    drawing = replace(PICTURE, kind="drawing", demuxer="")
    drawn = page(document, {**known, (*PATH, "settings", "box", "src"): drawing})
    assert drawn.files == (("b" * 32, "b" * 64), (f"{'b' * 32}.svg", "b" * 64))
    other = {**known, (*PATH, "settings", "box", "src"): replace(PICTURE, digest="d" * 64)}
    assert page(document, other) != painted


def test_pictures_in_html_are_downloads_like_others() -> None:
    markup = "<img src='https://e.com/a.png'><svg><rect fill='url(#g)'/></svg>"
    document = movie(component="shape/html", settings={"html1": {"html": markup}})
    place = ("settings", "html1", "html")
    assert tasks(document)[place] == FetchTask("https://e.com/a.png")
    painted = page(document, {(*PATH, *place): PICTURE})
    assert f'<img src="https://files.resplice/{"b" * 32}">' in painted.html
    assert "e.com" not in painted.html and "url(#g)" in painted.html
    assert painted.files == (("b" * 32, "b" * 64),)


def test_a_wrong_file_is_told_with_its_path() -> None:
    document = movie(settings={"box": {"src": "https://e.com/a.mp3"}})
    place = (*PATH, "settings", "box", "src")
    (problem,) = kind_problems(document, {place: MediaFacts("a" * 64, 9, "audio", "mp3", 0, 0)})
    assert problem.path == "scenes[0].elements[0].settings.box.src"
    assert (
        "is not an image file and cannot be used as a source for a component el" in problem.message
    )
    assert document_path(place, "component") == place
    (refused,) = problems(movie(settings={"box": {"background-image": "ftp://e.com/a"}}))
    assert "settings.box.background-image: " in refused and "must be an http, https" in refused


def test_every_setting_and_word_changes_the_page() -> None:
    said = [{}, {"text": "Ann"}, {"text": "Anna"}, {"color": "red"}, {"color": "blue"}, {"left": 1}]
    pages = {page(movie(settings={"box": each})) for each in said}
    assert len(pages) == len(said)
    assert page(movie(settings={"box": {"position": "fixed"}})) == page(movie())


def test_a_component_that_changes_changes_the_movie_s_key_and_others_do_not() -> None:
    document = {"scenes": [{"elements": [{"type": "component", "component": "own/box"}]}]}

    def key(own: ComponentFolder, *more: ComponentFolder) -> str:
        return accept(document, TOOLS, components=lambda: (*more, own)).key

    before = key(OWN)
    assert key(replace(OWN, page="<p>")) != before != key(replace(OWN, style="p{}"))
    assert key(OWN, replace(OWN, name="own/other")) == before
    assert movie_key(validate(document), TOOLS) != before


def test_only_what_a_movie_uses_goes_with_it_and_one_without_asks_nobody() -> None:
    used = {"scenes": [{"elements": [{"type": "template", "template": "own/box"}]}]}
    accepted = accept(used, TOOLS, components=lambda: OFFERS.components)
    assert accepted.offers.components == (OWN,) and asked_by(accepted.movie).components == (
        "own/box",
    )
    text = {"scenes": [{"elements": [{"type": "text", "text": "Ann"}]}]}
    accept(text, TOOLS, components=lambda: pytest.fail("was asked"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("basic/00", "there is no component 'basic/00'; did you mean 'basic/000'?"),
        ("Basic/000", "did you mean 'basic/000'?"),
        ("own/thing", "there is no component 'own/thing'; there are own/box"),
        ("advanced/intro-001", "there is no component 'advanced/intro-001'; there are "),
        ("x" * 200, "there is no component 'xxx"),
    ],
)
def test_an_unknown_component_is_told_with_the_nearest(name: str, words: str) -> None:
    (problem,) = problems(movie(component=name))
    assert problem.startswith("scenes[0].elements[0].component: Scene #1, element #1: ")
    assert words in problem and len(problem) < 1000


def test_a_legacy_template_is_told_at_its_own_key() -> None:
    document = validate({"scenes": [{"elements": [{"type": "template", "template": "a/b"}]}]})
    assert problems(document)[0].startswith("scenes[0].elements[0].template: ")
    with pytest.raises(DocumentError, match="requires a 'template' property"):
        validate({"scenes": [{"elements": [{"type": "template"}]}]})


def test_faults_of_settings_have_their_path() -> None:
    found = problems(movie(settings={"box": {"text": {"a": 1}, "color": "{"}}))
    assert [each.partition(": ")[0].rpartition("].")[2] for each in found] == [
        *("settings.box.color", "settings.box.text")
    ]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            replace(OWN, declaration="{"),
            "the component 'own/box' cannot be used: component.json is",
        ),
        (
            replace(
                OWN,
                declaration=OWN.declaration.replace(
                    '"box": {', '"box": {"defaults": {"color": ";"}, '
                ),
            ),
            "the component 'own/box' cannot be used: the setting 'color' of 'box' must not hold",
        ),
    ],
)
def test_an_own_component_that_is_not_well_is_told(own: ComponentFolder, words: str) -> None:
    (problem,) = problems(movie(), Offers(components=(own,)))
    assert words in problem


def test_a_template_that_does_not_work_is_told_where_the_component_is_named() -> None:
    broken = Offers(components=(replace(OWN, page="{{ nobody }}"),))
    with pytest.raises(MakeError, match="the component 'own/box' does not work: 'nobody' is und"):
        tasks(movie(), offers=broken)


def test_what_does_nothing_is_a_warning_with_the_nearest() -> None:
    said = {"bocks": "x", "box": {"colour": "red", "texd": "a", "src": "https://e.com/1"}, "bx": {}}
    assert [*plainly(notes(movie(settings=said), OFFERS))] == [
        "scenes[0].elements[0].settings.bocks: is not known to 'own/box' and does nothing",
        "scenes[0].elements[0].settings.box.colour: is not known to 'own/box' and does nothing; "
        "did you mean 'color'?",
        "scenes[0].elements[0].settings.box.texd: is not known to 'own/box' and does nothing; "
        "did you mean 'text'?",
        "scenes[0].elements[0].settings.bx: is not known to 'own/box' and does nothing",
    ]
    lost = movie(settings={"bx": {"src": "https://e.com/1"}})
    assert [*tasks(lost)] == [()]


def test_null_groups_and_settings_of_php_are_as_good_as_none() -> None:
    assert page(movie(settings={"box": None})) == page(movie()) == page(movie(settings=[]))


@pytest.mark.parametrize(
    ("duration", "component", "frames"),
    [(-1, "basic/000", 250), (-2, "basic/000", 250), (-2, "own/box", 125), (3, "basic/000", 75)],
)
def test_a_scene_of_components_alone_lasts_as_long_as_they_move(
    duration: float, component: str, frames: int
) -> None:
    """One that says nothing of how long it moves gets the length of a scene that is empty."""
    element = {"type": "component", "component": component, "duration": duration}
    ink = MediaFacts("a" * 64, 9, "image", "png_pipe", 30, 20)
    document = validate({"scenes": [{"elements": [element]}]})
    assert timeline(document, {PATH: ink}, OFFERS).frames == frames


def test_one_that_lasts_as_long_as_it_moves_is_gone_then() -> None:
    element = {"type": "component", "component": "basic/000", "duration": -1}
    ink = MediaFacts("a" * 64, 9, "image", "png_pipe", 30, 20)
    document = validate({"scenes": [{"duration": 12, "elements": [element]}]})
    (layer,) = timeline(document, {PATH: ink}, OFFERS).scenes[0].layers
    assert (layer.start, layer.end) == (0, 250)


def test_it_lies_where_the_element_says_and_lasts_as_long_as_its_scene() -> None:
    ink = MediaFacts("a" * 64, 9, "image", "png_pipe", 30, 20, has_alpha=True, x=5, y=7)
    cut = timeline(movie(x=100, y=50, width=200, height=100), {PATH: ink}, OFFERS)
    (layer,) = cut.scenes[0].layers
    assert (layer.look.x, layer.look.y, layer.look.size) == (105, 57, (30, 20))
    assert (layer.start, layer.end) == (0, 50)


def test_a_movie_that_is_there_already_pays_for_no_templates() -> None:
    """Accepting reads settings, and fills no template."""
    code = (
        "import sys; from resplice.core.tools import Tools; "
        "from resplice.steps.pipeline.accept import accept; "
        "from resplice.wiring.catalog import with_catalog; "
        "element = {'type': 'component', 'component': 'basic/000', 'settings': {'card': 'a'}}; "
        "accept({'scenes': [{'elements': [element]}]}, Tools('', '', '', ''), "
        "components=with_catalog().all); "
        "print([name for name in ('jinja2', 'markupsafe') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_of_an_element_only_the_groups_that_it_says_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its defaults were, once for all elements."""
    read, reading = list[str](), settings._GroupReading

    def noted(key: str, *more: Any) -> Any:
        read.append(key)
        return reading(key, *more)

    element = {"type": "component", "component": "basic/000", "settings": {"headline": {}}}
    document = validate({"scenes": [{"elements": [element] * 9}]})
    assert source_problems(document, OFFERS, files_allowed=False) == []
    monkeypatch.setattr(settings, "_GroupReading", noted)
    assert source_problems(document, OFFERS, files_allowed=False) == []
    assert read == ["headline"] * 9
