"""What answers hold, as values. A field that a server does not send is None or empty.

`raw` is what was sent, with all that has no field here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from resplice.frozen import frozen

Json = Mapping[str, Any]
ENDS = ("done", "error", "timeout")


@frozen
class Movie:
    """A project: a movie that was asked for, and what has become of it.

    status: pending, running, done, error, timeout. progress: percent. ass: the URL of subtitles.
    """

    project: str
    status: str
    message: str = ""
    progress: float | None = None
    url: str | None = None
    ass: str | None = None
    thumbnail: str | None = None
    duration_s: float | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    created_at: str | None = None
    ended_at: str | None = None
    expires_at: str | None = None
    deleted_at: str | None = None
    id: str | None = None
    client_data: Any = None
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def is_over(self) -> bool:
        return self.status in ENDS

    @property
    def is_done(self) -> bool:
        return self.status == "done"

    @classmethod
    def of(cls, told: Json) -> Movie:
        return cls(
            project=str(told.get("project") or ""),
            status=str(told.get("status") or "pending"),
            message=str(told.get("message") or ""),
            progress=told.get("progress"),
            url=told.get("url") or None,
            ass=told.get("ass") or None,
            thumbnail=told.get("thumbnail") or None,
            duration_s=told.get("duration"),
            size_bytes=told.get("size"),
            width=told.get("width"),
            height=told.get("height"),
            created_at=told.get("created_at"),
            ended_at=told.get("ended_at"),
            expires_at=told.get("expires_at"),
            deleted_at=told.get("deleted_at"),
            id=told.get("id"),
            client_data=told.get("client-data"),
            raw=told,
        )


@frozen
class MoviePage:
    """A page of a list. next_token: for the page after it; None: it is the last."""

    movies: Sequence[Movie]
    next_token: str | None = None


@frozen
class Template:
    """movie: its document; variables: how its fields are described, when a format was asked for."""

    id: str
    name: str
    tags: Sequence[str] = ()
    movie: Any = None
    variables: Any = None
    created_at: str | None = None
    updated_at: str | None = None
    raw: Json = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, told: Json) -> Template:
        return cls(
            id=str(told.get("id") or ""),
            name=str(told.get("name") or ""),
            tags=tuple(told.get("tags") or ()),
            movie=told.get("movie"),
            variables=told.get("variables"),
            created_at=told.get("created_at"),
            updated_at=told.get("updated_at"),
            raw=told,
        )


@frozen
class Storage:
    """How much room an account's media take."""

    used_bytes: int
    free_allowance: int | None = None
    blocked: bool = False
    raw: Json = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, told: Json) -> Storage:
        return cls(
            int(told.get("used_bytes") or 0),
            told.get("free_allowance"),
            bool(told.get("blocked")),
            told,
        )


@frozen
class MediaFile:
    """status: pending until its bytes have come, then uploaded. folder: "" is the root."""

    name: str
    folder: str = ""
    url: str | None = None
    status: str | None = None
    type: str | None = None
    content_type: str | None = None
    size_bytes: int | None = None
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @classmethod
    def of(cls, told: Json) -> MediaFile:
        return cls(
            name=str(told.get("name") or ""),
            folder=str(told.get("folder") or "").strip("/"),
            url=told.get("url"),
            status=told.get("status"),
            type=told.get("type"),
            content_type=told.get("contentType"),
            size_bytes=told.get("size"),
            raw=told,
        )


@frozen
class MediaFolder:
    """A page of what lies in a folder. total: of the files that were asked for, on all pages."""

    path: str
    folders: Sequence[str]
    files: Sequence[MediaFile]
    total: int

    @classmethod
    def of(cls, told: Json) -> MediaFolder:
        files = [MediaFile.of(each) for each in told.get("files") or ()]
        total = told.get("total")
        return cls(
            str(told.get("path") or "/"),
            tuple(told.get("folders") or ()),
            files,
            len(files) if total is None else int(total),
        )


@frozen
class Plan:
    """What rendering a movie would take; nothing was done.

    complete: whether all is known, which needs the elements that are in to_make. result: hit when
    the whole movie is in the cache, else miss or bypass. frames: those that would be rendered.
    cost_usd: to be paid to providers. seconds: how long it should take.
    """

    complete: bool
    result: str
    duration_s: float | None = None
    frames: int | None = None
    cost_usd: float = 0.0
    seconds: float | None = None
    to_make: Sequence[Json] = ()
    scenes: Sequence[Json] = ()
    warnings: Sequence[str] = ()
    raw: Json = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, told: Json) -> Plan:
        return cls(
            complete=bool(told.get("complete")),
            result=str((told.get("movie") or {}).get("result") or "miss"),
            duration_s=told.get("duration"),
            frames=told.get("frames"),
            cost_usd=float(told.get("cost_usd") or 0),
            seconds=told.get("seconds"),
            to_make=tuple(told.get("to_make") or ()),
            scenes=tuple(told.get("scenes") or ()),
            warnings=tuple(told.get("warnings") or ()),
            raw=told,
        )


@frozen
class CacheReport:
    """What a movie was served from, and why the rest was made; None while it is not made.

    against: the earlier render that it was compared with, if there is one.
    """

    project: str
    status: str
    report: Json | None = None
    against: Json | None = None
    raw: Json = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, told: Json) -> CacheReport:
        return cls(
            str(told.get("project") or ""),
            str(told.get("status") or ""),
            told.get("cache"),
            told.get("against"),
            told,
        )
