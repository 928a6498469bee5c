"""Who speaks, transcribes and generates, by the names of core.providers.

Each is made when it is first asked: most movies ask none, and some take a second to begin.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from threading import RLock
from typing import Any, Generic, TypeVar

from resplice.core.owners import name_of
from resplice.core.providers import PROVIDERS, Access, Offers
from resplice.ports.connections import Connections

T = TypeVar("T")
GOOGLE_FONTS = "https://fonts.googleapis.com"


class Lazily(Mapping[str, T], Generic[T]):
    """Values that are made once, when they are first looked up, by however many threads at once:
    some start a process.
    """

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}
        self._making = RLock()

    def __getitem__(self, name: str) -> T:
        with self._making:
            return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _named(module: str, name: str) -> Callable[[], Any]:
    return lambda: getattr(importlib.import_module(f"resplice.adapters.{module}"), name)()


VOICES: Mapping[str, Callable[[], Any]] = {
    "azure": _named("providers.azure_voices", "AzureVoices"),
    "elevenlabs": _named("providers.elevenlabs_voices", "ElevenLabsVoices"),
}
TRANSCRIBERS: Mapping[str, Callable[[], Any]] = {
    "azure": _named("providers.azure_transcriber", "AzureTranscriber"),
    "elevenlabs": _named("providers.elevenlabs_transcriber", "ElevenLabsTranscriber"),
    "openai": _named("providers.openai_transcriber", "OpenAiTranscriber"),
}
GENERATORS: Mapping[str, Callable[[], Any]] = {
    "openai": _named("providers.openai_images", "OpenAIImages"),
    "replicate": _named("providers.replicate", "Replicate"),
    "fal": _named("providers.fal", "Fal"),
    "black-forest-labs": _named("providers.black_forest_labs", "BlackForestLabs"),
    "bedrock": _named("providers.bedrock", "Bedrock"),
}
"""Those that are asked over the network, wherever we run; what else there is, is wired there."""


def fonts_url() -> str:
    """RESPLICE_FONTS_URL: where fonts are asked for by name; Google's when it is not set, nowhere
    when it is empty or `off`.
    """
    said = os.environ.get("RESPLICE_FONTS_URL", GOOGLE_FONTS).strip()
    return "" if said.lower() == "off" else said


def offers_of(
    connections: Connections, at_hand: tuple[Access, ...], **settings: Any
) -> Callable[[str], Offers]:
    """What an owner is offered now, but for components: they come by themselves. settings: fields
    of Offers. A connection of a kind that is not known, as a newer version of ours may have
    entered it, is none.
    """

    def now(owner: str) -> Offers:
        named = ((name_of(owner, each.id), each) for each in connections.list())
        known = (replace(each, id=name) for name, each in named if name and each.kind in PROVIDERS)
        return Offers(at_hand, tuple(known), **settings)

    return now
