"""What every provider of voices that runs here holds: sound, times of words, refusals, endings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from resplice.adapters.espeak import built as espeak_built
from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.voices import EspeakVoices
from resplice.adapters.kokoro import built as kokoro_built
from resplice.adapters.kokoro.voices import KokoroVoices
from resplice.adapters.processes.lines import Program
from resplice.errors import ProviderBusy, ProviderRefused
from resplice.ports.voices import Spoken, Utterance, VoiceProvider

BUILT = Path(__file__).resolve().parents[2] / "layers/voices/built"
PACKAGES = Path(kokoro_built.__file__).resolve().parents[3]
TEXT = "Only this weekend, save twenty percent."


@dataclass(frozen=True)
class Speaker:
    """A provider, and a voice of it. makes_sound: whose process computes."""

    provider: VoiceProvider
    makes_sound: EspeakLibrary | KokoroVoices
    voice: str
    rate: int

    def says(self, text: str, into: Path, language: str = "en-US", speed: float = 1.0) -> Spoken:
        settings = json.dumps({"speed": speed, "of another provider": True})
        utterance = Utterance(self.voice, "", language, text, settings=settings)
        return self.provider.speak(utterance, None, into)

    @property
    def pid(self) -> int:
        assert self.makes_sound.pid
        return self.makes_sound.pid


@pytest.fixture(scope="module", autouse=True)
def secret() -> Iterator[None]:
    """A variable that all processes are started with."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RESPLICE_MASTER_KEY", "hush")
        yield


@pytest.fixture(scope="module")
def library(secret: None) -> Iterator[EspeakLibrary]:
    made = EspeakLibrary(BUILT / "espeak")
    yield made
    made.close()


@pytest.fixture(scope="module")
def kokoro(library: EspeakLibrary) -> Iterator[KokoroVoices]:
    made = KokoroVoices(BUILT / "kokoro", library)
    yield made
    made.close()


@pytest.fixture(params=["kokoro", "espeak"])
def speaker(request: pytest.FixtureRequest, library: EspeakLibrary) -> Speaker:
    if request.param == "espeak":
        return Speaker(EspeakVoices(library), library, "en-us", 22050)
    kokoro: KokoroVoices = request.getfixturevalue("kokoro")
    return Speaker(kokoro, kokoro, "af_heart", 24000)


def samples(path: Path, rate: int) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def loudness(sound: np.ndarray, rate: int, start_ms: float, end_ms: float) -> float:
    part = sound[int(start_ms * rate / 1000) : int(end_ms * rate / 1000)]
    return float(np.sqrt((part**2).mean()))


def test_words_are_heard_when_they_are_said(speaker: Speaker, tmp_path: Path) -> None:
    spoken = speaker.says(TEXT, tmp_path / "a.wav")
    sound = samples(tmp_path / "a.wav", speaker.rate)
    length_ms = len(sound) / speaker.rate * 1000
    assert (spoken.demuxer, spoken.characters) == ("wav", len(TEXT))
    assert spoken.words
    assert [word.text for word in spoken.words] == TEXT.split()
    places = [ms for word in spoken.words for ms in (word.start_ms, word.end_ms)]
    assert places == sorted(places)
    assert places[0] >= 0 and places[-1] <= length_ms < 4000
    for word in spoken.words:
        assert word.end_ms - word.start_ms > 40
        assert loudness(sound, speaker.rate, word.start_ms, word.end_ms) > 800
    pause = (spoken.words[2].end_ms + 20, spoken.words[3].start_ms - 20)
    assert pause[1] - pause[0] > 40
    assert loudness(sound, speaker.rate, *pause) < 300
    assert places[0] < 100 and length_ms - places[-1] < 400


