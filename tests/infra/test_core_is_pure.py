"""Core takes from outside what is on a list, and nothing else: values in, values out.

import-linter can refuse names and cannot allow names, so the list is here. errors.py and frozen.py,
which core may use, are held to it too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "layers/shared/python/resplice"
FILES = [*(PACKAGE / "core").rglob("*.py"), PACKAGE / "errors.py", PACKAGE / "frozen.py"]

STANDARD = {
    *(
        "__future__",
        "abc",
        "array",
        "bisect",
        "collections",
        "collections.abc",
        "colorsys",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "decimal",
        "enum",
        "fractions",
    ),
    *(
        "functools",
        "hashlib",
        "heapq",
        "html",
        "html.entities",
        "html.parser",
        "importlib",
        "ipaddress",
        "itertools",
        "json",
        "math",
        "re",
    ),
    *("types", "typing", "unicodedata", "urllib.parse", "xml.parsers.expat", "zlib"),
}
OTHERS = {
    *("jinja2", "jinja2.sandbox", "markupsafe", "rfc8785"),
    *("pydantic", "pydantic.json_schema", "pydantic_core"),
}
"""What every function's layers hold."""
OURS = ("resplice.core", "resplice.errors", "resplice.frozen")
IMPURE = {"__import__", "breakpoint", "eval", "exec", "open", "print"}
"""Builtins that reach the outside."""


def imported(source: str) -> Iterator[str]:
    """Every module that the source imports, also inside functions; a relative one begins with a
    dot, so that it is on no list.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            whole = module == "resplice"
            yield from (f"{module}.{alias.name}" for alias in node.names) if whole else (module,)


def named(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def unlawful(source: str) -> set[str]:
    """What the source takes that is on no list."""
    listed = STANDARD | OTHERS
    modules = {name for name in imported(source) if name not in listed and not ours(name)}
    return modules | (IMPURE & named(source))


def ours(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in OURS)


def test_core_takes_nothing_that_is_not_on_the_list() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): unlawful(path.read_text()) for path in FILES}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_table_of_elements_alone_imports_by_name() -> None:
    """Its own rows, when a movie has such an element."""
    importing = [path for path in FILES if "importlib" in set(imported(path.read_text()))]
    assert importing == [PACKAGE / "core/elements/__init__.py"]


def test_the_list_has_nothing_that_core_does_not_use() -> None:
    used = {module for path in FILES for module in imported(path.read_text())}
    assert (STANDARD | OTHERS) - used == set()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import os", "os"),
        ("import json, time", "time"),
        ("from datetime import datetime", "datetime"),
        ("def late():\n    import random", "random"),
        ("if False:\n    from os.path import exists", "os.path"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib"),
        ("from resplice import steps", "resplice.steps"),
        ("from resplice.core_of_others import a", "resplice.core_of_others"),
        ("from resplice.ports import Ports", "resplice.ports"),
        ("from ..steps import a", "..steps"),
        ("from PIL import ImageColor", "PIL"),
        ("text = open('a').read()", "open"),
        ("time = __import__('time')", "__import__"),
        ("list(map(print, 'ab'))", "print"),
    ],
)
def test_what_is_not_on_the_list_is_found(source: str, name: str) -> None:
    assert unlawful(source) == {name}


@pytest.mark.parametrize(
    "source",
    ["from resplice import errors", "from resplice.core import keys", "import resplice.core.keys"],
)
def test_what_is_on_the_list_is_let_be(source: str) -> None:
    assert unlawful(source) == set()
