"""What is said in a clip is found out once, by a provider over a real socket or by the program that
is at hand, and written wherever the clip is heard.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from footage import ffmpeg
from provider_servers.elevenlabs_transcription import ElevenLabsServer
from provider_servers.listening import KEY, ListeningServer, refusing
from provider_servers.openai_transcription import OpenAiServer
from resplice.core.captions.reading import read_captions
from resplice.core.prices import FREE, Total
from resplice.core.providers import Connection
from resplice.errors import RespliceError
from resplice.ports.browser import Browser
from resplice.steps.movie_cache import Outcome
from studio import Studio, movie, studio
from warned_lines import plainly

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
KINDS: dict[str, tuple[type[ListeningServer], str]] = {
    "openai": (OpenAiServer, "/v1"),
    "elevenlabs": (ElevenLabsServer, ""),
}
SAID = ["Save", "20%,", "says", "Okonkwo.", "¿Sí?"]
STARTS = [270, 560, 1220, 1330, 1950]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of somebody who says something."""
    clip = tmp_path_factory.mktemp("talk") / "talk.mp4"
    picture = ("-f", "lavfi", "-i", "color=navy:s=64x50:r=10:d=3")
    ffmpeg(*picture, "-i", str(SPEECH), "-t", "3", "-pix_fmt", "yuv420p", str(clip))
    return clip


def is_some(cost: Total) -> bool:
    """Whether anything was billed; nobody knows the prices of a server that only speaks alike."""
    return cost.micro_usd > 0 or cost.unknown == 1


@dataclass
class Room:
    """A studio whose usual transcriber is a local server."""

    lab: Studio
    server: ListeningServer
    kind: str

    def connect(self, key: str = KEY) -> None:
        endpoint = self.server.url() + KINDS[self.kind][1]
        connection = Connection("mine", self.kind, (("endpoint", endpoint),), default=True)
        self.lab.ports.connections.add(connection, {"key": key})

    def asked(self) -> int:
        """How often it was asked since the last call."""
        count = len(self.server.asked)
        self.server.asked.clear()
        return count

    def words(self, document: Document) -> list[tuple[str, int]]:
        return words_of(self.lab, self.lab.render(document))


