"""Accounts with providers: local servers behind connections, and what was asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dying import Fate, Fated
from far_apart import Died, MovedClock
from provider_servers import generating
from provider_servers.azure_speech import AzureSpeechServer
from provider_servers.black_forest_labs import BlackForestLabsServer
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.fal import FalServer
from provider_servers.generating import ProviderServer
from provider_servers.openai import OpenAIServer
from provider_servers.replicate import ReplicateServer
from provider_servers.speaking import SpeakingServer
from resplice.core.providers import Connection
from resplice.core.sources import ElementTask
from resplice.core.tasks import Task
from resplice.ports import Ports
from resplice.ports.connections import Connections
from resplice.steps import leasing
from resplice.steps.element_cache import TaskOutcome
from resplice.steps.pipeline.element import make
from resplice.wiring.local import UNLIMITED, Paid
from studio import Studio, give, movie, picture, studio
from web_server import Server, serving

KEY = generating.KEY
SPEAKERS: dict[str, Callable[[], SpeakingServer]] = {
    "elevenlabs": lambda: ElevenLabsServer(KEY),
    "azure": lambda: AzureSpeechServer(KEY),
}
VOICES = {"elevenlabs": "Rachel", "azure": "en-US-JennyNeural"}
OTHER_VOICES = {"elevenlabs": "aBcDeFgHiJkLmNoPqRsT", "azure": "de-DE-KatjaNeural"}
SETTINGS: dict[str, dict[str, Any]] = {
    "elevenlabs": {"voice_settings": {"stability": 0.3}},
    "azure": {"speed": 1.2},
}
PAINTERS: dict[str, Callable[[], ProviderServer]] = {
    "openai": OpenAIServer,
    "replicate": ReplicateServer,
    "fal": FalServer,
    "black-forest-labs": BlackForestLabsServer,
}
MODELS = {
    "openai": "gpt-image-2",
    "replicate": "flux-schnell",
    "fal": "flux-schnell",
    "black-forest-labs": "flux-pro",
}
LOCAL = {*SPEAKERS, *PAINTERS}
"""Providers that have a server here."""


@dataclass
class Account:
    """A studio with a connection to one provider that speaks. Its id is the provider's name."""

    lab: Studio
    provider: str
    server: SpeakingServer

    def line(self, text: str, **more: Any) -> dict[str, Any]:
        """A voice element."""
        return {
            **{"type": "voice", "text": text, "voice": VOICES[self.provider]},
            **{"connection": self.provider, **more},
        }

    def characters(self) -> int:
        """How many were billed since the last call."""
        billed, self.server.characters = self.server.characters, 0
        return billed

    def paid(self, *elements: dict[str, Any], **more: Any) -> int:
        """What a movie of one scene with these elements makes the provider bill."""
        self.characters()
        self.lab.planned(movie({"elements": list(elements)}, **more))
        return self.characters()


@dataclass
class Gallery:
    """A studio with a connection to one provider that generates. Its id is the provider's name."""

    lab: Studio
    provider: str
    server: ProviderServer
    web: Server

    def image(self, prompt: str = "a boat", **more: Any) -> dict[str, Any]:
        named = {"model": MODELS[self.provider], "connection": self.provider}
        return {"type": "image", "prompt": prompt, **named, **more}

    def asked(self) -> int:
        """How often something was asked for that is paid, since the last call."""
        starts = len(self.server.starts())
        self.server.seen.clear()
        return starts


def connect(connections: Connections, kind: str, url: str, key: str = KEY) -> None:
    """A connection that has the name of its kind."""
    connections.add(Connection(kind, kind, (("endpoint", url),)), {"key": key})


@contextmanager
def account(folder: Path, provider: str, paid: Paid = UNLIMITED) -> Iterator[Account]:
    with (
        SPEAKERS[provider]() as server,
        studio(folder, None, paid) as lab,
    ):
        connect(lab.ports.connections, provider, server.url())
        yield Account(lab, provider, server)


@contextmanager
def gallery(folder: Path, provider: str, paid: Paid = UNLIMITED) -> Iterator[Gallery]:
    with ExitStack() as stack:
        server = stack.enter_context(PAINTERS[provider]())
        web = stack.enter_context(serving())
        lab = stack.enter_context(studio(folder, web, paid))
        server.picture, server.made = picture("red"), give(web, "/made.png", picture("red"))
        connect(lab.ports.connections, provider, server.url())
        yield Gallery(lab, provider, server, web)


def stored_keys(ports: Ports) -> list[str]:
    """What lies in the store of elements."""
    return [each.key for each in ports.objects.list("elements/")]


DEADLY = frozenset(
    ("put", "point", "claim", "release", "speak", "start", "collect", "transcribe", "fetch")
)


@dataclass
class Doomed(Fate):
    """A process that does n of the calls in `of`, and is dead before the next: it releases no
    lease and removes nothing.
    """

    of: frozenset[str] = DEADLY

    def carry_out(self, name: str, call: Callable[..., Any], *args: Any, **more: Any) -> Any:
        if len(self.calls) == self.n:
            raise Died
        return super().carry_out(name, call, *args, **more)


def doomed(ports: Ports, n: int) -> tuple[Ports, Doomed]:
    """The same ports, in a process that will die; and what it did until then."""
    fate = Doomed(n, lambda: None)
    names = ("objects", "cache_index", "leases", "web")
    wrapped: dict[str, Any] = {name: Fated(getattr(ports, name), fate) for name in names}
    for name in ("voices", "transcribers", "generators"):
        providers: Mapping[str, Any] = getattr(ports, name)
        wrapped[name] = {
            known: Fated(providers[known], fate) for known in providers if known in LOCAL
        }
    return replace(ports, **wrapped), fate


def revived(ports: Ports) -> Ports:
    """The same ports for who comes when the lease of the dead has ended."""
    return replace(ports, clock=MovedClock(ports.clock, leasing.ALONE_MS))


def made(task: Task, ports: Ports, run: str, *, forced: bool = False) -> TaskOutcome:
    """Make the task, in a run."""
    wanted = ElementTask(("scenes", 0, "elements", 0), "element", task, forced)
    return make(wanted, ports, revalidate=False, run=run)
