"""Every error a user can cause or meet, as one tree.

RespliceError                 code, retry
├── DocumentError             the movie JSON is wrong: every problem at once, each with its path
├── SourceError               something the movie points at could not be had
│   ├── SourceRefused         the address or the content is not allowed
│   ├── SourceMissing         the other side says no (4xx), or the file is not there
│   ├── SourceInvalid         the bytes are not the media that the element needs
│   └── SourceUnavailable     a fault that may heal (5xx, reset): never cached
│       └── SourceTimeout     it took too long, several times: not worth a long wait once more
├── MakeError                 elements of a movie could not be made: every one, each with its path
│   ├── CostRefused           making them would cost more than may be paid: nothing was
│   └── MakeFault             for one of them whoever runs the server is to blame
├── PaintError                the browser could not paint it: the page is the reason
│   └── BrowserBroken         there is no browser that paints anything
├── ProviderError             who speaks, transcribes or generates could not
│   ├── ProviderRefused       it says no: the key, the words, the settings; it will say so again
│   │   └── RightsRefused     it says no to the server itself, whoever asks
│   ├── ProviderBusy          throttled, overloaded, not reached: nothing was made, nothing paid
│   │   └── SecretUnread      the caller's key for it lies here, and cannot be read
│   └── ProviderLost          it was asked and gave no whole answer: it may have been paid for
├── RenderError               FFmpeg failed on a task
│   └── FailedBefore          it was told before, and can only fail again
├── SandboxMissing            programs would run with less around them than is required here
├── LimitReached              the project took more than one may: it says of what, and what to do
├── AccessRefused             the API key is missing or not good
│   └── Forbidden             it is good, but not for this
├── RequestRefused            a request is not answered as things are
│   ├── Conflict              what it makes is there already, or is another than before
│   ├── TooLarge              it is larger than may be
│   ├── QuotaExceeded         its owner has used up what a day holds
│   ├── RateLimited           its owner asks too much at a time: later it may
│   └── Unavailable           nothing new is taken in now
├── Ended                     the project has ended already
├── StorageError              the data folder or store failed or cannot be used
├── DeliveryError             an export did not arrive
│   ├── DeliveryRefused       and will not
│   └── DeliveryFailed        and may, later
└── NotFound                  a project or an object that is not there

The split is by whose fault it is: DocumentError, SourceError and AccessRefused are the caller's.
Which HTTP status each has is said in api/errors. This file imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from resplice.frozen import frozen_ordered

_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_LETS_IN = re.compile(
    r"(?i:(?<=[?&;#])([^?=&;#]{0,64}(?:sig|key|token|secret|passw|pwd|auth|cred|session)[^?=&;#]{0,64}=))[^&;#]+"
)
"""The value of a field of a query whose name says so: `X-Amz-Signature`, `access_token`."""
_PLACE = re.compile(r"(?<=://)[^?#\s]+")
_LETS_IN_BY_PATH = re.compile(
    r"(?i:^(?:[^/]*[.@])?(?:web)?hooks?\.|/(?:web)?hooks?(?:[b\d]\w*|-\w+)?/|/bot\d+(?::|%3a))"
)
"""Webhooks, and what bots have: `hooks.slack.com/…`, `/api/webhooks/…`, `/file/bot123:…`."""


@frozen_ordered
class Problem:
    """One thing wrong with a document.

    path is in JSON terms (`scenes[0].elements[1].src`, empty for the whole), message in a user's.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RespliceError(Exception):
    """The root: says how a failure is reported and whether trying again can help.

    ours: whether whoever runs the server is told of it; else it is the caller's, or of somebody
    that the caller named.
    """

    code: ClassVar[str] = "error"
    retry: ClassVar[bool] = False
    ours: ClassVar[bool] = True


class DocumentError(RespliceError):
    """The movie JSON is wrong. `problems` holds all that is wrong with it, in document order."""

    code = "invalid_document"
    ours = False

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))

    def __reduce__(self) -> tuple[type[RespliceError], tuple[tuple[Problem, ...]]]:
        """To another process it goes with its problems, not with its words."""
        return type(self), (self.problems,)


class SourceError(RespliceError):
    """A source could not be had. `url` is as the document has it, `reason` is short: `404`."""

    code = "source"
    ours = False

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        tried = "read" if url.startswith(("/", "file:")) else "download"
        super().__init__(f"Failed to {tried} '{shown(url)}' ({reason})")


class SourceRefused(SourceError):
    code = "source_refused"


class SourceMissing(SourceError):
    code = "source_missing"


class SourceInvalid(SourceError):
    """The bytes came, but they are not media we take. `reason` says what they are: `plain text`."""

    code = "source_invalid"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.args = (reason,)


class SourceUnavailable(SourceError):
    code = "source_unavailable"
    retry = True


