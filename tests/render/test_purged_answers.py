"""What a provider was paid for is paid for once more when its element was purged, and by each owner
for himself: counted at local servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from paid import KEY, account, gallery
from provider_servers import listening
from provider_servers.openai_transcription import OpenAiServer
from provider_servers.speaking import half
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.adapters.providers.openai_transcriber import OpenAiTranscriber
from resplice.core.providers import Connection
from resplice.ports import Ports
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript
from studio import give, movie, studio, tone
from web_server import serving

FIRST, SECOND = "This comes first. ", "That is the second."
TEXT = FIRST + SECOND


class InParts(ElevenLabsVoices):
    """Takes one sentence at a time."""

    max_characters = 20


class Named(OpenAiTranscriber):
    """Notes by which names its work is known."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        self.names.append(wanted.name)
        return super().transcribe(sound, wanted, secret)


@dataclass
class Shop:
    """A movie with something that is paid for, and what that was since the last call."""

    ports: Ports
    document: dict[str, Any]
    element: str
    paid: Callable[[], int]
    price: int
    let_in: Callable[[str], None]
    names: list[str] = field(default_factory=list)
    server: Any = None

    def made(self, owner: str = "self") -> str:
        use(self.ports, Noted(), owner)
        project = posted(self.document)
        if movie_of(project)["status"] == "pending":
            play(project, self.ports)
        return project


def letting_in(ports: Ports, kind: str, url: str, key: str = KEY) -> Callable[[str], None]:
    """Gives an owner the connection that the first one has."""

    def let_in(owner: str) -> None:
        endpoint = (("endpoint", url),)
        ports.connections.add(Connection(f"{owner}/{kind}", kind, endpoint, True), {"key": key})

    return let_in


@contextmanager
def voices(folder: Path, *, in_parts: bool) -> Iterator[Shop]:
    with account(folder, "elevenlabs") as desk:
        ports = desk.lab.ports
        if in_parts:
            ports = replace(ports, voices={**ports.voices, "elevenlabs": InParts()})
        document = movie({"elements": [desk.line(TEXT)]})
        let_in = letting_in(ports, "elevenlabs", desk.server.url())
        path = "scenes[0].elements[0]"
        shop = Shop(ports, document, path, desk.characters, len(TEXT), let_in)
        yield replace(shop, server=desk.server)


@contextmanager
def pictures(folder: Path, provider: str) -> Iterator[Shop]:
    with gallery(folder, provider) as desk:
        document = movie({"duration": 0.2, "elements": [desk.image()]})
        let_in = letting_in(desk.lab.ports, provider, desk.server.url())
        yield Shop(desk.lab.ports, document, "scenes[0].elements[0]", desk.asked, 1, let_in)


@contextmanager
def transcripts(folder: Path) -> Iterator[Shop]:
    with OpenAiServer() as server, serving() as web, studio(folder, web) as lab:
        listener = Named()
        ports = replace(lab.ports, transcribers={"openai": listener})
        url = server.url("/v1")
        mine = Connection("openai", "openai", (("endpoint", url),), default=True)
        ports.connections.add(mine, {"key": listening.KEY})
        heard = {"type": "audio", "src": give(web, "/heard.wav", tone(300))}
        over = {"type": "subtitles", "language": "en"}
        document = movie({"elements": [heard]}, elements=[over])

        def asked() -> int:
            count = len(server.asked)
            server.asked.clear()
            return count

        let_in = letting_in(ports, "openai", url, listening.KEY)
        yield Shop(ports, document, "elements[0]", asked, 1, let_in, listener.names)


SHOPS: dict[str, Callable[[Path], Any]] = {
    "voice": lambda folder: voices(folder, in_parts=False),
    "voice in parts": lambda folder: voices(folder, in_parts=True),
    "picture at once": lambda folder: pictures(folder, "openai"),
    "picture of a job": lambda folder: pictures(folder, "replicate"),
    "transcript": transcripts,
}


@pytest.fixture(params=SHOPS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with SHOPS[request.param](tmp_path / "data") as opened:
        yield opened


def purged(project: str, element: str, *, dry: bool = False) -> dict[str, Any]:
    said = {"project": project, "element": element, "dry-run": dry}
    status, answer = call("POST", "/v2/cache/purge", said)
    assert status == 200, answer
    return dict(answer["purged"])


def results(project: str) -> list[str]:
    told = movie_of(project)
    assert told["status"] == "done", told["message"]
    return [each["result"] for each in told["cache"]["elements"]]


def test_what_is_purged_is_paid_for_once_more(shop: Shop) -> None:
    project = shop.made()
    assert shop.paid() == shop.price
    told = purged(project, shop.element, dry=True)
    assert told["elements"] >= 1 and told["bytes"] > 0
    shop.made()
    assert shop.paid() == 0, "a dry run does nothing"
    assert purged(project, shop.element) == told
    assert purged(project, shop.element)["elements"] == 0
    assert "miss" in results(shop.made())
    assert shop.paid() == shop.price
    shop.made()
    assert shop.paid() == 0
    assert len(set(shop.names)) == len(shop.names), "to a provider it is other work"


def test_what_one_owner_paid_for_is_not_there_for_another(shop: Shop) -> None:
    mine = shop.made()
    assert shop.paid() == shop.price
    shop.let_in("other")
    theirs = shop.made("other")
    assert {*results(theirs)} == {"miss"} and shop.paid() == shop.price
    told = purged(theirs, shop.element)
    assert told["elements"] >= 1
    shop.made()
    assert shop.paid() == 0, "what is purged is the other's"
    assert purged(mine, shop.element, dry=True)["elements"] == told["elements"]


def test_what_was_said_before_a_voice_failed_is_purged_too(tmp_path: Path) -> None:
    with voices(tmp_path / "data", in_parts=True) as shop:
        server = shop.server
        server.faults += [lambda to: server.answer(to, server.asked[-1]), half]
        project = shop.made()
        assert movie_of(project)["status"] == "error" and shop.paid() == len(FIRST)
        assert purged(project, shop.element)["elements"] == 1
        shop.made()
        assert shop.paid() == len(TEXT)


def test_what_was_said_goes_by_age(tmp_path: Path) -> None:
    with voices(tmp_path / "data", in_parts=False) as shop:
        project = shop.made()
        shop.paid()
        status, answer = call("POST", "/v2/cache/purge", {"older-than-days": 0})
        assert status == 200 and answer["purged"]["elements"] == 2, "as it came, and levelled"
        assert call("POST", "/v2/cache/purge", {"project": project})[0] == 200
        shop.made()
        assert shop.paid() == shop.price
