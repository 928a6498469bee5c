"""What every element that a provider makes something for may say, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from resplice.core.document.paths import DocumentPath
from resplice.core.document.spelling import nearest
from resplice.core.elements.base import ElementBase
from resplice.core.fingerprint import canonical
from resplice.core.providers import Access, Offers, Service, does
from resplice.errors import shown

Fault = tuple[DocumentPath, str]


class Provided(ElementBase):
    """What every element that a provider makes something for may say.

    model           the model of the provider that makes it; what there is, the connection decides
    connection      the id of an account with a provider; without one the installation's own count
    model_settings  what the model is told beside: it goes there as it is
    """

    model: str | None = None
    connection: str | None = None
    model_settings: dict[str, Any] = Field(default_factory=dict)


def settings_text(said: Mapping[str, Any]) -> str:
    """What goes to a model, as JSON: equal settings alike, `1` and `1.0` too."""
    return canonical(said).decode()


def named_access(element: Provided, offers: Offers) -> Access | None:
    """The account that the element names; None when it names none, or there is none."""
    return offers.connection(element.connection) if element.connection else None


def connection_faults(element: Provided, service: Service, offers: Offers) -> Iterator[Fault]:
    """Says that there is no such connection, or that it is of no use here."""
    if not element.connection:
        return
    access, known = named_access(element, offers), [each.id for each in offers.connections]
    name = shown(element.connection, 64)
    if access is None:
        meant = nearest(element.connection, known)
        hint = f"; did you mean '{meant}'?" if meant else "; `resplice connections add` makes one"
        yield ("connection",), f"there is no connection '{name}'{hint}"
    elif not does(access.provider, service):
        yield ("connection",), f"the connection '{name}' is of {access.provider}, without {service}"
