"""Operation: one endpoint of the API as a row: what it is called with, what it answers, who may.

Routes, keys, errors and `/openapi.json` follow from the rows. Nothing here knows a resource.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Literal, ParamSpec, TypeVar

from aws_lambda_powertools.event_handler import Response

from resplice.api.service import Service
from resplice.core.document.limits import MAX_PAYLOAD_BYTES
from resplice.core.document.strict_json import parse_value
from resplice.errors import DocumentError, Problem, RespliceError
from resplice.frozen import frozen
from resplice.ports.api_keys import Role
from resplice.steps.access import Caller
from resplice.steps.projects import TemplateCall

Method = Literal["GET", "POST", "PUT", "DELETE"]
Schema = Mapping[str, Any]
"""JSON Schema of 2020-12, as OpenAPI 3.1 has it."""
Answer = Mapping[str, Any] | Response[Any]
Given = ParamSpec("Given")
Read = TypeVar("Read")

ANY_OBJECT: Schema = {"type": "object"}


@frozen
class Call:
    """One request.

    query    the first value of each name; headers: by names in small letters
    parts    of the path, by their names in its row
    caller   who shows the key
    looks    whether it is a HEAD: no work may be begun for it
    about    what the audit log is told of it, beside names in its query, its body and its answer
    """

    query: Mapping[str, str]
    headers: Mapping[str, str]
    parts: Mapping[str, str]
    body: bytes
    caller: Caller
    looks: bool = False
    about: dict[str, str] = field(default_factory=dict)

    def noting(self, read: Callable[Given, Read]) -> Callable[Given, Read]:
        """The same, and it is noted of which template there is to be a movie."""

        def reads(*given: Given.args, **named: Given.kwargs) -> Read:
            found = read(*given, **named)
            if isinstance(found, TemplateCall):
                self.about["template"] = found.template
            return found

        return reads

    def json(self, noun: str = "request") -> dict[str, Any]:
        """The body as a JSON object. Raises DocumentError: `No request JSON received`."""
        sent = parse_value(self.body, noun, MAX_PAYLOAD_BYTES)
        if not isinstance(sent, dict):
            raise DocumentError([Problem("", f"No valid {noun} JSON received: it is no object")])
        return sent

    def flag(self, name: str) -> bool:
        """Whether the query says `true`. Raises DocumentError when it is neither true nor false."""
        return self.flag_or(name) == "true"

    def flag_or(self, name: str, *words: str) -> str:
        """Which the query says: `true`, `false`, or one of the words. Raises DocumentError."""
        said = self.query.get(name, "").strip().lower()
        plain = {"": "false", "0": "false", "1": "true"}.get(said, said)
        *most, last = ("true", "false", *words)
        if plain not in (*most, last):
            allowed = f"{', '.join(most)} or {last}"
            raise DocumentError([Problem(name, f"'{name}' must be {allowed}")])
        return plain


@frozen
class Parameter:
    """Of a query, or a header. schema: of its value, once read."""

    name: str
    description: str
    schema: Schema
    place: Literal["query", "header"] = "query"
    required: bool = False


@frozen
class Operation:
    """An endpoint.

    path     with names of its parts in braces: `/v2/movies/{project}/cache`
    does     answers: the body beside `success` and `timestamp`, or what is no JSON
    role     the least that may; None: no key is asked for
    body     JSON Schema of what is sent; None for nothing
    answer   JSON Schema of what it answers, with status
    leads_to  what it means when it answers with 302 instead
    errors   those of the tree that it may raise, beside those of keys and limits
    media    of the answer
    tells    which names of its body the audit log tells, beside those of its query and its answer
    """

    method: Method
    path: str
    does: Callable[[Call, Service], Answer]
    role: Role | None
    summary: str
    description: str = ""
    parameters: Sequence[Parameter] = ()
    body: Schema | None = None
    answer: Schema | None = None
    errors: Sequence[type[RespliceError]] = ()
    media: str = "application/json"
    examples: Mapping[str, Any] | None = None
    status: int = 200
    leads_to: str = ""
    tells: Sequence[str] = ()

    @property
    def acts(self) -> bool:
        """Whether it may change something: then the audit log tells who called it."""
        return self.method != "GET"


def whole(number: str, name: str, lowest: int, most: int) -> int:
    """A whole number of a query, at most `most`. Raises DocumentError for what is none."""
    if not (number.isascii() and number.isdigit() and int(number[:9]) >= lowest):
        wanted = f"'{name}' must be a whole number from {lowest} to {most}"
        raise DocumentError([Problem(name, wanted)])
    return min(most, int(number[:9]))


def described(name: str, **properties: Any) -> Schema:
    """JSON Schema of an answer with these properties, all of which it has."""
    return {
        "title": name,
        "type": "object",
        "properties": {"success": {"const": True}, **properties, "timestamp": TIME},
        "required": ["success", *properties, "timestamp"],
    }


TIME: Schema = {"type": "string", "format": "date-time", "examples": ["2026-05-12T10:49:52.924Z"]}


def text(description: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **more}
