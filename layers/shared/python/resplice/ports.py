"""What the outside must offer. Each protocol is a contract; `tests/contract` holds it.

Every adapter of a port passes the same suite. Steps see only these types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from resplice.core.facts import MediaFacts
from resplice.core.filtergraph import Invocation
from resplice.core.keys import Tools

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class StoredObject:
    """What a store knows of an object without reading its bytes."""

    key: str
    size_bytes: int
    digest: str
    facts: Facts = field(default_factory=dict)


class Objects(Protocol):
    """Bytes under a key, with a few JSON facts beside them. Keys: `prefix/name`, [a-z0-9/._-].

    - put is atomic: a reader sees the old object or the new one, whole, at any moment, also
      when the writer dies. Putting under an existing key replaces it.
    - what open gives was verified against the digest; damage is a miss, and the entry is removed.
    - every head and open marks the object as used now.
    """

    def put(self, key: str, source: Path, facts: Facts) -> StoredObject:
        """Store a copy of the file at source (moved if the store can). Raises StorageError."""
        ...

    def head(self, key: str) -> StoredObject | None:
        """The object's facts, or None when there is none or its bytes are gone."""
        ...

    def heads(self, keys: Sequence[str]) -> Sequence[StoredObject | None]:
        """What head gives for each, in order, faster where that is far away."""
        ...

    def open(self, key: str) -> AbstractContextManager[Path]:
        """A read-only local path to the verified bytes while the context lasts.

        Raises NotFound when there is no such object or it turned out damaged.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; no error when there is none."""
        ...

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """All objects whose key starts with prefix, sorted by key."""
        ...


ProjectStatus = Literal["pending", "running", "done", "error", "timeout"]
TERMINAL: frozenset[ProjectStatus] = frozenset({"done", "error", "timeout"})


@dataclass(frozen=True)
class Project:
    """One accepted submit. Times are milliseconds since the epoch, UTC.

    result: what is told of the movie; and `flight`, the movie key that it shares with equal ones,
    None when it is made by itself.
    """

    id: str
    owner: str
    document: str
    created_at_ms: int
    status: ProjectStatus = "pending"
    message: str = ""
    ended_at_ms: int | None = None
    movie_key: str | None = None
    result: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Lease:
    """The right to do one piece of work until a time. fence rises with each new holder."""

    key: str
    holder: str
    fence: int
    until_ms: int


Role = Literal["viewer", "render", "editor", "manager", "admin"]


@dataclass(frozen=True)
class ApiKey:
    """A key that callers show. digest: SHA-256 of its text, hex; the text is kept nowhere."""

    digest: str
    name: str
    role: Role
    created_at_ms: int
    expires_at_ms: int | None = None


