"""Facts of what was paid for are found anew, by another version of ours or of FFmpeg: nothing is
paid for again, even where no more may be paid. Each function has only the ports of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from far_apart import FarApart, emptied
from paid import connect
from provider_servers import generating, listening
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.fal import FalServer
from provider_servers.openai_transcription import OpenAiServer
from resplice.wiring.providers import offers_of
from studio import give, movie, picture, studio, tone
from web_server import serving

OUTDATED = "0 of a prober that there was"


@dataclass
class Desk:
    """A far service that has made a movie with a voice, a picture and a transcript."""

    far: FarApart
    document: dict[str, Any]
    counts: Callable[[], tuple[int, int, int]]

    def made(self, **more: Any) -> dict[str, Any]:
        told = self.far.made({**self.document, **more})
        assert told["status"] == "done", told["message"]
        return told

    def results(self, told: dict[str, Any]) -> dict[str, str]:
        """Of what is paid for, by type."""
        paid = (each for each in told["cache"]["elements"] if "cost" in each)
        return {each["type"]: each["result"] for each in paid}

    def authors(self) -> set[str]:
        return {each.facts["author"] for each in self.far.ports.objects.list("elements/content/")}

    def grow_old(self) -> None:
        objects = self.far.ports.objects
        for stored in list(objects.list("elements/content/")):
            with objects.open(stored.key) as path:
                objects.put(stored.key, path, {**stored.facts, "author": OUTDATED})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with ExitStack() as stack:
        speaker = stack.enter_context(ElevenLabsServer(generating.KEY))
        painter = stack.enter_context(FalServer())
        listener = stack.enter_context(OpenAiServer())
        web = stack.enter_context(serving())
        lab = stack.enter_context(studio(folder / "data", web))
        painter.made = give(web, "/made.png", picture("red"))
        ports = emptied(lab.ports, folder / "far")
        connect(ports.connections, "elevenlabs", speaker.url())
        connect(ports.connections, "fal", painter.url())
        connect(ports.connections, "openai", listener.url("/v1"), key=listening.KEY)
        far = FarApart(replace(ports, offered=offers_of(ports.connections, ())))
        elements = [
            {"type": "voice", "text": "Well said.", "voice": "Rachel", "connection": "elevenlabs"},
            {"type": "image", "prompt": "a boat", "model": "flux-schnell", "connection": "fal"},
            {"type": "audio", "src": give(web, "/heard.wav", tone(300))},
        ]
        written = {"type": "subtitles", "connection": "openai", "language": "en"}
        document = movie({"elements": elements}, elements=[written])
        desk = Desk(
            far,
            document,
            lambda: (speaker.characters, len(painter.starts()), len(listener.asked)),
        )
        desk.results(desk.made())
        yield desk


def test_nothing_is_paid_for_again_when_facts_grow_old(desk: Desk) -> None:
    paid = desk.counts()
    assert paid == (len("Well said."), 1, 1)
    desk.grow_old()
    assert desk.authors() == {OUTDATED}
    desk.far.ports = replace(desk.far.ports, max_cost_micro_usd=0)
    told = desk.made(fps=12)
    assert desk.results(told) == {"voice": "hit", "image": "hit", "subtitles": "hit"}
    assert told["cache"]["costs"]["spent_usd"] == 0
    assert told["cache"]["costs"]["saved_usd"] > 0
    assert desk.counts() == paid


def test_another_build_of_ffmpeg_pays_for_nothing_again(desk: Desk) -> None:
    paid, tools = desk.counts(), desk.far.ports.tools
    desk.far.ports = replace(desk.far.ports, tools=replace(tools, ffmpeg="another"))
    assert desk.results(desk.made(fps=15)) == {"voice": "hit", "image": "hit", "subtitles": "hit"}
    assert desk.counts() == paid
    assert any(author.endswith("another") for author in desk.authors())


def test_a_part_that_was_said_is_joined_anew_when_only_the_whole_is_gone(desk: Desk) -> None:
    """What was said lies under a key of its own, so that a lost whole is not paid for again."""
    desk.far.ports = replace(desk.far.ports, max_cost_micro_usd=None)
    paid, objects = desk.counts(), desk.far.ports.objects
    told = desk.made(fps=11)
    voice = next(each for each in told["cache"]["elements"] if each["type"] == "voice")
    pointer = desk.far.ports.cache_index.pointer(voice["key"])
    assert pointer
    objects.delete(f"elements/content/{pointer['digest']}")
    desk.grow_old()
    told = desk.made(fps=13)
    assert desk.results(told)["voice"] == "hit"
    assert told["cache"]["costs"]["spent_usd"] == 0
    assert desk.counts() == paid
