"""What each tool does, by calls on the HTTP API. Their docstrings are what assistants read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio.from_thread
from mcp.server.mcpserver import Context
from pydantic import Field

from resplice.client import ApiError, Client, Movie, RenderFailed, StillRendering
from resplice.frozen import frozen
from resplice.mcp.answers import MovieAnswer, PlanAnswer, TemplateAnswer, Validity, Wrong, told

WAIT_S = 120.0
SLICE_S = 0.25

Document = Annotated[
    dict[str, Any],
    Field(
        description="A movie in the format of JSON2Video v2: an object with `scenes`, each with "
        "`elements` of a `type` (text, image, video, audio, voice, html, component, subtitles, "
        "audiogram). The resource resplice://schema/movie has its JSON Schema."
    ),
]
Project = Annotated[str, Field(description="The project that render_movie gave")]
TemplateId = Annotated[str, Field(description="An id from list_templates")]
Wait = Annotated[
    float,
    Field(ge=0, le=3600, description="How long to wait for the end, in seconds"),
]
Values = Annotated[dict[str, Any], Field(description="Values for its variables, by their names")]


@frozen
class Tools:
    """client: gives one, when it is needed. save_to: a folder that gets each movie's file."""

    client: Callable[[], Client]
    save_to: Path | None = None

    def validate_movie(self, movie: Document) -> Validity:
        """Check a movie without rendering it: all that is wrong, each with its place and what to
        do. Costs nothing. Call it before render_movie when you have written or changed a movie.
        """
        with told():
            try:
                plan = self.client().plan(movie)
            except ApiError as error:
                if not error.errors:
                    raise
                wrong = [Wrong(path=each.path, message=each.message) for each in error.errors]
                return Validity(valid=False, errors=wrong)
        return Validity(valid=True, warnings=list(plan.warnings))

    def plan_movie(self, movie: Document) -> PlanAnswer:
        """What rendering a movie would take, without rendering it: which scenes and elements come
        from the cache, which would be made and why, what would be paid, how long it should take.
        """
        with told():
            return PlanAnswer.of(self.client().plan(movie))

    def prepare_movie(
        self, movie: Document, ctx: Context[Any], wait_seconds: Wait = WAIT_S
    ) -> PlanAnswer:
        """Make the clips, texts and voices of a movie that are not in the cache, which may be paid
        for, and then plan it. Renders nothing. Call it when a plan is not complete and you need the
        movie's length. If it takes longer than wait_seconds it goes on: call it again.
        """
        client = self.client()
        with told():
            try:
                plan = client.prepare(movie, on_progress=_telling(ctx), timeout_s=wait_seconds)
            except StillRendering:
                plan = client.plan(movie)
            return PlanAnswer.of(plan)

    def render_movie(
        self, movie: Document, ctx: Context[Any], wait_seconds: Wait = WAIT_S
    ) -> MovieAnswer:
        """Render a movie to an MP4 and wait for it. What has not changed since an earlier render
        comes from the cache, so rendering again after a small edit is quick. If it takes longer
        than wait_seconds it goes on, and movie_status tells how far it is.
        """
        with told():
            return self._rendered(movie, ctx, wait_seconds)

    def movie_status(
        self, project: Project, ctx: Context[Any], wait_seconds: Wait = 0
    ) -> MovieAnswer:
        """How far a movie is: its URL when it is done, the reason when it failed."""
        with told():
            return self._waited(project, ctx, wait_seconds)

    def list_templates(self) -> list[TemplateAnswer]:
        """The templates of this account: movies with variables, ready to be rendered."""
        with told():
            return [TemplateAnswer.of(each) for each in self.client().templates.list()]

    def get_template(self, id: TemplateId) -> TemplateAnswer:
        """A template: its movie, and the JSON Schema of the values that it takes."""
        with told():
            templates = self.client().templates
            described = templates.get(id, format="jsonschema")
            whole = templates.get(id)
        answer = TemplateAnswer.of(whole)
        return answer.model_copy(update={"variables": described.variables})

    def render_template(
        self,
        id: TemplateId,
        variables: Values,
        ctx: Context[Any],
        wait_seconds: Wait = WAIT_S,
    ) -> MovieAnswer:
        """Render a template with values for its variables, and wait for it."""
        with told():
            return self._rendered({"template": id, "variables": variables}, ctx, wait_seconds)

    def _rendered(
        self, movie: Mapping[str, Any], ctx: Context[Any], wait_seconds: float
    ) -> MovieAnswer:
        return self._waited(self.client().create(movie), ctx, wait_seconds)

    def _waited(self, project: str, ctx: Context[Any], wait_seconds: float) -> MovieAnswer:
        client = self.client()
        try:
            movie = client.wait(project, on_progress=_telling(ctx), timeout_s=wait_seconds)
        except StillRendering as still:
            return MovieAnswer.of(still.movie)
        except RenderFailed as failed:
            return MovieAnswer.of(failed.movie)
        return MovieAnswer.of(movie, self._saved(movie, client))

    def _saved(self, movie: Movie, client: Client) -> str | None:
        if self.save_to is None or not movie.url:
            return None
        ending = PurePosixPath(urlsplit(movie.url).path).suffix  # Of a still it is another one.
        return str(client.download(movie, self.save_to / f"{movie.project}{ending}").resolve())


def _telling(ctx: Context[Any]) -> Callable[[Movie], None]:
    """Tells the assistant how far a project is."""

    def tell(movie: Movie) -> None:
        done = 100.0 if movie.is_done else movie.progress or 0.0
        words = movie.message or movie.status
        anyio.from_thread.run(ctx.report_progress, done, 100.0, words)

    return tell


def sleep_unless_cancelled(seconds: float) -> None:
    """A pause of a tool, which ends at once when nobody waits for it any more."""
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        anyio.from_thread.check_cancelled()
        time.sleep(min(SLICE_S, left_s))
