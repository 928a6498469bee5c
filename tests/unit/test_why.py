"""Each miss has its reason, in the document's words: reports of two renders, side by side."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from resplice.core.schema.validation import validate
from resplice.core.why import MOST, Rendered, explained, parsed

A, B, LOGO = (f"https://a.example/{name}.png" for name in ("a", "b", "logo"))
DOCUMENT: dict[str, Any] = {
    "scenes": [
        {"elements": [{"type": "image", "src": A}], "duration": 1},
        {"elements": [{"type": "image", "src": B}], "duration": 1, "transition": {}},
        {"elements": [{"type": "text", "text": "end"}], "duration": 1},
    ],
}
OVER = {"elements": [{"type": "image", "src": LOGO}]}


def report(**results: str) -> dict[str, Any]:
    """Of DOCUMENT. results: `movie`, `scene2`, `into2`, `element0`: other than a miss; a key may
    follow, and content: `miss k2 c2`.
    """

    def result(name: str, key: str = "") -> dict[str, Any]:
        told, *more = results.get(name, "miss").split()
        key, content = (*more, *(key, "c")[len(more) :])[:2]
        return {"result": told, "key": key, "content": content}

    return {
        "movie": result("movie", "movies/m"),
        "scenes": [{"scene": n, **result(f"scene{n}", f"s{n}")} for n in (1, 2, 3)],
        "transitions": [{"into_scene": 2, **result("into2")}],
        "elements": [
            {"path": f"scenes[{n}].elements[0]", "type": "image", **result(f"element{n}", f"e{n}")}
            for n in range(3)
        ],
        "timings_ms": {"plan": 3},
    }


def why(
    document: dict[str, Any],
    before: dict[str, Any] | None = None,
    was: dict[str, Any] | None = None,
    **now: str,
) -> dict[str, list[str]]:
    """All reasons, by what they are of. was: the report of before."""
    then = before and Rendered(validate(before), was or report())
    told = explained(Rendered(validate(document), report(**now)), then or None)
    names = ("scene", "into_scene", "path")
    found = {
        f"{n} {e[n]}": e
        for k in told.values()
        if isinstance(k, list)
        for e in k
        for n in names
        if n in e
    }
    found["movie"] = told["movie"]
    return {name: each["why"] for name, each in found.items() if "why" in each}


def edited(path: str, value: Any, of: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    document = copy.deepcopy(of)
    *outer, last = (int(p) if p.isdigit() else p for p in path.split())
    part: Any = document
    for key in outer:
        part = part[key]
    part[last] = value
    return document


HITS = {
    **{f"scene{n}": "hit" for n in (1, 2, 3)},
    **{f"element{n}": "hit" for n in (0, 1, 2)},
    "into2": "hit",
}


def test_the_first_of_its_kind() -> None:
    told = why(DOCUMENT)
    assert set(told) == {
        *("movie", "scene 1", "scene 2", "scene 3", "into_scene 2"),
        *(f"path scenes[{n}].elements[0]" for n in range(3)),
    }
    assert {tuple(each) for each in told.values()} == {("not made before",)}


def test_what_came_from_the_cache_needs_no_reason_and_all_else_stays_as_it_is() -> None:
    now = Rendered(validate(DOCUMENT), report(movie="hit", **HITS))
    assert explained(now, Rendered(validate(DOCUMENT), report())) == now.report


def test_a_text_that_changed() -> None:
    after = edited("scenes 2 elements 0 text", "fin")
    told = why(
        after, DOCUMENT, **{**HITS, "movie": "miss m2", "scene3": "miss n", "element2": "miss n"}
    )
    assert set(told) == {"movie", "scene 3", "path scenes[2].elements[0]"}
    assert all(each == ["scenes[2].elements[0].text changed"] for each in told.values())


def test_what_is_there_no_more() -> None:
    told = why(
        DOCUMENT, DOCUMENT, **{**HITS, "movie": "miss", "scene1": "miss", "element1": "miss"}
    )
    assert set(told) == {"movie", "scene 1", "path scenes[1].elements[0]"}
    assert all(reasons[0].startswith("evicted") for reasons in told.values())


def test_a_file_that_changed_behind_its_address() -> None:
    now = {**HITS, "movie": "bypass", "element0": "miss e0 other", "scene1": "miss new"}
    told = why({**DOCUMENT, "cache": False}, DOCUMENT, **now)
    assert told["path scenes[0].elements[0]"] == told["scene 1"] == [f"the file behind {A} changed"]
    assert told["movie"] == ["cache: false on the movie"]


def test_a_file_of_our_own_that_changed_has_another_key() -> None:
    url = f"https://movies.example/media/files/{'0' * 32}/a.png"
    document = edited("scenes 0 elements 0 src", url)
    now = {**HITS, "movie": "miss movies/n", "element0": "miss f0 other", "scene1": "miss new"}
    told = why(document, document, **now)
    words = [f"the file behind {url} changed"]
    assert told["path scenes[0].elements[0]"] == told["scene 1"] == told["movie"] == words


def test_the_transition_into_the_scene_after_it_and_the_pictures_at_both_ends() -> None:
    after = edited("scenes 1 transition duration", 0.5)
    now = {**HITS, "scene1": "miss x", "scene2": "miss y", "into2": "miss"}
    told = why(after, DOCUMENT, **now)
    assert told["scene 1"] == told["scene 2"] == told["into_scene 2"]
    assert told["scene 1"] == ["scenes[1].transition.duration changed"]
    styled = edited("scenes 1 transition style", "wipeup")
    told = why(styled, DOCUMENT, **{**HITS, "into2": "miss"})
    assert told["into_scene 2"] == ["scenes[1].transition.style changed"]
    text = edited("scenes 0 duration", 2)
    told = why(text, DOCUMENT, **{**HITS, "scene1": "miss x", "into2": "miss"})
    assert told["into_scene 2"] == ["scenes[0].duration changed"]


def test_a_scene_that_now_enters_over_another_one() -> None:
    after = copy.deepcopy(DOCUMENT)
    after["scenes"].insert(1, {"duration": 2, "background-color": "#123456"})
    was = report()
    then = Rendered(validate(DOCUMENT), was)
    now = {
        "movie": {"result": "miss", "key": "m2"},
        "scenes": [
            {"scene": n, "result": result, "key": key}
            for n, result, key in (
                (1, "hit", "s1"),
                (2, "miss", "n"),
                (3, "hit", "s2"),
                (4, "hit", "s3"),
            )
        ],
        "transitions": [{"into_scene": 3, "result": "miss"}],
    }
    told = explained(Rendered(validate(after), now), then)
    assert told["scenes"][1]["why"] == ["scenes[1] is new"]
    assert told["transitions"][0]["why"] == [
        "scenes[1] is new",
        "scenes[2] enters over another scene",
    ]
    assert told["movie"]["why"] == ["scenes[1] is new"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("resolution", "full-hd", "the resolution changed: 640x360 before, 1920x1080 now"),
        ("quality", "low", "the quality changed: high before, low now"),
        ("fps", 30, "fps changed: 25 before, 30 now"),
    ],
)
def test_what_differs_for_every_picture(path: str, value: Any, words: str) -> None:
    now = {**HITS, "movie": "miss n", "scene1": "miss n", "element2": "miss n", "into2": "miss"}
    told = why(edited(path, value), DOCUMENT, **now)
    assert len(told) == 4 and all(reasons == [words] for reasons in told.values())


def test_what_lies_over_all_scenes() -> None:
    over = {**DOCUMENT, **OVER}
    louder = {
        **over,
        "elements": [*OVER["elements"], {"type": "audio", "src": "https://a.example/m"}],
    }
    after = edited("elements 0 x", 9, edited("elements 1 volume", 0.5, louder))
    told = why(after, louder, **{**HITS, "movie": "miss n", "scene2": "miss n"})
    assert told["scene 2"] == ["elements[0].x changed"]
    assert told["movie"] == ["elements[0].x changed", "elements[1].volume changed"]


def test_what_lies_over_a_scene_at_another_time() -> None:
    over = {**DOCUMENT, **OVER}
    told = why(
        edited("scenes 0 duration", 9, over),
        over,
        **{**HITS, "scene1": "miss a", "scene3": "miss b"},
    )
    assert told["scene 1"] == ["scenes[0].duration changed"]
    assert told["scene 3"] == ["what lies over it of the movie's own elements is at another time"]


def test_a_scene_that_is_no_whole_number_of_frames_may_have_one_more() -> None:
    after = edited("scenes 0 duration", 1.03)
    told = why(after, DOCUMENT, **{**HITS, "scene1": "miss a", "scene3": "miss b"})
    assert told["scene 3"] == ["it begins at another moment, between two frames"]


def test_what_says_cache_false() -> None:
    after = edited("scenes 0 elements 0 cache", False, edited("scenes 1 cache", False))
    now = {
        "element0": "bypass",
        "scene1": "bypass",
        "scene2": "bypass",
        "into2": "bypass",
        "movie": "bypass",
    }
    told = why(after, DOCUMENT, **{**HITS, **now})
    first, second = "cache: false on scenes[0].elements[0]", "cache: false on scenes[1]"
    assert told == {
        "movie": [first, second],
        "scene 1": [first],
        "scene 2": [second],
        "into_scene 2": [first, second],
        "path scenes[0].elements[0]": [first],
    }


def test_an_upgrade_explains_what_nothing_else_does() -> None:
    was, now = report(), report(movie="miss m2", scene1="miss n", element2="miss n", into2="miss")
    was["made_with"], now["made_with"] = "1", "2"
    movie = validate(DOCUMENT)
    told = explained(Rendered(movie, now), Rendered(movie, was))
    for each in (told["movie"], told["scenes"][0], told["transitions"][0], told["elements"][2]):
        assert each["why"] == ["Resplice was upgraded"]


def test_with_nothing_to_be_seen_what_is_offered_may_have_changed() -> None:
    assert why(DOCUMENT, DOCUMENT, **{**HITS, "movie": "miss other"})["movie"] == [
        "what is offered for it changed: its providers, connections or components"
    ]


def test_a_stand_in_is_made_again() -> None:
    was = report()
    was["elements"][0]["passing"] = True
    told = why(DOCUMENT, DOCUMENT, was, **{**HITS, "movie": "miss", "element0": "miss"})
    assert told["path scenes[0].elements[0]"] == ["only a stand-in was made before"]
    assert told["movie"] == ["only a stand-in was made of scenes[0].elements[0]"]


def test_subtitles_change_with_what_is_heard() -> None:
    spoken = {
        "scenes": [{"elements": [{"type": "voice", "text": "one"}]}, {"elements": []}, {}],
        "elements": [{"type": "subtitles"}],
    }
    after = edited("scenes 0 elements 0 text", "two", spoken)
    was, now = report(), report(**{**HITS, "movie": "miss m", "scene2": "miss n"})
    for each in (was, now):
        each["elements"].append(
            {
                "path": "elements[0].page",
                "type": "subtitles",
                "result": "miss",
                "key": "k",
                "content": "c",
            }
        )
    now["elements"][-1] |= {"key": "another"}
    told = explained(Rendered(validate(after), now), Rendered(validate(spoken), was))
    assert told["elements"][-1]["why"] == ["scenes[0].elements[0].text changed"]


def test_a_long_list_of_reasons_is_cut() -> None:
    many = {"scenes": [{"duration": 1 + n} for n in range(40)]}
    after = {"scenes": [{"duration": 100 + n} for n in range(40)]}
    told = why(after, many, **{**HITS, "movie": "miss n"})["movie"]
    assert len(told) == MOST + 1 and told[-1] == "and 20 more"


def test_a_path_in_its_parts() -> None:
    assert parsed("scenes[3].elements[12].settings.font-url") == (
        *("scenes", 3, "elements", 12, "settings", "font-url"),
    )
    assert parsed("elements[0]") == ("elements", 0)