def test_equal_texts_give_equal_bytes_in_any_process(
    speaker: Speaker, library: EspeakLibrary, tmp_path: Path
) -> None:
    first, again, elsewhere = (tmp_path / name for name in "abc")
    said = speaker.says("Hi.", first)
    assert speaker.says("Hi.", again) == said
    fresh = EspeakLibrary(BUILT / "espeak")
    one_thread = KokoroVoices(BUILT / "kokoro", fresh, threads=1)
    is_kokoro = isinstance(speaker.provider, KokoroVoices)
    provider = one_thread if is_kokoro else EspeakVoices(fresh)
    other = Speaker(provider, one_thread, speaker.voice, speaker.rate)
    try:
        assert other.says("Hi.", elsewhere) == said
    finally:
        one_thread.close()
        fresh.close()
    assert first.read_bytes() == again.read_bytes() == elsewhere.read_bytes()


def test_faster_is_shorter(speaker: Speaker, tmp_path: Path) -> None:
    slow, fast = tmp_path / "slow", tmp_path / "fast"
    speaker.says("Hello.", slow, speed=0.7)
    speaker.says("Hello.", fast, speed=2.0)
    assert len(samples(fast, speaker.rate)) < 0.7 * len(samples(slow, speaker.rate))


@pytest.mark.parametrize("text", ["", " \n", "...", "— …", "\x00", "\U000f0000"])
def test_nothing_to_say_is_refused(speaker: Speaker, text: str, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match="nothing to say"):
        speaker.says(text, tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("voice", ["nobody", "../../etc/passwd", "af_heart/..", "x" * 5000, "\0"])
def test_a_voice_that_is_not_there_is_refused(speaker: Speaker, voice: str, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match="no such voice") as caught:
        speaker.provider.speak(Utterance(voice, "", "en-US", "Hi."), None, tmp_path / "a.wav")
    assert len(str(caught.value)) < 120
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "settings", ['{"speed": 3}', '{"speed": "1"}', '{"speed": true}', "{", "[]", '{"speed": NaN}']
)
def test_a_speed_that_is_none_is_refused(speaker: Speaker, settings: str, tmp_path: Path) -> None:
    utterance = Utterance(speaker.voice, "", "en-US", "Hi.", settings=settings)
    with pytest.raises(ProviderRefused, match="speed"):
        speaker.provider.speak(utterance, None, tmp_path / "a.wav")


def test_a_text_longer_than_it_says_is_refused(speaker: Speaker, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match="longer than"):
        speaker.says("a " * speaker.provider.max_characters, tmp_path / "a.wav")


def test_odd_texts_are_spoken(speaker: Speaker, tmp_path: Path) -> None:
    text = "Hi \ud800 <b>&\x00\x07 [[x]] \u200d 😀 — “ok”"
    spoken = speaker.says(text, tmp_path / "a.wav")
    assert spoken.words
    assert [word.text for word in spoken.words] == text.split()


def test_a_killed_process_is_an_error_and_the_next_text_is_spoken(
    speaker: Speaker, tmp_path: Path
) -> None:
    speaker.says("Hi.", tmp_path / "before")
    killed = speaker.pid
    os.kill(killed, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (killed, signal.SIGKILL)).start()
    with pytest.raises(ProviderBusy, match="ended"):
        speaker.says("Hi.", tmp_path / "dead")
    speaker.says("Hi.", tmp_path / "after")
    assert speaker.pid != killed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after", "before"]
    assert (tmp_path / "after").read_bytes() == (tmp_path / "before").read_bytes()


def test_many_at_once_each_get_their_own(speaker: Speaker, tmp_path: Path) -> None:
    texts = ["One.", "Two three.", "Six."]
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda each: speaker.says(each, tmp_path / each), texts))
    for text, spoken in zip(texts, said, strict=True):
        assert spoken.words
        assert [word.text for word in spoken.words] == text.split()
        length_ms = len(samples(tmp_path / text, speaker.rate)) / speaker.rate * 1000
        assert length_ms - 400 < spoken.words[-1].end_ms <= length_ms


