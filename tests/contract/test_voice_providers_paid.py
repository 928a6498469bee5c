"""Voices that are paid for: each adapter against a server that speaks its provider's documented
wire format, over real sockets. What all have in common; what only one has is in files of its own.
"""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from footage import FFMPEG
from provider_servers import speaking
from provider_servers.speaking import Fault, giving, refusing
from provider_servers.voice_studio import ALL, KEY, TEXT, Studio, azure, elevenlabs
from resplice.adapters.providers.azure_voices import AzureVoices
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused, StorageError
from resplice.ports.connections import Secret


@pytest.fixture(params=ALL, ids=lambda each: each.__name__)
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    with request.param(tmp_path / "spoken", 20) as studio:
        yield studio


@pytest.fixture(params=ALL, ids=lambda each: each.__name__)
def hasty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    """It does not wait long."""
    with request.param(tmp_path / "spoken", 0.7) as studio:
        yield studio


def decoded_ms(demuxer: str, sound: Path) -> float:
    form = ["-f", "s16le", "-ac", "1", "-ar", "48000", "-"]
    command = [FFMPEG, "-v", "error", "-f", demuxer, "-i", str(sound), *form]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return len(done.stdout) / 96


def test_the_sound_is_what_the_provider_gave(studio: Studio) -> None:
    spoken = studio.speak()
    assert spoken.demuxer == studio.demuxer
    assert studio.into.read_bytes() == speaking.tone(studio.demuxer)
    assert decoded_ms(spoken.demuxer, studio.into) == pytest.approx(1000, abs=30)


def test_what_is_billed_is_told(studio: Studio) -> None:
    assert studio.speak().characters == studio.server.characters >= len(TEXT)
    before = studio.server.characters
    assert studio.speak(text="Short.").characters == studio.server.characters - before >= 6


def test_words_are_those_of_the_text_in_order(studio: Studio) -> None:
    words = studio.speak().words
    if isinstance(studio.provider, AzureVoices):
        assert words is None
        return
    assert words is not None
    assert [word.text for word in words] == TEXT.split()
    assert all(word.start_ms < word.end_ms for word in words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))


def test_a_text_may_hold_anything(studio: Studio) -> None:
    hostile = '</speak> ]]> &amp; \x00\x0b \ud800 🎬 \u202e \ufffe it\'s "all" <b>said</b>'
    spoken = studio.speak(text=hostile)
    assert spoken.words is None or [word.text for word in spoken.words] == [
        each for each in hostile.translate({0: " ", 11: " ", 0xD800: " ", 0xFFFE: " "}).split()
    ]


def test_a_refusal_has_the_providers_reason_and_is_not_asked_again(studio: Studio) -> None:
    error = studio.failed(studio.refusal)
    assert type(error) is ProviderRefused
    assert "400" in error.reason and "not so" in error.reason
    assert len(studio.server.asked) == 1 and not studio.slept


def test_an_unknown_voice_is_refused(studio: Studio) -> None:
    for voice in ("Nobody", "", "../../x?y=z", "<x>"):
        assert type(studio.failed(voice=voice)) is ProviderRefused
    assert studio.server.characters == 0


@pytest.mark.parametrize("settings", ["[]", "no JSON", '"text"', "[" * 99_999, '{"a": 1e999}'])
def test_settings_of_a_wrong_form_are_refused(studio: Studio, settings: str) -> None:
    error = studio.failed(settings=settings)
    assert type(error) is ProviderRefused and "model-settings" in error.reason
    assert studio.server.asked == []


def test_throttled_it_waits_as_long_as_it_is_told(studio: Studio) -> None:
    studio.server.faults.append(refusing(429, {"message": "slow down"}, Retry_After="3"))
    assert studio.speak().demuxer == studio.demuxer
    assert studio.slept == [3.0]


def test_throttled_for_ever_it_gives_up(studio: Studio) -> None:
    error = studio.failed(*[refusing(429, {"message": "slow down"})] * 9)
    assert type(error) is ProviderBusy and "slow down" in error.reason
    assert (len(studio.server.asked), len(studio.slept)) == (4, 3)
    assert studio.server.characters == 0


def test_a_fault_of_the_provider_may_heal(studio: Studio) -> None:
    assert type(studio.failed(*[refusing(500, {"message": "oops"})] * 4)) is ProviderBusy
    studio.server.faults.append(refusing(503, {}))
    assert studio.speak().demuxer == studio.demuxer


@pytest.mark.parametrize("fault", [speaking.silent, speaking.stopping_midway])
def test_who_falls_silent_is_not_paid_again(hasty: Studio, fault: Fault) -> None:
    assert type(hasty.failed(fault)) is ProviderLost
    assert hasty.server.count() == 1


@pytest.mark.parametrize("fault", [speaking.half, speaking.hanging_up])
def test_half_an_answer_is_not_paid_again(studio: Studio, fault: Fault) -> None:
    error = studio.failed(fault)
    assert type(error) is ProviderLost and "may have been paid" in error.reason
    assert len(studio.server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b"<!doctype html><html>Sign in</html>",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20) + b"data\x00\x00\x00\x00",
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20) + b"data\xff\xff\x00\x00" + bytes(50),
        json.dumps({"audio_base64": ""}).encode(),
        json.dumps({"audio_base64": "####"}).encode(),
        json.dumps({"audio_base64": "AAAA", "alignment": None}).encode(),
    ],
)
def test_what_is_no_sound_is_not_kept_and_not_paid_again(studio: Studio, body: bytes) -> None:
    assert type(studio.failed(giving(body))) is ProviderLost
    assert len(studio.server.asked) == 1


def test_who_cannot_be_reached_was_not_paid(studio: Studio, tmp_path: Path) -> None:
    studio.server.shutdown()
    studio.server.server_close()
    assert type(studio.failed()) is ProviderBusy


def test_a_file_that_cannot_be_written_is_our_fault(studio: Studio, tmp_path: Path) -> None:
    studio.into = tmp_path / "nowhere" / "spoken"
    with pytest.raises(StorageError, match="No such file"):
        studio.speak()


def test_no_key_is_told(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    studio.speak()
    studio.into.unlink()
    studio.failed(studio.refusal)
    told = caplog.text + repr(studio.provider)
    assert KEY not in told and KEY[:8] not in told


@pytest.fixture(params=(azure, elevenlabs), ids=lambda each: each.__name__)
def keyed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    with request.param(tmp_path / "spoken", 20) as studio:
        yield studio


@pytest.mark.parametrize("secret", [None, Secret(), Secret(key=" ")])
def test_without_a_key_nobody_is_asked(keyed: Studio, secret: Secret | None) -> None:
    keyed.secret = secret
    error = keyed.failed()
    assert type(error) is ProviderRefused and "no key" in error.reason
    assert keyed.server.asked == []


def test_a_bad_key_is_refused(keyed: Studio) -> None:
    keyed.secret = Secret(key="f" * 32)
    error = keyed.failed()
    assert type(error) is ProviderRefused and error.reason.startswith("401 ")
    assert "f" * 8 not in repr(error)
    assert len(keyed.server.asked) == 1
