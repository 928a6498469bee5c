"""What makers that ask providers have in common: secrets, room, answers that cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from resplice.core.owners import owned
from resplice.core.providers import PROVIDERS
from resplice.errors import (
    NotFound,
    ProviderBusy,
    ProviderLost,
    ProviderRefused,
    RenderError,
    SecretUnread,
    SourceInvalid,
    StorageError,
)
from resplice.ports import Ports
from resplice.ports.connections import Secret

log = logging.getLogger(__name__)


def secret_of(provider: str, connection: str | None, ports: Ports) -> Secret | None:
    """What the connection holds. Raises ProviderRefused when it was removed, SecretUnread when it
    cannot be read: why that is names places, and is only logged.
    """
    if connection is None:
        return None
    title = PROVIDERS[provider].title
    try:
        return ports.connections.secret(owned(ports.owner, connection))
    except NotFound:
        raise ProviderRefused(title, f"there is no connection '{connection}' any more") from None
    except StorageError as error:
        log.error("the secret of the connection %s cannot be read: %s", connection, error)
        reason = f"the secret of the connection '{connection}' cannot be read; the log says why"
        raise SecretUnread(title, reason) from None


def require_room(provider: str, ports: Ports) -> None:
    """Ask it before a provider is asked: nothing is paid for that could not be stored. Raises
    ProviderBusy.
    """
    if reason := ports.no_room():
        raise ProviderBusy(PROVIDERS[provider].title, reason)


@contextmanager
def readable(provider: str) -> Iterator[None]:
    """What cannot be read in here is the provider's answer."""
    try:
        yield
    except SourceInvalid as error:
        raise ProviderLost(PROVIDERS[provider].title, f"its answer is {error.reason}") from error
    except RenderError as error:
        raise ProviderLost(PROVIDERS[provider].title, "its answer cannot be decoded") from error
