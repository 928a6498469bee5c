"""A text is spoken once, whoever asks for it, however often, and whenever somebody dies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from far_apart import Died, emptied
from paid import KEY, Account, account, connect, doomed, made, revived
from provider_servers.elevenlabs import RACHEL
from provider_servers.polly import PollyServer
from provider_servers.speaking import SpeakingServer, half
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.adapters.providers.polly import PollyVoices
from resplice.core.facts import SpeechFacts
from resplice.core.providers import Connection
from resplice.core.tasks import SpeakTask
from resplice.errors import ProviderLost
from resplice.ports import Ports
from resplice.steps.element_cache import TaskOutcome
from studio import movie, resplice, written

FIRST, SECOND = "This comes first. ", "That is the second."
TEXT = FIRST + SECOND
MAX_CALLS = 80


class InParts(ElevenLabsVoices):
    """Takes one sentence at a time."""

    max_characters = 20


@dataclass
class Desk:
    account: Account
    folder: Path
    count: int = 0

    @property
    def server(self) -> SpeakingServer:
        return self.account.server

    def place(self) -> Ports:
        """An empty store."""
        self.count += 1
        ports = emptied(self.account.lab.ports, self.folder / str(self.count))
        connect(ports.connections, "elevenlabs", self.server.url())
        return replace(ports, voices={"elevenlabs": InParts()})

    def task(self, text: str = TEXT) -> SpeakTask:
        model, options = "eleven_multilingual_v2", (("endpoint", self.server.url()),)
        return SpeakTask(
            *("elevenlabs", RACHEL, model, "en-US", text),
            options=options,
            connection="elevenlabs",
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with account(folder / "data", "elevenlabs") as opened:
        yield Desk(opened, folder)


def speech(outcome: TaskOutcome) -> SpeechFacts:
    assert isinstance(outcome.facts, SpeechFacts)
    return outcome.facts


def test_whoever_dies_where_ever_nothing_is_paid_again(desk: Desk) -> None:
    """But what was said and not yet stored: nothing that a provider documents gives it again."""
    right = None
    for n in range(MAX_CALLS):
        ports = desk.place()
        mortal, fate = doomed(ports, n)
        desk.account.characters()
        try:
            made(desk.task(), mortal, "first")
        except Died:
            pass
        else:
            assert right and n == 11, fate.calls
            return
        outcome = made(desk.task(), revived(ports), "second")
        right = right or outcome.facts
        assert outcome.facts == right
        again = desk.account.characters() - len(TEXT)
        since = fate.calls[::-1].index("speak") if "speak" in fate.calls else MAX_CALLS
        stored = "point" in fate.calls[len(fate.calls) - since :]
        assert again == 0 or (since < MAX_CALLS and not stored), fate.calls
        assert again in (0, len(FIRST), len(SECOND)), fate.calls
    raise AssertionError("it never came to its end")


def test_the_words_of_all_parts_are_in_the_time_of_the_whole(desk: Desk) -> None:
    facts = speech(made(desk.task(), desk.place(), "run"))
    assert [word.text for word in facts.words] == TEXT.split()
    starts = [word.start_ms for word in facts.words]
    assert starts == sorted(starts)
    assert starts[0] == 0 and 950 <= starts[3] <= 1100, "each part is a second long"
    assert facts.words[-1].end_ms * 1000 <= (facts.duration_us or 0)


def test_two_that_ask_at_the_same_moment_are_one_request(desk: Desk) -> None:
    ports, gate = desk.place(), threading.Barrier(2)

    def ask(run: str) -> TaskOutcome:
        gate.wait()
        return made(desk.task(SECOND), ports, run)

    desk.account.characters()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(ask, ("one", "other")))
    assert desk.account.characters() == len(SECOND)
    assert sorted(outcome.result for outcome in outcomes) == ["hit", "miss"]
    assert outcomes[0].facts == outcomes[1].facts


def test_two_processes_that_ask_at_the_same_moment_are_one_request(tmp_path: Path) -> None:
    with account(tmp_path / "data", "elevenlabs") as desk:
        arrived = threading.Event()

        def late(to: Any) -> None:
            arrived.set()
            to.server.ending.wait(1.0)
            to.server.answer(to, to.server.asked[-1])

        desk.server.faults.append(late)
        files = [
            written(tmp_path / f"{n}.json", movie({"elements": [desk.line(TEXT)]}, fps=10 + n))
            for n in range(2)
        ]
        with ThreadPoolExecutor(2) as pool:
            done = list(
                pool.map(
                    lambda n: resplice(
                        *("render", files[n], "-o", tmp_path / f"{n}.mp4"),
                        *("--data", tmp_path / "data", "--report", tmp_path / f"{n}.report"),
                    ),
                    range(2),
                )
            )
        assert [each.returncode for each in done] == [0, 0], done
        assert arrived.is_set() and desk.characters() == len(TEXT)
        told = [json.loads((tmp_path / f"{n}.report").read_text())["costs"] for n in range(2)]
        assert sorted(each["spent_usd"] > 0 for each in told) == [False, True]
        assert KEY not in str(done)


def test_what_is_forced_is_said_once_a_run(desk: Desk) -> None:
    ports = desk.place()
    made(desk.task(), ports, "before")
    desk.account.characters()
    for _ in range(3):
        assert made(desk.task(), ports, "run", forced=True).result == "bypass"
    assert desk.account.characters() == len(TEXT)
    assert made(desk.task(), ports, "after").result == "hit"
    made(desk.task(), ports, "another", forced=True)
    assert desk.account.characters() == len(TEXT)


def test_a_part_that_is_refused_leaves_the_others_paid(desk: Desk) -> None:
    ports = desk.place()
    made(desk.task(FIRST), ports, "before")
    desk.account.characters()
    desk.server.faults.append(half)
    with pytest.raises(ProviderLost, match="no whole answer"):
        made(desk.task(), ports, "run")
    assert desk.account.characters() == 0
    made(desk.task(), ports, "again")
    assert desk.account.characters() == len(SECOND)


def test_another_owner_pays_for_himself(desk: Desk) -> None:
    ports = desk.place()
    other = ports.of("other")
    ports.connections.add(Connection("other/elevenlabs", "elevenlabs"), {"key": KEY})
    made(desk.task(), ports, "own")
    desk.account.characters()
    outcome = made(desk.task(), other, "theirs")
    assert (outcome.result, desk.account.characters()) == ("miss", len(TEXT))
    assert made(desk.task(), other, "again").result == "hit"
    assert made(desk.task(SECOND), other, "a part").result == "hit", "a part of what was said"


def test_polly_says_a_line_once(desk: Desk) -> None:
    """It has no connection: it is at hand on AWS."""
    with PollyServer() as server:

        def client(config: Any) -> Any:
            place = {"endpoint_url": server.url(), "region_name": "us-east-1"}
            keys = {"aws_access_key_id": "local", "aws_secret_access_key": KEY}
            return boto3.client("polly", config=config, **place, **keys)

        ports = replace(desk.place(), voices={"polly": PollyVoices(client)})
        task = SpeakTask("polly", "Joanna", "", "en-US", SECOND)
        outcome = made(task, ports, "one")
        assert [word.text for word in speech(outcome).words] == SECOND.split()
        paid = server.characters
        assert paid and outcome.bill and outcome.bill.units == paid
        assert made(task, ports, "two").result == "hit"
        assert made(replace(task, language="en-GB"), ports, "three").result == "miss"
        assert server.characters == 2 * paid
