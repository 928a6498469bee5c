"""Templates over the API, row by row of the specification, on both keepers of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import api_calls
import pytest
from api_calls import Noted, call, use
from resplice.adapters.disk.template_files import library
from resplice.adapters.system_clock import SystemClock
from resplice.api.service import Limits
from resplice.core.document.strict_json import parse
from resplice.ports import Ports
from resplice.steps import templates as steps
from resplice.steps.access import new_key
from resplice.steps.pipeline.accept import accept
from template_calls import ABSENT, CARD, KEEPERS, VARIABLES, created, good, one, ports_with, refused


@pytest.fixture(scope="module", params=KEEPERS)
def ports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ports]:
    with ports_with(request.param, tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return str(request.node.originalname)


@pytest.fixture(autouse=True)
def workflow(ports: Ports, owner: str) -> Noted:
    noted = Noted()
    use(ports, noted, owner)
    return noted


def test_what_is_created_is_found_as_it_was_sent() -> None:
    text = ' { "scenes": [ {"duration":1.50} ] }\n'
    template = one(created(text, tags=["a", "b"], prompt="Make it"))
    assert template.pop("created_at") == template.pop("updated_at")
    assert len(template.pop("id")) == 20
    assert template == {
        "name": "Card",
        "tags": ["a", "b"],
        "owner": True,
        "prompt": True,
        "shared": False,
        "movie": text,
    }


def test_a_mark_before_the_text_is_no_part_of_it() -> None:
    template = created("\ufeff" + json.dumps(CARD))
    assert one(template)["movie"] == json.dumps(CARD)
    assert len(one(template, "&format=make")["variables"]) == 4


def test_a_movie_that_is_an_object_comes_back_as_text() -> None:
    movie = one(created())["movie"]
    assert isinstance(movie, str) and json.loads(movie) == CARD
    assert list(json.loads(movie)) == list(CARD)


def test_scopes_say_what_is_told() -> None:
    template = created(prompt="Make it")
    assert {"movie", "ai_prompt"}.isdisjoint(one(template, "&scopes=other"))
    assert "ai_prompt" not in one(template) and "movie" in one(template)
    told = one(template, "&scopes=prompt")
    assert told["ai_prompt"] == "Make it" and "movie" not in told
    assert {"movie", "ai_prompt"} <= one(template, "&scopes=movie,%20prompt").keys()
    told = one(created(), "&scopes=prompt")
    assert told["prompt"] is False and told["ai_prompt"] is None


def test_the_list_has_no_movies_and_the_last_change_comes_first() -> None:
    first, second = created(tags="a, b,,a"), created(tags=["b"], prompt="p")
    listed = good("GET", "")
    assert listed["count"] == 2
    assert [each["id"] for each in listed["templates"]] == [second, first]
    for each in listed["templates"]:
        assert each.keys() == {"id", "name", "tags", "owner", "created_at", "updated_at"}
    good("POST", f"?id={first}", {"name": "Changed"})
    names = [each["name"] for each in good("GET", "")["templates"]]
    assert names == ["Changed", "Card"]
    assert [each["id"] for each in good("GET", "?tag=a")["templates"]] == [first]
    assert good("GET", "?tag=c") == {"count": 0, "templates": []}


def test_of_changes_within_a_millisecond_the_last_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SystemClock, "now_ms", lambda self: 1_700_000_000_000)
    made = [created() for _ in range(5)]
    assert [each["id"] for each in good("GET", "")["templates"]] == made[::-1]
    good("POST", f"?id={made[2]}", {"name": "Changed"})
    assert good("GET", "")["templates"][0]["id"] == made[2]


def test_the_form_of_make() -> None:
    template = one(created(), "&format=make")
    colour, seconds, webhook, data = template["variables"]
    assert colour == {
        **{"name": "colour", "label": "Colour", "type": "text", "default": "#102030"},
        "help": "Any",
    }
    assert seconds["type"] == "select" and seconds["default"] == "1"
    assert seconds["options"] == [{"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]
    assert (webhook["name"], data["name"]) == ("make_webhook_url", "client_data")
    assert template["movie"]


def test_the_json_schema_of_the_variables() -> None:
    template = one(created(), "&format=jsonschema")
    assert "movie" not in template
    assert template["variables"]["properties"] == {
        "colour": {
            **{"title": "Colour", "type": "string", "default": "#102030"},
            "description": "Any",
        },
        "seconds": {"title": "Seconds", "type": "number", "default": 1, "enum": [1, 2]},
    }
    assert one(created({"scenes": []}), "&format=jsonschema")["variables"]["properties"] == {}


def test_a_template_may_be_made_without_a_movie() -> None:
    """As the MCP server does."""
    told = good("POST", "", {"name": "Empty", "description": "x", "apiKey": "k"})
    template = one(told["templateId"])
    assert template["movie"] == "{}" and "description" not in template
    assert [each["name"] for each in one(template["id"], "&format=make")["variables"]] == [
        *("make_webhook_url", "client_data"),
    ]
    status, answer = call("POST", "/v2/movies", {"template": template["id"]})
    assert status == 400 and "empty" in answer["message"]


def test_an_update_changes_what_is_sent() -> None:
    template = created(tags=["a"], prompt="p")
    before = one(template, "&scopes=movie,prompt")
    assert good("POST", f"?id={template}", {"name": "Other"}) == {"templateId": template}
    after = one(template, "&scopes=movie,prompt")
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == {**before, "name": "Other"}

    other = {"width": 100, "height": 50, "scenes": [{"duration": 1}]}
    good("POST", f"?id={template}", {"movie": other, "tags": "", "prompt": None})
    changed = one(template, "&scopes=movie,prompt")
    assert json.loads(changed["movie"]) == other
    assert (changed["tags"], changed["ai_prompt"], changed["prompt"]) == ([], None, False)
    assert changed["created_at"] == before["created_at"] and changed["name"] == "Other"


def test_a_duplicate_has_its_own_name_and_variables() -> None:
    card = {"variables": {"a": {"x": 1, "y": 2}, "list": [1]}, "scenes": [{"duration": 1}]}
    template = created(card, tags=["a"], prompt="p")
    told = good("POST", f"?id={template}&action=duplicate")
    assert told["name"] == "Card (custom)" and told["templateId"] != template
    copy = one(told["templateId"], "&scopes=movie,prompt")
    assert copy["movie"] == one(template)["movie"] and copy["owner"] is True
    assert (copy["tags"], copy["ai_prompt"]) == (["a"], "p")

    variables = {"a": {"y": 3}, "list": [2, 3], "new": True}
    told = good(
        "POST", f"?id={template}&action=duplicate", {"name": "Mine", "variables": variables}
    )
    assert told["name"] == "Mine"
    merged = {"a": {"x": 1, "y": 3}, "list": [2, 3], "new": True}
    assert json.loads(one(told["templateId"])["movie"]) == {**card, "variables": merged}
    assert json.loads(one(template)["movie"]) == card


def test_of_a_long_name_the_duplicate_keeps_its_beginning() -> None:
    answer = good("POST", "", {"name": "n" * 100, "movie": CARD})
    told = good("POST", f"?id={answer['templateId']}&action=duplicate", {})
    assert told["name"] == "n" * 91 + " (custom)"


def test_what_is_deleted_is_gone() -> None:
    template = created()
    assert good("DELETE", f"?id={template}") == {}
    assert refused("GET", f"?id={template}") == (400, f"Template {template} not found")
    assert refused("DELETE", f"?id={template}") == (400, f"Template {template} not found")
    assert good("GET", "")["templates"] == []


def test_a_movie_made_of_a_template_becomes_one_of_its_own() -> None:
    base = created({**CARD, "resolution": "hd"})
    call_of_it = {"template": base, "variables": {"seconds": 2}, "fps": 10, "scenes": [{}]}
    movie = json.loads(one(created(call_of_it))["movie"])
    variables = {**VARIABLES, "seconds": 2}
    assert movie == {**CARD, "resolution": "hd", "variables": variables, "fps": 10}
    assert refused("POST", "", {"name": "x", "movie": {"template": ABSENT}}) == (
        *(400, f"Template {ABSENT} not found"),
    )


ODD = [
    ("POST", "", None, "No payload provided"),
    ("POST", "", b"  ", "No payload provided"),
    ("POST", "", b"null", "No payload provided: the body must be a JSON object"),
    ("POST", "", b"[1]", "No payload provided: the body must be a JSON object"),
    ("POST", "", b"{", "Error parsing payload JSON or the payload was empty: line 1, column 2"),
    ("POST", "", {}, "'name' is required"),
    ("POST", "", b"[]", "'name' is required"),
    ("POST", "", {"name": ""}, "'name' is required"),
    ("POST", "", {"name": 7}, "'name' must be text"),
    ("POST", "", {"name": "n" * 101}, "'name' may have at most 100 characters"),
    ("POST", "", {"name": "x", "tags": 7}, "Tags must be a string or an array"),
    ("POST", "", {"name": "x", "tags": {}}, "Tags must be a string or an array"),
    ("POST", "", {"name": "x", "tags": [7]}, "Tags must be a string or an array of strings"),
    ("POST", "", {"name": "x", "tags": [f"{n}" for n in range(21)]}, "'tags' may be at most 20"),
    ("POST", "", {"name": "x", "tags": ["t" * 51]}, "'tags' may have at most 50 characters each"),
    ("POST", "", {"name": "x", "movie": 7}, "Payload movie must be a JSON string or JSON object"),
    ("POST", "", {"name": "x", "movie": [1]}, "Payload movie must be a JSON string or JSON object"),
    ("POST", "", {"name": "x", "movie": "[1]"}, "Payload movie must be a JSON string or JSON obj"),
    ("POST", "", {"name": "x", "movie": "{"}, "Payload movie must be a JSON string or JSON object"),
    ("POST", "", {"name": "x", "movie": '{"a":1,"a":2}'}, "the key 'a' appears twice"),
    ("POST", "", {"name": "x", "movie": {"template": 7}}, "'template' must be the id of a templ"),
    ("POST", "", {"name": "x", "movie": {"x": "y" * 350_000}}, "'movie' may be at most 350 kB"),
    ("POST", "", {"name": "x", "prompt": 7}, "'prompt' must be text"),
    ("POST", "", {"name": "x", "prompt": "p" * 20_001}, "'prompt' may be at most 20 kB"),
    ("POST", "", {"name": "x", "shared": "yes"}, "'shared' must be true or false"),
    ("POST", "?id=", {"name": "x"}, "No template ID provided"),
    ("POST", "?action=duplicate", {}, "No template ID provided"),
    ("POST", f"?action=remove&id={ABSENT}", {}, "'action' must be duplicate, or left out"),
    ("POST", f"?id={ABSENT}", {"name": "x"}, f"Template {ABSENT} not found"),
    ("POST", f"?id={ABSENT}", None, "No payload provided"),
    ("POST", f"?id={ABSENT}&action=duplicate", {}, f"Template {ABSENT} not found"),
    ("GET", "?id=", None, "No template ID provided"),
    ("GET", f"?id={ABSENT}", None, f"Template {ABSENT} not found"),
    ("GET", "?id=../x%00", None, "Template ../x\0 not found"),
    ("DELETE", "", None, "No template ID provided"),
    ("DELETE", f"?id={ABSENT}", None, f"Template {ABSENT} not found"),
    ("DELETE", f"?id={'9' * 5000}", None, f"Template {'9' * 64}… not found"),
]


@pytest.mark.parametrize(("method", "path", "body", "words"), ODD)
def test_what_is_wrong_is_said(method: str, path: str, body: Any, words: str) -> None:
    status, message = refused(method, path, body)
    assert status == 400 and words in message
    assert good("GET", "")["templates"] == []


def test_of_an_update_that_is_wrong_nothing_is_done() -> None:
    template = created()
    before = one(template)
    for body in ({"name": "", "tags": "a"}, {"name": "Other", "movie": "{"}):
        assert refused("POST", f"?id={template}", body)[0] == 400
    assert refused("GET", f"?id={template}&format=simple") == (
        *(400, "'format' must be one of make, jsonschema"),
    )
    assert refused("POST", f"?id={template}&action=duplicate", {"variables": 7}) == (
        *(400, "'variables' must be an object"),
    )
    assert one(template) == before and good("GET", "")["count"] == 1


def test_a_movie_that_is_wrong_as_it_is_is_kept_and_warned_of() -> None:
    unready = {"scenes": [{"duration": "{{seconds}}", "elements": [{"type": "image"}]}], "fps": 999}
    answer = good("POST", "", {"name": "Unready", "movie": unready})
    assert {each["path"] for each in answer["warnings"]} == {"scenes[0].elements[0].src", "fps"}
    assert json.loads(one(answer["templateId"])["movie"]) == unready
    assert "warnings" not in good("POST", "", {"name": "Ready", "movie": CARD})
    answer = good("POST", f"?id={answer['templateId']}", {"movie": CARD})
    assert "warnings" not in answer


def test_what_clients_add_for_themselves_is_not_kept() -> None:
    movie = one(created(json.dumps({**CARD, "apiKey": "secret", "project": "p"})))["movie"]
    assert json.loads(movie) == CARD


def test_the_library_is_seen_by_all_and_changed_by_none(ports: Ports) -> None:
    listed = good("GET", "/library")
    assert listed["count"] == len(library()) >= 4
    for each in listed["templates"]:
        assert each.keys() == {
            *("id", "name", "tags", "width", "height", "aspect_ratio"),
            *("video_url", "thumbnail_url"),
        }
    [slides] = [each for each in listed["templates"] if each["name"] == "Slides"]
    template = one(slides["id"])
    assert template["owner"] is False and json.loads(template["movie"])["scenes"]
    status, message = refused("POST", f"?id={slides['id']}", {"name": "Mine"})
    assert status == 403 and message.startswith("Insufficient permissions")
    assert refused("DELETE", f"?id={slides['id']}")[0] == 403
    copy = good("POST", f"?id={slides['id']}&action=duplicate")
    assert one(copy["templateId"])["owner"] is True
    assert [each["id"] for each in good("GET", "")["templates"]] == [copy["templateId"]]
    tools = good("GET", "?shared=tools")["templates"]
    assert {each["id"] for each in tools} == set(library())
    assert all(each["owner"] is False for each in tools)


def test_tags_widen_the_library() -> None:
    mine, other = created(tags=["social"]), created(tags=["else"])
    everything = set(library())
    for tags, more in (("", set()), ("social", {mine}), ("none", set()), ("x, else", {other})):
        listed = good("GET", f"/library?tags={tags}".replace(" ", "%20"))["templates"]
        assert {each["id"] for each in listed} == everything | more


def test_the_library_tells_sizes() -> None:
    shown = created({"resolution": "Instagram-Story", "scenes": []}, shared=True)
    [entry] = [each for each in good("GET", "/library")["templates"] if each["id"] == shown]
    assert (entry["width"], entry["height"], entry["aspect_ratio"]) == (1080, 1920, 0.56)


def test_every_template_of_the_library_is_a_movie_as_it_is(ports: Ports) -> None:
    for template in library().values():
        document = parse(template.movie)
        assert accept(document, ports.tools, ports.offers, ports.components.all).movie.scenes
        schema = one(template.id, "&format=jsonschema")["variables"]
        assert len(schema["properties"]) >= 5
        for row in schema["properties"].values():
            assert row["default"] in row.get("enum", [row["default"]])


ROLES = [
    ("viewer", "GET", "", 200),
    ("viewer", "POST", "", 403),
    ("render", "GET", "/library", 200),
    ("render", "POST", "", 403),
    ("render", "DELETE", f"?id={ABSENT}", 403),
    ("editor", "POST", "", 200),
    ("editor", "DELETE", f"?id={ABSENT}", 400),
    ("admin", "POST", "", 200),
]


@pytest.mark.parametrize(("role", "method", "path", "expected"), ROLES)
def test_who_may(ports: Ports, role: Any, method: str, path: str, expected: int) -> None:
    use(ports, Noted(), "nobody", keyed=True)
    key = new_key(f"{role}-{method}{path}", role, None, ports, "roles")
    body = {"name": "x"} if method == "POST" else None
    status, answer = call(method, f"/v2/templates{path}", body, key=key)
    assert status == expected, answer
    if expected == 403:
        assert answer["message"] == "Insufficient permissions"


@pytest.mark.parametrize(
    ("key", "message"), [(None, "Error: API Key not provided"), ("x", "Error: Invalid API Key")]
)
def test_without_a_good_key(ports: Ports, key: str | None, message: str) -> None:
    use(ports, Noted(), "nobody", keyed=True)
    status, answer = call("GET", "/v2/templates", key=key)
    assert (status, answer) == (400, {"success": False, "message": message})


def test_an_owner_has_a_thousand_templates_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "MAX_TEMPLATES", 2)
    template, _ = created(), created()
    words = "There may be at most 2 templates: delete some first"
    assert refused("POST", "", {"name": "x"}) == (400, words)
    assert refused("POST", f"?id={template}&action=duplicate") == (400, words)
    good("DELETE", f"?id={template}")
    created()


def test_a_list_that_is_too_long_for_an_answer_is_cut(
    ports: Ports, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        created()
    monkeypatch.setattr(api_calls, "LIMITS", Limits(400, lambda value: len(json.dumps(value))))
    use(ports, Noted(), owner)
    assert good("GET", "")["count"] == 2


def test_names_in_the_library() -> None:
    for template in library().values():
        assert len(template.id) == 20 and template.id.isalnum() and template.shared
        assert template.owner == "" and "published" in template.tags


def test_a_template_that_others_see_tells_no_password() -> None:
    ftp = {"type": "ftp", "host": "h.example", "username": "u", "password": "hunter2"}
    movie = {**CARD, "exports": [{"destinations": [ftp]}]}
    status, message = refused("POST", "", {"name": "Card", "movie": movie, "shared": True})
    assert status == 400 and "password" in message and "hunter2" not in message
    own = created(movie)
    assert refused("POST", f"?id={own}", {"shared": True})[0] == 400
    assert good("GET", f"?id={own}")["template"]["shared"] is False
