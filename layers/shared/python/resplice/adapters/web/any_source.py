"""Bytes from wherever a source URL points: the web, the URL itself (data:), or a local file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from resplice.errors import SourceInvalid, SourceMissing, SourceRefused
from resplice.ports.web import Allowance, Fetched, Validators, Web

MAX_FILE_BYTES = 4 << 30


class AnySource:
    """A Web that also reads data: and, when files are allowed, file: URLs."""

    def __init__(self, web: Callable[[], Web], *, files_allowed: bool) -> None:
        """web is asked for when first needed: certificates take a while to load."""
        self._web, self._files_allowed = cache(web), files_allowed

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        url = url.strip()
        scheme = url.partition(":")[0].lower()
        if scheme == "data":
            return _stored(into, _decoded(url), url)
        if scheme == "file":
            return self._copied(url, into)
        return self._web().fetch(url, into, known, allowance)

    def _copied(self, url: str, into: Path) -> Fetched:
        if not self._files_allowed:
            raise SourceRefused(url, "local files are not allowed here")
        path = Path(unquote(urlsplit(url).path))
        try:
            if not path.is_file():
                raise SourceMissing(str(path), "no such file")
            if path.stat().st_size > MAX_FILE_BYTES:
                raise SourceRefused(str(path), f"the file is larger than {MAX_FILE_BYTES} bytes")
            shutil.copyfile(path, into)
        except OSError as error:
            raise SourceMissing(str(path), error.strerror or "cannot be read") from None
        with into.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Fetched(digest, into.stat().st_size, Validators())


def _decoded(url: str) -> bytes:
    """The bytes of a data: URL (RFC 2397). Raises SourceInvalid."""
    head, comma, body = url.partition(",")
    if not comma:
        raise SourceInvalid(url, "The data: URL has no comma, so it has no data")
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote_to_bytes(body), validate=True)
    except (binascii.Error, ValueError):
        raise SourceInvalid(url, "The data: URL is not valid base64") from None


def _stored(into: Path, data: bytes, url: str) -> Fetched:
    if not data:
        raise SourceInvalid(url, "The data: URL is empty")
    into.write_bytes(data)
    return Fetched(hashlib.sha256(data).hexdigest(), len(data), Validators())
