"""Titles that move, in the caches: an edit makes anew what shows it, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio import Studio, movie, studio

Document = dict[str, Any]


def titled(*titles: dict[str, Any], fps: int = 10) -> Document:
    """A scene of a second for each title, which moves for half of it."""
    text = {"type": "text", "style": "005", "text": "Hi", "settings": {"font-size": "20px"}}
    scenes = [{"duration": 1, "elements": [{**text, **title}]} for title in titles]
    return movie(*scenes, fps=fps)


PLAIN = ({"text": "one"}, {"text": "two"}, {"text": "six"})


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("titles")) as lab:
        lab.render(titled(*PLAIN))
        yield lab


def changed(number: int, **more: Any) -> Document:
    """The plain movie, with one title otherwise."""
    document = copy.deepcopy(titled(*PLAIN))
    document["scenes"][number]["elements"][0] |= {
        name.replace("_", "-"): value for name, value in more.items()
    }
    return document


def cost(lab: Studio, document: Document) -> tuple[list[str], list[str]]:
    """(what came of each element, of each scene)."""
    report = lab.render(document).report
    return [each.result for each in report.elements], [each.result for each in report.scenes]


EDITS: dict[str, Document] = {
    "a word": changed(1, text="twi"),
    "a colour": changed(1, settings={"font-size": "20px", "color": "#ff0000"}),
    "a style": changed(1, style="007"),
    "a setting": changed(1, settings={"font-size": "20px", "letter-spacing": "2px"}),
    "a size": changed(1, width=50),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_makes_its_own_title_and_scene_anew(lab: Studio, name: str) -> None:
    assert cost(lab, EDITS[name]) == (["hit", "miss", "hit"], ["hit", "miss", "hit"])


PLACED: dict[str, Document] = {
    "later": changed(1, start=0.2),
    "elsewhere": changed(1, x=3),
    "faded": changed(1, fade_out=0.2),
    "longer": changed(1, duration=3),
}


@pytest.mark.parametrize("name", PLACED)
def test_a_title_that_is_shown_otherwise_is_painted_no_more(lab: Studio, name: str) -> None:
    elements, scenes = cost(lab, PLACED[name])
    assert elements == ["hit"] * 3
    assert (scenes[0], scenes[2]) == ("hit", "hit")


def test_scenes_with_titles_that_change_places_are_rendered_no_more(lab: Studio) -> None:
    document = titled(*reversed(PLAIN))
    assert cost(lab, document) == (["hit"] * 3, ["hit"] * 3)


def test_a_scene_that_lasts_longer_paints_its_title_no_more(lab: Studio) -> None:
    document = titled(*PLAIN)
    document["scenes"][1]["duration"] = 14
    assert cost(lab, document)[0] == ["hit"] * 3


def test_another_clock_is_another_animation(lab: Studio) -> None:
    assert cost(lab, titled(*PLAIN, fps=12))[0] == ["miss"] * 3


def test_a_forced_title_is_painted_again_and_comes_out_the_same(lab: Studio) -> None:
    document = changed(1, cache=False)
    elements, scenes = cost(lab, document)
    assert elements == ["hit", "bypass", "hit"]
    assert lab.decoded(document) == lab.decoded(titled(*PLAIN))
    assert (scenes[0], scenes[2]) == ("hit", "hit")


def test_a_movie_from_the_cache_is_that_from_nothing(lab: Studio, tmp_path: Path) -> None:
    """Also where it begins again, is cut, or goes on behind a segment's end."""
    document = titled({"start": 9.7}, {"style": "010", "duration": 0.4}, {"text": "six"})
    document["scenes"][0]["duration"] = 21
    again = copy.deepcopy(document)
    again["scenes"][2]["elements"][0]["text"] = "nix"
    lab.render(document)
    with studio(tmp_path) as clean:
        assert lab.decoded(again) == clean.decoded(again)
