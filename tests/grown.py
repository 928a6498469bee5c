"""A copy of the project whose package has one type of element and one kind of work more.

What is added is what a newcomer would write: the files of tests/additions, and in each table one
row with its import. It is used in processes of its own; nothing of it is imported here.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ADDITIONS = ROOT / "tests/additions"
PACKAGE = "layers/shared/python/resplice"
COPIED = ("app.py", "cdk.json", "constraints.txt", "functions", "infra", PACKAGE)
IGNORED = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True)
class Row:
    """A row of the table in a file of the package, and the import that it may need."""

    file: str
    table: str
    row: str
    imported: str = ""

    def lines(self) -> list[str]:
        """What is more in the file."""
        return [line for line in (self.imported, self.row) if line]


ROWS = (
    Row(
        "core/elements/__init__.py",
        "FOLDERS",
        '"swatch": "swatch",',
    ),
    Row(
        "core/tasks/__init__.py",
        "TASKS",
        'TaskKind("tint", TintTask, version=1),',
        "from resplice.core.tasks.tint import TintTask",
    ),
    Row(
        "steps/makers/__init__.py",
        "MAKERS",
        '"tint": Maker(tint.make, (), "element"),',
        "from resplice.steps.makers import tint",
    ),
)


CALLS = """
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from resplice.cli.main import main
ended = []
for words in json.loads(sys.argv[1]):
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = main(words)
    ended.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(ended))
"""


@dataclass(frozen=True)
class Grown:
    """The copy. root: laid out as the project is."""

    root: Path

    @property
    def package(self) -> Path:
        return self.root / PACKAGE

    def run(
        self, *command: object, cwd: Path | None = None, code: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that finds the copy in place of the project; it must exit with the code."""
        path = os.pathsep.join([str(self.package.parent), str(self.root)])
        done = subprocess.run(
            [*map(str, command)],
            env={**os.environ, "PYTHONPATH": path},
            cwd=cwd or self.root,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def python(self, text: str) -> str:
        """What the program prints."""
        return self.run(sys.executable, "-c", text).stdout

    def resplice(self, *words: object, cwd: Path, code: int = 0) -> str:
        """The command line; what it says when it fails, what it prints when it does not."""
        done = self.run(sys.executable, "-m", "resplice", *words, cwd=cwd, code=code)
        return done.stderr if code else done.stdout

    def resplice_each(self, calls: Sequence[Sequence[str]], cwd: Path, code: int = 0) -> list[str]:
        """What one process of the command line says, called again and again; see `resplice`."""
        said = self.run(sys.executable, "-c", CALLS, json.dumps(calls), cwd=cwd).stdout
        ended = json.loads(said)
        assert [end for end, _, _ in ended] == [code] * len(calls), said
        return [err if code else out for _, out, err in ended]

    def changes(self) -> Iterator[tuple[str, list[str]]]:
        """Files that the project's package has otherwise or not at all: (path, changed lines)."""
        before, after = _texts(ROOT / PACKAGE), _texts(self.package)
        for path in sorted(before.keys() | after.keys()):
            lines = [texts.get(path, "").splitlines() for texts in (before, after)]
            if changed := [line for line in ndiff(*lines) if line[0] in "+-"]:
                yield path, changed


def grow(root: Path) -> Grown:
    """Make the copy in an empty folder. What the project has built of its layers is linked."""
    for name in COPIED:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=IGNORED)
        else:
            shutil.copyfile(source, target)
    for folder in ("layers", "build/layers"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for each in (ROOT / folder).glob("*"):
            if not each.name.startswith("shared"):
                (root / folder / each.name).symlink_to(each)
    grown = Grown(root)
    shutil.copytree(ADDITIONS, grown.package, ignore=IGNORED, dirs_exist_ok=True)
    for row in ROWS:
        file = grown.package / row.file
        file.write_text(_with_row(file.read_text(), row))
    return grown


def _with_row(text: str, row: Row) -> str:
    """The module with the row at the end of its table and the import below its imports."""
    tree, lines = ast.parse(text), text.splitlines()
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == row.table
    ]
    last_row = _rows(table)[-1]
    indent = len(lines[last_row.lineno - 1]) - len(lines[last_row.lineno - 1].lstrip())
    lines.insert(last_row.end_lineno or 0, " " * indent + row.row)
    if row.imported:
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        lines.insert(imports[-1].end_lineno or 0, row.imported)
    return "\n".join(lines) + "\n"


def _rows(table: Any) -> list[ast.expr]:
    """The rows of a table, which is a dict or is made of a tuple."""
    rows: list[ast.expr] = (
        table.generators[0].iter.elts if isinstance(table, ast.DictComp) else table.values
    )
    return rows


def _texts(package: Path) -> dict[str, str]:
    paths = (path for path in package.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return {path.relative_to(package).as_posix(): path.read_text() for path in paths}
