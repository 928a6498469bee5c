"""`python -m benchmarks.providers` against servers that speak as providers do: it asks once through
the real adapters and tells what came; what cannot be asked is refused.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image
from provider_servers import (
    elevenlabs,
    generating,
    listening,
    openai,
    openai_transcription,
)
from studio import called

from benchmarks import providers

ROOT = Path(__file__).resolve().parents[2]
NOT_SET = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION")
KEY = "a-key-of-the-operator"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell without an account of AWS."""
    for name in NOT_SET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", "/nonexistent")


def run(data: Path, *words: str) -> tuple[int, str]:
    """Exit code, and what was said, by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.providers", *words, "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def ask(data: Path, *words: str) -> tuple[int, str]:
    """The same, in this process."""
    said = io.StringIO()
    argv = patch.object(sys, "argv", ["providers", *words, "--data", str(data)])
    with argv, redirect_stdout(said), redirect_stderr(said):
        try:
            code = providers.main()
        except SystemExit as ended:
            assert isinstance(ended.code, int)
            code = ended.code
    return code, said.getvalue()


def connected(data: Path, kind: str, endpoint: str, key: str) -> None:
    place = ("--kind", kind, "--name", "mine", "--endpoint", endpoint, "--data", str(data))
    done = called("connections", "add", *place, given=key)
    assert done.returncode == 0, done


def told(said: str) -> dict[str, str]:
    return {line[:11].strip(): line[11:] for line in said.splitlines()}


def test_a_voice_is_asked_once_and_told_with_its_price(tmp_path: Path) -> None:
    with elevenlabs.ElevenLabsServer(KEY) as server:
        connected(tmp_path, "elevenlabs", server.url(), KEY)
        words = ("--connection", "mine", "--voice", "Rachel", "--text", "Ten past")
        code, said = run(tmp_path, "voices", "elevenlabs", *words)
        assert code == 0 and server.characters == 8, said
    found = told(said)
    assert found["billed"] == "8 characters" and found["list price"] == "$0.0006"
    assert found["words"] == "Ten 0.00-0.15, past 0.20-0.40" and "mp3" in found["sound"]


def test_a_wrong_key_is_the_providers_refusal_and_is_not_shown(tmp_path: Path) -> None:
    with elevenlabs.ElevenLabsServer(KEY) as server:
        connected(tmp_path, "elevenlabs", server.url(), "another-key-0123456789")
        code, said = ask(tmp_path, "voices", "elevenlabs", "--connection", "mine")
    assert code == 1 and "ElevenLabs" in said and "another-key-0123456789" not in said


def test_a_transcriber_hears_a_sentence_that_is_spoken_here(tmp_path: Path) -> None:
    with openai_transcription.OpenAiServer() as server:
        connected(tmp_path, "openai", server.url("/v1"), listening.KEY)
        words = ("--connection", "mine", "--language", "en", "--text", "Save twenty percent.")
        code, said = ask(tmp_path, "transcribers", "openai", *words)
        assert code == 0 and len(server.asked) == 1, said
    found = told(said)
    assert "Okonkwo. 1.33-1.95" in found["words"] and found["billed"].endswith("seconds")


def test_a_generator_makes_a_picture(tmp_path: Path) -> None:
    png = io.BytesIO()
    Image.new("RGB", (1536, 1024), "teal").save(png, "PNG")
    with openai.OpenAIServer() as server:
        server.picture = png.getvalue()
        connected(tmp_path, "openai", server.url("/v1"), generating.KEY)
        words = ("--connection", "mine", "--model", "gpt-image-2")
        code, said = ask(tmp_path, "generators", "openai", *words)
        assert code == 0 and len(server.seen) == 1, said
    found = told(said)
    assert found["image"].startswith("1536x1024 pixels") and found["billed"] == "1 pictures"
    assert found["list price"] == "unknown", "who only speaks like OpenAI has no list"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("voices", "azure"), "connections add --kind azure"),
        (("voices", "polly"), "credentials"),
        (("transcribers", "amazon-transcribe"), "--bucket"),
        (("generators", "bedrock"), "credentials"),
        (("generators", "fal", "--connection", "none"), "no connection 'none'"),
        (("generators", "kokoro"), "invalid choice"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    code, said = ask(tmp_path, *words)
    assert code == 2 and reason in said
