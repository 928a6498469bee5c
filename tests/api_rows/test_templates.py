"""Templates: made, looked at, changed, copied, rendered, removed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row

PATH = "/v2/templates"
PATH_LIST = f"GET {PATH}"
ID, PROJECT = re.compile(r"[A-Za-z0-9]{20}"), re.compile(r"[A-Za-z0-9]{16}")
UNKNOWN = "U" * 20
NOT_FOUND = {"success": False, "message": f"Template {UNKNOWN} not found"}
SAVED = {"success": True, "templateId": ID}
VARIABLES: dict[str, Any] = {
    "color": "#123456",
    "?color": "Use HEX color",
    "titleWeight": 600,
    "flip_horizontally": False,
    "musicVolume": 1,
    "@musicVolume": "0.1=Very low|1=Regular",
    "slides": [{"text": "one", "size": 3}],
    "voice1": {"name": "x"},
}
MOVIE: dict[str, Any] = {
    "width": 64,
    "height": 50,
    "fps": 10,
    "scenes": [{"duration": 1, "background-color": "{{color}}"}],
    "variables": VARIABLES,
}


def created(**body: Any) -> Ask:
    return Ask(f"POST {PATH}", 200, SAVED, sends=body, keeps={"own": "templateId"})


def shown(more: str = "", **has: Any) -> Ask:
    return Ask(f"GET {PATH}?id={{own}}{more}", 200, has)


def rendered(says: str, **body: Any) -> Row:
    """A call of the template, and what its movie is then."""
    has = body.pop("has")
    call = {"template": "{sale}", **body}
    return row(
        says,
        Ask("POST /v2/movies", 200, {"project": PROJECT}, sends=call, keeps={"p": "project"}),
        Ask("GET /v2/movies?project={p}", 200, {"movie.status": "done", **has}, in_time=True),
    )


ROWS = (
    row(
        "a template is made: templateId, of 20 letters",
        Ask(
            f"POST {PATH}",
            200,
            SAVED,
            only="success templateId",
            sends={"name": "A", "movie": MOVIE},
        ),
    ),
    row(
        "its movie is a string, as GET has it; owner and prompt are booleans",
        created(name="A", movie={"scenes": [{"duration": 1}]}, tags=["a", "b"], prompt="Cats"),
        shown(
            **{
                "success": True,
                "template.id": "{own}",
                "template.name": "A",
                "template.tags": ["a", "b"],
                "template.movie": str,
                "template.owner": True,
                "template.prompt": bool,
                "template.created_at": TIMESTAMP,
                "template.updated_at": TIMESTAMP,
            }
        ),
    ),
    row(
        "a movie may come as a string, and comes back as it was",
        created(name="A", movie='{ "scenes": [] }'),
        shown(**{"template.movie": '{ "scenes": [] }'}),
    ),
    row(
        "tags may come as a string",
        created(name="A", tags="a,b"),
        shown(**{"template.tags": ["a", "b"]}),
    ),
    row("a name is needed", Ask(f"POST {PATH}", 400, {"message": str}, sends={"movie": {}})),
    row(
        "without anything there is no payload",
        Ask(f"POST {PATH}", 400, {"message": re.compile("No payload provided.*")}),
    ),
    row(
        "tags are no number",
        Ask(
            f"POST {PATH}",
            400,
            {"message": re.compile(".*Tags must be a string or an array.*")},
            sends={"name": "A", "tags": 7},
        ),
    ),
    row(
        "a movie is an object or a string",
        Ask(
            f"POST {PATH}",
            400,
            {"message": re.compile(".*movie must be a JSON.*")},
            sends={"name": "A", "movie": 7},
        ),
    ),
    row(
        "what is sent of one has at most 2 MiB",
        Ask(
            f"POST {PATH}",
            400,
            {"message": re.compile(".*it is larger than 2 MiB")},
            sends={"name": "A", "about": "x" * 2**21},
        ),
    ),
    row(
        "the MCP server sends a description and no movie",
        Ask(f"POST {PATH}", 200, SAVED, sends={"name": "A", "description": "x"}),
    ),
    row(
        "of an update only what is sent changes",
        created(name="A", movie={"scenes": []}, tags=["a"]),
        Ask(f"POST {PATH}?id={{own}}", 200, {"templateId": "{own}"}, sends={"name": "B"}),
        shown(**{"template.name": "B", "template.tags": ["a"], "template.movie": str}),
    ),
    row(
        "a movie takes the place of the whole old one",
        created(name="A", movie={"scenes": [], "width": 64}),
        Ask(f"POST {PATH}?id={{own}}", 200, sends={"movie": '{"fps":10}'}),
        shown(**{"template.movie": '{"fps":10}', "template.name": "A"}),
    ),
    row(
        "a copy is called (custom), and gets the variables",
        Ask(
            f"POST {PATH}?id={{sale}}&action=duplicate",
            200,
            {**SAVED, "name": "Sale (custom)"},
            only="success templateId name",
            sends={"variables": {"color": "#ff0000", "voice1": {"model": "y"}}},
            keeps={"own": "templateId"},
        ),
        shown(
            "&format=make",
            **{"template.name": "Sale (custom)", "template.variables.0.default": "#ff0000"},
        ),
    ),
    row(
        "a copy may have a name of its own, and nothing else",
        Ask(f"POST {PATH}?id={{sale}}&action=duplicate", 200, {"name": "C"}, sends={"name": "C"}),
    ),
    row(
        "the list has no movies, and is not paged",
        Ask(
            PATH_LIST,
            200,
            {
                "success": True,
                "count": int,
                "templates.0.id": ID,
                "templates.0.name": str,
                "templates.0.tags": list,
                "templates.0.updated_at": TIMESTAMP,
            },
            lacks=("templates.0.movie", "next_token"),
        ),
    ),
    row(
        "what was changed last comes first",
        created(name="Newest"),
        created(name="Newer"),
        Ask(f"POST {PATH}?id={{own}}", 200, sends={"name": "Changed"}),
        Ask(PATH_LIST, 200, {"templates.0.id": "{own}", "templates.0.name": "Changed"}),
    ),
    row(
        "a tag narrows the list",
        created(name="Tagged", tags=["only-this"]),
        Ask(f"{PATH_LIST}?tag=only-this", 200, {"count": 1, "templates.0.id": "{own}"}),
    ),
    row(
        "format=make describes the variables, whose defaults are strings",
        Ask(
            f"{PATH_LIST}?id={{sale}}&format=make",
            200,
            {
                "template.variables.0.name": "color",
                "template.variables.0.label": "Color",
                "template.variables.0.type": "text",
                "template.variables.0.help": "Use HEX color",
                "template.variables.0.default": "#123456",
                "template.variables.1.label": "Title Weight",
                "template.variables.1.type": "number",
                "template.variables.1.default": "600",
                "template.variables.2.label": "Flip Horizontally",
                "template.variables.2.type": "boolean",
                "template.variables.2.default": "false",
                "template.variables.3.type": "select",
                "template.variables.3.options": [
                    {"label": "Very low", "value": "0.1"},
                    {"label": "Regular", "value": "1"},
                ],
                "template.variables.4.type": "array",
                "template.variables.4.spec.0.name": "text",
                "template.variables.4.spec.1.type": "number",
                "template.variables.5.type": "collection",
                "template.variables.5.label": "Voice1",
                "template.variables.5.spec.0.name": "name",
                "template.variables.6.name": "make_webhook_url",
                "template.variables.7.name": "client_data",
            },
        ),
    ),
    row(
        "format=jsonschema has a schema in the place of the movie",
        Ask(
            f"{PATH_LIST}?id={{sale}}&format=jsonschema",
            200,
            {
                "template.variables.type": "object",
                "template.variables.properties.titleWeight.type": "number",
                "template.variables.properties.titleWeight.default": 600,
                "template.variables.properties.color.description": "Use HEX color",
            },
            lacks=("template.movie",),
        ),
    ),
    row("an unknown one is 400, by its name", Ask(f"{PATH_LIST}?id={UNKNOWN}", 400, NOT_FOUND)),
    row(
        "an unknown one is not changed",
        Ask(f"POST {PATH}?id={UNKNOWN}", 400, NOT_FOUND, sends={"name": "A"}),
    ),
    row(
        "an unknown one is not copied",
        Ask(f"POST {PATH}?id={UNKNOWN}&action=duplicate", 400, NOT_FOUND, sends={}),
    ),
    row(
        "an unknown one is not rendered",
        Ask(
            "POST /v2/movies",
            400,
            {"message": re.compile(f"Template {UNKNOWN} not found.*")},
            sends={"template": UNKNOWN},
        ),
    ),
    row(
        "one is removed",
        created(name="A"),
        Ask(f"DELETE {PATH}?id={{own}}", 200, {"success": True}, only="success"),
        Ask(f"{PATH_LIST}?id={{own}}", 400, {"message": re.compile("Template .* not found")}),
    ),
    row(
        "to remove one its id is needed",
        Ask(f"DELETE {PATH}", 400, {"message": "No template ID provided"}),
    ),
    row(
        "the library has no movies",
        Ask(
            f"{PATH_LIST}/library",
            200,
            {"success": True, "count": int, "templates.0.id": str, "templates.0.tags": list},
            lacks=("templates.0.movie",),
        ),
    ),
    row(
        "shared=tools is the library as a list",
        Ask(
            f"{PATH_LIST}?shared=tools",
            has={"templates.0.id": str, "templates.0.owner": bool},
            lacks=("templates.0.movie",),
        ),
    ),
    row(
        "scopes say what is told of one",
        created(name="A", movie={"scenes": []}, prompt="Cats"),
        shown("&scopes=prompt", **{"template.ai_prompt": "Cats", "template.prompt": True}),
        Ask(f"{PATH_LIST}?id={{own}}", lacks=("template.ai_prompt",)),
        Ask(f"{PATH_LIST}?id={{own}}&scopes=prompt", lacks=("template.movie",)),
    ),
    row(
        "a name has 100 letters at most",
        Ask(f"POST {PATH}", 200, SAVED, sends={"name": "n" * 100}),
        Ask(f"POST {PATH}", 400, {"message": str}, sends={"name": "n" * 101}),
    ),
    row(
        "a movie that calls a template is kept as that one's, with its variables",
        created(name="Of it", movie={"template": "{sale}", "variables": {"titleWeight": 700}}),
        shown(
            "&format=jsonschema",
            **{
                "template.variables.properties.titleWeight.default": 700,
                "template.variables.properties.color.default": "#123456",
            },
        ),
        shown(**{"template.movie": re.compile('(?!.*"template").*"scenes".*')}),
    ),
    rendered("a template is rendered", has={"movie.width": 64, "movie.duration": 1.0}),
    rendered(
        "a template is rendered with variables",
        variables={"color": "#00ff00"},
        has={"movie.width": 64},
    ),
    rendered(
        "what is said beside the template wins: size, id, client-data",
        width=80,
        height=60,
        id="mine",
        **{"client-data": {"n": 1}},
        has={
            "movie.width": 80,
            "movie.height": 60,
            "movie.id": "mine",
            "movie.client-data": {"n": 1},
        },
    ),
    rendered(
        "scenes and elements beside a template are let be",
        scenes=[{"duration": 5}],
        elements=[],
        has={"movie.duration": 1.0},
    ),
)


@pytest.fixture(scope="module")
def made(api: Calls) -> dict[str, Any]:
    """sale: a template with variables of all kinds."""
    body = {"name": "Sale", "tags": ["sale"], "movie": json.dumps(MOVIE)}
    status, answer = api.json("POST", PATH, body)
    assert status == 200, answer
    return {"sale": answer["templateId"]}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls, made: dict[str, Any]) -> None:
    row.hold(api, made)


def test_tags_widen_the_library_and_narrow_nothing(api: Calls) -> None:
    def listed(query: str = "") -> set[str]:
        told = api.json("GET", f"{PATH}/library{query}")[1]["templates"]
        assert {"width", "height", "aspect_ratio", "video_url", "thumbnail_url"} <= {*told[0]}
        return {each["id"] for each in told}

    everything = listed()
    own = api.json("POST", PATH, {"name": "Wide", "tags": ["wide"]})[1]["templateId"]
    assert listed() == listed("?tags=nobodys") == everything
    assert listed("?tags=nobodys,wide") == everything | {own}
