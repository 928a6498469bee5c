"""Media: the files that owners keep with us: their names, where they lie, how a movie names them.

A file's URL stays the same when the file is replaced, so a URL is no content. Whoever makes a movie
pins each such URL to the version of the file that there is, and everything made from it is keyed
by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from resplice.core.time_units import DAY_MS
from resplice.frozen import frozen

TEMP = "temp"
"""The folder whose files go by themselves."""
TEMP_DAYS = 7
PENDING_DAYS = 1
"""For how long a name is kept for a file that never comes."""
GOING_MS = 900_000
"""For how long, at most, somebody is removing a file who is not dead."""
MAX_BYTES = 524_288_000
MAX_NAME_CHARS = 200
MAX_FOLDER_CHARS = 400
FREE_BYTES = 52_428_800
CREDITS_PER_GIB = 10
"""A week, above FREE_BYTES, as JSON2Video counts."""
FILES = "files"
PREFIX = "media/"
"""What the paths of all files' URLs begin with."""
NO_VERSIONS: Mapping[str, str] = MappingProxyType({})
MISSING = "none"
"""The version of a file that is not there."""

MediaType = Literal["image", "video", "audio", "other"]
MEDIA_TYPES: tuple[MediaType, ...] = ("image", "video", "audio", "other")

_TOKEN = r"[0-9a-f]{32}"
_PLACE = re.compile(rf"({FILES}|{TEMP})/({_TOKEN})/([a-zA-Z0-9._/-]+)")
_IN_TEXT = re.compile(
    r"""(?:(?<![^"'=(;,])|(?<=[,(=]\s))"""
    rf"""(https?://[^\s"'<>()/\\?#]{{1,300}}/{PREFIX}(?:{FILES}|{TEMP})/[a-zA-Z0-9._/%-]+)"""
    r"""(?:\?[^\s"'<>()#\\]*)?""",
    re.IGNORECASE,
)
"""A URL where a file may be named, and what follows it as its query: not what is shown as text."""
_CONTENT_TYPE = re.compile(r"[a-zA-Z0-9!#$&^_.+-]{1,80}/[a-zA-Z0-9!#$&^_.+-]{1,80}(;[ -~]{1,80})?")


@frozen
class MediaFile:
    """A file; or, without a name, a folder.

    folder   `a/b`; empty for the root
    status   pending until its bytes have come; going while they are removed
    """

    folder: str
    name: str
    created_at_ms: int
    content_type: str = ""
    size_bytes: int = 0
    status: Literal["pending", "uploaded", "going"] = "pending"

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def is_folder(self) -> bool:
        return not self.name

    @property
    def is_temporary(self) -> bool:
        return self.folder == TEMP or self.folder.startswith(f"{TEMP}/")

    @property
    def type(self) -> MediaType:
        """By its content type."""
        main = self.content_type.partition("/")[0].lower()
        return next((each for each in MEDIA_TYPES if each == main), "other")

    @property
    def expires_at_ms(self) -> int | None:
        """None when it stays."""
        if self.is_temporary and not self.is_folder:
            return self.created_at_ms + TEMP_DAYS * DAY_MS
        return None

    def is_over(self, now_ms: int) -> bool:
        """Whether it has gone by itself."""
        return self.expires_at_ms is not None and self.expires_at_ms <= now_ms

    def is_stale(self, now_ms: int) -> bool:
        """Whether its bytes ought to have come, or gone, long ago."""
        lasts_ms = {"pending": PENDING_DAYS * DAY_MS, "going": GOING_MS}.get(self.status)
        return lasts_ms is not None and self.created_at_ms + lasts_ms <= now_ms

    def going(self, now_ms: int) -> MediaFile:
        """As it is while it is removed: since when tells one that removes it from another."""
        since_ms = max(now_ms, self.created_at_ms + 1)
        return replace(self, status="going", created_at_ms=since_ms)

    def place(self, token: str) -> str:
        """Where its bytes lie. token: its owner's."""
        if self.is_temporary:
            return f"{TEMP}/{token}/{self.path.removeprefix(f'{TEMP}/')}"
        return f"{FILES}/{token}/{self.path}"


def clean_name(name: str) -> str:
    """As it is kept. Nothing that is left names a folder."""
    cleaned = re.sub(r"[^a-zA-Z0-9._-]", "_", name)
    return cleaned if cleaned.strip(".") else "_" * len(cleaned)


def clean_folder(folder: str) -> str:
    """As it is kept: without slashes around it; empty for the root."""
    parts = re.sub(r"[^a-zA-Z0-9/_-]", "_", folder).split("/")
    return "/".join(filter(None, parts))


def is_content_type(text: str) -> bool:
    return bool(_CONTENT_TYPE.fullmatch(text))


def url_of(place: str, base_url: str) -> str:
    return f"{base_url}/{PREFIX}{place}"


def place_at(path: str) -> str | None:
    """The place that a URL's path names; None when it is no file's."""
    place = unquote(path).removeprefix(f"/{PREFIX}")
    return place if _PLACE.fullmatch(place) and path.startswith("/") else None


def token_of(place: str) -> str:
    return place.split("/")[1]


@frozen
class Named:
    """What a URL of ours names. version: of the file, when it is pinned to one."""

    place: str
    version: str | None


def named_by(url: str, bases: Iterable[str]) -> Named | None:
    """None for what is no URL of a file of ours. bases: what our URLs begin with."""
    try:
        parts = urlsplit(url.strip())
        place = place_at(parts.path)
        origin = _origin(url.strip())
    except ValueError:
        return None
    if place is None or origin not in {_origin(base) for base in bases}:
        return None
    return Named(place, next(iter(parse_qs(parts.query).get("version", ())), None))


def urls_in(text: str) -> tuple[str, ...]:
    """Every URL in the text that looks like one of a file of ours, each once, sorted."""
    return tuple(sorted({found[1] for found in _IN_TEXT.finditer(text)}))


def pinned(text: str, versions: Mapping[str, str]) -> str:
    """The text with each such URL pinned. versions: by URL, as `urls_in` finds them."""

    def one(found: re.Match[str]) -> str:
        version = versions.get(found[1])
        return found[0] if version is None else f"{found[1]}?version={quote(version, safe='')}"

    return _IN_TEXT.sub(one, text) if versions else text


def unpinned(url: str) -> str:
    """As the document has it, but for its query."""
    return _IN_TEXT.sub(lambda found: found[1], url)


def _origin(url: str) -> tuple[str, str]:
    """Raises ValueError for a port that is none."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = (parts.hostname or "") + ("" if parts.port in (None, usual) else f":{parts.port}")
    return parts.scheme, host
