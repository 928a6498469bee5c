"""What must be made for a movie: tasks round by round, places, and what is said against sources."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.paths import DocumentPath
from resplice.core.facts import Facts, MediaFacts
from resplice.core.providers import Offers
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.sources import (
    asked_by,
    element_tasks,
    kind_problems,
    named_files,
    place_of,
    source_problems,
    unsuitable,
)
from resplice.core.tasks import FetchTask, PaintTask

FONT_URL = "https://e.com/own.woff2"
FONT = MediaFacts("f" * 64, 9, "font", "")
PICTURE = MediaFacts("a" * 64, 9, "image", "png_pipe", 64, 48)
GIF = MediaFacts("b" * 64, 9, "video", "gif", 64, 48, 700_000)
CLIP = MediaFacts("c" * 64, 9, "video", "mov", 64, 48, 700_000)
SOUNDING = MediaFacts("d" * 64, 9, "video", "mov", 64, 48, 700_000, has_audio=True)
MUSIC = MediaFacts("e" * 64, 9, "audio", "mp3", duration_us=700_000, has_audio=True)


def element(kind: str, **more: Any) -> dict[str, Any]:
    least = {"text": "Ann"} if kind == "text" else {"src": f"https://e.com/{kind}"}
    return {"type": kind, **least, **more}


def movie(*elements: dict[str, Any], above: tuple[dict[str, Any], ...] = ()) -> Movie:
    return validate({"scenes": [{"elements": list(elements)}], "elements": list(above)})


FIRST: DocumentPath = ("scenes", 0, "elements", 0)


def test_tasks_are_in_document_order_with_their_paths() -> None:
    whole = movie(
        element("image", mask="https://e.com/mask", cache=False),
        element("text"),
        above=(element("audio"),),
    )
    tasks = element_tasks(whole, {})
    assert [(each.path, each.type, each.forced) for each in tasks] == [
        (FIRST, "image", True),
        ((*FIRST, "mask"), "image", True),
        (("scenes", 0, "elements", 1), "text", False),
        (("elements", 0), "audio", False),
    ]
    assert [type(each.task) for each in tasks] == [FetchTask, FetchTask, PaintTask, FetchTask]
    known: dict[DocumentPath, Facts] = {each.path: PICTURE for each in tasks[1:]}
    assert element_tasks(whole, known) == tasks[:1]
    assert [place_of(each.path) for each in tasks] == [(), ("mask",), (), ()]


@pytest.mark.parametrize("settings", [{"font-url": FONT_URL}, {"font-family": FONT_URL}])
def test_a_text_is_painted_when_its_font_is_there(settings: dict[str, str]) -> None:
    whole = movie(element("text", settings=settings))
    place = (*FIRST, "settings", "font-url")
    (fetching,) = element_tasks(whole, {})
    assert (fetching.path, fetching.task) == (place, FetchTask(FONT_URL))
    (painting,) = element_tasks(whole, {place: FONT})
    assert painting.path == FIRST
    assert isinstance(painting.task, PaintTask)
    assert painting.task.fonts == (("font-" + "f" * 16, "f" * 64),)
    assert f"&quot;font-{'f' * 16}&quot;," in painting.task.html
    assert element_tasks(whole, {place: FONT, FIRST: PICTURE}) == []


def test_the_files_that_an_element_names() -> None:
    whole = movie(element("video", mask="https://e.com/mask"), element("text"))
    named = [
        [(address.keys, url) for address, url in named_files(each)]
        for _, each in whole.each_element()
    ]
    mask = (("mask",), "https://e.com/mask")
    assert named == [[(("src",), "https://e.com/video"), mask], []]


@pytest.mark.parametrize(
    ("url", "files_allowed", "words"),
    [
        ("https://e.com/a", False, None),
        ("HTTP://e.com/a", False, None),
        ("data:text/plain,a", False, None),
        ("file:///a", True, None),
        ("file:///a", False, "must be an http, https or data URL"),
        ("ftp://e.com/a", True, "must be an http, https or data URL or a local file"),
        ("a.png", False, "must be an http, https or data URL"),
        (" ", False, "is empty; was a variable left unresolved?"),
    ],
)
def test_sources_are_refused_by_how_they_begin(
    url: str, files_allowed: bool, words: str | None
) -> None:
    for document, path in (
        (movie(element("image", src=url)), "scenes[0].elements[0].src"),
        (movie(element("image", mask=url)), "scenes[0].elements[0].mask"),
    ):
        problems = source_problems(document, files_allowed=files_allowed)
        assert [problem.path for problem in problems] == ([path] if words else [])
        assert all(words and words in problem.message for problem in problems)


def test_settings_of_a_text_are_refused_each_by_itself() -> None:
    settings = {"color": "url(a)", "font-size": "1;", "font-weight": 700}
    problems = source_problems(movie(element("text", settings=settings)), files_allowed=False)
    assert {problem.path: problem.message for problem in problems} == {
        "scenes[0].elements[0].settings.color": (
            "Scene #1, element #1: the text setting 'color' must not use url()"
        ),
        "scenes[0].elements[0].settings.font-size": (
            "Scene #1, element #1: the text setting 'font-size' must not hold ';'"
        ),
    }


@pytest.mark.parametrize(
    ("kind", "suit", "do_not"),
    [
        ("image", (PICTURE, GIF), (CLIP, MUSIC, FONT)),
        ("video", (CLIP, GIF, SOUNDING), (PICTURE, MUSIC, FONT)),
        ("audio", (MUSIC, SOUNDING), (CLIP, PICTURE, FONT)),
    ],
)
def test_what_media_suit_a_type(
    kind: str, suit: tuple[MediaFacts, ...], do_not: tuple[MediaFacts, ...]
) -> None:
    whole = movie(element(kind))
    assert [kind_problems(whole, {FIRST: facts}) for facts in suit] == [[]] * len(suit)
    for facts in do_not:
        (problem,) = kind_problems(whole, {FIRST: facts})
        assert problem.path == "scenes[0].elements[0].src"
        assert (
            f"is not an {kind} file" in problem.message
            or f"is not a {kind} file" in problem.message
        )


def test_a_mask_is_a_picture_and_a_font_a_font() -> None:
    whole = movie(element("text", mask="https://e.com/m", settings={"font-url": FONT_URL}))
    mask, font = (*FIRST, "mask"), (*FIRST, "settings", "font-url")
    assert kind_problems(whole, {mask: CLIP, font: FONT, FIRST: PICTURE}) == []
    told = kind_problems(whole, {mask: FONT, font: PICTURE})
    assert {problem.path for problem in told} == {
        "scenes[0].elements[0].mask",
        "scenes[0].elements[0].settings.font-url",
    }


def test_what_is_unsuitable_is_told_with_what_it_is() -> None:
    words = unsuitable("audio", (), "https://e.com/a", "an image")
    assert words == (
        "The URL provided is not an audio file and cannot be used as a source for an audio "
        "element; 'https://e.com/a' is an image"
    )
    (silent,) = kind_problems(movie(element("audio")), {FIRST: CLIP})
    assert silent.message.endswith("is a video without sound")


def test_spaces_around_a_url_are_ignored() -> None:
    spaced = movie(
        element("image", src="  https://e.com/a \n", mask="\thttps://e.com/m "),
        element("text", settings={"font-url": f" {FONT_URL} "}),
    )
    assert source_problems(spaced, Offers(), files_allowed=False) == []
    fetched = [each.task for each in element_tasks(spaced, {})]
    assert fetched == [
        FetchTask("https://e.com/a"),
        FetchTask("https://e.com/m"),
        FetchTask(FONT_URL),
    ]


@pytest.mark.parametrize("said", [{"a": 1}, ["a"], 5, True])
def test_a_connection_of_what_has_none_may_be_anything(said: Any) -> None:
    text = {"type": "text", "text": "a", "connection": said}
    asked = asked_by(movie(text, {"type": "voice", "text": "a", "connection": "mine"}))
    assert asked.connections == ("mine",)
