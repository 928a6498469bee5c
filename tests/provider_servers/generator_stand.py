"""Every provider of generated media, with its server, and how adapters are had for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from provider_servers import bedrock, black_forest_labs, fal, openai, replicate
from provider_servers.generating import KEY, ProviderServer, Reply
from resplice.adapters.providers import bedrock as bedrock_adapter
from resplice.adapters.providers.bedrock import Bedrock
from resplice.adapters.providers.black_forest_labs import BlackForestLabs
from resplice.adapters.providers.fal import Fal
from resplice.adapters.providers.http import Asking
from resplice.adapters.providers.openai_images import OpenAIImages
from resplice.adapters.providers.replicate import Replicate
from resplice.errors import ProviderError
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, GeneratorProvider, Started

PROMPT = "a red fox — “in snow”, 狐"
PATIENT, HASTY = 20.0, 0.3
"""Seconds that are waited for an answer: while a machine is busy, and where none will come."""
NOT_SET = ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK")


@dataclass(frozen=True)
class Kind:
    """A provider under test. body: what is sent for a wide picture, whole."""

    title: str
    server: Callable[[], ProviderServer]
    adapter: Callable[[Asking], GeneratorProvider] | None
    model: str
    body: dict[str, Any]
    path: str
    no_money: Reply
    sizes: tuple[int, int] = (1344, 768)


KINDS = {
    "replicate": Kind(
        "Replicate",
        replicate.ReplicateServer,
        Replicate,
        "black-forest-labs/flux-schnell",
        {
            "version": "black-forest-labs/flux-schnell",
            "input": {"prompt": PROMPT, "aspect_ratio": "16:9"},
        },
        "/v1/predictions",
        Reply(402, {"title": "Insufficient credit", "detail": "You have insufficient credit"}),
    ),
    "fal": Kind(
        "fal",
        fal.FalServer,
        Fal,
        "fal-ai/flux/schnell",
        {"prompt": PROMPT, "image_size": {"width": 1344, "height": 768}, "num_images": 1},
        "/fal-ai/flux/schnell",
        Reply(403, {"detail": "User is locked. Reason: Exhausted balance."}),
    ),
    "black-forest-labs": Kind(
        "Black Forest Labs",
        black_forest_labs.BlackForestLabsServer,
        BlackForestLabs,
        "flux-dev",
        {"prompt": PROMPT, "width": 1344, "height": 768},
        "/v1/flux-dev",
        Reply(402, {"detail": "Insufficient credits. Visit our site to add more."}),
    ),
    "openai": Kind(
        "OpenAI",
        openai.OpenAIServer,
        OpenAIImages,
        "gpt-image-2",
        {"model": "gpt-image-2", "prompt": PROMPT, "n": 1, "size": "1536x1024"},
        "/v1/images/generations",
        openai.refusal(429, "You exceeded your current quota, please check your billing details."),
        (1536, 1024),
    ),
    "bedrock": Kind(
        "Amazon Bedrock",
        bedrock.BedrockServer,
        None,
        bedrock.STABILITY,
        {"prompt": PROMPT, "aspect_ratio": "16:9"},
        "/model/stability.stable-image-core-v1%3A1/invoke",
        bedrock.error(400, "ServiceQuotaExceededException", "Your account is over its quota"),
    ),
}


@dataclass
class Stand:
    """A provider's server, and adapters that ask it.

    place   an address that is asked instead of the server's
    pauses  seconds that were slept, in order
    """

    kind: Kind
    server: ProviderServer
    into: Path
    read_s: float = PATIENT
    key: str | None = KEY
    place: str = ""
    pauses: list[float] = field(default_factory=list)

    def adapter(self) -> GeneratorProvider:
        """A new one, which knows nothing of what others did."""
        if self.kind.adapter is None:
            return self.bedrock
        return self.kind.adapter(Asking(self.kind.title, self.read_s, self.pauses.append))

    @cached_property
    def bedrock(self) -> Bedrock:
        """One for all, as it has no jobs and a client takes long to make."""
        url, read_s = self.place or self.server.url(), self.read_s
        return Bedrock(lambda region: bedrock_adapter.client(region, url, read_s))

    def secret(self) -> Secret | None:
        return None if self.key is None else Secret(key=self.key)

    def wanted(self, **changed: Any) -> Generation:
        usual = Generation(
            *("image", self.kind.model, PROMPT, "horizontal", *self.kind.sizes),
            options=(("endpoint", self.place or self.server.url()),),
        )
        return replace(usual, **changed)

    def start(self, **changed: Any) -> Started:
        return self.adapter().start(self.wanted(**changed), self.secret(), self.into)

    def collect(self, job: str, **changed: Any) -> Generated | None:
        return self.adapter().collect(job, self.wanted(**changed), self.secret(), self.into)

    def ended(self, **changed: Any) -> Generated:
        """What comes of it. Each time it is asked for by who knows nothing but the job."""
        started = self.start(**changed)
        if not started.job:
            return Generated()
        for _ in range(5):
            if found := self.collect(started.job, **changed):
                return found
        raise AssertionError("it did not end")

    def error(self, kind: type[ProviderError], /, **changed: Any) -> ProviderError:
        """The error of the start, or of asking for what it began."""
        with pytest.raises(ProviderError) as caught:
            self.ended(**changed)
        error = caught.value
        assert type(error) is kind, error
        assert error.provider == self.kind.title
        assert KEY not in str(error)
        assert not self.into.exists()
        return error


@contextmanager
def standing(name: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """The provider, and an account with it. No request of the test may have a key in its path."""
    account = {"AWS_ACCESS_KEY_ID": bedrock.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": KEY}
    place = {"AWS_DEFAULT_REGION": "us-west-2", "AWS_EC2_METADATA_DISABLED": "true"}
    for variable, value in (account | place).items():
        patch.setenv(variable, value)
    for variable in NOT_SET:
        patch.delenv(variable, raising=False)
    with KINDS[name].server() as server:
        yield Stand(KINDS[name], server, folder / name)
        for request in server.seen:
            assert KEY not in request.path
