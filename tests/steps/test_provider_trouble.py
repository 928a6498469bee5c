"""What providers do wrong is told with the place in the document; nothing of it is kept, and what
was made beside it is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from paid import KEY, Account, account, connect, gallery, stored_keys
from provider_servers.elevenlabs import aligned
from provider_servers.speaking import Handler, giving, half, refusing, silent
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.errors import MakeError
from resplice.ports import Ports
from resplice.steps.deadline import NEVER
from resplice.steps.execution.limits import LimitedWeb
from resplice.wiring.providers import offers_of
from studio import movie, picture

GOOD, BAD = "This one is fine.", "This one is not."
PATH = "scenes[1].elements[0]"
OPENED = "Scene #2, element #1: Voice generation failed: ElevenLabs: "


def answered(sound: bytes) -> Callable[[Handler], object]:
    """As ElevenLabs answers, with these bytes for a sound."""
    told = {"audio_base64": base64.b64encode(sound).decode(), "alignment": aligned(BAD)}
    return giving(json.dumps(told).encode(), "application/json")


def of_the_bad(fault: Callable[[Handler], object]) -> Callable[[Handler], object]:
    """The fault for the one line; the other is spoken. Which comes first is not known."""

    def either(to: Handler) -> None:
        asked = json.loads(to.server.asked[-1].body)
        to.server.answer(to, to.server.asked[-1]) if asked["text"] == GOOD else fault(to)

    return either


TROUBLE: dict[str, tuple[Callable[[Handler], object], str]] = {
    "hangs": (silent, "it gave no whole answer; it may have been paid for"),
    "refuses": (refusing(401, {"detail": {"message": "Invalid API key"}}), "401 Invalid API key"),
    "throttles": (refusing(429, {"detail": "slow down"}, Retry_After="0.01"), "429 slow down"),
    "half": (half, "it gave no whole answer; it may have been paid for"),
    "page": (giving(b"<!doctype html><p>Welcome</p>", "text/html"), "its answer is no JSON"),
    "picture": (answered(picture("red")), "it gave png_pipe media instead of sound"),
    "noise": (answered(b"\xff\xfb\x90\x64" + bytes(range(256)) * 8), "its answer "),
    "cut": (answered(b"ID3\x04\x00\x00\x00\x00\x00\x00"), "its answer "),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Account]:
    with account(tmp_path / "data", "elevenlabs") as desk:
        quick = {"elevenlabs": ElevenLabsVoices(read_s=0.5, sleep=lambda seconds: None)}
        lab = type(desk.lab)(replace(desk.lab.ports, voices=quick))
        yield replace(desk, lab=lab)


@pytest.mark.parametrize("name", TROUBLE)
def test_what_goes_wrong_is_told_and_not_kept(desk: Account, name: str) -> None:
    fault, words = TROUBLE[name]
    document = movie({"elements": [desk.line(GOOD)]}, {"elements": [desk.line(BAD)]})
    desk.server.faults.extend([of_the_bad(fault)] * 5)
    with pytest.raises(MakeError) as caught:
        desk.lab.planned(document)
    (problem,) = caught.value.problems
    assert problem.path == PATH
    assert problem.message.startswith(OPENED + words), problem.message
    assert KEY not in problem.message
    assert desk.characters() == len(GOOD)
    assert len(stored_keys(desk.lab.ports)) == 2, "what was said, and the whole"
    desk.server.faults.clear()
    desk.lab.planned(document)
    assert desk.characters() == len(BAD)


@pytest.fixture
def far(desk: Account, tmp_path: Path) -> FarApart:
    ports = emptied(desk.lab.ports, tmp_path / "far")
    connect(ports.connections, "elevenlabs", desk.server.url())
    return FarApart(replace(ports, offered=offers_of(ports.connections, ())))


def told(far: FarApart, project: str) -> dict[str, Any]:
    far.play_all()
    movie_told = far.told(project)
    assert movie_told["status"] == "error"
    return movie_told


def test_a_connection_that_was_removed_meanwhile(desk: Account, far: FarApart) -> None:
    project = far.post(movie({"elements": [desk.line(GOOD)]}))
    far.before = lambda step: far.ports.connections.remove("elevenlabs") if step == "speak" else 0
    assert told(far, project)["message"] == (
        "Scene #1, element #1: Voice generation failed: ElevenLabs: "
        "there is no connection 'elevenlabs' any more"
    )
    assert desk.server.asked == []


def test_nobody_is_paid_for_what_could_not_be_stored(desk: Account, far: FarApart) -> None:
    room = ["The disk of this server is full"]
    far.ports = replace(far.ports, no_room=lambda: room[0] if room else None)
    document, taken = movie({"elements": [desk.line(GOOD)]}), room.copy()
    room.clear()
    project = far.post(document)
    room += taken
    assert told(far, project)["message"] == (
        f"Scene #1, element #1: Voice generation failed: ElevenLabs: {taken[0]}"
    )
    assert desk.server.asked == []


def test_what_has_begun_is_paid_for_when_nothing_new_is_taken_in(
    desk: Account, far: FarApart
) -> None:
    project = far.post(movie({"elements": [desk.line(GOOD)]}))
    far.ports = replace(far.ports, not_ready=lambda: "The disk of this server is full")
    far.play_all()
    assert far.told(project)["status"] == "done"
    assert len(desk.server.asked) == 1


def test_what_was_paid_for_is_downloaded_when_nothing_new_is_taken_in(tmp_path: Path) -> None:
    full: list[str] = []
    with gallery(tmp_path, "fal") as desk:
        desk.lab.ports = held(desk.lab.ports, full)
        desk.lab.planned(movie({"elements": [desk.image()]}))
        full.append("The disk of this server is full")
        document = movie({"elements": [desk.image("Another one")]})
        with pytest.raises(MakeError, match="Generation failed: fal: The disk of this"):
            desk.lab.planned(document)
        assert desk.asked() == 1, "nothing is paid for that could not be stored"


def held(ports: Ports, full: list[str]) -> Ports:
    """As of an execution of a server that takes nothing new in. full: why it has no room at all."""
    own = replace(
        ports,
        not_ready=lambda: "The disk is nearly full",
        no_room=lambda: full[0] if full else None,
    )
    return replace(own, web=LimitedWeb(own, NEVER, 1 << 30))


def test_a_secret_that_cannot_be_read_any_more(
    desk: Account, far: FarApart, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key_file = tmp_path / "far/connections.key"
    key_file.unlink()
    project = far.post(movie({"elements": [desk.line(GOOD)]}))
    message = told(far, project)["message"]
    assert message == (
        "Scene #1, element #1: Voice generation failed: ElevenLabs: the secret of the connection "
        "'elevenlabs' cannot be read; the log says why"
    )
    assert f"{key_file} is gone" in caplog.text
    assert desk.server.asked == []


def test_a_cost_that_is_refused_is_told_in_full(desk: Account, far: FarApart) -> None:
    far.ports = replace(far.ports, max_cost_micro_usd=0)
    project = far.post(movie({"elements": [desk.line(GOOD), desk.line(BAD)]}))
    lines = told(far, project)["message"].split("\n")
    assert lines[0].startswith("At most $0.00 may be paid for this movie")
    assert sorted(line.partition(":")[0] for line in lines[1:]) == [
        "Scene #1, element #1",
        "Scene #1, element #2",
    ]
    assert desk.server.asked == []


def test_a_prompt_that_is_refused_is_told_with_its_place(tmp_path: Path) -> None:
    with gallery(tmp_path, "fal") as desk:
        desk.server.mode = "moderated"
        document = movie({"elements": [{"type": "text", "text": "Ann"}, desk.image()]})
        with pytest.raises(MakeError) as caught:
            desk.lab.planned(document)
        (problem,) = caught.value.problems
        assert problem.path == "scenes[0].elements[1]"
        words = "Scene #1, element #2: Generation failed: fal: it refused the prompt: "
        assert problem.message.startswith(words)
        desk.server.mode = "made"
        desk.lab.planned(document)
        assert desk.asked() == 2
