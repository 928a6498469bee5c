"""What a movie may cost: refused before anybody is asked, and what is cached costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paid import Account, account, gallery
from provider_servers import listening
from provider_servers.elevenlabs_transcription import ElevenLabsServer as Listener
from resplice.core.providers import Connection
from resplice.errors import CostRefused
from resplice.wiring.local import Paid
from studio import give, movie, tone
from web_server import serving

LINE, OTHER = "A hundred words would cost more than this.", "And then another one."
PRICE = 80
"""Millionths of a dollar for a character, by ElevenLabs' list."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Account]:
    with account(tmp_path / "data", "elevenlabs") as desk:
        yield desk


def limited(desk: Account, micro_usd: int) -> Account:
    """The same, where no more may be paid."""
    lab = type(desk.lab)(replace(desk.lab.ports, max_cost_micro_usd=micro_usd))
    return replace(desk, lab=lab)


def costs(report: Any) -> tuple[int, int]:
    """(spent, saved), millionths of a dollar."""
    told = report.as_json()["costs"]
    assert told["unpriced"] == 0
    return round(told["spent_usd"] * 1e6), round(told["saved_usd"] * 1e6)


def test_more_than_the_budget_is_refused_before_anybody_is_asked(desk: Account) -> None:
    document = movie({"elements": [desk.line(LINE), desk.line(OTHER), desk.line(LINE)]})
    due = (len(LINE) + len(OTHER)) * PRICE
    with pytest.raises(CostRefused) as caught:
        limited(desk, due - 1).lab.render(document)
    assert desk.server.asked == []
    first, *each = caught.value.problems
    assert re.fullmatch(
        r"At most \$0\.00\d+ may be paid for this movie: by list prices \$0\.00\d+ would have "
        r"been paid",
        first.message,
    )
    assert [problem.path for problem in each] == ["scenes[0].elements[2]", "scenes[0].elements[1]"]
    assert each[0].message == "Scene #1, element #3: ElevenLabs, 42 characters, $0.0034"
    report = limited(desk, due).lab.render(document).report
    assert costs(report) == (due, 0)
    assert desk.characters() == len(LINE) + len(OTHER)


def test_what_is_cached_costs_nothing_and_what_is_forced_does(desk: Account) -> None:
    said, other = desk.line(LINE), desk.line(OTHER)
    document = movie({"elements": [said]})
    desk.lab.render(document)
    poor = limited(desk, len(OTHER) * PRICE)
    assert costs(poor.lab.planned(movie({"elements": [said]}, fps=12))) == (0, len(LINE) * PRICE)
    report = poor.lab.planned(movie({"elements": [said, other]}))
    assert costs(report) == (len(OTHER) * PRICE, len(LINE) * PRICE)
    hit = poor.lab.render(document).report
    assert (hit.result, costs(hit)) == ("hit", (0, len(LINE) * PRICE))
    desk.characters()
    with pytest.raises(CostRefused):
        poor.lab.render(movie({"elements": [{**said, "cache": False}, other]}))
    assert desk.characters() == 0
    report = desk.lab.render(movie({"elements": [{**said, "cache": False}, other]})).report
    assert costs(report) == (len(LINE) * PRICE, len(OTHER) * PRICE)


def test_what_was_paid_in_an_earlier_round_counts_and_is_kept(desk: Account) -> None:
    """A transcript is known to be needed when the sound is there, after the voice was paid."""
    with Listener() as listener, serving() as web:
        connection = Connection("listener", "elevenlabs", (("endpoint", listener.url()),))
        desk.lab.ports.connections.add(connection, {"key": listening.KEY})
        heard = {"type": "audio", "src": give(web, "/heard.wav", tone(300))}
        lab = replace(desk.lab.ports, web=web.http(), max_cost_micro_usd=len(LINE) * PRICE)
        written = {"type": "subtitles", "connection": "listener", "language": "en"}
        document = movie({"elements": [desk.line(LINE), heard]}, elements=[written])
        with pytest.raises(CostRefused, match=r"\$0\.0034 of it is paid already") as caught:
            type(desk.lab)(lab).planned(document)
        assert "Movie element #1: ElevenLabs, 1 seconds" in str(caught.value)
        assert (listener.asked, desk.characters()) == ([], len(LINE))
        report = type(desk.lab)(replace(lab, max_cost_micro_usd=100)).planned(document)
        billed = 382
        assert costs(report) == (billed, len(LINE) * PRICE), "it heard 6.25 s in that second"
        assert (len(listener.asked), desk.characters()) == (1, 0)


def test_what_nobody_knows_the_price_of_is_refused(tmp_path: Path) -> None:
    """Who only speaks as OpenAI does has prices of their own."""
    with gallery(tmp_path, "openai", Paid(max_cost_micro_usd=10**9)) as desk:
        boat = desk.image(**{"model-settings": {"quality": "low"}})
        document = movie({"duration": 0.2, "elements": [boat]})
        with pytest.raises(CostRefused, match="of some of it the price is not known") as caught:
            desk.lab.render(document)
        assert "OpenAI, 1 pictures, price unknown" in str(caught.value)
        assert desk.asked() == 0
        lab = type(desk.lab)(replace(desk.lab.ports, max_cost_micro_usd=None))
        told = lab.planned(document).as_json()
        assert told["costs"] == {"spent_usd": 0, "saved_usd": 0, "unpriced": 1}
        assert told["elements"][0]["cost"]["usd"] is None
        assert desk.lab.planned(document).as_json()["costs"]["unpriced"] == 1, "it is there now"


def test_a_picture_of_a_known_price_is_within_the_budget(tmp_path: Path) -> None:
    with gallery(tmp_path, "fal", Paid(max_cost_micro_usd=3_000)) as desk:
        document = movie({"duration": 0.2, "elements": [desk.image()]})
        assert costs(desk.lab.planned(document)) == (3_000, 0)
        with pytest.raises(CostRefused):
            desk.lab.planned(movie({"elements": [desk.image("a"), desk.image("b")]}))
        assert desk.asked() == 1
