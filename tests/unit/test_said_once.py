"""Values have one home: no other file of the package says them again."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
import resplice
from resplice.core import time_units
from resplice.core.document import limits
from resplice.core.elements import painted

PACKAGE = Path(resplice.__file__).parent
WHOLE = ("**",)
DOCUMENTS = {name for name in vars(limits) if name.startswith("MAX_")}
UNITS = {name for name in vars(time_units) if name.isupper()}
LONG = {time_units.HOUR_MS, time_units.DAY_MS, time_units.DAY_S}


def nodes_beside(
    home: str, folders: Collection[str], names: Collection[str] = ("",)
) -> Iterator[tuple[str, ast.AST]]:
    """What is said in the folders, each with its file; but for the file that is the home.

    names: only of files that have one of them anywhere.
    """
    for path in (path for folder in folders for path in PACKAGE.glob(f"{folder}/*.py")):
        text = path.read_text()
        if path != Path(home) and any(name in text for name in names):
            for node in ast.walk(ast.parse(text)):
                yield str(path.relative_to(PACKAGE)), node


@pytest.mark.parametrize(
    ("home", "names", "folders"),
    [
        (limits.__file__, DOCUMENTS, ("core/document", "core/schema")),
        (time_units.__file__, UNITS, WHOLE),
        (painted.__file__, {"MAX_DENSE_PIXELS"}, WHOLE),
    ],
    ids=["limits of documents", "units of time", "dense pages"],
)
def test_no_other_file_says_them_again(
    home: str, names: Collection[str], folders: Collection[str]
) -> None:
    again = [
        (file, node.id)
        for file, node in nodes_beside(home, folders, names)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names
    ]
    assert names and again == []


def test_nobody_writes_a_day_or_an_hour_as_a_number() -> None:
    numbers = [
        (file, node.value)
        for file, node in nodes_beside(time_units.__file__, WHOLE)
        if isinstance(node, ast.Constant) and node.value in LONG
    ]
    assert numbers == []
