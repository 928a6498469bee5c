"""Generators: a prompt to a picture or a clip."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from resplice.core.models import Shape
from resplice.frozen import frozen
from resplice.ports.connections import Secret


@frozen
class Generation:
    """What is to be generated.

    kind      `image` or `video`
    model     the provider's own name of it
    width, height  pixels asked for
    seconds   the length asked for of a video; 0 for an image
    settings  JSON object, as text: the element's `model-settings`, which go to the model
    options   (name, value) of the connection: `region`, `endpoint`
    """

    kind: Literal["image", "video"]
    model: str
    prompt: str
    shape: Shape
    width: int
    height: int
    seconds: float = 0
    settings: str = "{}"
    options: tuple[tuple[str, str], ...] = ()


@frozen
class Started:
    """A provider was asked.

    job  its own id of the work, by which it is asked again; empty when the result lies at `into`
    """

    job: str = ""


@frozen
class Generated:
    """It is made. url: where it can be downloaded for a while; empty when it lies at `into`."""

    url: str = ""


class GeneratorProvider(Protocol):
    """One provider of generated media. Safe to call from many threads."""

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """Ask for it, once: what is returned is stored before anybody waits.

        Raises ProviderRefused, ProviderBusy (nothing was paid), ProviderLost (it may have been).
        """
        ...

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        """What came of the job; None while it is worked on. Asking costs nothing.

        Raises ProviderRefused when it failed or is unknown, ProviderBusy.
        """
        ...
