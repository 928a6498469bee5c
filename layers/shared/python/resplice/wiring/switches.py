"""Switches: what the operator turns on for everybody, by variables that are 1 or 0."""

from __future__ import annotations

import os

from resplice.errors import RespliceError

CONTENT_CREDENTIALS = "RESPLICE_CONTENT_CREDENTIALS"
"""Every movie is given content credentials, as if each said so."""
SAID = {"": False, "0": False, "1": True}


def is_on(variable: str) -> bool:
    """Raises RespliceError when it says something else than 1 or 0: taken for no, it would leave
    out what was asked for.
    """
    said = os.environ.get(variable, "").strip()
    if said not in SAID:
        raise RespliceError(f"{variable} is 1 or 0, not {said!r}")
    return SAID[said]
