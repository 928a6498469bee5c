"""What `cache` means: every combination at the movie, a scene and an element, against words.

The words are DESIGN's and the README's, written down here once more by hand and not derived from
the table that is tested.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from resplice.core.caching import (
    MEANING,
    asks_again,
    bypasses,
    forced,
    is_made_here,
    joins,
    rejoins,
    rendered_again_by,
    renders_again,
    result_of,
    revalidates,
    usable,
)
from resplice.core.composition import Source
from resplice.core.schema.movie import Movie
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import TASKS, FetchTask, SpeakTask, TranscribeTask

ABSENT = object()
SOUND = Source("0" * 64, "wav", "audio", 0, 0, has_alpha=False)
SAYINGS = (ABSENT, None, True, False)
MEANS_NOTHING = (ABSENT, None, True)


def said(part: dict[str, Any], cache: object) -> dict[str, Any]:
    return part if cache is ABSENT else {**part, "cache": cache}


def image(cache: object, name: str = "a") -> dict[str, Any]:
    return said({"type": "image", "src": f"https://e.com/{name}.png"}, cache)


def movie(
    of_movie: object = ABSENT,
    of_scene: object = ABSENT,
    of_element: object = ABSENT,
    of_movie_element: object = ABSENT,
) -> Movie:
    """Two scenes; the second says nothing, nor does its element. An element over both."""
    first = said({"elements": [image(of_element)]}, of_scene)
    second = {"elements": [image(ABSENT, "b")]}
    over = image(of_movie_element, "c")
    return validate(said({"scenes": [first, second], "elements": [over]}, of_movie))


ALL = pytest.mark.parametrize(
    ("whole", "scene", "element", "over"), list(product(SAYINGS, repeat=4))
)


@ALL
def test_the_movie_is_looked_up_unless_anything_in_it_says_false(
    whole: object, scene: object, element: object, over: object
) -> None:
    one = movie(whole, scene, element, over)
    assert bypasses(one) == (False in (whole, scene, element, over))
    assert joins(one) == (not bypasses(one))


@ALL
def test_downloads_are_revalidated_when_the_movie_itself_says_false(
    whole: object, scene: object, element: object, over: object
) -> None:
    assert revalidates(movie(whole, scene, element, over)) == (whole is False)


@ALL
def test_scenes_are_rendered_again_when_they_an_element_or_the_movie_say_so(
    whole: object, scene: object, element: object, over: object
) -> None:
    one = movie(whole, scene, element, over)
    kept = scene is True and element is not False
    first = element is False or scene is False or (whole is False and not kept)
    second = whole is False
    assert [renders_again(one, index) for index in (0, 1)] == [first, second]
    assert [renders_again(one, index, "sound") for index in (0, 1)] == [first, second]
    assert renders_again(one, 1, "transition") == (first or second)
    assert renders_again(one, 2) == second, "the frames after the last scene are the movie's"


@ALL
def test_an_element_is_made_again_when_it_says_so_itself(
    whole: object, scene: object, element: object, over: object
) -> None:
    one = movie(whole, scene, element, over)
    assert forced(one.scenes[0].elements[0]) == (element is False)
    assert forced(one.elements[0]) == (over is False)
    tasks = {want.path: want.forced for want in element_tasks(one, {})}
    assert tasks == {
        ("scenes", 0, "elements", 0): element is False,
        ("scenes", 1, "elements", 0): False,
        ("elements", 0): over is False,
    }


@pytest.mark.parametrize(
    ("whole", "scene", "element", "path"),
    [
        *((nothing, nothing, nothing, None) for nothing in MEANS_NOTHING),
        *((False, nothing, ABSENT, ()) for nothing in (ABSENT, None)),
        (False, True, ABSENT, None),
        (False, False, ABSENT, ("scenes", 0)),
        (ABSENT, False, ABSENT, ("scenes", 0)),
        (False, False, False, ("scenes", 0, "elements", 0)),
        (ABSENT, True, False, ("scenes", 0, "elements", 0)),
    ],
)
def test_who_asks_for_it_is_told(whole: object, scene: object, element: object, path: Any) -> None:
    assert rendered_again_by(movie(whole, scene, element), 0) == path


def test_a_transition_shows_both_scenes_and_the_first_scene_has_none_before_it() -> None:
    last = validate({"scenes": [{}, {}, {"cache": False}]})
    assert [renders_again(last, index, "transition") for index in range(3)] == [False, False, True]
    middle = validate({"scenes": [{}, {"cache": False}, {}]})
    assert [renders_again(middle, index, "transition") for index in range(3)] == [False, True, True]


@pytest.mark.parametrize(
    ("found", "own", "again", "use", "told"),
    [
        (False, False, False, False, "miss"),
        (False, False, True, False, "bypass"),
        (True, False, False, True, "hit"),
        (True, False, True, False, "bypass"),
        (True, True, False, True, "miss"),
        (True, True, True, True, "bypass"),
    ],
)
def test_what_is_stored_is_used_unless_it_is_to_be_made_again_by_this_run(
    found: bool, own: bool, again: bool, use: bool, told: str
) -> None:
    assert usable(found=found, own=own, again=again) == use
    assert result_of(usable=use, own=own, again=again) == told


def test_a_download_is_asked_for_again_once_and_only_when_the_movie_wants_it() -> None:
    assert asks_again("hit", revalidate=True)
    assert not asks_again("hit", revalidate=False)
    assert not asks_again("miss", revalidate=True), "this run has just made it"
    assert not asks_again("bypass", revalidate=True)


def test_sound_is_joined_again_when_anything_it_is_joined_from_is_made_again() -> None:
    assert rejoins(["hit", "bypass", "miss"])
    assert not rejoins(["hit", "miss"])
    assert not rejoins([])


def test_the_functions_answer_from_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each column of each row is read by somebody."""
    nothing = type(MEANING["movie"])(skips_movie=False)
    everything = movie(False, False, False, False)
    for sayer in MEANING:
        monkeypatch.setitem(MEANING, sayer, nothing)
    assert not bypasses(everything) and not revalidates(everything)
    assert not any(renders_again(everything, index) for index in (0, 1, 2))
    assert not forced(everything.elements[0])


