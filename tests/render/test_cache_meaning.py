"""What each cache flag does, counted: requests at a real server, runs of FFmpeg, results told."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.core.report import Report
from resplice.errors import MakeError
from studio import Studio, asked, decoded, give, movie, picture, still, studio, tone
from web_server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        for name in ("red", "green", "blue"):
            give(server, f"/{name}.png", picture(name))
        yield server


@pytest.fixture
def lab(server: Server, tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path / "data", server) as lab:
        yield lab


def results(report: Report) -> tuple[str, list[str], list[str]]:
    """Of the movie, its scenes and its elements."""
    scenes = [scene.result for scene in report.scenes]
    return report.result, scenes, [element.result for element in report.elements]


def three(server: Server, **more: Any) -> dict[str, Any]:
    return movie(*(still(server.url(f"/{name}.png")) for name in ("red", "green", "blue")), **more)


def test_the_same_movie_again_asks_nobody_and_renders_nothing(server: Server, lab: Studio) -> None:
    first = lab.render(three(server))
    assert results(first.report) == ("miss", ["miss"] * 3, ["miss"] * 3)
    assert asked(server) == ["/blue.png", "/green.png", "/red.png"]
    assert lab.runs() == 4
    again = lab.render({**three(server), "comment": "other words", "client-data": {"n": 1}})
    assert results(again.report) == ("hit", [], [])
    assert again.stored == first.stored
    assert asked(server) == []
    assert lab.runs() == 0


def test_an_element_forced_is_fetched_once_and_only_its_scene_is_rendered(
    server: Server, lab: Studio
) -> None:
    document = three(server)
    sibling = {"type": "image", "src": server.url("/red.png"), "width": 10}
    document["scenes"][1]["elements"].append(sibling)
    key = lab.render(document).stored.key
    asked(server), lab.runs()
    document["scenes"][1]["elements"][0]["cache"] = False
    for _ in range(2):
        forced = lab.render(document)
        assert results(forced.report) == (
            "bypass",
            ["hit", "bypass", "hit"],
            ["hit", "bypass", "hit", "hit"],
        )
        assert forced.stored.key == key
        assert asked(server) == ["/green.png"]
        assert lab.runs() == 2, "one segment and the poster"


def test_one_source_wanted_twice_is_forced_once(server: Server, lab: Studio) -> None:
    url = server.url("/red.png")
    lab.render(movie(still(url)))
    asked(server)
    lab.render(movie(still(url), still(url, 0.7, cache=False), still(url, 0.9, cache=False)))
    assert asked(server) == ["/red.png"]


def test_a_scene_forced_is_rendered_from_cached_elements(server: Server, lab: Studio) -> None:
    document = three(server)
    lab.render(document)
    asked(server), lab.runs()
    document["scenes"][2]["cache"] = False
    forced = lab.render(document)
    assert results(forced.report) == ("bypass", ["hit", "hit", "bypass"], ["hit"] * 3)
    assert asked(server) == []
    assert lab.runs() == 2


def test_a_scene_forced_takes_its_transitions_and_its_sound_with_it(
    server: Server, lab: Studio
) -> None:
    document = three(server)
    for scene in document["scenes"][1:]:
        scene["transition"] = {"duration": 0.2}
    sound = give(server, "/300.wav", tone(300))
    document["scenes"][1]["elements"].append({"type": "audio", "src": sound, "duration": -2})
    lab.render(document)
    lab.runs()
    for forced in ("cache", "elements"):
        again = copy.deepcopy(document)
        part = again["scenes"][1]
        (part if forced == "cache" else part["elements"][0])["cache"] = False
        report = lab.render(again).report
        assert results(report)[1] == ["hit", "bypass", "hit"]
        assert [transition.result for transition in report.transitions] == ["bypass"] * 2
        assert lab.runs() == 6, "a body, two transitions, its sound, the mix, the poster"


def test_a_movie_forced_renders_all_and_asks_whether_sources_changed(
    server: Server, lab: Studio
) -> None:
    document = three(server, elements=[{"type": "image", "src": server.url("/red.png"), "x": 3}])
    lab.render(document)
    asked(server), lab.runs()
    document["cache"] = False
    document["scenes"][1]["cache"] = True
    forced = lab.render(document)
    assert results(forced.report) == ("bypass", ["bypass", "hit", "bypass"], ["hit"] * 4)
    assert asked(server) == ["/blue.png?", "/green.png?", "/red.png?"]
    assert lab.runs() == 3


def test_a_movie_forced_takes_what_changed(server: Server, lab: Studio) -> None:
    document = three(server)
    before = lab.decoded(document)
    give(server, "/green.png", picture("yellow"))
    asked(server)
    assert lab.decoded(document) == before, "a change behind a URL is not noticed unless asked for"
    assert asked(server) == []
    forced = lab.render({**document, "cache": False})
    assert results(forced.report)[2] == ["hit", "miss", "hit"]
    assert asked(server) == ["/blue.png?", "/green.png?", "/red.png?"]
    plain = lab.render(document)
    assert results(plain.report)[0] == "hit"
    assert plain.stored == forced.stored
    with lab.ports.objects.open(plain.stored.key) as file:
        assert decoded(file) != before
    assert asked(server) == []


def test_a_forced_element_repairs_its_entry(server: Server, lab: Studio) -> None:
    document = three(server)
    before = lab.render(document).stored
    give(server, "/green.png", picture("yellow"))
    document["scenes"][1]["elements"][0]["cache"] = False
    forced = lab.render(document).stored
    assert forced.digest != before.digest
    del document["scenes"][1]["elements"][0]["cache"]
    assert lab.render(document).stored == forced
    document["scenes"][0]["background-color"] = "#010203"
    assert results(lab.render(document).report)[1] == ["miss", "hit", "hit"]


def test_two_addresses_of_the_same_bytes_share_a_scene(server: Server, lab: Studio) -> None:
    lab.render(movie(still(server.url("/red.png"))))
    twin = give(server, "/twin.png", picture("red"))
    lab.runs()
    report = lab.render(movie(still(twin))).report
    assert results(report) == ("miss", ["hit"], ["miss"])
    assert lab.runs() == 0


@pytest.mark.parametrize("status", [404, 500])
def test_a_failure_is_not_kept(status: int, server: Server, lab: Studio) -> None:
    document = movie(still(server.url("/new.png")))
    server.answers["/new.png"] = lambda to: to.give(status)
    for _ in range(2):
        with pytest.raises(MakeError) as caught:
            lab.render(document)
        assert [problem.path for problem in caught.value.problems] == ["scenes[0].elements[0].src"]
        assert str(status) in str(caught.value)
        assert asked(server)
    give(server, "/new.png", picture("red"))
    assert results(lab.render(document).report)[0] == "miss"


def test_a_failure_keeps_what_was_there(server: Server, lab: Studio) -> None:
    document = three(server)
    stored = lab.render(document).stored
    server.answers["/green.png"] = lambda to: to.give(500)
    with pytest.raises(MakeError):
        lab.render({**document, "cache": False})
    assert lab.render(document).stored == stored


def test_order_and_music_render_no_scene(server: Server, lab: Studio) -> None:
    first, second = (give(server, f"/{hertz}.wav", tone(hertz)) for hertz in (300, 500))
    document = three(server, elements=[{"type": "audio", "src": first, "duration": -2}])
    lab.render(document)
    lab.runs()
    document["scenes"].reverse()
    assert results(lab.render(document).report)[1] == ["hit"] * 3
    assert lab.runs() <= 2, "a mix and the poster"
    document["elements"][0]["src"] = second
    assert results(lab.render(document).report)[1] == ["hit"] * 3
    assert lab.runs() == 1, "the mix"


def test_a_segment_that_was_made_anew_has_another_poster(
    server: Server, lab: Studio, tmp_path: Path
) -> None:
    """As after a purge, or when one was damaged: others may lie under its key now."""
    objects, document = lab.ports.objects, movie(still(server.url("/red.png"), 1.0))
    first = lab.render(document)
    (red,) = objects.list("scenes/segment/")
    lab.render(movie(still(server.url("/green.png"), 1.0)))
    (green,) = [each for each in objects.list("scenes/segment/") if each.key != red.key]
    with objects.open(green.key) as path:
        other = shutil.copyfile(path, tmp_path / "other.mp4")
    objects.put(red.key, Path(other), green.facts)
    objects.delete(first.stored.key)
    again = lab.render(document)
    assert results(again.report)[:2] == ("miss", ["hit"])
    assert again.thumbnail != first.thumbnail
    assert again.thumbnail in {each.key for each in objects.list("movies/")}


def test_equal_scenes_are_rendered_once(server: Server, lab: Studio) -> None:
    report = lab.render(movie(*[still(server.url("/red.png"))] * 3)).report
    assert len({scene.key for scene in report.scenes}) == 1
    assert lab.runs() == 2


def test_an_edit_renders_its_scene_and_the_transitions_that_touch_it(
    server: Server, lab: Studio
) -> None:
    names = ["red", "green", "blue", "red", "green"]
    scenes = [still(server.url(f"/{name}.png"), 1.0, x=n) for n, name in enumerate(names)]
    for scene in scenes[1:]:
        scene["transition"] = {"style": "fade", "duration": 0.2}
    document = movie(*scenes)
    lab.render(document)
    lab.runs()
    document["scenes"][2]["elements"][0]["y"] = 5
    report = lab.render(document).report
    assert results(report)[1] == ["hit", "hit", "miss", "hit", "hit"]
    into = {transition.into_scene: transition.result for transition in report.transitions}
    assert into == {2: "hit", 3: "miss", 4: "miss", 5: "hit"}
    assert lab.runs() == 4, "a body, two transitions, the poster"


def test_a_text_edited_is_painted_and_its_scene_rendered(server: Server, lab: Studio) -> None:
    document = three(server)
    for scene in document["scenes"]:
        scene["elements"].append({"type": "text", "text": "before", "width": 60, "height": 20})
    lab.render(document)
    lab.runs()
    document["scenes"][1]["elements"][1]["text"] = "after"
    report = lab.render(document).report
    assert results(report)[1] == ["hit", "miss", "hit"]
    assert results(report)[2] == ["hit", "hit", "hit", "miss", "hit", "hit"]
    assert lab.runs() == 2


def test_the_report_has_the_shape_that_is_promised(server: Server, lab: Studio) -> None:
    document = three(server)
    document["scenes"][1]["transition"] = {"duration": 0.2}
    document["scenes"][0]["elements"][0]["mask"] = server.url("/blue.png")
    report = json.loads(json.dumps(lab.render(document).report.as_json()))
    assert set(report) == {
        *("movie", "scenes", "transitions", "elements", "timings_ms", "rendered_ms", "saved_ms"),
        "made_with",
    }
    assert report["rendered_ms"] > 0 and report["saved_ms"] == 0
    assert set(report["movie"]) == {"result", "key"}
    for number, scene in enumerate(report["scenes"], 1):
        assert set(scene) == {"scene", "result", "key", "reason", "segments"}
        assert scene["scene"] == number
        assert scene["reason"]
        assert scene["segments"] == {"hit": 0, "miss": 1}
    assert report["transitions"] == [{"into_scene": 2, "result": "miss"}]
    assert [set(element) for element in report["elements"]] == [
        {"path", "type", "result", "key", "content"}
    ] * 4
    assert report["elements"][0] | {"key": "", "content": ""} == {
        "path": "scenes[0].elements[0]",
        "type": "image",
        "result": "miss",
        "key": "",
        "content": "",
    }
    assert report["elements"][1]["path"] == "scenes[0].elements[0].mask"
    assert all(isinstance(ms, int) for ms in report["timings_ms"].values())
    again = json.loads(json.dumps(lab.render(document).report.as_json()))
    assert again.pop("saved_ms") >= report["rendered_ms"]
    assert again == {
        "movie": {"result": "hit", "key": report["movie"]["key"]},
        "scenes": [],
        "transitions": [],
        "elements": [],
        "timings_ms": {},
        "rendered_ms": 0,
    }
