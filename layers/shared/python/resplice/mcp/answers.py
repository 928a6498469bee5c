"""What tools give back, and how errors are told: in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from resplice.client import ApiError, ClientError, Movie, NoAnswer, Plan, Template
from resplice.errors import RespliceError


class MovieAnswer(BaseModel):
    """A movie that was asked for, and what has become of it."""

    project: str = Field(description="Names the movie in movie_status")
    status: str = Field(description="pending, running, done, error or timeout")
    message: str = Field(default="", description="Why it failed, or how far it is")
    url: str | None = Field(default=None, description="Of the MP4, once it is done")
    file: str | None = Field(default=None, description="Where the MP4 was saved on this machine")
    thumbnail: str | None = Field(default=None, description="URL of a picture of it")
    duration_seconds: float | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    warnings: list[str] = Field(
        default=[], description="What was asked for and is not seen or heard"
    )
    next: str | None = Field(default=None, description="What to do now")

    @classmethod
    def of(cls, movie: Movie, file: str | None = None) -> MovieAnswer:
        over = movie.is_over
        return cls(
            project=movie.project,
            status=movie.status,
            message=movie.message,
            url=movie.url,
            file=file,
            thumbnail=movie.thumbnail,
            duration_seconds=movie.duration_s,
            size_bytes=movie.size_bytes,
            width=movie.width,
            height=movie.height,
            warnings=[str(each) for each in (movie.raw.get("cache") or {}).get("warnings") or ()],
            next=None if over else "It is still being rendered: call movie_status with `project`",
        )


class Wrong(BaseModel):
    """Something in a document that must be changed."""

    path: str = Field(description="Where: scenes[0].elements[1].src")
    message: str


class Validity(BaseModel):
    """Whether a document can be rendered as it is."""

    valid: bool
    errors: list[Wrong] = Field(default=[], description="All that is wrong, each with its place")
    warnings: list[str] = Field(default=[], description="What would not be seen or heard")


class PlanAnswer(BaseModel):
    """What rendering a movie would take; nothing was done."""

    in_cache: bool = Field(description="Whether the whole movie is there already")
    complete: bool = Field(description="Whether all is known; else to_make must be made first")
    duration_seconds: float | None = Field(description="Of the movie")
    frames_to_render: int | None
    cost_usd: float = Field(description="To be paid to providers, by their list prices")
    seconds: float | None = Field(description="How long it should take")
    scenes: list[dict[str, Any]] = Field(description="What each would be served from, and why")
    to_make: list[dict[str, Any]] = Field(description="Elements that would be made first")
    warnings: list[str]

    @classmethod
    def of(cls, plan: Plan) -> PlanAnswer:
        return cls(
            in_cache=plan.result == "hit",
            complete=plan.complete,
            duration_seconds=plan.duration_s,
            frames_to_render=plan.frames,
            cost_usd=plan.cost_usd,
            seconds=plan.seconds,
            scenes=[dict(each) for each in plan.scenes],
            to_make=[dict(each) for each in plan.to_make],
            warnings=list(plan.warnings),
        )


class TemplateAnswer(BaseModel):
    """A movie with variables, to be rendered with values of their own."""

    id: str
    name: str
    tags: list[str] = []
    variables: Any = Field(default=None, description="JSON Schema of the values it takes")
    movie: Any = Field(default=None, description="Its document")

    @classmethod
    def of(cls, template: Template) -> TemplateAnswer:
        return cls(
            id=template.id,
            name=template.name,
            tags=list(template.tags),
            variables=template.variables,
            movie=template.movie,
        )


@contextmanager
def told() -> Iterator[None]:
    """What the server refuses is told to the assistant."""
    try:
        yield
    except ApiError as error:
        lines = [f"{each.path}: {each.message}" for each in error.errors]
        raise ToolError("\n".join(lines) or error.message) from error
    except NoAnswer as error:
        raise ToolError(f"{error}. Is the server running, and is its address right?") from error
    except (ClientError, RespliceError) as error:
        raise ToolError(str(error)) from error