def test_kokoro_says_only_its_languages(kokoro: KokoroVoices, tmp_path: Path) -> None:
    for voice, language in (("af_heart", "de-DE"), ("ff_siwis", "xx"), ("jf_alpha", "ko-KR")):
        with pytest.raises(ProviderRefused, match="does not speak"):
            kokoro.speak(Utterance(voice, "", language, "Hi."), None, tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("voice", "language", "text", "words", "syllables"),
    [
        ("zf_xiaobei", "zh-CN", "你好 OK。今天的天气很好。", "你好 OK。 今天的 天气 很 好。", 11),
        (
            *("jf_alpha", "ja-JP", "良い天気ですね。2026年に一人で行きました。"),
            *("良い 天気ですね。 2026年に 一人で 行きました。", 27),
        ),
    ],
)
def test_kokoro_times_words_that_no_spaces_part(
    voice: str,
    language: str,
    text: str,
    words: str,
    syllables: int,
    kokoro: KokoroVoices,
    tmp_path: Path,
) -> None:
    spoken = kokoro.speak(Utterance(voice, "", language, text), None, tmp_path / "a.wav")
    assert spoken.words
    assert [word.text for word in spoken.words] == words.split()
    places = [ms for word in spoken.words for ms in (word.start_ms, word.end_ms)]
    assert places == sorted(places)
    sound = samples(tmp_path / "a.wav", 24000)
    for word in spoken.words:
        assert word.end_ms - word.start_ms >= 100
        assert loudness(sound, 24000, word.start_ms, word.end_ms) > 500
    said_ms = sum(word.end_ms - word.start_ms for word in spoken.words)
    assert 90 < said_ms / syllables < 300


def test_kokoro_takes_no_ssml(kokoro: KokoroVoices, tmp_path: Path) -> None:
    assert not kokoro.takes_ssml
    utterance = Utterance("af_heart", "", "en-US", "<speak>Hi.</speak>", ssml=True)
    with pytest.raises(ProviderRefused, match="SSML"):
        kokoro.speak(utterance, None, tmp_path / "a.wav")


def test_the_process_knows_nothing_of_ours_and_closing_ends_it(
    speaker: Speaker, tmp_path: Path
) -> None:
    speaker.says("Hi.", tmp_path / "a.wav")
    pid = speaker.pid
    environment = Path(f"/proc/{pid}/environ").read_text()
    assert "hush" not in environment and "RESPLICE" not in environment
    speaker.makes_sound.close()
    speaker.makes_sound.close()
    assert speaker.makes_sound.pid is None
    assert not Path(f"/proc/{pid}").exists()


def test_nothing_is_started_before_something_is_said() -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from resplice.adapters.kokoro.voices import *\n"
        f"voices = KokoroVoices(Path({str(BUILT)!r}, 'kokoro'), EspeakLibrary(Path('/none')))\n"
        "assert voices.pid is None\n"
        "voices.close()\n"
        "assert not {'numpy', 'onnxruntime'} & set(sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_voices_that_are_not_set_up_are_told_of(tmp_path: Path) -> None:
    provider = EspeakVoices(EspeakLibrary(tmp_path))
    with pytest.raises(ProviderBusy):
        provider.speak(Utterance("en", "", "en", "Hi."), None, tmp_path / "a.wav")


def test_a_build_names_what_is_installed() -> None:
    kokoro = kokoro_built.build(BUILT / "kokoro", BUILT / "espeak")
    espeak = espeak_built.build(BUILT / "espeak")
    assert len(kokoro) == len(espeak) == 16
    assert kokoro != espeak


def spoken_ssml(library: EspeakLibrary, content: str, into: Path) -> Spoken:
    utterance = Utterance("en-us", "", "en-US", f"<speak>{content}</speak>", ssml=True)
    return EspeakVoices(library).speak(utterance, None, into)


def texts(spoken: Spoken) -> Sequence[str]:
    return [word.text for word in spoken.words or ()]


