"""The gallery's page, in Markdown: what each style and component looks like, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from gallery.pieces import Piece
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.declarations import read_declaration

HEAD = """# Gallery

Every text style and every component: with its default looks, and in one use of real life. All of
it was rendered by `resplice render` (`make gallery` makes it anew); the settings are ready to be
copied. `room.jpg`, `anna.jpg` and the like stand for pictures of yours.
"""
STYLES = {
    "001": "Static text",
    "002": "Text that fades in",
    "003": "Word by word",
    "004": "Letter by letter",
    "005": "Jumping letters",
    "006": "Revealing letters",
    "007": "Falling like dominoes",
    "008": "Ceiling and floor",
    "009": "Free letters, coming",
    "010": "Free letters, going",
    "011": "Text on blocks",
}


def text(shown: Iterable[tuple[Piece, Piece]], folder: Path) -> str:
    """The page; folder: where the pictures lie."""
    declared = {
        each.name: read_declaration(each.declaration) for each in ComponentFolders(CATALOG).all()
    }
    sections = dict[str, list[str]]({"Text styles": []})
    for plain, used in shown:
        if plain.name in STYLES:
            sections["Text styles"].append(_piece(STYLES[plain.name], "", plain, used, folder))
            continue
        told = declared[plain.name]
        block = _piece(told.title, told.description, plain, used, folder)
        sections.setdefault(told.section, []).append(block)
    parts = [HEAD]
    for title, blocks in sections.items():
        parts += [f"## {title}", *blocks]
    return "\n".join(parts)


def _piece(title: str, description: str, plain: Piece, used: Piece, folder: Path) -> str:
    heads, cells = ["With its defaults", f"For {used.purpose}"], []
    cells = [_picture(plain.file, plain.name, 380, folder)]
    cells.append(_picture(used.file, f"{plain.name}, for {used.purpose}", 380, folder))
    if used.portrait is not None:
        heads.append("Upright")
        cells.append(_picture(f"{used.file}-tall", f"{plain.name}, upright", 120, folder))
    rows = (" | ".join(row) for row in (heads, ["---"] * len(heads), cells))
    table = "\n".join(f"| {row} |" for row in rows)
    said = "\n".join((_code("With its defaults", plain), _code(f"For {used.purpose}", used)))
    lines = [f"### `{plain.name}` {title}", description, table, _folded(said)]
    return "\n\n".join(line for line in lines if line) + "\n"


def _picture(stem: str, alt: str, width: int, folder: Path) -> str:
    (file,) = folder.glob(f"{stem}.*")
    return f'<img src="{file.name}" width="{width}" alt="{alt}">'


def _code(title: str, piece: Piece) -> str:
    elements = ",\n".join(_json(element) for element in (piece.element, *piece.beside))
    return f"{title}:\n\n```json\n{elements}\n```\n"


def _json(element: dict[str, object]) -> str:
    """A line for each group."""
    lines = []
    for key, value in element.items():
        if key == "settings" and isinstance(value, dict) and len(value) > 1:
            inner = ",\n".join(f"    {_line(name)}: {_line(said)}" for name, said in value.items())
            lines.append(f'  "settings": {{\n{inner}\n  }}')
        else:
            lines.append(f"  {_line(key)}: {_line(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _folded(text: str) -> str:
    return f"<details><summary>Settings</summary>\n\n{text}\n</details>"
