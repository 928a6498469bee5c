"""The web, but for files of our own: those are read from where they lie."""

from __future__ import annotations

from pathlib import Path

from resplice.core.media import MISSING, named_by, unpinned
from resplice.errors import NotFound, SourceMissing, SourceRefused
from resplice.ports.media import MediaBytes, OwnUrls
from resplice.ports.web import Allowance, Fetched, Validators, Web

REPLACED = "the file was replaced or deleted while the movie was made"


class OwnMedia:
    """Implements ports.web.Web."""

    def __init__(self, web: Web, media: MediaBytes, own_urls: OwnUrls) -> None:
        self._web, self._media, self._own_urls = web, media, own_urls

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        """A pinned URL is that version of the file, or none. Raises StorageError too."""
        named = named_by(url, self._own_urls.known)
        if named is None:
            return self._web.fetch(url, into, known, allowance)
        stored = self._media.look(named.place) if named.version != MISSING else None
        if stored is None:
            raise SourceMissing(unpinned(url), "404")
        if named.version not in (None, stored.version):
            raise SourceMissing(unpinned(url), REPLACED)
        if known and known.etag == stored.version:
            return None
        if allowance and stored.size_bytes > allowance.size_bytes:
            said = f"the file is larger than {allowance.size_bytes} bytes"
            raise SourceRefused(unpinned(url), said)
        try:
            digest = self._media.read(named.place, stored.version, into)
        except NotFound:
            into.unlink(missing_ok=True)
            raise SourceMissing(unpinned(url), REPLACED) from None
        return Fetched(digest, stored.size_bytes, Validators(stored.version), url=unpinned(url))