class SourceTimeout(SourceUnavailable):
    code = "source_timeout"
    retry = False


class MakeError(RespliceError):
    """Elements could not be made. `problems` names each with its path."""

    code = "element"
    ours = False

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))

    def __reduce__(self) -> tuple[type[RespliceError], tuple[tuple[Problem, ...]]]:
        """To another process it goes with its problems, not with its words."""
        return type(self), (self.problems,)


class CostRefused(MakeError):
    """`problems` says first what is wrong, then what each element would cost.

    in_all: what all of them would, in words: `$0.05`. It is not told to another process.
    """

    def __init__(self, problems: Iterable[Problem], in_all: str = "") -> None:
        super().__init__(problems)
        self.in_all = in_all

    code = "cost"


class MakeFault(MakeError):
    ours = True


class PaintError(RespliceError):
    code = "paint"
    ours = False


class BrowserBroken(PaintError):
    ours = True


class ProviderError(RespliceError):
    """A provider could not do its work. provider: as people call it, `ElevenLabs`."""

    code = "provider"
    ours = False

    def __init__(self, provider: str, reason: str) -> None:
        self.provider, self.reason = provider, reason
        super().__init__(f"{provider}: {reason}")

    def __reduce__(self) -> tuple[type[RespliceError], tuple[str, str]]:
        """To another process it goes with its parts, not with its words."""
        return type(self), (self.provider, self.reason)


class ProviderRefused(ProviderError):
    code = "provider_refused"


class RightsRefused(ProviderRefused):
    ours = True


class ProviderBusy(ProviderError):
    code = "provider_busy"
    retry = True


class SecretUnread(ProviderBusy):
    ours = True


class ProviderLost(ProviderError):
    """Not asked again by itself: that could be paid for twice."""

    code = "provider_lost"


class RenderError(RespliceError):
    """FFmpeg failed. `evidence` is the end of what it printed, for the log, not for the caller."""

    code = "render"

    def __init__(self, message: str, evidence: str = "") -> None:
        self.evidence = evidence
        super().__init__(message)


class FailedBefore(RenderError):
    ours = False


class SandboxMissing(RespliceError):
    code = "sandbox"


class LimitReached(RespliceError):
    code = "limit"
    ours = False


class AccessRefused(RespliceError):
    code = "access"
    ours = False


class Forbidden(AccessRefused):
    code = "forbidden"


class RequestRefused(RespliceError):
    code = "refused"
    ours = False


class Conflict(RequestRefused):
    code = "conflict"


class TooLarge(RequestRefused):
    code = "too_large"


class QuotaExceeded(RequestRefused):
    code = "quota"


class RateLimited(RequestRefused):
    """retry_after_s: whole seconds after which it may be asked again. most: the limit."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after_s: int = 1, most: int | None = None) -> None:
        self.retry_after_s, self.most = retry_after_s, most
        super().__init__(message)


class Unavailable(RequestRefused):
    code = "unavailable"
    retry = True


class Ended(RespliceError):
    code = "ended"
    ours = False


class StorageError(RespliceError):
    code = "storage"
    retry = True


class NotFound(RespliceError):
    code = "not_found"
    ours = False


class DeliveryError(RespliceError):
    """reason: in our own words; the other side is not quoted."""

    code = "delivery"
    ours = False

    def __init__(self, reason: str, after_s: int = 0) -> None:
        self.reason, self.after_s = reason, after_s
        super().__init__(reason)


class DeliveryRefused(DeliveryError):
    code = "delivery_refused"


class DeliveryFailed(DeliveryError):
    """after_s: how long the other side wants to be left alone."""

    code = "delivery_failed"
    retry = True


def shown(url: str, most_chars: int = 300) -> str:
    """The URL as an error may show it: a file: URL as its path, a very long one cut, and none with
    what lets others in: who is told of a movie's end is told why it failed.
    """
    if url.startswith("file:"):
        with suppress(ValueError):  # It is no URL, and is shown as it is.
            url = unquote(urlsplit(url).path)
    url = _LETS_IN.sub(r"\1…", _USER.sub("…@", url[: 16 * most_chars]))
    url = _PLACE.sub(lambda found: shown_place(found[0]), url)
    return url if len(url) <= most_chars else url[:most_chars] + "…"


def shown_place(place: str) -> str:
    """Host and path of a URL as errors and logs may show them: of one whose path is known to let in
    whoever knows it, the host alone.
    """
    host, _, path = place.partition("/")
    return f"{host}/…" if path and _LETS_IN_BY_PATH.search(place) else place


def family(root: type[RespliceError] = RespliceError) -> dict[str, type[RespliceError]]:
    """The root and all below it, by name."""
    found = {root.__name__: root}
    for below in root.__subclasses__():
        found |= family(below)
    return found