class Records(Protocol):
    """Small rows with conditional writes. All times come from the caller's clock.

    What was written is read by whoever reads next, but for lists over many projects (projects,
    unfinished): they may be a moment behind.
    """

    def add_project(self, project: Project) -> None:
        """Raises StorageError when the id is taken."""
        ...

    def project(self, project_id: str) -> Project | None: ...

    def advance(self, project_id: str, status: ProjectStatus, **changes: Any) -> bool:
        """Move a project on, with other fields. False, and nothing changed, when it is unknown
        or already in a terminal state: a terminal state is reached exactly once.
        """
        ...

    def projects(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        """The first `limit` of the owner's projects created in [since_ms, until_ms), newest first,
        of one millisecond the greatest id first. before: (created_at_ms, id) that all come after.
        """
        ...

    def unfinished(self) -> Sequence[str]:
        """The ids of all projects that are in no terminal state, oldest first."""
        ...

    def point(self, key: str, facts: Facts) -> None:
        """Let a key of the cache lead to what lies under other keys: the facts say where.

        Called after the bytes are in place. Replaces what was there.
        """
        ...

    def pointer(self, key: str) -> Facts | None:
        """Where the key leads. What it leads to may be gone: then it is a miss."""
        ...

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        """The lease, when nobody holds an unexpired one; else None. Atomic over processes."""
        ...

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        """The same lease, longer; None when it was lost to another holder or released."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give it up. False when it was no longer ours (holder and fence are compared)."""
        ...

    def held(self, key: str) -> Lease | None:
        """The lease as its holder has it, expired or not; None when it was released."""
        ...

    def wait(self, key: str, project_id: str) -> None:
        """Note that the project waits for whoever holds the lease. Twice is once."""
        ...

    def waiting(self, key: str) -> Sequence[str]:
        """Who waits, sorted. Sees every wait that returned before this call."""
        ...

    def stop_waiting(self, key: str, project_id: str) -> None: ...

    def add_key(self, key: ApiKey) -> None: ...

    def key(self, digest: str) -> ApiKey | None: ...

    def keys(self) -> Sequence[ApiKey]:
        """All, oldest first."""
        ...

    def remove_key(self, digest: str) -> bool:
        """False when there is none."""
        ...


@dataclass(frozen=True)
class Validators:
    """What a conditional GET needs (RFC 9110 §13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A finished download; digest is SHA-256 of the bytes, hex."""

    digest: str
    size_bytes: int
    content_type: str
    validators: Validators


class Http(Protocol):
    """Downloads from hostile places. Every address is checked, every redirect again."""

    def fetch(self, url: str, into: Path, known: Validators | None = None) -> Fetched | None:
        """Download url (http, https) to the file `into`; None when the other side says that
        what `known` describes is still current (304). Nothing is left at `into` on failure.

        Raises SourceRefused, SourceMissing, SourceUnavailable.
        """
        ...


@dataclass(frozen=True)
class PaintFont:
    """A font file the page may use under a family name, beyond the bundled ones."""

    family: str
    path: Path


@dataclass(frozen=True)
class PaintPage:
    """A page to paint: HTML whose ink on a transparent ground is wanted.

    width, height  the viewport, CSS pixels = output pixels
    html           a whole document; nothing in it may load from anywhere but bundled fonts
    """

    width: int
    height: int
    html: str
    fonts: tuple[PaintFont, ...] = ()


@dataclass(frozen=True)
class Painted:
    """A PNG cropped to its ink. x, y: its place in the viewport, pixels (negative never).

    A page without ink gives a 1x1 transparent PNG at 0, 0.
    """

    png: bytes
    x: int
    y: int
    width: int
    height: int
    warnings: tuple[str, ...] = ()


class Browser(Protocol):
    """Paints pages. Safe to call from many threads; one browser process serves them all."""

    def paint(self, page: PaintPage) -> Painted:
        """Raises PaintError."""
        ...

    def build(self) -> str:
        """The digest that names the browser build and the bundled fonts; part of paint keys."""
        ...

    def close(self) -> None: ...


class Prober(Protocol):
    """Tells what a file is, by its bytes."""

    def probe(self, path: Path, url: str) -> MediaFacts:
        """Facts of an image, video, audio or font file. url is only for the error's words.

        Raises SourceInvalid.
        """
        ...


class Clock(Protocol):
    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...


class Scratch(Protocol):
    """Room for work in progress."""

    def scratch(self) -> AbstractContextManager[Path]:
        """A fresh folder, removed with all that is in it at the end; also after a crash."""
        ...


class Renderer(Protocol):
    """Runs FFmpeg command lines that the core wrote."""

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        """Write the result to `into`; the number of video frames written (0 for sound).

        on_frames is told now and then how many frames are done. Nothing is left on failure.
        Raises RenderError.
        """
        ...


@dataclass(frozen=True)
class Ports:
    """Everything outside, as the steps see it.

    fetchers runs work that waits for others, renderers work that fills a core; one
    run hands out no more than renders_at_once tasks to them, so that runs take turns.
    """

    objects: Objects
    records: Records
    http: Http
    browser: Browser
    prober: Prober
    renderer: Renderer
    scratch: Scratch
    clock: Clock
    tools: Tools
    fetchers: Executor
    renderers: Executor
    renders_at_once: int


class Workflow(Protocol):
    """Takes stored projects to their end, in the background."""

    def start(self, project_id: str, movie_key: str | None) -> None:
        """Begin, and return at once. A project that has ended already stays as it is.

        movie_key: equal ones at the same time are made once; None: this one is made by itself.
        """
        ...


class Executions(Protocol):
    """Runs the steps of a project's movie, somewhere, one execution for each project."""

    def start(self, project_id: str) -> bool:
        """Begin, unless it runs already. False when it has run before and ended.

        Raises StorageError.
        """
        ...
