"""Places in a document: as a tuple of keys and numbers, as JSON path, as JSON2Video names them."""

from __future__ import annotations

from collections.abc import Sequence

from resplice.core.document.limits import MAX_SHOWN_CHARS

DocumentPath = tuple[int | str, ...]
Location = Sequence[int | str]


def element_name(path: Location) -> str:
    """`Scene #1, element #2` for ('scenes', 0, 'elements', 1, …), as JSON2Video says it."""
    match list(path):
        case ["scenes", int(scene), "elements", int(element), *_]:
            return f"Scene #{scene + 1}, element #{element + 1}"
        case ["scenes", int(scene), *_]:
            return f"Scene #{scene + 1}"
        case ["elements", int(element), *_]:
            return f"Movie element #{element + 1}"
    return ""


def json_path(path: Location) -> str:
    """`scenes[0].elements[1].src` for its parts. Long keys are cut."""
    text = ""
    for part in path:
        name = part if isinstance(part, int) else shortened(part)
        text += f"[{name}]" if isinstance(name, int) else f".{name}" if text else name
    return text


def shortened(text: str) -> str:
    """As much of a key or an expression as a message shows."""
    return text if len(text) <= MAX_SHOWN_CHARS else text[:MAX_SHOWN_CHARS] + "…"
