"""URLs of pictures in HTML and SVG that a document holds: of `<img>`, `<image>` and `url()`. Pure.

Nothing is judged here: what a URL may be is said where files are fetched. What is of the markup
itself, `#gradient` and `data:`, is no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

_PICTURE = re.compile(
    r"""(<(?:img|image)\b[^<>]*?\s(?:src|href|xlink:href)\s*=\s*)"""
    r"""(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""",
    re.IGNORECASE,
)
_URL = re.compile(r"url\(([^()<>]*+)\)", re.IGNORECASE)
_QUOTES = ("&quot;", '"', "'", "")
_OWN = re.compile(r"(?i)#|data:|\Z")


def with_urls_in_markup(markup: str, changed: Callable[[str], str]) -> str:
    """The markup with each of its URLs changed, pictures' first."""

    def url_of(written: str) -> str | None:
        url = unescape(written).strip()
        return None if _OWN.match(url) else escape(changed(url))

    def picture(found: re.Match[str]) -> str:
        url = url_of(next((part for part in found.groups()[1:] if part), ""))
        return found[0] if url is None else f'{found[1]}"{url}"'

    def style(found: re.Match[str]) -> str:
        said = found[1].strip()
        quote = next(each for each in _QUOTES if said.startswith(each))
        inner = said.removeprefix(quote).removesuffix(quote)
        is_whole = said == f"{quote}{inner}{quote}" and not {'"', "'"} & {*inner}
        url = url_of(inner) if is_whole else None
        return found[0] if url is None else f"url({quote}{url}{quote})"

    return _URL.sub(style, _PICTURE.sub(picture, markup))