def test_a_proof_renders_every_scene_again_whatever_it_says() -> None:
    kept = validate(
        {"cache": True, "scenes": [{"cache": True, "elements": []}, {"cache": True, "duration": 1}]}
    )
    parts = ("body", "sound", "transition")
    assert not any(renders_again(kept, n, part) for n in range(3) for part in parts)
    assert all(renders_again(kept, n, part, proves=True) for n in range(3) for part in parts)


@pytest.mark.parametrize(
    ("task", "here"),
    [
        (FetchTask("https://x.example/a.png"), False),
        (SpeakTask("espeak", "en", "", "en", "Say it"), True),
        (SpeakTask("kokoro", "af_heart", "", "en", "Say it"), True),
        (TranscribeTask(SOUND, "whisper", "en"), True),
        (TranscribeTask(SOUND, "openai", "en"), False),
        (SpeakTask("polly", "Joanna", "", "en-US", "Say it"), False),
        (SpeakTask("openai", "nova", "", "en-US", "Say it"), False),
    ],
)
def test_what_is_made_here_for_nothing_is_made_again_in_a_proof(task: Any, *, here: bool) -> None:
    assert is_made_here(task) is here


def test_what_comes_from_an_address_is_not_made_here_and_what_is_painted_is() -> None:
    """By the rows of the kinds: a new one with an address is no exception."""
    painted = {name for name, kind in TASKS.items() if kind.salts and not kind.address}
    assert painted == {"paint", "animate"}
    assert {name for name, kind in TASKS.items() if kind.address} == {
        *("fetch", "font", "captions", "web-page"),
    }
