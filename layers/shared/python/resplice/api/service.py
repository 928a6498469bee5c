"""The service: what the routes work with. Wiring makes it, in a function and on one machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from resplice.core.report import Report
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.downloads import Downloads
from resplice.steps.access import NOBODY, Caller
from resplice.steps.bulks import Ask, asked
from resplice.steps.comparing import Away, here
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.projects import Read, accepted


@frozen
class Limits:
    """How large an answer's movies may be; size_bytes: of a JSON value, when it is sent.
    rows_at_once: of a bulk, that are taken in side by side.
    """

    answer_bytes: int
    size_bytes: Callable[[Any], int]
    rows_at_once: int = 1


@frozen
class Service:
    """api_key: one that is good besides those that are stored. keyed: whether a key is asked for.

    posted: is told of every project, and the report of one that came from the cache at once.
    read: accepts the body of a POST, ask: that of one for many movies. away: calls what computes
    for long.
    own: who calls with api_key, or where no key is asked for.
    cors_origins: of web pages whose scripts may call; `*` for all.
    downloads: where files are to be had, where nobody else serves them under base_url.
    pages: the files of the studio by name, compressed by gzip. stores: origins beside base_url from
    which its page loads movies and files, and to which it sends files.
    """

    coalescer: Coalescer
    api_key: str | None
    base_url: str
    limits: Limits
    keyed: bool = False
    posted: Callable[[str, Report | None], None] = field(default=lambda project, report: None)
    read: Read = accepted
    ask: Ask = asked
    away: Away = here
    own: Caller = NOBODY
    cors_origins: frozenset[str] = frozenset()
    downloads: Downloads | None = None
    pages: Callable[[str], bytes | None] = field(default=lambda name: None)
    stores: Callable[[], tuple[str, ...]] = tuple

    @property
    def ports(self) -> Ports:
        return self.coalescer.ports
