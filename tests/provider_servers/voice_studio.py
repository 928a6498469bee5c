"""Each provider of voices with its local server, and an utterance that both understand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from provider_servers.azure_speech import AzureSpeechServer
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.polly import PollyServer
from provider_servers.speaking import Fault, SpeakingServer, refusing
from resplice.adapters.providers.azure_voices import AzureVoices
from resplice.adapters.providers.elevenlabs_voices import ElevenLabsVoices
from resplice.adapters.providers.polly import PollyVoices
from resplice.errors import ProviderError
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance, VoiceProvider

Opened = Callable[[Path, float], AbstractContextManager["Studio"]]
"""(where the sound goes, how long the provider may say nothing)."""

KEY = "0123456789abcdef0123456789abcdef"
TEXT = "Hello, wörld & <friends> — it's 5 o'clock."


@dataclass
class Studio:
    """A provider with its server. secret: what its connection holds."""

    provider: VoiceProvider
    server: SpeakingServer
    utterance: Utterance
    secret: Secret | None
    into: Path
    demuxer: str
    refusal: Fault
    slept: list[float] = field(default_factory=list)

    def speak(self, **changed: Any) -> Spoken:
        utterance = replace(self.utterance, **changed)
        return self.provider.speak(utterance, self.secret, self.into)

    def failed(self, *faults: Fault, **changed: Any) -> ProviderError:
        """The error that it ends in. Nothing is left, and no key is told."""
        self.server.faults.extend(faults)
        with pytest.raises(ProviderError) as caught:
            self.speak(**changed)
        assert not self.into.exists()
        assert KEY not in repr(caught.value) and KEY[:8] not in repr(caught.value)
        return caught.value


@contextmanager
def polly(into: Path, read_s: float) -> Iterator[Studio]:
    def client(config: Any) -> Any:
        return boto3.client(
            "polly",
            endpoint_url=server.url(),
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key=KEY,
            config=config,
        )

    with PollyServer() as server:
        slept = list[float]()
        provider = PollyVoices(client, read_s=read_s, sleep=slept.append)
        told = {"__type": "InvalidSsmlException", "message": "not so"}
        utterance = Utterance("Joanna", "", "en-US", TEXT)
        yield Studio(
            *(provider, server, utterance, None, into, "ogg", refusing(400, told)), slept=slept
        )


@contextmanager
def azure(into: Path, read_s: float) -> Iterator[Studio]:
    with AzureSpeechServer(KEY) as server:
        slept = list[float]()
        provider = AzureVoices(read_s=read_s, sleep=slept.append)
        options = (("endpoint", server.url()),)
        utterance = Utterance("en-US-JennyNeural", "", "en-US", TEXT, options=options)
        told = {"error": {"message": f"not so, {KEY}"}}
        secret = Secret(key=KEY)
        yield Studio(
            *(provider, server, utterance, secret, into, "wav", refusing(400, told)), slept=slept
        )


@contextmanager
def elevenlabs(into: Path, read_s: float) -> Iterator[Studio]:
    with ElevenLabsServer(KEY) as server:
        slept = list[float]()
        provider = ElevenLabsVoices(read_s=read_s, sleep=slept.append)
        options = (("endpoint", server.url("/")),)
        utterance = Utterance("Rachel", "elevenlabs", "en-US", TEXT, options=options)
        told = {"detail": {"status": "no", "message": f"not so, {KEY[:16]}"}}
        secret = Secret(key=KEY)
        yield Studio(
            *(provider, server, utterance, secret, into, "mp3", refusing(400, told)), slept=slept
        )


ALL: tuple[Opened, ...] = (polly, azure, elevenlabs)
