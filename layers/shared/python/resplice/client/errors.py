"""What may go wrong for who calls the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resplice.frozen import frozen

if TYPE_CHECKING:
    from resplice.client.values import Movie


class ClientError(Exception):
    """All errors of this package."""


@frozen
class Invalid:
    """Something in a document that is wrong. path: where, `scenes[0].elements[1].src`."""

    path: str
    message: str


class ApiError(ClientError):
    """The server refused. message: its words; errors: each thing that is wrong with a document.

    retry_after_s: how long it asks to be left alone, when it says so.
    """

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Invalid] = (),
        code: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{message} (HTTP {status})")
        self.status, self.message, self.errors = status, message, tuple(errors)
        self.code, self.retry_after_s = code, retry_after_s


class NoAnswer(ClientError):
    """The server could not be reached, or broke off, more often than is tried."""


class RenderFailed(ClientError):
    """The movie ended without a file. movie: its status, whose message says why."""

    def __init__(self, movie: Movie) -> None:
        super().__init__(movie.message or f"The movie ended with the status {movie.status}")
        self.movie = movie


class StillRendering(ClientError):
    """The movie has not ended within the time that was given. It goes on; wait again."""

    def __init__(self, movie: Movie, timeout_s: float) -> None:
        super().__init__(f"Project {movie.project} is {movie.status} after {timeout_s:g} s")
        self.movie = movie
