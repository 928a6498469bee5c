"""HTML and SVG of documents, for a box of a page that goes on behind it. Pure.

No script runs in the page and its policy lets nothing load; what is seen to here is that the box
stays whole: every tag is written anew, those that are open at the end are closed, and what would
swallow the rest of the page, leave it or stand outside the box is left out.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from resplice.core.elements.component.markup import Safe

_WITH_CONTENT = frozenset(
    {
        *("script", "iframe", "object", "applet", "noembed", "noframes", "frameset"),
        *("template", "title", "xmp", "plaintext", "textarea", "select"),
    }
)
"""Left out with all that is in them."""
_ALONE = frozenset({"html", "head", "body", "meta", "base", "link", "embed", "frame", "portal"})
"""Left out themselves."""
_VOID = frozenset(
    {
        *("area", "br", "col", "hr", "img", "input", "param", "source", "track", "wbr"),
        *("meta", "base", "link", "embed", "frame"),
    }
)
_TAG_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-:")
_LEFT_OUT = ("on", "name", "data-fit", "data-split", "srcset", "loading")
"""How names of attributes begin that are scripts, take the place of what the painter asks of a
document, ask it for something, or would bring another picture than the one that is there."""
MAX_DEPTH = 200
_TAG_BEGINS = re.compile("<(?=[a-zA-Z/!?])")


def boxed(markup: str) -> Safe:
    """The markup, such that what follows stands outside it."""
    # A tag that begins behind the last end of one has none: a parser would look for it each time.
    whole, end, rest = markup.rpartition(">")
    writer = _Writer()
    writer.feed(_comments_ended(whole + end) + _TAG_BEGINS.split(rest, maxsplit=1)[0])
    writer.close()
    return Safe(writer.whole())


def _comments_ended(markup: str) -> str:
    """The markup with one comment that does not end, at most."""
    closed = markup.rfind("-->") + 1
    before, mark, after = markup[closed:].partition("<!--")
    return markup[:closed] + before + mark + after.replace("<!--", "&lt;!--")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._skipped: list[str] = []

    def whole(self) -> str:
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_kept(tag, attrs):
            if tag not in _VOID:
                self._open.append(tag)
        elif tag in _WITH_CONTENT:
            self._skipped.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_kept(tag, attrs) and tag not in _VOID:
            self._parts.append(f"</{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                del self._skipped[self._skipped.index(tag) :]
        elif tag in self._open:
            while (inner := self._open.pop()) != tag:
                self._parts.append(f"</{inner}>")
            self._parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        in_style = bool(self._open) and self._open[-1] == "style"
        self._parts.append(data.replace("<", "") if in_style else html.escape(data, quote=False))

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def _write(self, text: str) -> None:
        if not self._skipped:
            self._parts.append(text)

    def _is_kept(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        """Whether the tag is written."""
        if self._skipped or tag in _WITH_CONTENT or tag in _ALONE or len(self._open) >= MAX_DEPTH:
            return False
        if not set(tag) <= _TAG_CHARS:
            return False
        said = "".join(_attribute(name, value) for name, value in attrs if _may_say(name))
        self._parts.append(f"<{tag}{said}>")
        return True


def _may_say(name: str) -> bool:
    return set(name) <= _TAG_CHARS | {"_"} and not name.startswith(_LEFT_OUT)


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{html.escape(value)}"'
