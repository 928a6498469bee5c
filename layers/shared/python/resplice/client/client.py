"""The client: all calls on movies, and those on templates and media by name."""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import urllib3

from resplice.client.errors import ApiError, RenderFailed, StillRendering
from resplice.client.files import download
from resplice.client.media import Media
from resplice.client.templates import Templates
from resplice.client.transport import Transport, new_pool
from resplice.client.values import CacheReport, Json, Movie, MoviePage, Plan
from resplice.client.waiting import SOON_S, pauses

Document = Mapping[str, Any] | str | bytes
"""A movie: JSON as Python has it, or as text."""
TIMEOUT_S = 3600.0
NO_PLANS = "This server makes no plans: it has begun to render, as project"

Watch = Callable[[Movie], object]


class Client:
    """Safe to use from many threads.

    All calls raise ApiError when the server refuses, NoAnswer when it cannot be reached.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        ca_certs: str | None = None,
        pool: urllib3.PoolManager | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """base_url: with or without /v2. ca_certs: a file of certificates to trust.

        sleep: how pauses are made.
        """
        root = base_url.rstrip("/").removesuffix("/v2").rstrip("/")
        self._transport = Transport(root, api_key, pool or new_pool(ca_certs), sleep)
        self.templates = Templates(self._transport)
        self.media = Media(self._transport)

    def create(self, movie: Document, *, idempotency_key: str | None = None) -> str:
        """Have a movie made; its project. movie may be of a template:
        `{"template": id, "variables": {…}}`.

        idempotency_key: the same key stands for the same project, so that a call that was cut off
        may be made again; it is then repeated like those that only look.
        """
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else None
        repeatable = idempotency_key is not None
        return _project(self._post(movie, repeatable=repeatable, headers=headers))

    def plan(self, movie: Document) -> Plan:
        """What rendering the movie would take. Makes nothing and costs nothing: lengths that only
        elements tell are not known before these are made, see `prepare`.

        Only of Resplice: JSON2Video knows no plans, and would render.
        """
        told = self._post(movie, query={"dry-run": "true"})
        if told.get("project"):
            raise ApiError(200, f"{NO_PLANS} {told['project']}")
        return Plan.of(told.get("plan") or {})

    def prepare(
        self,
        movie: Document,
        *,
        on_progress: Watch | None = None,
        timeout_s: float = TIMEOUT_S,
        pause_s: float = SOON_S,
    ) -> Plan:
        """What rendering the movie would take, with all that it needs made before, and paid: its
        pictures, clips, texts and voices. Renders nothing. Only of Resplice. The plan is complete
        then, but of elements and movies that say `cache: false`, which are made each time.

        Raises RenderFailed, StillRendering.
        """
        plan = self.plan(movie)
        if plan.complete:
            return plan
        project = _project(self._post(movie, query={"dry-run": "make"}))
        self.wait(project, on_progress=on_progress, timeout_s=timeout_s, pause_s=pause_s)
        return self.plan(movie)

    def status(self, project: str, *, with_document: bool = False) -> Movie:
        """with_document: `raw["json"]` is what was sent."""
        query = {"project": project, "format": None if with_document else "simple"}
        told = self._transport.call("GET", "/movies", query)
        return Movie.of({"project": project, **(told.get("movie") or {})})

    def wait(
        self,
        project: str,
        *,
        on_progress: Watch | None = None,
        timeout_s: float = TIMEOUT_S,
        pause_s: float = SOON_S,
    ) -> Movie:
        """The movie, once it is done. on_progress: is told of every look at it.

        pause_s: between the first two looks; for JSON2Video itself, 5.
        Raises RenderFailed, StillRendering.
        """
        deadline_s, breaks = time.monotonic() + timeout_s, pauses(pause_s)
        while True:
            movie = self.status(project)
            if on_progress:
                on_progress(movie)
            if movie.is_done:
                return movie
            if movie.is_over:
                raise RenderFailed(movie)
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise StillRendering(movie, timeout_s)
            self._transport.sleep(min(left_s, next(breaks)))

    def render(
        self,
        movie: Document,
        *,
        idempotency_key: str | None = None,
        on_progress: Watch | None = None,
        timeout_s: float = TIMEOUT_S,
        pause_s: float = SOON_S,
    ) -> Movie:
        """Create, and wait until it is done. Raises RenderFailed, StillRendering."""
        project = self.create(movie, idempotency_key=idempotency_key)
        return self.wait(project, on_progress=on_progress, timeout_s=timeout_s, pause_s=pause_s)

    def download(self, movie: Movie | str, path: str | PathLike[str]) -> Path:
        """The movie's file, at path; whole or not at all. movie: one that is done, or its project.

        Raises RenderFailed for one that has no file, OSError.
        """
        told = self.status(movie) if isinstance(movie, str) else movie
        if not told.url:
            raise RenderFailed(told)
        return download(told.url, told.size_bytes, Path(path), self._transport)

    def list(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
    ) -> MoviePage:
        """A page of movies, newest first. since, until: ISO 8601; by default, this month."""
        query = {
            "date_start": since,
            "date_end": until,
            "limit": limit,
            "next_token": next_token,
        }
        told = self._transport.call("GET", "/movies", query)
        movies: builtins.list[Movie] = [Movie.of(each) for each in told.get("movies") or ()]
        more = told.get("has_next") and told.get("next_token")
        return MoviePage(movies, str(more) if more else None)

    def each(self, *, since: str | None = None, until: str | None = None) -> Iterator[Movie]:
        """All movies of that time, page after page."""
        page = self.list(since=since, until=until)
        yield from page.movies
        while page.next_token:
            page = self.list(since=since, until=until, next_token=page.next_token)
            yield from page.movies

    def delete(self, project: str) -> str:
        """Remove the movie's file, or stop its rendering; when that happened. It stays listed."""
        told = self._transport.call("DELETE", "/movies", {"project": project})
        return str(told.get("deleted_at") or "")

    def cache(self, project: str) -> CacheReport:
        """What the movie was served from, and why the rest was made."""
        return CacheReport.of(self._transport.call("GET", f"/movies/{project}/cache"))

    def manifest(self, project: str) -> Json:
        """What the movie was made of, by which tools and by whom: as JSON it is a file that
        `resplice verify` takes.
        """
        return self._transport.call("GET", f"/movies/{project}/manifest")

    def _post(self, movie: Document, **more: Any) -> Json:
        body = movie.encode() if isinstance(movie, str) else movie
        return self._transport.call("POST", "/movies", body=body, **more)


def _project(told: Json) -> str:
    """The one that was created."""
    if not told.get("project"):
        raise ApiError(200, "The answer names no project: is this the address of the API?")
    return str(told["project"])