def words_of(lab: Studio, outcome: Outcome) -> list[tuple[str, int]]:
    """What is written in the movie, and when, as the file that comes with it says."""
    assert outcome.ass
    with lab.ports.objects.open(outcome.ass) as path:
        lines = read_captions(path.read_text()).lines
    return [(word.text, word.start_ms) for line in lines for word in line.words]


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all: it keeps nothing of what it painted, and takes long to start."""
    with studio(tmp_path_factory.mktemp("painter")) as lab:
        yield lab.ports.browser


@pytest.fixture(params=KINDS)
def room(request: pytest.FixtureRequest, tmp_path: Path, painter: Browser) -> Iterator[Room]:
    with KINDS[request.param][0]() as server, studio(tmp_path / "data") as lab:
        lab.ports = replace(lab.ports, browser=painter)
        made = Room(lab, server, request.param)
        made.connect()
        yield made


def video(clip: Path, **more: Any) -> Document:
    return {"type": "video", "src": clip.as_uri(), **more}


def film(*elements: Document, **said: Any) -> Document:
    over = {"type": "subtitles", "language": "en", **said}
    return movie({"elements": list(elements)}, elements=[over])


def test_what_is_said_is_written_when_it_is_said(room: Room, talk: Path) -> None:
    outcome = room.lab.render(film(video(talk)))
    assert words_of(room.lab, outcome) == list(zip(SAID, STARTS, strict=True))
    assert room.asked() == 1
    assert is_some(outcome.report.spent) and outcome.report.warnings == ()


def test_a_clip_that_was_heard_is_not_sent_again(room: Room, talk: Path, tmp_path: Path) -> None:
    room.lab.render(film(video(talk)))
    assert room.asked() == 1
    assert room.words(film(video(talk, start=1))) == [
        (word, start + 1000) for word, start in zip(SAID, STARTS, strict=True)
    ]
    cut = room.words(film(video(talk, seek=1, duration=0.6)))
    assert cut == [("says", 220), ("Okonkwo.", 330)]
    twice = room.words(film(video(talk, seek=1.9, duration=1), video(talk, seek=1.9, start=2)))
    assert twice == [("¿Sí?", 50), ("¿Sí?", 2050)]
    other = shutil.copy(talk, tmp_path / "the same.mp4")
    room.words(film(video(other)))
    again = room.lab.render(film(video(talk, start=1), settings={"style": "boxed-line"}))
    assert again.report.spent == FREE and is_some(again.report.spared)
    assert room.asked() == 0


def test_words_are_replaced_without_being_heard_again(room: Room, talk: Path) -> None:
    room.lab.render(film(video(talk)))
    replaced = film(video(talk), settings={"replace": {"okonkwo": "Mr Okoro", "save": ""}})
    assert [word for word, _ in room.words(replaced)] == ["20%,", "says", "Mr", "Okoro.", "¿Sí?"]
    assert room.asked() == 1


def test_keywords_reach_who_listens(room: Room, talk: Path) -> None:
    room.lab.render(film(video(talk), settings={"keywords": ["Okonkwo", "Enugu"]}))
    (heard,) = room.server.asked
    assert heard.texts("keyterms") == ["Okonkwo", "Enugu"] or (
        heard.text("prompt") == "Okonkwo, Enugu"
    )
    assert heard.text("language") == "en" or heard.text("language_code") == "eng"


def test_our_own_words_are_sent_to_nobody(room: Room) -> None:
    voice = {"type": "voice", "text": "Good morning.", "model": "espeak"}
    assert [word for word, _ in room.words(film(voice))] == ["Good", "morning."]
    assert room.asked() == 0


def test_nobody_speaks_is_no_error(room: Room, talk: Path) -> None:
    room.server.said = room.server.silence()
    outcome = room.lab.render(film(video(talk)))
    assert outcome.ass is None
    assert plainly(outcome.report.warnings) == (
        "elements[0] has nothing to write: no words were found",
    )


def test_a_refusal_is_told_with_the_element_and_no_key(room: Room, talk: Path) -> None:
    room.server.faults.append(refusing(400, {"error": "not today"}))
    with pytest.raises(RespliceError) as caught:
        room.lab.render(film(video(talk)))
    (problem,) = caught.value.problems  # type: ignore[attr-defined]
    assert problem.path == "elements[0]" and "Transcription failed" in problem.message
    assert KEY not in str(caught.value)
    assert room.words(film(video(talk)))


def test_a_changed_language_is_heard_anew_and_an_unknown_one_is_refused(
    room: Room, talk: Path
) -> None:
    room.lab.render(film(video(talk)))
    room.lab.render(film(video(talk), language="en-GB"))
    assert room.asked() == 2
    with pytest.raises(RespliceError, match="nobody here transcribes the language 'tlh'"):
        room.lab.render(film(video(talk), language="tlh"))
    assert room.asked() == 0


def test_without_an_account_english_is_heard_with_a_warning(talk: Path, tmp_path: Path) -> None:
    sound = {"type": "audio", "src": SPEECH.as_uri()}
    with studio(tmp_path / "data") as lab:
        outcome = lab.render(film(sound, video(talk, muted=True)))
        words = words_of(lab, outcome)
        assert [word for word, _ in words][:4] == ["save", "twenty", "percent", "on"]
        assert abs(words[0][1] - 302) <= 60
        (warning,) = outcome.report.warnings
        assert "clearly spoken English only" in warning
        moved = lab.render(film({**sound, "start": 1}))
        (found,) = [each for each in moved.report.elements if "transcript" in each.path]
        assert found.result == "hit" and warning in moved.report.warnings
        assert words_of(lab, moved)[0][1] == words[0][1] + 1000
        with pytest.raises(RespliceError, match="nobody here transcribes the language 'fr'"):
            lab.render(film(sound, language="fr"))
