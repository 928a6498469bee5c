"""Kinds of work and of facts: their tables say all, and values survive the way they travel."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from pydantic import TypeAdapter
from resplice.core.bill import Bill
from resplice.core.composition import Source
from resplice.core.facts import (
    FACTS,
    Facts,
    MediaFacts,
    content_key,
    facts_from_json,
    facts_to_json,
    media,
)
from resplice.core.keys import element_key
from resplice.core.prices import cost_of
from resplice.core.sources import ElementTask
from resplice.core.tasks import (
    TASKS,
    AnimateTask,
    CaptionsTask,
    FetchTask,
    FontTask,
    GenerateTask,
    PaintTask,
    SpeakTask,
    Task,
    TaskKind,
    TranscribeTask,
    WebPageTask,
    kind_of,
)
from resplice.core.tools import Tools
from resplice.frozen import frozen

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
SONG = Source("d" * 64, "mp3", "audio", 0, 0, has_alpha=False)
PICTURE = MediaFacts("a" * 64, 1000, "image", "png_pipe", 640, 480, has_alpha=True, x=3)


@frozen
class HumTask(Task):
    """A kind of work that only this file knows."""

    pitches: tuple[int, ...]


@frozen
class HumFacts(Facts):
    """Facts that only this file knows."""

    pitches: tuple[int, ...]


@pytest.fixture
def hums(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "hum", TaskKind("hum", HumTask, 1, ("ffmpeg", "core")))
    monkeypatch.setitem(FACTS, "hum", HumFacts)


def again(value: Any, kind: Any) -> Any:
    adapter = TypeAdapter(kind)
    return adapter.validate_json(adapter.dump_json(value))


@pytest.mark.usefixtures("hums")
def test_a_kind_of_work_is_one_row() -> None:
    key = element_key(HumTask((1, 2)), TOOLS)
    assert key.startswith("elements/hum/")
    assert key != element_key(HumTask((1, 3)), TOOLS)
    want = ElementTask(("elements", 0), "song", HumTask((1, 2)), forced=False)
    assert again(want, ElementTask) == want


@pytest.mark.usefixtures("hums")
def test_a_kind_of_facts_is_one_row() -> None:
    facts = HumFacts("b" * 64, 7, (1, 2))
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts
    assert again((PICTURE, facts), tuple[Facts, ...]) == (PICTURE, facts)
    with pytest.raises(TypeError, match="HumFacts are not facts of a media file"):
        media(facts)


def test_what_has_no_row_is_refused() -> None:
    with pytest.raises(TypeError, match="HumTask has no row"):
        kind_of(HumTask(()))
    with pytest.raises(TypeError, match="HumTask has no row"):
        element_key(HumTask(()), TOOLS)
    with pytest.raises(TypeError, match="HumFacts has no row"):
        facts_to_json(HumFacts("b", 1, ()))
    for found in ({}, {"digest": "a"}, {"tag": "hum"}):
        with pytest.raises(ValueError, match="no Facts has the tag"):
            facts_from_json(found)


@pytest.mark.parametrize("name", TASKS)
def test_a_name_is_its_rows_own(name: str) -> None:
    assert TASKS[name].name == name
    assert set(TASKS[name].salts) <= {field.name for field in fields(Tools)}


TASKS_MADE: dict[str, Callable[[], Task]] = {
    "fetch": lambda: FetchTask("https://e.com/a.png"),
    "font": lambda: FontTask("Grape Nuts", 400, "https://fonts.e.com"),
    "paint": lambda: PaintTask(320, 180, "<p>Ann</p>", (("Own", "c" * 64),)),
    "animate": lambda: AnimateTask(320, 180, "<p>Ann</p>", 25, files=(("a.png", "d" * 64),)),
    "web-page": lambda: WebPageTask(320, 180, html="<p>Ann</p>", wait_ms=2000),
    "captions": lambda: CaptionsTask("https://e.com/a.srt"),
    "speak": lambda: SpeakTask(
        "elevenlabs", "rachel", "eleven_v3", "en-US", "Hello.", connection="me"
    ),
    "transcribe": lambda: TranscribeTask(SONG, "openai", "auto", keywords=("Ann",), seconds=90),
    "generate": lambda: GenerateTask("image", "fal", "fal-ai/x", "a cat", "squared", 1024, 1024),
}


PAYS = {"connection": "another"}


@pytest.mark.parametrize("name", ["speak", "transcribe", "generate"])
def test_who_pays_changes_no_key(name: str) -> None:
    task: Any = TASKS_MADE[name]()
    assert element_key(replace(task, **PAYS), TOOLS) == element_key(task, TOOLS)
    assert element_key(replace(task, provider="azure"), TOOLS) != element_key(task, TOOLS)


@pytest.mark.parametrize(
    ("name", "bill"),
    [
        ("fetch", None),
        ("paint", None),
        ("web-page", None),
        ("speak", Bill("elevenlabs", "eleven_v3", "characters", 6)),
        ("transcribe", Bill("openai", "", "seconds", 90)),  # By its usual model.
        ("generate", Bill("fal", "fal-ai/x", "pictures", 1)),
    ],
)
def test_what_a_task_will_be_billed_for_is_known_before(name: str, bill: Bill | None) -> None:
    assert TASKS[name].bill(TASKS_MADE[name]()) == bill


def test_a_clip_is_billed_by_its_seconds() -> None:
    clip = GenerateTask("video", "fal", "fal-ai/x", "a cat", "squared", 1024, 1024, seconds=5)
    assert clip.bill() == Bill("fal", "fal-ai/x", "seconds", 5)


def test_a_picture_of_openai_is_billed_by_its_quality() -> None:
    picture = GenerateTask("image", "openai", "gpt-image-1-mini", "a", "squared", 1024, 1024)
    assert picture.bill().model == "gpt-image-1-mini"
    low = replace(picture, settings='{"quality":"low"}')
    assert (low.bill().model, cost_of(low.bill()).micro_usd) == ("gpt-image-1-mini/low", 5_000)
    odd = replace(picture, settings='{"quality":{"a":1}}')
    assert (odd.bill().model, cost_of(odd.bill()).micro_usd) == ("gpt-image-1-mini", None)


@pytest.mark.parametrize("provider", ["openai", "fal"])
def test_who_speaks_like_a_provider_elsewhere_has_other_prices(provider: str) -> None:
    elsewhere = (("endpoint", "http://localhost:8080/v1"),)
    picture = GenerateTask("image", provider, "x", "a cat", "squared", 1024, 1024)
    heard = TranscribeTask(SONG, provider, "auto", seconds=60)
    for task in (picture, heard):
        assert task.bill().listed
        assert replace(task, options=elsewhere).bill().listed == (provider == "fal")
    assert cost_of(replace(heard, options=elsewhere).bill()).micro_usd is None


@pytest.mark.parametrize("name", TASKS)
def test_a_raised_version_is_another_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task, row = TASKS_MADE[name](), TASKS[name]
    before = element_key(task, TOOLS)
    monkeypatch.setitem(TASKS, name, replace(row, version=row.version + 1))
    assert element_key(task, TOOLS) != before


@pytest.mark.parametrize("name", TASKS)
def test_a_key_is_salted_with_the_tools_of_its_row(name: str) -> None:
    task = TASKS_MADE[name]()
    changing = {
        field.name
        for field in fields(Tools)
        if element_key(task, replace(TOOLS, **{field.name: "2"})) != element_key(task, TOOLS)
    }
    assert changing == {*TASKS[name].salts, "owner"}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_survives_the_way_it_travels(name: str) -> None:
    task = TASKS_MADE[name]()
    assert again(task, Task) == task


def test_facts_are_tagged_and_read_what_newer_ones_write() -> None:
    written = facts_to_json(PICTURE)
    assert written["tag"] == "media"
    assert facts_from_json({**written, "smells": 3}) == PICTURE
    assert content_key(PICTURE.digest) == f"elements/content/{'a' * 64}"
