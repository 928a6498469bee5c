"""Owners: whose projects, templates, files and connections they are. Names are told apart here.

What the first owner has is called as it was before there were others.
"""

from __future__ import annotations

import re

FIRST_OWNER = "self"
"""Who owns all that was made before there were others, and where no keys are asked for."""
CALLS = "render/"
"""What owners begin with that are one call of `resplice render`: nobody else executes for them."""
OWNER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What an owner may be called: it stands in keys and addresses."""


def owned(owner: str, name: str) -> str:
    """The name as it is stored where all owners' things lie. name: without a slash."""
    return name if owner == FIRST_OWNER else f"{owner}/{name}"


def name_of(owner: str, stored: str) -> str | None:
    """The name again; None when it is another's."""
    whose, slash, name = stored.rpartition("/")
    return name if (whose if slash else FIRST_OWNER) == owner else None
