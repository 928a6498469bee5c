"""The founding document's table: what providers are paid for is made once, and when it is again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paid import (
    OTHER_VOICES,
    PAINTERS,
    SETTINGS,
    SPEAKERS,
    Account,
    Gallery,
    account,
    gallery,
)
from resplice.core.report import Report
from studio import movie

HERE, THERE = "Here we are.", "There they go, far away."


@pytest.fixture(scope="module", params=list(SPEAKERS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An account whose provider has said both lines, in one movie."""
    with account(tmp_path_factory.mktemp("desk"), request.param) as desk:
        assert desk.paid(desk.line(HERE), desk.line(THERE)) == len(HERE) + len(THERE)
        yield desk


def results(report: Report) -> tuple[list[str], list[str]]:
    """Of the scenes and of the elements."""
    scenes = [scene.result for scene in report.scenes]
    return scenes, [element.result for element in report.elements]


@pytest.mark.parametrize(
    "said",
    [
        *({}, {"comment": "ours"}, {"id": "a"}, {"start": 0.3}, {"volume": 0.5}),
        *({"fade-in": 0.1}, {"model-settings": {}}, {"extra-time": 1}, {"muted": True}),
    ],
    ids=str,
)
def test_what_changes_no_sound_costs_nothing(desk: Account, said: dict[str, Any]) -> None:
    assert desk.paid(desk.line(HERE, **said), desk.line(THERE)) == 0


def test_the_same_line_elsewhere_costs_nothing(desk: Account) -> None:
    assert desk.paid({"type": "text", "text": "a title"}, desk.line(HERE, start=1)) == 0
    assert desk.paid(elements=[desk.line(HERE)]) == 0
    assert desk.paid(desk.line("{{words}}"), variables={"words": THERE}) == 0
    assert desk.paid(desk.line(HERE), desk.line(HERE, start=2)) == 0


def test_another_sound_is_paid_for(desk: Account) -> None:
    voice = OTHER_VOICES[desk.provider]
    settings = {"model-settings": SETTINGS[desk.provider]}
    for changed in (settings, {"voice": voice}, {"text": HERE.upper()}):
        changed = {"text": HERE, **changed}
        assert desk.paid(desk.line(**changed), desk.line(THERE)) > 0, changed
        assert desk.paid(desk.line(**changed), desk.line(THERE)) == 0, changed
    assert desk.paid(desk.line("Here we are!")) == len(HERE)


def test_another_model_is_paid_for(tmp_path: Path) -> None:
    with account(tmp_path, "elevenlabs") as desk:
        assert desk.paid(desk.line(HERE)) == len(HERE)
        assert desk.paid(desk.line(HERE, model="elevenlabs-v2")) == 0, "the usual one"
        assert desk.paid(desk.line(HERE, model="elevenlabs-v3")) == len(HERE)
        assert [body["model_id"] for body in getattr(desk.server, "bodies", [])] == [
            "eleven_multilingual_v2",
            "eleven_v3",
        ]


def test_what_a_voice_a_scene_and_a_movie_ask_for_with_cache_false(desk: Account) -> None:
    here, there = desk.line(HERE), desk.line(THERE)
    document = movie({"elements": [here, there]}, {"elements": [there]})
    desk.lab.render(document)
    desk.characters()
    report = desk.lab.render({**document, "cache": False}).report
    assert (desk.characters(), results(report)) == (0, (["bypass"] * 2, ["hit"] * 3))
    forced = movie({"elements": [here, there], "cache": False}, document["scenes"][1])
    report = desk.lab.render(forced).report
    assert (desk.characters(), results(report)) == (0, (["bypass", "hit"], ["hit"] * 3))
    again = movie({"elements": [{**here, "cache": False}, there]}, document["scenes"][1])
    for _ in range(2):
        report = desk.lab.render(again).report
        assert desk.characters() == len(HERE)
        assert results(report) == (["bypass", "hit"], ["bypass", "hit", "hit"])
    assert desk.lab.render(document).report.result == "hit"
    assert desk.characters() == 0


def test_one_line_that_is_forced_anywhere_is_said_once_again(desk: Account) -> None:
    here = desk.line(HERE)
    assert desk.paid({**here, "cache": False}, {**here, "start": 1}) == len(HERE)


@pytest.mark.parametrize("provider", PAINTERS)
def test_a_picture_is_generated_once_and_again_only_for_itself(
    tmp_path: Path, provider: str
) -> None:
    with gallery(tmp_path, provider) as desk:
        boat, sea = desk.image(), desk.image("the sea")
        document = movie({"duration": 0.2, "elements": [boat, sea]})
        assert results(desk.lab.render(document).report) == (["miss"], ["miss"] * 2)
        assert desk.asked() == 2
        silent: list[dict[str, Any]] = [{"x": 3}, {"id": "a"}, {"comment": "b"}, {"opacity": 0.5}]
        for said in silent:
            desk.lab.planned(movie({"duration": 0.3, "elements": [sea, {**boat, **said}]}))
        desk.lab.planned({**document, "cache": False})
        desk.lab.planned(movie({**document["scenes"][0], "cache": False}))
        assert desk.asked() == 0
        forced = movie({"duration": 0.2, "elements": [{**boat, "cache": False}, sea]})
        assert results(desk.lab.render(forced).report) == (["bypass"], ["bypass", "hit"])
        assert desk.asked() == 1
        _another_picture(desk, boat)


def _another_picture(desk: Gallery, boat: dict[str, Any]) -> None:
    """Each change of what is asked for is paid for, once."""
    settings = {"quality": "low"} if desk.provider == "openai" else {"seed": 7}
    for changed in (
        {"prompt": "a ship"},
        {"aspect-ratio": "squared"},
        {"model-settings": settings},
    ):
        document = movie({"duration": 0.2, "elements": [{**boat, **changed}]})
        desk.lab.planned(document), desk.lab.planned(document)
        assert desk.asked() == 1, changed
