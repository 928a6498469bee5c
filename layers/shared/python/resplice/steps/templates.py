"""Templates: what callers do with them. Make, see, change, copy, remove; and find one to render.

A template's movie may be wrong, and mostly needs its variables: it is kept as it is, and what a
render would say of it now is told as warnings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resplice.core.document.fields import PRIVATE
from resplice.core.document.strict_json import parse_value
from resplice.core.document.template_call import called_template, with_template, with_variables
from resplice.core.exports.secrecy import tells_secrets
from resplice.core.schema.movie import size_said
from resplice.errors import DocumentError, Forbidden, NotFound, Problem, StorageError, shown
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.templates import MAX_MOVIE_BYTES, TEMPLATE_ID_CHARS, Template
from resplice.steps.random_text import is_like, random_text

MAX_NAME_CHARS = 100
MAX_TAGS, MAX_TAG_CHARS = 20, 50
MAX_PROMPT_BYTES = 20_000
MAX_TEMPLATES = 1_000
"""Of an owner: a list has no pages."""
EMPTY = "{}"
"""The movie of a template that was made without one."""
COPIED = " (custom)"
ATTEMPTS = 8
SECRETS_SHARED = (
    "A template that others see may hold no password of its exports: name a connection there, or "
    "leave the value to a variable"
)
MOVIE_WANTED = "Payload movie must be a JSON string or JSON object"


@frozen
class Said:
    """What a request says of a template, None where it says nothing. movie: text, or an object."""

    name: str | None = None
    tags: tuple[str, ...] | None = None
    movie: str | Mapping[str, Any] | None = None
    ai_prompt: str | None = None
    shared: bool | None = None


def found(owner: str, template_id: str, ports: Ports) -> Template:
    """The owner's, or one that is shared. Raises NotFound."""
    known = is_like(template_id, TEMPLATE_ID_CHARS)
    template = ports.templates.get(owner, template_id) if known else None
    if template is None:
        raise _unknown(template_id)
    return template


def own(owner: str, tag: str | None, ports: Ports) -> Sequence[Template]:
    """The owner's, newest change first, without their movies; those with the tag, if there is one
    to look for.
    """
    return [each for each in ports.templates.list(owner) if not tag or tag in each.tags]


def library(owner: str, tags: Collection[str], ports: Ports) -> Sequence[Template]:
    """All that are shared, newest change first, without their movies; and the owner's with any of
    the tags.
    """
    mine = ports.templates.list(owner)
    wanted = [each for each in mine if each.shared or not set(tags).isdisjoint(each.tags)]
    everything = [*wanted, *ports.templates.shared(owner)]
    return sorted(everything, key=lambda each: each.updated_at_ms, reverse=True)


def whole(owner: str, document: dict[str, Any], ports: Ports) -> dict[str, Any]:
    """The document; or, where it calls a template, the movie that comes of both.

    Raises DocumentError, NotFound.
    """
    called = called_template(document)
    if called is None:
        return document
    return with_template(json.loads(found(owner, called, ports).movie), document)


def create(owner: str, said: Said, ports: Ports) -> Template:
    """Raises DocumentError, NotFound, StorageError."""
    if not said.name:
        raise _wrong("name", "'name' is required")
    return _add(_changed(_blank(owner), owner, said, ports), ports)


def update(owner: str, template_id: str, said: Said, ports: Ports) -> Template:
    """Change what the request says. Raises DocumentError, NotFound, Forbidden, StorageError."""
    for _ in range(ATTEMPTS):
        was = _mine(owner, template_id, ports)
        updated_at_ms = _after([was, *ports.templates.list(owner)], ports)
        now = replace(_changed(was, owner, said, ports), updated_at_ms=updated_at_ms)
        if ports.templates.replace(now, was.updated_at_ms):
            return now
    raise StorageError(f"the template {template_id} is changed all the time")


def duplicate(owner: str, template_id: str, said: Said, variables: Any, ports: Ports) -> Template:
    """A copy for the owner, with variables merged into its own. Raises as create does."""
    source = found(owner, template_id, ports)
    name = said.name or source.name[: MAX_NAME_CHARS - len(COPIED)] + COPIED
    movie = source.movie
    if variables not in (None, [], {}):
        movie = _text(with_variables(json.loads(movie), variables))
    copy = _changed(_blank(owner), owner, Said(name, source.tags, movie), ports)
    return _add(replace(copy, ai_prompt=source.ai_prompt), ports)


