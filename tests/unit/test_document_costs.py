"""What the largest documents cost, hostile and honest: bounded by limits before work is done."""

from __future__ import annotations

import time
from cProfile import Profile
from typing import Any

import pytest
from largest_documents import HOSTILE, VALID, filled, of_most_values, values_in
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.document.expand import expanded
from resplice.core.document.limits import (
    MAX_BYTES,
    MAX_EXPANDED_CHARS,
    MAX_PROBLEMS,
    MAX_VALUES,
    MAX_WARNINGS,
)
from resplice.core.document.scope import Budget
from resplice.core.document.strict_json import parse
from resplice.core.providers import Access, Offers
from resplice.core.schema.unknown import unknown_keys
from resplice.core.schema.validation import checked
from resplice.core.tools import Tools
from resplice.errors import DocumentError
from resplice.steps.pipeline.accept import Accepted, accept

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
OFFERS = Offers((Access("espeak", build="1"),))
COMPONENTS = ComponentFolders(CATALOG).all()
SHARE = 16
"""Of the largest size: what is read has a sixteenth of it."""
MOST_CPU_SECONDS = 4
"""Measured: 0.2 s at most, where a budget is used up; 0.1 else. What grows faster than its document
takes minutes: no machine is so busy.
"""
MOST_GROWTH = 1.3
"""Of what is done for a document twice as large, as a share of twice as much."""


def outcome(text: bytes) -> Accepted | DocumentError:
    try:
        return accept(parse(text), TOOLS, lambda: OFFERS, lambda: COMPONENTS)
    except DocumentError as error:
        return error


def calls(text: bytes) -> int:
    """How many functions are called to read it: the same number wherever that is."""
    profile = Profile()
    profile.runcall(outcome, text)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", [*HOSTILE, *VALID])
def test_a_large_document_costs_no_more_than_its_size(name: str) -> None:
    size_bytes, values = MAX_BYTES // SHARE, MAX_VALUES // SHARE
    valid = VALID[name](size_bytes) if name in VALID else None
    text = valid or of_most_values(HOSTILE[name], size_bytes - 60_000, values)
    began = time.process_time()
    found = outcome(text)
    assert time.process_time() - began < MOST_CPU_SECONDS
    if isinstance(found, Accepted):
        assert len(unknown_keys(found.movie)) <= MAX_WARNINGS
    else:
        assert name in HOSTILE
        assert 1 <= len(found.problems) <= MAX_PROBLEMS
        assert sum(len(p.path) + len(p.message) for p in found.problems) < 200_000


@pytest.mark.parametrize("name", [*VALID, *(name for name in HOSTILE if name.endswith("settings"))])
def test_twice_as_large_a_document_takes_twice_as_many_steps(name: str) -> None:
    make = (VALID | HOSTILE)[name]
    texts = [make(MAX_BYTES // share) for share in (4 * SHARE, 2 * SHARE)]
    outcome(texts[-1])
    small, large = map(calls, texts)
    assert large < 2 * MOST_GROWTH * small


@pytest.mark.parametrize("name", VALID)
def test_what_an_honest_program_sends_stays_within_every_budget(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = VALID[name](MAX_BYTES // SHARE)
    assert values_in(small) * SHARE < MAX_VALUES or "braces" in name
    assert spent(parse(small), monkeypatch) * SHARE < MAX_EXPANDED_CHARS


@pytest.mark.parametrize("piece", ["1", "{}", '""', '{"type":"image"}', "[[]]"])
def test_more_values_than_may_be_are_counted_and_not_read(piece: str) -> None:
    text = filled('{"scenes":[', piece, "]}", MAX_BYTES)
    began = time.process_time()
    with pytest.raises(DocumentError, match="it has more than 300000 values"):
        parse(text)
    assert time.process_time() - began < MOST_CPU_SECONDS


def test_commas_and_brackets_in_texts_are_no_values() -> None:
    comment = '\\",[{' * (MAX_VALUES // 2)
    assert parse(f'{{"comment":"{comment}","scenes":[]}}'.encode())["scenes"] == []


def test_values_are_counted_to_the_last() -> None:
    most = [0] * (MAX_VALUES - 3)
    assert len(parse(str({"scenes": most}).replace("'", '"'))["scenes"]) == len(most)
    with pytest.raises(DocumentError, match="more than 300000 values"):
        parse(str({"scenes": [*most, 0, 0, 0]}).replace("'", '"'))


def spent(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """What expanding it costs, or all that it may."""
    budgets = list[Budget]()

    class Watched(Budget):
        def __init__(self) -> None:
            super().__init__()
            budgets.append(self)

    monkeypatch.setattr("resplice.core.document.expand.Budget", Watched)
    try:
        expanded(document)
    except DocumentError:
        return MAX_EXPANDED_CHARS
    return MAX_EXPANDED_CHARS - budgets[0].left


def text(value: str) -> dict[str, Any]:
    return {"scenes": [{"elements": [{"type": "text", "text": value}]}]}


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ({"scenes": [{"condition": 0}]}, {"scenes": [{"condition": 0}] * 100}),
        (
            {"variables": {"a": [0]}, "scenes": [{"iterate": "a", "condition": 0}]},
            {"variables": {"a": [0] * 100}, "scenes": [{"iterate": "a", "condition": 0}]},
        ),
        (
            {"variables": {"a": [1], "b": [1]}, **text("{{ a == b ? 1 : 2 }}")},
            {"variables": {"a": [1] * 100, "b": [1] * 100}, **text("{{ a == b ? 1 : 2 }}")},
        ),
        (
            {"variables": {"a": "x"}, **text("{{ a < 'y' ? 1 : 2 }}")},
            {"variables": {"a": "x" * 100_000}, **text("{{ a < 'y' ? 1 : 2 }}")},
        ),
        (
            {"variables": {"a": " "}, **text("{{ a ? 1 : 2 }}")},
            {"variables": {"a": " " * 100_000}, **text("{{ a ? 1 : 2 }}")},
        ),
        (text("{{ 1 }}"), text("{{ " + "+".join(["1"] * 100) + " }}")),
        ({"scenes": [{"variables": {"a": [0]}}]}, {"scenes": [{"variables": {"a": [0] * 100}}]}),
        ({"scenes": [{"k": 1}]}, {"scenes": [{"k" * 50_000: 1}]}),
        ({"scenes": [{"import": "a"}]}, {"scenes": [{"import": "a", "id": "a" * 50_000}]}),
    ],
    ids=range(9),
)
def test_what_is_read_compared_or_copied_is_paid_for(
    small: Any, large: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert spent(large, monkeypatch) > spent(small, monkeypatch) + 5_000


def test_a_hundred_problems_are_told_and_no_more_are_looked_for() -> None:
    wrong = {"type": "image", "src": "a:", "zoom": "x", "x": "x", "y": "x"}
    movie, problems = checked({"scenes": [{"elements": [wrong] * 500}] * 20})
    assert (movie, len(problems)) == (None, MAX_PROBLEMS)
    assert problems[-1].path == "scenes[0].elements[33].x"


def test_a_list_that_is_too_long_is_not_looked_into() -> None:
    image = {"type": "image", "src": "https://example.com/a.png"}
    movie, problems = checked({"scenes": [{"elements": [7] * 1001}, {"elements": [image]}]})
    assert [problem.path for problem in problems] == ["scenes[0].elements"]
    assert problems[0].message == "Scene #1: 'elements' must have at most 1000 items"
    assert movie is not None
    assert len(movie.scenes[1].elements) == 1
