"""Bulks: a project for each row of variables, taken in as if it was posted alone.

A row that is refused holds up no other one. The projects' ids follow from the bulk's: whoever died
in the middle is gone on with by the same request under the same key, and nothing is taken in twice.
So what was refused for a while, by a quota or a store, is tried again by that, too.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from functools import partial

from resplice.core.document.bulk_call import BulkCall, bulk_call
from resplice.core.document.strict_json import parse_value
from resplice.core.document.table import Row
from resplice.core.document.template_call import called_template
from resplice.core.providers import Offers
from resplice.core.quotas import KeyBounds
from resplice.core.report import Report
from resplice.core.time_units import SECOND_MS
from resplice.core.tools import Tools
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    RateLimited,
    RespliceError,
    Unavailable,
    shown,
)
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.bulks import MAX_ERROR_BYTES, Bulk, BulkRow
from resplice.ports.clock import Clock
from resplice.steps import projects, quotas, templates
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.submit import PROJECT_ID_CHARS, Submission
from resplice.steps.leasing import free
from resplice.steps.messages import user_message
from resplice.steps.projects import Components, Read, TemplateCall, accepted
from resplice.steps.random_text import derived_text, is_like, random_text
from resplice.steps.readiness import require_ready
from resplice.steps.repeating import project_for

REQUEST = b"bulk: "
"""What makes a request another one than that for a movie."""
TAKEN_WITHIN_S = 20
"""An API on AWS has 29 s for a request, and the row that is being read then may be a large one."""
LATE = (
    f"It was not reached within the {TAKEN_WITHIN_S} s that a request may take: post it again, in a"
    " request with fewer rows, or repeat this one under its Idempotency-Key"
)
ANOTHER_SECONDS = 5
ANOTHER = "A bulk of yours is being taken in, and no more may be at a time: ask later"

OnPosted = Callable[[str, Report | None], None]

log = logging.getLogger(__name__)


@frozen
class Asked:
    """A request that was read. names: of the movies, one for each row."""

    call: BulkCall
    names: Sequence[str]


Ask = Callable[[bytes, str | None], Asked | TemplateCall]


def asked(body: bytes, template: str | None = None) -> Asked | TemplateCall:
    """Read a request. template: the movie of the template that it calls, as text. Nothing is looked
    up. Raises DocumentError.
    """
    call = bulk_call(parse_value(body, "request"))
    called = called_template(call.movie)
    if called and template is None:
        return TemplateCall(called)
    return Asked(call, call.names(template))


def submit(
    body: bytes,
    coalescer: Coalescer,
    owner: str,
    *,
    on_posted: OnPosted = lambda project, report: None,
    ask: Ask = asked,
    read: Read = accepted,
    idempotency_key: str | None = None,
    bounded: KeyBounds | None = None,
    at_once: int = 1,
) -> Bulk:
    """Take in a movie for each row. ask: `asked`, wherever it is done. at_once: rows that are taken
    in side by side. All else is as in projects.submit.

    Of each owner one is taken in at a time: the same request may come twice at once, and any takes
    a thread of the server for as long as it may.

    Raises DocumentError, NotFound, Conflict, RateLimited, Unavailable, StorageError.
    """
    ports = coalescer.ports.of(owner, bounded)
    require_ready(ports)
    with free(f"bulk/{owner}", ports) as is_free:
        if not is_free:
            raise RateLimited(ANOTHER, ANOTHER_SECONDS)
        request, template = _read(body, ask, ports)
        bulk_id = new_id = random_text(PROJECT_ID_CHARS)
        if idempotency_key is not None:
            bulk_id = project_for(idempotency_key, REQUEST + body, new_id, owner, ports)
        began_ms = ports.clock.now_ms()
        until_ms = began_ms + TAKEN_WITHIN_S * SECOND_MS
        alone = _OneByOne(read, template, on_posted, until_ms, ports.clock)
        post = partial(
            projects.submit,
            coalescer=coalescer,
            owner=owner,
            on_posted=alone.on_posted,
            read=alone.read,
            bounded=bounded,
        )
        again = bulk_id != new_id
        bulk = ports.bulks.get(owner, bulk_id) if again else None
        bulk = bulk or Bulk(bulk_id, owner, began_ms, tuple(map(BulkRow, request.names)))
        rows = _Rows(bulk, again, request.call, post, ports)
        bulk = replace(bulk, rows=rows.all_taken_in(at_once))
        ports.bulks.put(bulk)
    return bulk


def found(bulk_id: str, owner: str, ports: Ports) -> Bulk:
    """The owner's. Raises NotFound, StorageError."""
    bulk = ports.bulks.get(owner, bulk_id) if is_like(bulk_id, PROJECT_ID_CHARS) else None
    if bulk is None:
        raise NotFound(f"No bulk found with ID {shown(bulk_id, 64)}")
    return bulk


