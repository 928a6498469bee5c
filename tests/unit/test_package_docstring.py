"""The package docstring and the README's tree name paths that exist, and every package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import resplice

PACKAGE = Path(resplice.__file__).parent
ROOT = PACKAGE.parents[3]
PATH = re.compile(r"[\w.{},<>-]+(?:/[\w.{},<>-]+)*(?:/|\.(?:py|json|md))(?![\w/])")
"""A folder with its slash, or a file with its ending."""
ENTRY = re.compile(r"^ {4}(\S+/)(.*(?:\n {5,}.*)*)", re.MULTILINE)
"""A folder that a line begins with, and what is said of it."""


def alternatives(path: str) -> Iterator[str]:
    """`a/{b,c}/` is `a/b/` and `a/c/`."""
    parts = re.split(r"\{([^}]*)\}", path)
    choices = [part.split(",") if n % 2 else [part] for n, part in enumerate(parts)]
    yield from ("".join(chosen) for chosen in product(*choices))


def paths_in(text: str) -> set[str]:
    """Every path that the text names, lists in braces spelled out."""
    joined = re.sub(r"\{[^}]*\}", lambda braces: re.sub(r"\s", "", braces[0]), text)
    return {each for found in PATH.findall(joined) for each in alternatives(found)}


def docstring() -> str:
    assert resplice.__doc__
    return resplice.__doc__


def tree() -> str:
    """What the README draws below *Where things are*."""
    section = (ROOT / "README.md").read_text().split("## Where things are")[1]
    return section.split("```")[1]


def packages() -> list[str]:
    inits = PACKAGE.rglob("__init__.py")
    return sorted(
        f"{init.parent.relative_to(PACKAGE)}/" for init in inits if init.parent != PACKAGE
    )


def places_under(folder: Path, path: str) -> list[Path]:
    return [found for found in folder.rglob(path.rstrip("/")) if "node_modules" not in found.parts]


def test_a_newcomer_can_read_it_at_once() -> None:
    assert docstring().count("\n") <= 60


def test_every_path_of_the_docstring_exists() -> None:
    for path in paths_in(docstring()):
        whole = [PACKAGE / path, ROOT / path]
        inside = "/" not in path and places_under(PACKAGE, path)
        assert inside or any(place.exists() for place in whole), path


def test_a_bare_name_lies_in_the_folder_that_its_line_begins_with() -> None:
    entries = ENTRY.findall(docstring())
    bare = [
        (folder, name)
        for folder, said in entries
        for name in paths_in(said)
        if "/" not in name and not places_under(PACKAGE / folder, name)
    ]
    assert len(entries) > 10 and bare == []


@pytest.mark.parametrize("package", packages())
def test_the_docstring_names_every_package(package: str) -> None:
    assert package in paths_in(docstring())


def test_every_path_of_the_readme_s_tree_exists() -> None:
    named = paths_in(tree())
    assert {"layers/shared/python/resplice/", "app.py", "tests/"} <= named
    for path in named:
        top, _, rest = path.partition("<name>")
        if rest:
            assert list((ROOT / top).glob(f"*{rest}")), path
        else:
            assert any((base / path).exists() for base in (ROOT, PACKAGE, PACKAGE / "core")), path
