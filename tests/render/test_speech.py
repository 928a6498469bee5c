"""Speech in numbers: its loudness and peaks, no clicks where parts meet, and words where they are
heard: every voice that is here without an account, and what providers may give.
"""

from __future__ import annotations

import array
import base64
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from paid import Account, account, made
from provider_servers.elevenlabs import RACHEL, aligned
from provider_servers.speaking import giving
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.core.facts import SpeechFacts, content_key
from resplice.core.pieces import SAMPLE_RATE
from resplice.core.tasks import SpeakTask
from resplice.ports import Ports
from resplice.ports.prober import Loudness
from studio import FFMPEG

SALE = Path(__file__).parents[1] / "speech/sale.flac"
HERE = "Save twenty percent today, and come again!"
WITHIN_LU, HIGHEST_DBTP = 1.0, -1.0
WITHIN_MS = 60


class InParts(ElevenLabsVoices):
    """Takes one sentence at a time."""

    max_characters = 20


@dataclass
class Desk:
    account: Account

    @property
    def ports(self) -> Ports:
        return self.account.lab.ports

    def said(self, text: str, provider: str, voice: str) -> SpeechFacts:
        """By a voice that is here without an account."""
        builds = {each.provider: each.build for each in self.ports.offers().at_hand}
        task = SpeakTask(provider, voice, "", "en-US", text, build=builds[provider])
        return facts_of(task, self.ports)

    def given(self, text: str) -> SpeechFacts:
        """As the provider gives it that has an account."""
        options = (("endpoint", self.account.server.url()),)
        task = SpeakTask(
            *("elevenlabs", RACHEL, "eleven_v3", "en-US", text),
            options=options,
            connection="elevenlabs",
        )
        return facts_of(task, replace(self.ports, voices={"elevenlabs": InParts()}))

    def loudness(self, facts: SpeechFacts) -> Loudness:
        with self.ports.objects.open(content_key(facts.digest)) as path:
            return self.ports.prober.loudness(path, facts.demuxer)

    def samples(self, facts: SpeechFacts) -> array.array[float]:
        with self.ports.objects.open(content_key(facts.digest)) as path:
            return decoded(path)


def facts_of(task: SpeakTask, ports: Ports) -> SpeechFacts:
    facts = made(task, ports, "run").facts
    assert isinstance(facts, SpeechFacts)
    return facts


def decoded(path: Path) -> array.array[float]:
    """Samples from -1 to 1."""
    command = [FFMPEG, "-v", "error", "-i", str(path), "-f", "f32le", "-ac", "1", "-"]
    found = array.array("f")
    found.frombytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def mp3(*filters: str, source: Path = SALE) -> bytes:
    """The sound through the filters, as a provider gives it."""
    command = [FFMPEG, "-v", "error", "-i", str(source), "-af", ",".join(filters), "-f", "mp3", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with account(tmp_path_factory.mktemp("desk") / "data", "elevenlabs") as opened:
        yield Desk(opened)


def expect_loud_as_all(found: Loudness) -> None:
    assert abs(found.integrated_lufs + 16) <= WITHIN_LU, found
    assert found.true_peak_dbtp <= HIGHEST_DBTP, found


@pytest.mark.parametrize("voice", ["en-us", "de", "en-gb-x-rp"])
def test_espeak_is_as_loud_as_all(desk: Desk, voice: str) -> None:
    facts = desk.said(HERE, "espeak", voice)
    expect_loud_as_all(desk.loudness(facts))
    expect_in_order(facts, HERE)


def test_kokoro_is_as_loud_as_all_and_its_words_are_where_they_are_heard(
    desk: Desk, record_property: pytest.RecordProperty
) -> None:
    facts = desk.said(HERE, "kokoro", "af_heart")
    expect_loud_as_all(desk.loudness(facts))
    expect_in_order(facts, HERE)
    with desk.ports.objects.open(content_key(facts.digest)) as path:
        heard = desk.ports.aligner.align(path, HERE, "en-US")
    assert heard and [word.text for word in heard] == HERE.split()
    off = [abs(a.start_ms - b.start_ms) for a, b in zip(facts.words, heard, strict=True)]
    record_property("mean_ms", mean(off))
    assert max(off) <= WITHIN_MS, off


def expect_in_order(facts: SpeechFacts, text: str) -> None:
    """The words of the text, one after the other, inside the sound."""
    assert [word.text for word in facts.words] == text.split()
    ends_us = [0, *(word.end_ms * 1000 for word in facts.words)]
    starts_us = [word.start_ms * 1000 for word in facts.words]
    assert all(start >= before for start, before in zip(starts_us, ends_us[:-1], strict=True))
    assert ends_us == sorted(ends_us) and ends_us[-1] <= (facts.duration_us or 0) + 1000


@pytest.mark.parametrize(
    "filters",
    [
        *(["anull"], ["volume=30dB"], ["volume=-25dB"], ["highpass=f=2000"]),
        ["acompressor=ratio=20:threshold=0.01:makeup=30", "volume=6dB"],
        ["volume='if(lt(mod(t,0.5),0.004),12,0.25)':eval=frame"],
    ],
    ids=["as it is", "clipped", "quiet", "thin", "dense", "with bangs"],
)
def test_what_a_provider_gives_is_as_loud_as_all(desk: Desk, filters: list[str]) -> None:
    told = {"audio_base64": base64.b64encode(mp3(*filters)).decode(), "alignment": aligned("Hi.")}
    desk.account.server.faults.append(giving(json.dumps(told).encode(), "application/json"))
    expect_loud_as_all(desk.loudness(desk.given(f"Hi{len(str(filters))}.")))


def test_parts_are_joined_without_a_click(desk: Desk) -> None:
    """Each part is a tone that breaks off in the middle of a wave."""
    facts = desk.given("This is the first. And that the second. The third.")
    found, part = desk.samples(facts), SAMPLE_RATE
    assert abs(len(found) - 3 * part) < 0.03 * part
    steps = [abs(after - before) for before, after in pairwise(found)]
    inside = max(steps[part // 4 : part * 3 // 4])
    joins = [max(steps[n * part - 4000 : n * part + 4000]) for n in (1, 2)]
    assert max(*joins, steps[0], steps[-1]) <= inside * 1.05, (joins, inside)
    assert max(map(abs, found[part // 2 : part // 2 + 1000])) > 0.1
    with desk.ports.objects.open(content_key(facts.digest)) as path:
        head = path.read_bytes()[:12]
    assert int.from_bytes(head[10:]) == 4608, "samples of its longest FLAC frame"
