"""URLs of files in settings: in `url()`, in HTML, or bare where a key names a file. Pure.

Nothing is judged here: what a URL may be is said where files are fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from resplice.core.text.markup_urls import with_urls_in_markup

FONT_KEY = "font-url"

_URL = re.compile(r"""url\(\s*+(?:"([^"]*+)"\s*+|'([^']*+)'\s*+|([^"'()]*+))\)""", re.IGNORECASE)
"""No part gives back what it took: a long row of spaces would be tried in every way otherwise."""
_MARKUP = re.compile(r"([a-z-]+-)?html")
_TEXTS = ("text",)
"""What is shown as it is written."""
_BARE = re.compile(r"src|([a-z-]+-)?(src|image)")
_WORDS = re.compile(r"(?i)none|initial|inherit|unset|[\w-]*\(.*|\s*")


def urls_in(key: str, value: Any) -> list[str]:
    """The URLs that a setting names: in `url()`, or bare where the key is of a picture's."""
    found = list[str]()

    def keep(url: str) -> str:
        found.append(url)
        return url

    if isinstance(value, str):
        with_urls(key, value, keep)
    return found


def with_urls(key: str, value: str, changed: Callable[[str], str]) -> str:
    """The value with each of its URLs changed; a bare one stays bare."""
    if key in _TEXTS:
        return value
    if holds_markup(key):
        return with_urls_in_markup(value, changed)
    if is_bare(key, value):
        return changed(value.strip())

    def one(found: re.Match[str]) -> str:
        url = next((part for part in found.groups() if part), "").strip()
        is_own = not url or url.startswith("#")
        return found[0] if is_own else f'url("{changed(url)}")'

    return _URL.sub(one, value)


def without_urls(value: str) -> str:
    """The value with `none` in the place of each `url()`."""
    return _URL.sub("none", value)


def names_file(key: str) -> bool:
    """Whether a key's value may be the bare URL of a picture."""
    return bool(_BARE.fullmatch(key))


def holds_markup(key: str) -> bool:
    """Whether a key's value may be HTML."""
    return bool(_MARKUP.fullmatch(key))


def is_bare(key: str, value: str) -> bool:
    """Whether all of the value is the URL of a file, without `url()`."""
    may_be = key == FONT_KEY or names_file(key)
    return may_be and not _WORDS.fullmatch(value)
