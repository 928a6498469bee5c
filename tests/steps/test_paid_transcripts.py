"""A source is transcribed once for its content, also when somebody dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from far_apart import Died, emptied
from paid import connect, doomed, made, revived
from provider_servers import listening
from provider_servers.openai_transcription import OpenAiServer
from resplice.core.bill import Bill
from resplice.core.composition import Source
from resplice.core.facts import TranscriptFacts
from resplice.core.tasks import FetchTask, TranscribeTask
from resplice.errors import ProviderRefused
from resplice.ports import Ports
from studio import give, studio, tone
from web_server import serving

MAX_CALLS = 20


@dataclass
class Desk:
    server: OpenAiServer
    source: Source
    place: Callable[[], Ports]

    def task(self, **changed: str) -> TranscribeTask:
        options = (("endpoint", self.server.url("/v1")),)
        language = changed.get("language", "en")
        return TranscribeTask(
            self.source, "openai", language, options=options, connection="openai", seconds=1.0
        )

    def asked(self) -> int:
        asked = len(self.server.asked)
        self.server.asked.clear()
        return asked


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with (
        OpenAiServer() as server,
        serving() as web,
        studio(tmp_path / "data", web) as lab,
    ):
        fetch, places = FetchTask(give(web, "/heard.wav", tone(300))), iter(range(MAX_CALLS))

        def place() -> Ports:
            ports = emptied(lab.ports, tmp_path / str(next(places)))
            connect(ports.connections, "openai", server.url("/v1"), key=listening.KEY)
            made(fetch, ports, "before")
            return ports

        yield Desk(server, Source.of(made(fetch, place(), "before").facts), place)


def test_whoever_dies_only_an_answer_that_was_not_stored_is_asked_for_again(desk: Desk) -> None:
    for n in range(MAX_CALLS):
        ports = desk.place()
        mortal, fate = doomed(ports, n)
        try:
            made(desk.task(), mortal, "first")
        except Died:
            pass
        else:
            assert n == 6, fate.calls
            return
        outcome = made(desk.task(), revived(ports), "second")
        assert isinstance(outcome.facts, TranscriptFacts)
        assert [word.text for word in outcome.facts.words][:2] == ["Save", "20%,"]
        stored = "point" in fate.calls[fate.calls.index("put") :] if "put" in fate.calls else False
        lost = "transcribe" in fate.calls and not stored
        assert desk.asked() == 1 + lost, fate.calls
    raise AssertionError("it never came to its end")


def test_it_is_asked_for_once_and_again_only_for_another_language(desk: Desk) -> None:
    ports = desk.place()
    assert made(desk.task(), ports, "one").result == "miss"
    assert made(desk.task(), ports, "two").result == "hit"
    assert desk.asked() == 1
    made(desk.task(language="es"), ports, "three")
    assert desk.asked() == 1
    outcome = made(desk.task(), ports, "four", forced=True)
    assert (outcome.result, desk.asked()) == ("bypass", 1)
    assert outcome.bill == Bill("openai", "", "seconds", 7, listed=False), "as it was billed"


def test_a_refusal_is_no_answer(desk: Desk) -> None:
    ports = desk.place()
    desk.server.faults.append(listening.refusing(400, {"error": {"message": "no speech"}}))
    with pytest.raises(ProviderRefused, match="no speech"):
        made(desk.task(), ports, "one")
    made(desk.task(), ports, "two")
    assert desk.asked() == 2
