"""What makers that ask providers have in common: secrets, and answers that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from resplice.core.providers import PROVIDERS
from resplice.errors import NotFound, ProviderLost, ProviderRefused, RenderError, SourceInvalid
from resplice.ports import Ports
from resplice.ports.connections import Secret


def secret_of(provider: str, connection: str | None, ports: Ports) -> Secret | None:
    """What the connection holds. Raises ProviderRefused when it was removed, StorageError."""
    if connection is None:
        return None
    try:
        return ports.connections.secret(connection)
    except NotFound:
        title = PROVIDERS[provider].title
        raise ProviderRefused(title, f"there is no connection '{connection}' any more") from None


@contextmanager
def readable(provider: str) -> Iterator[None]:
    """What cannot be read in here is the provider's answer."""
    try:
        yield
    except SourceInvalid as error:
        raise ProviderLost(PROVIDERS[provider].title, f"its answer is {error.reason}") from error
    except RenderError as error:
        raise ProviderLost(PROVIDERS[provider].title, "its answer cannot be decoded") from error