def remove(owner: str, template_id: str, ports: Ports) -> None:
    """Raises NotFound, Forbidden."""
    _mine(owner, template_id, ports)
    if not ports.templates.remove(owner, template_id):
        raise _unknown(template_id)  # It went a moment ago.


def warnings(template: Template, read: Callable[[bytes], object]) -> Sequence[Problem]:
    """What is wrong with its movie as long as no call says otherwise. read: accepts a movie."""
    try:
        read(template.movie.encode())
    except DocumentError as error:
        return error.problems
    return ()


def _blank(owner: str) -> Template:
    """Without its times, which it has when it is added."""
    return Template(random_text(TEMPLATE_ID_CHARS), owner, "", (), EMPTY, 0, 0)


def _add(template: Template, ports: Ports) -> Template:
    there = ports.templates.list(template.owner)
    if len(there) >= MAX_TEMPLATES:
        most = f"There may be at most {MAX_TEMPLATES} templates: delete some first"
        raise DocumentError([Problem("", most)])
    now_ms = _after(there, ports)
    added = replace(template, created_at_ms=now_ms, updated_at_ms=now_ms)
    ports.templates.add(added)
    return added


def _after(changed: Iterable[Template], ports: Ports) -> int:
    """Now, and later than each of them was changed: of two changes that an owner makes within a
    millisecond, the later one comes first in lists too.
    """
    return max([ports.clock.now_ms(), *(each.updated_at_ms + 1 for each in changed)])


def _mine(owner: str, template_id: str, ports: Ports) -> Template:
    template = found(owner, template_id, ports)
    if template.owner != owner:
        raise Forbidden(
            f"Insufficient permissions: the template {template.id} belongs to another; "
            "duplicate it, then change the copy"
        )
    return template


def _changed(template: Template, owner: str, said: Said, ports: Ports) -> Template:
    """The template as the request wants it. Raises DocumentError with all that is wrong."""
    _check(said)
    told = {name: value for name, value in vars(said).items() if value is not None}
    if said.ai_prompt == "":
        told["ai_prompt"] = None
    if said.movie is not None:
        told |= _movie(owner, said.movie, ports)
    changed = replace(template, **told)
    if changed.shared and tells_secrets(json.loads(changed.movie)):
        raise _wrong("shared", SECRETS_SHARED)
    return changed


def _check(said: Said) -> None:
    tags = said.tags or ()
    problems = [
        Problem(path, f"'{path}' {reason}")
        for path, wrong, reason in (
            ("name", said.name == "", "must not be empty"),
            (
                "name",
                len(said.name or "") > MAX_NAME_CHARS,
                f"may have at most {MAX_NAME_CHARS} characters",
            ),
            ("tags", len(tags) > MAX_TAGS, f"may be at most {MAX_TAGS}"),
            (
                "tags",
                any(len(tag) > MAX_TAG_CHARS for tag in tags),
                f"may have at most {MAX_TAG_CHARS} characters each",
            ),
            (
                "prompt",
                len((said.ai_prompt or "").encode()) > MAX_PROMPT_BYTES,
                f"may be at most {MAX_PROMPT_BYTES // 1000} kB",
            ),
        )
        if wrong
    ]
    if problems:
        raise DocumentError(problems)


def _movie(owner: str, given: str | Mapping[str, Any], ports: Ports) -> Mapping[str, Any]:
    """The movie as it is kept, a text as it is, and the size it says."""
    document = _document(given)
    kept = whole(
        owner, {name: value for name, value in document.items() if name not in PRIVATE}, ports
    )
    text = _text(kept)
    if isinstance(given, str) and kept == document:
        text = given.removeprefix("\ufeff")
    if len(text.encode()) > MAX_MOVIE_BYTES:
        raise _wrong("movie", f"'movie' may be at most {MAX_MOVIE_BYTES // 1000} kB of JSON")
    width, height = size_said(kept) or (None, None)
    return {"movie": text, "width": width, "height": height}


def _document(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(given, str):
        return given
    try:
        document = parse_value(given)
    except DocumentError as error:
        raise _wrong("movie", f"{MOVIE_WANTED}: {error}") from None
    if not isinstance(document, dict):
        raise _wrong("movie", MOVIE_WANTED)
    return document


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _wrong(path: str, message: str) -> DocumentError:
    return DocumentError([Problem(path, message)])


def _unknown(template_id: str) -> NotFound:
    return NotFound(f"Template {shown(template_id, 64)} not found")
