"""What is said in a source, found out."""

from __future__ import annotations

from dataclasses import field

from resplice.core.bill import Bill
from resplice.core.composition import Source
from resplice.core.prices import is_listed
from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class TranscribeTask(Task):
    """The words of a source, by its content, and when each is said in it.

    language, model, keywords  as the document has them
    options, build, connection as those of SpeakTask
    seconds     how long the source is, which its content decides
    """

    source: Source
    provider: str
    language: str
    model: str = "default"
    keywords: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    build: str = ""
    connection: str | None = field(default=None, compare=False)
    seconds: float = field(default=0, compare=False)

    def bill(self) -> Bill:
        """For its length."""
        listed = is_listed(self.provider, self.options)
        return Bill(self.provider, "", "seconds", self.seconds, listed=listed)