def project_id_of(bulk_id: str, number: int) -> str:
    """Of the row of that number, from 1, if it has a project."""
    return derived_text(f"{bulk_id}/{number}", PROJECT_ID_CHARS)


def _read(body: bytes, ask: Ask, ports: Ports) -> tuple[Asked, str | None]:
    """With the movie of the template that it calls, as text."""
    template: str | None = None
    while isinstance(request := ask(body, template), TemplateCall):
        template = templates.found(ports.owner, request.template, ports).movie
    return request, template


@frozen
class _Rows:
    """Those of one request. bulk: as it is kept, or will be. again: whether the request came
    before. post: takes a document in. ports: of who asks.
    """

    bulk: Bulk
    again: bool
    call: BulkCall
    post: Callable[..., str]
    ports: Ports

    def all_taken_in(self, at_once: int) -> tuple[BulkRow, ...]:
        # The template may have been edited since: names go with the movies that were made.
        names = [row.name for row in self.bulk.rows]
        with ThreadPoolExecutor(at_once, "row") as pool:
            # Those counted at once are refused with each other, though there is room for some.
            each = map if at_once == 1 or quotas.counts_movies(self.ports) else pool.map
            return tuple(each(self._taken_in, names, self.call.rows))

    def _taken_in(self, name: str, row: Row) -> BulkRow:
        """Whatever it is like, the others are not held up by it."""
        project_id = project_id_of(self.bulk.id, row.number)
        try:
            if not (self.again and self.ports.projects.peek(project_id)):
                body = json.dumps(self.call.document(row), ensure_ascii=False).encode()
                self.post(body, project_id=project_id)
        except Exception as error:
            if not isinstance(error, RespliceError) or error.ours:
                log.error("row %s of bulk %s: %s", row.number, self.bulk.id, error, exc_info=error)
            return BulkRow(name, refusal(error))
        return BulkRow(name)


@frozen
class _OneByOne:
    """What rows do one at a time: they are read, which only computes, so that who reads when the
    time is over waits for nobody; and they are told of, to who need not bear threads.

    template: the movie of the template that all of them call, as text. until_ms: then none is read
    any more.
    """

    reads: Read
    template: str | None
    tells: OnPosted
    until_ms: int
    clock: Clock
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def read(
        self,
        body: bytes,
        tools: Tools,
        offered: Callable[[], Offers],
        components: Components,
        keeps: bool,
        given: str | None,
    ) -> Submission | TemplateCall:
        """As projects.Read. Raises Unavailable."""
        with self._turn:
            if self.clock.now_ms() > self.until_ms:
                raise Unavailable(LATE)
            template = self.template if given is None else given
            return self.reads(body, tools, offered, components, keeps, template)

    def on_posted(self, project_id: str, report: Report | None) -> None:
        with self._turn:
            self.tells(project_id, report)


def refusal(error: Exception) -> str:
    """Why a row was not taken in: all that is wrong with it, as far as there is room."""
    if isinstance(error, DocumentError | MakeError):
        said = "; ".join(map(str, error.problems))
    else:
        said = user_message(error)
    raw = said.encode(errors="backslashreplace")
    if len(raw) <= MAX_ERROR_BYTES:
        return said
    return raw[: MAX_ERROR_BYTES - 3].decode(errors="ignore") + "…"
