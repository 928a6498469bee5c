"""A text that is spoken."""

from __future__ import annotations

from dataclasses import field

from resplice.core.bill import Bill
from resplice.core.prices import billed_characters
from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class SpeakTask(Task):
    """A text spoken by one voice of one provider.

    provider    a name of core.providers
    voice       the provider's own id; model its own name, empty for the usual one
    language    BCP-47
    ssml        whether the text is a `<speak>` document
    settings    JSON object as text: what goes to the provider beside
    options     (name, value) of the connection that decide who answers: an endpoint, a region
    build       names the version of a provider that runs here; empty for a service
    connection  whose account pays; who pays changes no sample
    """

    provider: str
    voice: str
    model: str
    language: str
    text: str
    ssml: bool = False
    settings: str = "{}"
    options: tuple[tuple[str, str], ...] = ()
    build: str = ""
    connection: str | None = field(default=None, compare=False)

    def bill(self) -> Bill:
        """For the characters of its text; what tags cost differs."""
        characters = billed_characters(self.provider, self.text)
        return Bill(self.provider, self.model, "characters", characters)
