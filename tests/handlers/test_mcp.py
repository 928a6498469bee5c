"""`resplice mcp` as assistants meet it: driven by the protocol's own client, over its stdio."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from lazy import lazy
from resplice.client import Client
from served import KEY, running
from studio import COMMAND
from warned_lines import plainly

mcp = lazy("mcp")
MOVIE: dict[str, Any] = {
    "width": 64,
    "height": 50,
    "fps": 10,
    "scenes": [{"duration": 1, "background-color": "#224466"}],
}
TOOLS = {
    *("validate_movie", "plan_movie", "prepare_movie", "render_movie", "movie_status"),
    *("list_templates", "get_template", "render_template"),
}


@dataclass
class Assistant:
    """A session whose calls are made from any thread. told: progress, as it was told."""

    session: mcp.ClientSession
    portal: BlockingPortal
    told: list[tuple[float, str | None]]

    def call(self, name: str, **arguments: Any) -> Any:
        """What a tool answers, which must have gone well."""
        answer = self._called(name, arguments)
        assert not answer.is_error, answer.content
        return answer.structured_content

    def refused(self, name: str, **arguments: Any) -> str:
        answer = self._called(name, arguments)
        assert answer.is_error
        return "\n".join(each.text for each in answer.content)

    def read(self, uri: str) -> Any:
        answer = self.portal.call(self.session.read_resource, uri)
        return json.loads(answer.contents[0].text)  # type: ignore[union-attr]

    def _called(self, name: str, arguments: dict[str, Any]) -> Any:
        async def tell(progress: float, total: float | None, message: str | None) -> None:
            assert total == 100
            self.told.append((progress, message))

        async def called() -> Any:
            return await self.session.call_tool(name, arguments, progress_callback=tell)

        return self.portal.call(called)


@asynccontextmanager
async def session(words: list[str], environment: dict[str, str]) -> Any:
    command, *options = [*COMMAND, "mcp", *words]
    server = mcp.StdioServerParameters(command=command, args=options, env=environment)
    async with mcp.stdio_client(server) as (read, write), mcp.ClientSession(read, write) as made:
        await made.initialize()
        yield made


@contextmanager
def assisted(*words: str, **environment: str) -> Iterator[Assistant]:
    known = {name: value for name, value in os.environ.items() if name.startswith("RESPLICE_")}
    known.pop("RESPLICE_API_KEY", None)
    with start_blocking_portal() as portal:
        opened: AbstractAsyncContextManager[mcp.ClientSession] = session(
            [*words], {**known, **environment}
        )
        with portal.wrap_async_context_manager(opened) as made:
            yield Assistant(made, portal, [])


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, saved: Path) -> Iterator[Assistant]:
    """An assistant that renders on this machine."""
    data = tmp_path_factory.mktemp("data")
    with assisted("--data", str(data), "--save-to", str(saved)) as made:
        yield made


def test_tools_say_what_they_are_for_and_take(here: Assistant) -> None:
    tools = {each.name: each for each in here.portal.call(here.session.list_tools).tools}
    assert tools.keys() == TOOLS
    for name, tool in tools.items():
        assert len(tool.description or "") > 50 and tool.output_schema, name
        makes = name.startswith(("prepare", "render"))
        assert tool.annotations and tool.annotations.read_only_hint is not makes
    takes = tools["render_movie"].input_schema
    assert takes["required"] == ["movie"] and set(takes["properties"]) == {"movie", "wait_seconds"}
    assert "resplice://schema/movie" in takes["properties"]["movie"]["description"]


def test_a_movie_is_rendered_and_saved(here: Assistant, saved: Path) -> None:
    here.told.clear()
    movie = here.call("render_movie", movie=MOVIE)
    assert (movie["status"], movie["duration_seconds"], movie["next"]) == ("done", 1, None)
    file = Path(movie["file"])
    assert file == saved / f"{movie['project']}.mp4" and file.stat().st_size == movie["size_bytes"]
    assert file.read_bytes()[4:8] == b"ftyp"
    assert here.told[-1][0] == 100
    assert here.call("movie_status", project=movie["project"])["url"] == movie["url"]


def test_a_movie_is_checked_and_planned_before_it_is_rendered(here: Assistant) -> None:
    movie = {**MOVIE, "scenes": [{"duration": 2, "background-color": "#112233"}], "odd": 1}
    checked = here.call("validate_movie", movie=movie)
    assert (checked["valid"], checked["errors"]) == (True, [])
    assert plainly(checked["warnings"]) == ("odd is not known and does nothing",)
    unmade = {**MOVIE, "scenes": [{"elements": [{"type": "text", "text": "not made", "txt": 1}]}]}
    [warning] = here.call("validate_movie", movie=unmade)["warnings"]
    assert warning.startswith("scenes[0].elements[0].txt is not known")
    wrong = here.call("validate_movie", movie={**MOVIE, "scenes": [{"duration": "long"}]})
    assert not wrong["valid"] and wrong["errors"][0]["path"] == "scenes[0].duration"
    plan = here.call("plan_movie", movie=movie)
    assert (plan["in_cache"], plan["complete"], plan["frames_to_render"]) == (False, True, 20)
    assert here.call("render_movie", movie=movie)["status"] == "done"
    plan = here.call("plan_movie", movie=movie)
    assert (plan["in_cache"], plan["frames_to_render"], plan["cost_usd"]) == (True, 0, 0)


def test_what_a_plan_needs_is_made_when_it_is_asked_for(here: Assistant) -> None:
    line = {"type": "voice", "text": "Hello there", "voice": "en-us", "model": "espeak"}
    movie = {**MOVIE, "scenes": [{"elements": [line]}]}
    plan = here.call("plan_movie", movie=movie)
    assert (plan["complete"], plan["duration_seconds"]) == (False, None)
    here.told.clear()
    plan = here.call("prepare_movie", movie=movie)
    assert plan["complete"] and plan["duration_seconds"] > 0 and here.told[-1][0] == 100
    assert here.call("plan_movie", movie=movie) == plan
    nowhere = [{"elements": [{"type": "video", "src": "http://127.0.0.1:9/a.mp4"}]}]
    assert "Scene #1" in here.refused("prepare_movie", movie={**MOVIE, "scenes": nowhere})


def test_a_movie_that_takes_longer_is_asked_for_again(here: Assistant) -> None:
    longer = {**MOVIE, "scenes": [{"duration": 30, "background-color": "#ff0000"}] * 3}
    movie = here.call("render_movie", movie=longer, wait_seconds=0)
    assert movie["status"] in ("pending", "running") and "movie_status" in movie["next"]
    movie = here.call("movie_status", project=movie["project"], wait_seconds=50)
    assert (movie["status"], movie["duration_seconds"]) == ("done", 90)


def test_what_is_wrong_is_told_in_words(here: Assistant) -> None:
    wrong = {**MOVIE, "scenes": [{"duration": "long"}]}
    assert "scenes[0].duration: " in here.refused("render_movie", movie=wrong)
    nowhere = [{"elements": [{"type": "image", "src": "http://127.0.0.1:9/a.png"}]}]
    movie = here.call("render_movie", movie={**MOVIE, "scenes": nowhere})
    assert movie["status"] == "error" and "Scene #1, element #1" in movie["message"]
    assert "AAAAAAAAAAAAAAAA" in here.refused("movie_status", project="AAAAAAAAAAAAAAAA")


def test_the_reference_can_be_read(here: Assistant) -> None:
    assert here.read("resplice://schema/movie")["properties"]["scenes"]
    components = here.read("resplice://components")
    first = components[0]
    assert first["name"] and first["title"]
    assert here.read(first["read"])


def test_it_works_on_a_server_that_is_named(tmp_path: Path) -> None:
    scene = {"duration": 1, "background-color": "{{color}}"}
    document = {**MOVIE, "scenes": [scene], "variables": {"color": "#0000ff"}}
    with running(tmp_path, "--api-key", KEY) as served:
        url = f"http://127.0.0.1:{served.port}"
        id = Client(url, KEY).templates.create("Sale", document)
        with assisted("--url", url, RESPLICE_API_KEY=KEY) as assistant:
            [listed] = assistant.call("list_templates")["result"]
            assert (listed["id"], listed["name"], listed["movie"]) == (id, "Sale", None)
            template = assistant.call("get_template", id=id)
            assert template["variables"]["properties"]["color"]["default"] == "#0000ff"
            assert json.loads(template["movie"]) == document
            movie = assistant.call("render_template", id=id, variables={"color": "#00ff00"})
            assert movie["status"] == "done" and movie["file"] is None
            assert movie["url"].startswith(url)
            refused = assistant.refused("get_template", id="U" * 20)
            assert refused.endswith(f"Template {'U' * 20} not found")
        with assisted(RESPLICE_URL=url, RESPLICE_API_KEY="guess") as assistant:
            refused = assistant.refused("render_movie", movie=MOVIE)
            assert refused.endswith("render_movie: Error: Invalid API Key")


def test_nothing_but_the_protocol_is_on_its_output(tmp_path: Path) -> None:
    """Also when what comes is none of it; and it ends when its input does."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    render = {"name": "render_movie", "arguments": {"movie": {"scenes": []}}}
    lines = [
        json.dumps(hello),
        "no JSON",
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": render}),
    ]
    done = subprocess.run(
        [*COMMAND, "mcp", "--data", str(tmp_path)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=50,
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and all(each["jsonrpc"] == "2.0" for each in said)
    assert {each.get("id") for each in said} >= {1} and "Traceback" not in done.stderr


def test_without_the_folder_or_the_package(tmp_path: Path) -> None:
    words = [*COMMAND, "mcp", "--save-to", str(tmp_path / "nowhere")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and "the folder does not exist" in done.stderr
