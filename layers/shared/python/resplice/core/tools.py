"""What makes pictures and sound, by name: the salts of keys."""

from __future__ import annotations

from dataclasses import field, replace

from resplice.core.fingerprint import fingerprint_of
from resplice.core.owners import FIRST_OWNER
from resplice.frozen import frozen

SHORT_CHARS = 16


@frozen
class Tools:
    """What makes pictures and sound, each named by a digest or a version; core: this package's.

    owner: whose cache it is. What is stored under a key tells that somebody has asked for it, so
    each has keys of their own; bytes lie under their digests, which tell nothing.
    credentials: whether every movie is given content credentials here, whatever it says.
    """

    ffmpeg: str
    resampler: str
    browser: str
    core: str
    owner: str = FIRST_OWNER
    credentials: bool = field(default=False, compare=False)

    def named(self, *names: str) -> list[str]:
        """The salts of a key: these tools, and the owner."""
        whose = [] if self.owner == FIRST_OWNER else [f"owner {self.owner}"]
        return [*(str(getattr(self, name)) for name in names), *whose]

    def short_name(self) -> str:
        """Of all of them, whoever the owner: tells an installation from the one after it."""
        return fingerprint_of(replace(self, owner=FIRST_OWNER), kind="tools")[:SHORT_CHARS]
