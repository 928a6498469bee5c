"""What docs/use-it-from.md tells people to run, run as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from elsewhere import elsewhere
from lazy import lazy
from served import KEY, Served, running
from studio import COMMAND
from tls_front import fronted

mcp = lazy("mcp")
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/use-it-from.md").read_text()
HOST = "movies.example.com"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("served"), "--api-key", KEY) as server:
        yield server


def ran(command: list[str], served: Served, folder: Path, **more: str) -> str:
    """What it prints; it must go well."""
    environment = {
        **os.environ,
        "RESPLICE_URL": f"http://127.0.0.1:{served.port}",
        "RESPLICE_API_KEY": KEY,
        **more,
    }
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=folder, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl(served: Served, tmp_path: Path) -> None:
    [program] = blocks("sh")
    ran(["bash", "-euo", "pipefail", "-c", program], served, tmp_path)
    assert (tmp_path / "movie.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("number", [0, 1], ids=["our client", "the SDK"])
def test_python(served: Served, tmp_path: Path, number: int) -> None:
    program = blocks("python")[number]
    quick = "import time; pause = time.sleep; time.sleep = lambda s: pause(s / 50)\n"
    said = ran([sys.executable, "-c", quick + program], served, tmp_path)
    if number == 0:
        movie = tmp_path / "movie.mp4"
        assert said.splitlines()[-1] == f"2.0 {movie.stat().st_size}"
    else:
        assert re.fullmatch(r"http://\S+\.mp4\n", said)


def test_node(served: Served, tmp_path: Path) -> None:
    [program] = blocks("js")
    with fronted(served.port, tmp_path, HOST) as front:
        command, environment = elsewhere(program, HOST, front)
        said = ran(command, served, ROOT, **environment)
    assert re.fullmatch(r"http://\S+\.mp4\n", said)


@pytest.mark.parametrize("number", [0, 1], ids=["here", "on a server"])
def test_an_assistants_configuration(served: Served, tmp_path: Path, number: int) -> None:
    [config] = json.loads(blocks("json")[number])["mcpServers"].values()
    replaced = {
        "/home/me/Videos": str(tmp_path),
        f"https://{HOST}": f"http://127.0.0.1:{served.port}",
        "the-key": KEY,
    }
    words = [replaced.get(word, word) for word in config["args"]]
    named = {name: replaced.get(value, value) for name, value in config.get("env", {}).items()}
    assert Path(config["command"]).name == "resplice"
    command = [*COMMAND, *words]
    environment = {"RESPLICE_DATA": str(tmp_path / "data"), **named}
    server = mcp.StdioServerParameters(command=command[0], args=command[1:], env=environment)

    async def tools() -> dict[str, Any]:
        async with mcp.stdio_client(server) as streams, mcp.ClientSession(*streams) as session:
            await session.initialize()
            answer = await session.call_tool("list_templates", {})
            return {"tools": await session.list_tools(), "answer": answer}

    told = anyio.run(tools)
    assert not told["answer"].is_error, told["answer"]
    listed = {each.name for each in told["tools"].tools}
    assert listed == {name for name in re.findall(r"`(\w+)`", PAGE) if name in listed}


def test_no_block_is_left_out() -> None:
    """Those of other languages are settings of programs that are not there."""
    languages = re.findall(r"^```(\w*)$", PAGE, re.MULTILINE)
    assert {each for each in languages if each} == {"sh", "python", "js", "json", "php", "text"}
    assert len(blocks("python")) == 2 and len(blocks("json")) == 2


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors
