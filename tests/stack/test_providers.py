"""Voices and generated pictures on the deployed stack: by Polly, by eSpeak NG in a layer, and by a
provider whose key lies in Secrets Manager. What is paid for is paid once.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from accounts import DRAWS, KEYS, Accounts
from deployed import Deployed, Document
from footage import ffmpeg
from provider_servers.generating import KEY
from provider_servers.replicate import ReplicateServer
from studio import give, movie

from infra.rows import ROWS

GEORGIAN = "გამარჯობა, როგორ ხარ?"
"""Which Polly does not speak."""
SALE = Path(__file__).parents[1] / "speech/sale.flac"


@dataclass(frozen=True)
class Provider:
    """A stack with a connection to a provider of pictures."""

    deployed: Deployed
    server: ReplicateServer

    def asked(self) -> tuple[int, int]:
        """How often the function that speaks ran, and how often somebody was asked to draw."""
        return self.deployed.stack.invocations["speak"], len(self.server.starts())


@pytest.fixture(scope="module")
def provider(deployed: Deployed, accounts: Accounts) -> Provider:
    accounts.draws.pending = 1
    return Provider(deployed, accounts.draws)


def voice(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "voice", "text": text, **more}


def drawn(prompt: str, model: str = "flux-schnell") -> dict[str, Any]:
    return {"type": "image", "prompt": prompt, "model": model, "connection": DRAWS}


@pytest.fixture(scope="module")
def document() -> Document:
    hello = voice("Hello there, this is one line.", voice="Joanna")
    return movie(
        {"elements": [drawn("an orchid"), hello]},
        {"elements": [voice(GEORGIAN)]},
    )


@pytest.fixture(scope="module")
def made(provider: Provider, document: Document) -> dict[str, Any]:
    return provider.deployed.made(document)


def elements(movie: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By path: how it came, and from whom."""
    return {
        each["path"]: (each["result"], each.get("cost", {}).get("provider", ""))
        for each in movie["cache"]["elements"]
    }


PICTURE, HELLO, FOREIGN = (
    "scenes[0].elements[0]",
    "scenes[0].elements[1]",
    "scenes[1].elements[0]",
)


def test_each_is_made_by_who_can(provider: Provider, made: dict[str, Any]) -> None:
    assert elements(made) == {
        PICTURE: ("miss", "replicate"),
        HELLO: ("miss", "polly"),
        FOREIGN: ("miss", "espeak"),
    }
    *_, started = provider.server.starts()
    assert started.fields()["input"]["prompt"] == "an orchid"
    assert started.headers["authorization"] == f"Bearer {KEY}"
    assert made["duration"] > 3


def test_what_is_spoken_is_heard(provider: Provider, made: dict[str, Any]) -> None:
    loudness = provider.deployed.loudness(made)
    assert max(loudness[: len(loudness) // 2]) > 0.05 < max(loudness[len(loudness) // 2 :])


def test_the_same_line_in_another_movie_is_not_paid_for(
    provider: Provider, document: Document, made: dict[str, Any]
) -> None:
    before = provider.asked()
    another = copy.deepcopy(document)
    another["scenes"].reverse()
    again = provider.deployed.made(another)
    assert {result for result, _ in elements(again).values()} == {"hit"}
    assert provider.asked() == before


def test_a_voice_that_is_not_to_be_cached_is_spoken_again_and_no_other(
    provider: Provider, document: Document, made: dict[str, Any]
) -> None:
    spoken, drawn_before = provider.asked()
    forced = copy.deepcopy(document)
    forced["scenes"][0]["elements"][1]["cache"] = False
    again = provider.deployed.made(forced)
    results = {path: result for path, (result, _) in elements(again).items()}
    assert results == {PICTURE: "hit", HELLO: "bypass", FOREIGN: "hit"}
    assert provider.asked() == (spoken + 1, drawn_before)
    assert provider.deployed.frames(again) == provider.deployed.frames(made)


def test_a_voice_of_a_layer_is_that_of_one_machine(deployed: Deployed) -> None:
    document = movie({"elements": [voice("Det er en prøve.", voice="da+f2", model="espeak")]})
    assert deployed.frames(deployed.made(document)) == deployed.rendered_here(document)


def test_who_would_pay_too_much_is_told_before(provider: Provider) -> None:
    """In the words of one machine."""
    before, stack = provider.asked(), provider.deployed.stack
    line = voice("How much is the fish? " * 40, voice="Joanna")
    with stack.changed(RESPLICE_MAX_COST_MICRO_USD="1000"):
        ended = provider.deployed.ended(provider.deployed.post(movie({"elements": [line]})))
    assert (ended["status"], provider.asked()) == ("error", before)
    assert ended["message"].split("\n") == [
        "At most $0.001 may be paid for this movie: by list prices $0.0282 would have been paid",
        "Scene #1, element #1: Amazon Polly, 1760 characters, $0.0282",
    ]


def test_a_refusal_of_a_provider_is_told_with_its_place(provider: Provider) -> None:
    provider.server.mode = "moderated"
    try:
        ended = provider.deployed.ended(
            provider.deployed.post(movie({"elements": [drawn("what is not to be")]}))
        )
    finally:
        provider.server.mode = "made"
    assert ended["status"] == "error"
    assert "Scene #1, element #1: Generation failed: Replicate: " in ended["message"]


def test_what_is_said_is_heard_and_written(deployed: Deployed) -> None:
    """The same listens on one machine as in the place of Transcribe; and it is asked once."""
    cut = deployed.folder / "sale.flac"
    ffmpeg("-t", "2.5", "-i", str(SALE), str(cut))
    sale = {"type": "audio", "src": give(deployed.web, "/sale.flac", cut.read_bytes())}
    settings = {"style": "classic", "font-size": 12}
    written = {"type": "subtitles", "language": "en", "settings": settings}
    document = movie({"elements": [sale]}, elements=[written])
    made = deployed.made(document)
    heard = [each for each in made["cache"]["elements"] if "/transcribe/" in each["key"]]
    assert [each["cost"]["provider"] for each in heard] == ["amazon-transcribe"]
    assert deployed.frames(made) == deployed.rendered_here(document)
    before = deployed.stack.invocations["transcribe"]
    again = deployed.made({**document, "scenes": [{"elements": [{**sale, "start": 1}]}]})
    assert again["status"] == "done" and deployed.stack.invocations["transcribe"] == before


def test_what_is_spoken_is_written(deployed: Deployed) -> None:
    """Nobody is asked what was said: words come with the voice."""
    said = voice("Det er en prøve.", voice="da+f2", model="espeak")
    settings = {"style": "boxed-word", "font-size": 12}
    written = {"type": "subtitles", "settings": settings}
    document = movie({"elements": [said]}, elements=[written])
    before = deployed.stack.invocations["transcribe"]
    made = deployed.made(document)
    assert deployed.frames(made) == deployed.rendered_here(document)
    assert deployed.stack.invocations["transcribe"] == before
    assert made["ass"].startswith(deployed.stack.outputs["MoviesUrl"]) and made["ass"].endswith(
        ".ass"
    )


def test_no_key_is_kept_where_records_or_logs_are(provider: Provider, made: dict[str, Any]) -> None:
    stack = provider.deployed.stack
    records = stack.client("dynamodb").scan(TableName=stack.outputs["TableName"])["Items"]
    assert DRAWS in json.dumps(records, default=str)
    logs = "".join(map(stack.logs, ROWS))
    for key in KEYS:
        assert key not in json.dumps(records, default=str) and key not in logs
