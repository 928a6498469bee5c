"""Every module of core has a file of unit tests of its name, where it lies in core.

`core/text/css.py` is tested in `unit/text/test_css.py` or `properties/test_css.py`; a folder, and
what is in a folder within a folder (an element type), may have one file for all.
"""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

import pytest

TESTS = Path(__file__).resolve().parents[1]
CORE = TESTS.parent / "layers/shared/python/resplice/core"
ELSEWHERE = {
    "bill.py": "only fields; test_prices prices bills, test_tasks makes them",
    "components.py": "only fields; test_component's pages are made of them",
    "time_units.py": "only numbers; test_said_once looks for others",
    "words.py": "only fields; every voice's and transcript's tests compare them",
    "mp4/movie.py": "render/test_stitch joins what FFmpeg made",
    "schema/before_expansion.py": "only fields; test_spec_tables has a row for each",
    "elements/base.py": "only fields; test_elements walks those of every type",
    "elements/element_type.py": "the form of a row; test_elements walks the rows",
    "elements/outcome.py": "only fields; each type's tests compare them",
    "text/__init__.py": "only names; test_page and test_bundled_fonts have them",
    "tasks/animate.py": "only fields; test_tasks walks the tables",
    "tasks/captions.py": "only fields; test_tasks walks the tables",
    "tasks/fetch.py": "only fields; test_tasks walks the tables",
    "tasks/font.py": "only fields; test_tasks walks the tables",
    "tasks/generate.py": "fields, and a bill; test_tasks walks the tables and adds up bills",
    "tasks/paint.py": "only fields; test_tasks walks the tables",
    "tasks/speak.py": "fields, and a bill; test_tasks walks the tables and adds up bills",
    "tasks/transcribe.py": "fields, and a bill; test_tasks walks the tables and adds up bills",
    "tasks/web_page.py": "only fields; test_tasks walks the tables",
    "tasks/task.py": "the base of the values that test_tasks walks",
}
"""Modules without a file of their own, and why."""


def says_nothing(path: Path) -> bool:
    """Whether there is nothing to test: a docstring, and names that others have."""
    body = ast.parse(path.read_text()).body
    named = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
    return all(isinstance(node, ast.Assign) and "__all__" in ast.unparse(node) for node in named)


def places(module: str) -> list[str]:
    """Where its tests may lie. module: its path in core."""
    path = PurePosixPath(module)
    named = path.parent if path.name == "__init__.py" else path.with_suffix("")
    found = [named.parent / f"test_{named.name}.py"]
    if len(named.parts) > 2:
        found.append(named.parents[1] / f"test_{named.parent.name}.py")
    return [f"unit/{each}" for each in found] + [f"properties/{found[0].name}"]


def untested(modules: list[str]) -> list[str]:
    return [module for module in modules if module not in ELSEWHERE and not has_tests(module)]


def has_tests(module: str) -> bool:
    return any((TESTS / place).exists() for place in places(module))


def test_every_module_of_core_has_its_tests() -> None:
    files = [path for path in CORE.rglob("*.py") if not says_nothing(path)]
    modules = [path.relative_to(CORE).as_posix() for path in files]
    assert untested(modules) == []


def test_what_is_tested_elsewhere_is_there_and_has_no_tests_of_its_own() -> None:
    assert [module for module in ELSEWHERE if not (CORE / module).exists()] == []
    assert [module for module in ELSEWHERE if has_tests(module)] == []


@pytest.mark.parametrize("module", ["newcomer.py", "text/newcomer.py", "elements/song/needs.py"])
def test_a_newcomer_without_tests_is_found(module: str) -> None:
    assert untested([module]) == [module]


def test_a_file_of_tests_has_tests() -> None:
    for path in [*(TESTS / "unit").rglob("test_*.py"), *(TESTS / "properties").glob("test_*.py")]:
        nodes = ast.walk(ast.parse(path.read_text()))
        assert any(isinstance(node, ast.Assert) for node in nodes), path