def test_espeak_takes_ssml(library: EspeakLibrary, tmp_path: Path) -> None:
    content = (
        'One <emphasis>two</emphasis><break time="1s"/> th<mark name="m"/>ree &amp; &lt;4&gt;.'
    )
    spoken = spoken_ssml(library, content, tmp_path / "a.wav")
    assert spoken.words
    assert texts(spoken) == ["One", "two", "three", "&", "<4>."]
    assert spoken.words[2].start_ms - spoken.words[1].end_ms > 900


@pytest.mark.parametrize(
    "content",
    [
        "<p>open",
        '<break time="1000000s"/>',
        '<break time="x"/>',
        "<p>" * 100 + "a" + "</p>" * 100,
        "</speak><speak>",
        "<break/>",
    ],
)
def test_ssml_that_is_not_good_is_refused(
    library: EspeakLibrary, content: str, tmp_path: Path
) -> None:
    with pytest.raises(ProviderRefused):
        spoken_ssml(library, content, tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []


def test_ssml_reads_no_files_and_runs_nothing(library: EspeakLibrary, tmp_path: Path) -> None:
    into, secret, traces = tmp_path / "a.wav", tmp_path / "secret.wav", tmp_path / "ran"
    with wave.open(str(secret), "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        file.writeframes(b"\x00\x40" * 88200)
    plain = spoken_ssml(library, "One two.", into)
    for source in (secret, f"x'; touch {traces}; '", f'x"; touch {traces}; "'):
        src = str(source).replace('"', "&quot;")
        again = spoken_ssml(library, f'One <audio src="{src}">two.</audio>', into)
        assert again.words == plain.words
    assert not traces.exists()


def program(code: str) -> Program:
    return Program("Somebody", (sys.executable, "-I", "-c", code))


def test_a_program_that_does_not_answer_in_time_is_ended() -> None:
    deaf = program("import time; time.sleep(60)")
    with pytest.raises(ProviderBusy, match="no answer within"):
        deaf.ask({}, 0.3)
    deaf.close()


@pytest.mark.parametrize("says", ["nonsense", "[]", "{}", '{"id": 99}', "\\xff"])
def test_a_program_that_says_what_is_no_answer_is_ended(says: str) -> None:
    talks = program(f"input(); print({says!r}, flush=True); input()")
    with pytest.raises(ProviderBusy, match="ended"):
        talks.ask({}, 20)
    talks.close()


def test_a_program_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ProviderBusy, match="cannot be started"):
        Program("Somebody", (str(tmp_path / "none"),)).ask({}, 1)


def test_a_program_ends_with_whoever_started_it() -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from resplice.adapters.espeak.library import EspeakLibrary\n"
        f"library = EspeakLibrary(Path({str(BUILT)!r}, 'espeak'))\n"
        "library.sounds('en', ['hi'])\n"
        "print(library.pid, flush=True); os._exit(0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment, capture_output=True
    )
    ended = Path(f"/proc/{int(said.stdout)}/fd")
    for _ in range(200):
        if not ended.exists() or not is_running(int(said.stdout)):
            return
        time.sleep(0.05)
    raise AssertionError("it goes on")


def is_running(pid: int) -> bool:
    """A process that nobody buried is none any more."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


ECHO = "import json, sys\nfor line in sys.stdin: print(line.strip(), flush=True)"


def test_a_program_with_nothing_to_do_is_ended_and_comes_again_when_asked() -> None:
    idle = Program("Somebody", (sys.executable, "-I", "-c", ECHO), idle_s=0.2)
    assert idle.ask({"word": 1}, 20)["word"] == 1
    first = idle.pid
    assert first
    for _ in range(400):
        if idle.pid is None and not is_running(first):
            break
        time.sleep(0.05)
    assert idle.pid is None
    assert idle.ask({"word": 2}, 20)["word"] == 2
    idle.close()


def test_a_program_that_is_asked_again_goes_on() -> None:
    kept = Program("Somebody", (sys.executable, "-I", "-c", ECHO), idle_s=30)
    pids = {kept.ask({}, 20)["id"] and kept.pid for _ in range(3)}
    assert len(pids) == 1 and None not in pids
    kept.close()
