"""Fonts that do not come with us: when they are fetched, and what is said when they are not."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import Canvas
from resplice.core.elements.named_fonts import NamedFont, fetching, missed, named_font
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import AbsentFacts, MediaFacts
from resplice.core.keys import movie_key
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.validation import validate
from resplice.core.sources import asked_by, element_tasks, source_problems
from resplice.core.tasks import AnimateTask, PaintTask
from resplice.core.tasks.font import FontTask
from resplice.core.tools import Tools
from warned_lines import plain

SOURCE = "https://fonts.e.com"
FETCHED = Offers(fonts_url=SOURCE)
OWN = ("scenes", 0, "elements", 0)
PLACE = (*OWN, "settings", "font-family")
FILE = MediaFacts("f" * 64, 9, "font", "")
TOOLS = Tools("a", "b", "c", "d")


def around(offers: Offers = NO_OFFERS) -> Surroundings:
    return Surroundings(Canvas(64, 50, 10), OWN, {}, offers)


def movie(family: Any = "Grape Nuts, Lato", **more: Any) -> Any:
    text = {"type": "text", "text": "Ann", "settings": {"font-family": family, **more}}
    return validate({"scenes": [{"elements": [text]}]})


@pytest.mark.parametrize(
    "families", ["Inter", "arial, Grape Nuts", "https://e.com/f.ttf", "serif", "", "a{}", 7, None]
)
def test_what_comes_with_us_or_is_no_name_is_not_asked_for(families: Any) -> None:
    assert named_font(families, 400) is None


def test_the_first_family_counts() -> None:
    assert named_font(" 'Grape Nuts' , Lato", "bold") == NamedFont("Grape Nuts", 700, ("Lato",))


def test_it_is_fetched_before_the_text_is_painted_in_it() -> None:
    (first,) = element_tasks(movie(**{"font-weight": 650}), {}, FETCHED)
    assert (first.path, first.task) == (PLACE, FontTask("Grape Nuts", 650, SOURCE))
    (painting,) = element_tasks(movie(), {PLACE: FILE}, FETCHED)
    assert isinstance(painting.task, PaintTask | AnimateTask)
    assert painting.task.fonts == (("font-" + "f" * 16, "f" * 64),)


def test_without_it_the_rest_of_the_list_is_drawn() -> None:
    absent = AbsentFacts("", 0)
    for known, offers in (({PLACE: absent}, FETCHED), ({}, NO_OFFERS)):
        (painting,) = element_tasks(movie(), known, offers)
        assert isinstance(painting.task, PaintTask)
        assert painting.task.fonts == ()
        assert "Grape" not in painting.task.html and "&quot;Lato&quot;" in painting.task.html


def test_a_file_of_ones_own_goes_before_a_font_of_that_name() -> None:
    whole = movie(**{"font-url": "https://e.com/f.ttf"})
    tasks = element_tasks(whole, {}, FETCHED)
    assert [each.path[-1] for each in tasks] == ["font-url"]
    assert asked_by(whole).services == ()


def test_subtitles_ask_for_their_font_too() -> None:
    captions = "1\n00:00:00,000 --> 00:00:01,000\nAnn\n"
    said = {"type": "subtitles", "captions": captions, "settings": {"font-family": "Grape Nuts"}}
    whole = validate({"scenes": [{"duration": 2}], "elements": [said]})
    (first,) = element_tasks(whole, {}, FETCHED)
    assert first.task == FontTask("Grape Nuts", 400, SOURCE)
    (painting,) = element_tasks(whole, {first.path: FILE}, FETCHED)
    assert isinstance(painting.task, PaintTask) and painting.task.fonts
    assert asked_by(whole).services == ("fonts",)


def test_one_that_is_not_fetched_is_told_or_refused() -> None:
    font = NamedFont("Grape Nuts", 400, ("Lato",))
    strict = around(Offers(strict_fonts=True))
    ((keys, told),) = missed(font, around(), strict=False)
    assert keys == ("settings", "font-family")
    assert plain(told) == (
        "the font 'Grape Nuts' does not come with us, and fonts are not fetched here; "
        "drawn with Lato"
    )
    assert list(missed(font, strict, strict=False)) == list(missed(font, around(), strict=True))
    (problem,) = source_problems(movie(), Offers(strict_fonts=True), files_allowed=False)
    assert problem.path == "scenes[0].elements[0].settings.font-family"
    assert "drawn" not in problem.message
    assert list(missed(font, around(FETCHED), strict=False)) == []


def test_strictness_makes_no_other_font() -> None:
    ((_, strict),) = fetching(NamedFont("A", 400), around(Offers((), (), fonts_url=SOURCE)))
    assert strict == FontTask("A", 400, SOURCE, strict=True)


def test_the_movies_key_is_of_where_fonts_are_from_only_if_it_asks_for_one() -> None:
    plain, named = movie("Inter"), movie()
    assert movie_key(plain, TOOLS, FETCHED) == movie_key(plain, TOOLS)
    assert movie_key(named, TOOLS, FETCHED) != movie_key(named, TOOLS)
    strict = Offers(fonts_url=SOURCE, strict_fonts=True)
    assert movie_key(named, TOOLS, FETCHED) != movie_key(named, TOOLS, strict)
    assert movie_key(plain, TOOLS, FETCHED) == movie_key(plain, TOOLS, strict)
