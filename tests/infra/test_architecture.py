"""The house rules that a machine can check: who may import whom, and how long things may be."""

from __future__ import annotations

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "layers/shared/python/resplice"
OURS = [*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py"), *ROOT.glob("infra/*.py")]
NAMES_REFUSED = {"utils", "helpers", "common", "manager", "misc"}


FORBIDDEN = [
    ("core/timeline.py", "from resplice.ports import Ports"),
    ("core/sources.py", "from resplice.core.timeline import timeline"),
    ("core/elements/files.py", "from resplice.core.schema.movie import Movie"),
    ("core/new_room.py", '"""A module without a place in the layers."""'),
    ("core/document/expand.py", "from resplice.core.schema.movie import Movie"),
    ("steps/pipeline/scene.py", "import subprocess"),
    ("steps/execution/executor.py", "from resplice.adapters.system_clock import SystemClock"),
    ("adapters/ffmpeg/probe.py", "from resplice.steps.pipeline.element import make"),
    ("api/movies.py", "from resplice.wiring.service import LIMITS"),
    ("api/movies.py", "from resplice.adapters.lambda_.answer_size import MAX_ANSWER_BYTES"),
    ("steps/projects.py", "from resplice.api.timestamps import timestamp"),
    ("steps/projects.py", "import aws_lambda_powertools"),
    ("cli/render.py", "from resplice.adapters.system_clock import SystemClock"),
    ("client/values.py", "from resplice.core.report import Report"),
    ("client/files.py", "from resplice.errors import StorageError"),
    ("steps/projects.py", "from resplice.client import Client"),
    ("cli/serve.py", "import mcp"),
    ("mcp/tools.py", "from resplice.adapters.system_clock import SystemClock"),
]
"""Each a file and the line that it must not have."""


def laws(python_path: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    config = ROOT / "tests/architecture.ini"
    environment = {**os.environ, "PYTHONPATH": str(python_path), "NO_COLOR": "1", "COLUMNS": "400"}
    command = [str(tool), "--config", str(config), "--no-cache"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of a copy that breaks all laws at once."""
    folder = tmp_path_factory.mktemp("laws")
    shutil.copytree(PACKAGE, folder / "resplice", ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in FORBIDDEN:
        with (folder / "resplice" / file).open("a") as source:
            source.write(f"\n{line}\n")
    broken = laws(folder)
    assert broken.returncode == 1, broken.stderr
    return broken.stdout


@pytest.mark.parametrize(("file", "line"), FORBIDDEN)
def test_a_forbidden_import_is_found(complaints: str, file: str, line: str) -> None:
    module = f"resplice.{file.removesuffix('.py').replace('/', '.')}"
    imported = re.match(r"(?:from|import) (\S+)", line)
    said = f"- {module} -> {imported[1]} (l." if imported else f"- {module}\n"
    assert said in re.sub(r" +", " ", complaints)


def test_the_import_laws_hold() -> None:
    assert laws(PACKAGE.parent).returncode == 0


def test_functions_import_only_what_they_may() -> None:
    for handler in ROOT.glob("functions/*/handler.py"):
        for node in ast.walk(ast.parse(handler.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("resplice"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                parts = {name.split(".")[1] for name in names}
                assert parts <= {"wiring", "api", "steps"}, handler


def test_functions_fit_a_screen_and_files_a_sitting() -> None:
    lengths = []
    for path in OURS:
        text = path.read_text()
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                lengths.append(node.end_lineno - node.lineno + 1)
                assert lengths[-1] <= 70, (path, node.name)
    assert statistics.median(lengths) <= 9
    assert sorted(lengths)[int(len(lengths) * 0.9)] <= 30


def test_every_file_says_what_it_is() -> None:
    assert [path for path in OURS if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_no_file_is_named_for_nothing() -> None:
    assert [path for path in OURS if path.stem in NAMES_REFUSED] == []
