"""The key of a server on one machine: an argument, a file, or the environment says it.

None is said by saying nothing. What is said and is no key is an error: never an open server.
"""

from __future__ import annotations

import os
from pathlib import Path

from resplice.errors import RespliceError

VARIABLE, FILE_VARIABLE = "RESPLICE_API_KEY", "RESPLICE_API_KEY_FILE"
MOST_BYTES = 4096


def server_key(said: str | None, file: Path | None) -> str | None:
    """said, file: by arguments, which come before the environment. Raises RespliceError."""
    if said is not None:
        return _key(said, "--api-key")
    if file is not None:
        return _key(_content(file), f"The file {file}")
    in_variable, named = os.environ.get(VARIABLE), os.environ.get(FILE_VARIABLE)
    if in_variable is not None and named is not None:
        raise RespliceError(f"Both {VARIABLE} and {FILE_VARIABLE} are set: unset one of them")
    if named is not None:
        return _key(_content(Path(named)), f"The file {named} of {FILE_VARIABLE}")
    return None if in_variable is None else _key(in_variable, VARIABLE)


def _content(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1).decode()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise RespliceError(f"The key in {file} cannot be read: {reason}") from None


def _key(text: str, whose: str) -> str:
    """Without the end of its line, which editors add."""
    key = text.strip()
    if not key:
        raise RespliceError(f"{whose} holds no key; to serve without one, leave it out")
    if not (key.isascii() and key.isprintable()) or " " in key or len(key) > MOST_BYTES:
        raise RespliceError(f"{whose} holds no key: it is one word of ASCII, without spaces")
    return key
