"""URLs without what may be secret in them: userinfo, query, fragment, and the path of those that
are known by it. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from resplice.errors import shown_place

_URL = re.compile(
    r"""(')?                              # In quotes, as errors show them, it may hold spaces.
    ([a-z][a-z0-9+.-]{0,20}://)
    ((?(1)[^'\n?\#]*)[^\s?\#]*)
    ([?\#](?(1)[^'\n]*)\S*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_USERINFO = re.compile(r"(?:^|(?<=://))[^\s/?#]*@")


def without_secrets(value: Any) -> Any:
    """The value, to be logged as JSON: all URLs in its texts bare, what JSON has not as text."""
    if isinstance(value, Mapping):
        return {str(name): without_secrets(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(member) for member in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _URL.sub(_bare, str(value))


def _bare(url: re.Match[str]) -> str:
    quote, scheme, rest, secret = url.groups(default="")
    return quote + scheme + shown_place(_USERINFO.sub("", rest)) + ("?…" if secret else "")
