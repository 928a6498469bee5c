"""Templates: movies that are kept to be rendered again, with other variables.

Times are milliseconds since the epoch, UTC, of the caller's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from resplice.frozen import frozen

TEMPLATE_ID_CHARS = 20
MAX_MOVIE_BYTES = 350_000
"""Of a template's movie, UTF-8: three times what JSON2Video takes; DynamoDB keeps it in one item
with all that belongs to it.
"""


@frozen
class Template:
    """One template.

    id             TEMPLATE_ID_CHARS letters and digits
    movie          the document, as text, exactly as it was given; at most MAX_MOVIE_BYTES
    ai_prompt      what it was made from, in words
    shared         whether others than its owner see it
    width, height  what the document says of its size, where it is plain numbers
    """

    id: str
    owner: str
    name: str
    tags: tuple[str, ...]
    movie: str
    created_at_ms: int
    updated_at_ms: int
    ai_prompt: str | None = None
    shared: bool = False
    width: int | None = None
    height: int | None = None


class Templates(Protocol):
    """What was written is read by whoever reads next. Every method raises StorageError."""

    def add(self, template: Template) -> None:
        """Raises StorageError when the id is taken."""
        ...

    def get(self, owner: str, template_id: str) -> Template | None:
        """The owner's, or one that another shares."""
        ...

    def list(self, owner: str) -> Sequence[Template]:
        """The owner's, newest updated_at_ms first, of one millisecond the greatest id first;
        movie and ai_prompt, which may be large, are left out: they are empty.
        """
        ...

    def shared(self, owner: str) -> Sequence[Template]:
        """What others share with the owner; as list has them."""
        ...

    def replace(self, template: Template, was_updated_at_ms: int) -> bool:
        """Put it in the place of the owner's one of the same id. False, and nothing changed, when
        there is none that was last updated then. updated_at_ms must be later than it was.
        """
        ...

    def remove(self, owner: str, template_id: str) -> bool:
        """False when the owner has none of this id."""
        ...
