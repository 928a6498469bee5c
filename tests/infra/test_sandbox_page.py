"""docs/sandbox.md says of each program what the table of the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resplice.adapters.confined.launching import Walls
from resplice.adapters.confined.programs import GROUPS, LIBRARIES, PROGRAMS, PYTHON, Program

from infra.layers import ROOT

FILE = ROOT / "docs/sandbox.md"
BEGIN, END = "<!-- walls -->\n", "<!-- /walls -->\n"


def places(program: Program) -> str:
    if program.places is PYTHON.places:
        return "where this Python and its packages lie"
    return ", ".join(f"`{each}`" for each in program.places()) or "nothing"


def lines() -> Iterator[str]:
    yield "| program | groups of calls | calls by their arguments | reads beside libraries |"
    yield "|---|---|---|---|"
    for program in PROGRAMS:
        held = ", ".join(f"`{one.name}`" for one in program.held)
        yield f"| {program.name} | {', '.join(program.groups)} | {held} | {places(program)} |"
    yield ""
    yield "| group | who needs it | calls |"
    yield "|---|---|---|"
    for name, (who, calls) in GROUPS.items():
        yield f"| {name} | {who} | {', '.join(f'`{call}`' for call in calls.split())} |"
    yield ""
    yield "| libraries | who needs it |"
    yield "|---|---|"
    yield from (f"| `{path}` | {who} |" for path, who in LIBRARIES.items())


def test_the_page_has_the_table_of_the_code() -> None:
    page = FILE.read_text()
    written = page.split(BEGIN)[1].split(END)[0]
    assert written == "\n".join([*lines(), ""]), "run this file: it writes the page"


def test_each_program_is_told_in_words() -> None:
    page = FILE.read_text().split(BEGIN)[0]
    assert [name for name in (each.name for each in PROGRAMS) if f"| {name} |" not in page] == []


def test_the_kernels_are_those_that_are_told_of_here() -> None:
    said = " ".join(Walls(0, False, "x86_64").missing() + Walls(3, True, "x86_64").missing())
    versions = {*re.findall(r"Linux ([\d.]+)", said)}
    assert {"5.13", "6.7", "6.12"} <= versions
    assert all(f"| Linux {each} |" in FILE.read_text() for each in versions)


def test_what_it_names_exists() -> None:
    named = re.findall(r"`((?:tests|layers)/[\w./-]+)`|\]\(([\w./-]+)\)", FILE.read_text())
    paths = [ROOT / one if one else FILE.parent / other for one, other in named]
    assert len(paths) >= 4 and all(path.exists() for path in paths)


if __name__ == "__main__":
    before, after = FILE.read_text().split(BEGIN)[0], FILE.read_text().split(END)[1]
    FILE.write_text(f"{before}{BEGIN}{chr(10).join([*lines(), ''])}{END}{after}")
