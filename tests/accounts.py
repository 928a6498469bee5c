"""Providers on this machine, and connections of a stage to them: who draws, speaks and listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from deployed import Deployed
from provider_servers import generating, listening
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.openai_transcription import OpenAiServer
from provider_servers.replicate import ReplicateServer
from studio import give, picture

DRAWS, SPEAKS, LISTENS = "who-draws", "who-speaks", "who-listens"
"""Ids of connections."""
VOICES_KEY = "sk_key-of-voices-51"
KEYS = (generating.KEY, VOICES_KEY, listening.KEY)


@dataclass(frozen=True)
class Accounts:
    """What each provider is asked is in its server."""

    draws: ReplicateServer
    speaks: ElevenLabsServer
    listens: OpenAiServer


@contextmanager
def entered(deployed: Deployed) -> Iterator[Accounts]:
    """Each connection is entered as an operator does it."""
    with ExitStack() as lasting:
        draws = lasting.enter_context(ReplicateServer())
        speaks = lasting.enter_context(ElevenLabsServer(VOICES_KEY))
        listens = lasting.enter_context(OpenAiServer())
        draws.made = give(deployed.web, "/generated.png", picture("orchid", (96, 64)))
        for name, kind, endpoint, key in (
            (DRAWS, "replicate", draws.url(), generating.KEY),
            (SPEAKS, "elevenlabs", speaks.url(), VOICES_KEY),
            (LISTENS, "openai", listens.url("/v1"), listening.KEY),
        ):
            place = ("--kind", kind, "--name", name, "--endpoint", endpoint)
            deployed.command("connections", "add", *place, given=key)
        yield Accounts(draws, speaks, listens)
