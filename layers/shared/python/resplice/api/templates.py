"""Templates: list, look at one, make, change, copy, remove; and the library that all see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from resplice.api.operation import Answer, Call, Operation, Parameter, described, text
from resplice.api.service import Service
from resplice.api.template_json import (
    FORMATS,
    LISTED,
    PUBLISHED,
    TEMPLATE,
    WARNINGS,
    listed_json,
    published_json,
    template_json,
)
from resplice.api.template_payload import PAYLOAD, payload_of, said_of
from resplice.errors import DocumentError, Forbidden, NotFound, Problem
from resplice.ports.templates import Template
from resplice.steps import templates
from resplice.steps.messages import problems_message
from resplice.steps.projects import read_whole

PATH = "/v2/templates"
NO_ID = "No template ID provided"


def get_templates(call: Call, service: Service) -> Answer:
    """One template, or the list of all."""
    owner, ports = call.caller.owner, service.ports
    if "id" in call.query:
        return _one(templates.found(owner, _id(call), ports), call)
    if call.query.get("shared"):
        listed = templates.library(owner, (), ports)
    else:
        listed = templates.own(owner, call.query.get("tag"), ports)
    return _list((listed_json(each, owner) for each in listed), service)


def get_library(call: Call, service: Service) -> Answer:
    tags = frozenset(filter(None, map(str.strip, call.query.get("tags", "").split(","))))
    listed = templates.library(call.caller.owner, tags, service.ports)
    return _list(map(published_json, listed), service)


def post_template(call: Call, service: Service) -> Answer:
    """Create, or with an id update, or copy."""
    action = call.query.get("action")
    if action == "duplicate":
        return _duplicated(call, service)
    if action:
        raise _wrong("action", "'action' must be duplicate, or left out")
    payload, owner = payload_of(call.body), call.caller.owner
    said = said_of(payload)
    if "id" in call.query:
        template = templates.update(owner, _id(call), said, service.ports)
    else:
        template = templates.create(owner, said, service.ports)
    return {"templateId": template.id, **_warnings(template, service)}


def delete_template(call: Call, service: Service) -> Answer:
    templates.remove(call.caller.owner, _id(call), service.ports)
    return {}


def _one(template: Template, call: Call) -> Answer:
    format = call.query.get("format") or ""
    if format and format not in FORMATS:
        raise _wrong("format", f"'format' must be one of {', '.join(FORMATS)}")
    scopes = {scope.strip() for scope in (call.query.get("scopes") or "movie").split(",")}
    return {"template": template_json(template, call.caller.owner, scopes, format)}


def _duplicated(call: Call, service: Service) -> Answer:
    payload = payload_of(call.body) if call.body.strip() else {}
    template = templates.duplicate(
        call.caller.owner,
        _id(call),
        said_of({"name": payload.get("name")}),
        payload.get("variables"),
        service.ports,
    )
    told = {"templateId": template.id, "name": template.name}
    return {**told, **_warnings(template, service)}


def _warnings(template: Template, service: Service) -> Mapping[str, Any]:
    """What a render would say of it now; nothing where it would say nothing."""
    ports = service.ports.of(template.owner)
    found = templates.warnings(template, lambda movie: read_whole(movie, ports, service.read))
    _, listed = problems_message(found, "; ")
    told = [{"path": problem.path, "message": problem.message} for problem in listed]
    return {"warnings": told} if told else {}


def _list(entries: Iterable[Mapping[str, Any]], service: Service) -> Answer:
    """As many as fit one answer: there are no pages."""
    shown, room = list[Mapping[str, Any]](), service.limits.answer_bytes
    for entry in entries:
        room -= service.limits.size_bytes(entry)
        if room < 0:
            break
        shown.append(entry)
    return {"count": len(shown), "templates": shown}


def _id(call: Call) -> str:
    template_id = call.query.get("id")
    if not template_id:
        raise _wrong("id", NO_ID)
    return template_id


def _wrong(path: str, message: str) -> DocumentError:
    return DocumentError([Problem(path, message)])


def _listing(name: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return described(name, count={"type": "integer"}, templates={"type": "array", "items": entry})


_ID = text("Of one template: 20 letters and digits")
_OF_ONE = "Of one template: "
OPERATIONS: Sequence[Operation] = (
    Operation(
        *("GET", PATH, get_templates),
        role="viewer",
        summary="Look at one template, or list your own",
        description="The list has no pages; the one that was changed last comes first.",
        parameters=(
            Parameter("id", "Of one template; without it they are listed", _ID),
            Parameter("scopes", f"{_OF_ONE}`movie`, `prompt`, or both with a comma", text()),
            Parameter(
                "format",
                f"{_OF_ONE}`make` tells its variables as the fields of a form, `jsonschema` as a "
                "JSON Schema, without the movie",
                {"type": "string", "enum": list(FORMATS)},
            ),
            Parameter("tag", "Of the list: only those with this tag", text()),
            Parameter("shared", "`tools`: the list of the library instead", text()),
        ),
        answer={
            "type": "object",
            "properties": {
                **_listing("", LISTED)["properties"],
                "template": TEMPLATE,
            },
            "required": ["success", "timestamp"],
        },
        errors=(DocumentError, NotFound),
    ),
    Operation(
        *("GET", f"{PATH}/library", get_library),
        role="viewer",
        summary="List the library: what comes with Resplice, and what is shared",
        parameters=(
            Parameter("tags", "By commas: your own with one of these tags are listed too", text()),
        ),
        answer=_listing("Library", PUBLISHED),
    ),
    Operation(
        *("POST", PATH, post_template),
        tells=("name",),
        role="editor",
        summary="Create, update or duplicate a template",
        description="An update changes what is sent; `movie` is replaced whole. A movie need not "
        "be right as it is: what a render would say of it comes back as `warnings`.",
        parameters=(
            Parameter("id", "Of the template to update or to duplicate", _ID),
            Parameter("action", "`duplicate`, with an id", text()),
        ),
        body=PAYLOAD,
        answer={
            "type": "object",
            "properties": {
                **described("", templateId=_ID)["properties"],
                "name": text("Of a duplicate"),
                "warnings": WARNINGS,
            },
            "required": ["success", "templateId", "timestamp"],
        },
        errors=(DocumentError, NotFound, Forbidden),
        examples={
            "create": {
                "name": "Greeting",
                "tags": ["intro"],
                "movie": {
                    "variables": {"title": "Hello"},
                    "scenes": [{"elements": [{"type": "text", "text": "{{title}}"}]}],
                },
            }
        },
    ),
    Operation(
        *("DELETE", PATH, delete_template),
        role="editor",
        summary="Delete a template",
        description="Movies that are being made of it are made to their end.",
        parameters=(Parameter("id", "Of the template", _ID, required=True),),
        answer=described("Deleted"),
        errors=(DocumentError, NotFound, Forbidden),
    ),
)
