"""A component element to the HTML page that shows it. Pure: painting is the browser's.

The page is the component's template in a canvas of a fixed size, transparent elsewhere, under a
stylesheet of ours and the component's own. No script runs in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.declarations import Declaration, read_declaration
from resplice.core.elements.component import animate
from resplice.core.elements.component.markup import Safe
from resplice.core.elements.component.sandbox import TemplateRefused, offered, rendered
from resplice.core.elements.component.settings import Frame, Reading, Values, read
from resplice.core.text import FALLBACK_FAMILY, FILES
from resplice.core.text.css import in_pixels, joined
from resplice.core.text.easing import EASINGS, css_easing
from resplice.frozen import frozen

_PAGE = """<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}"><style>
html,body{{margin:0;overflow:hidden}}{density}
.canvas{{position:relative;width:{width}px;height:{height}px;overflow:hidden;
font-family:"{fallback}";line-height:1.2;{easings}}}
.canvas *{{box-sizing:border-box}}.word,.letter{{display:inline-block}}
:where(.canvas) :where(p,h1,h2,h3,h4,ul,ol,figure){{margin:0;padding:0;font:inherit}}
.canvas :where(p,h1,h2,h3,h4,td,th,li){{unicode-bidi:plaintext}}
{style}
{keyframes}</style></head><body><div class="canvas">{body}</div></body></html>
"""
_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; img-src {FILES} data:; font-src https: data:; "
    "base-uri 'none'; form-action 'none'"
)
"""No scripts, frames or plug-ins, whatever the markup says. What is behind https is the painter's
to say.
"""
MAX_RANGE = 1_000
_BEGINS = ("left", "top", "width", "height")
"""Where what a group does not say moves from, since nothing moves from `auto`: nought."""
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@frozen
class ComponentPage:
    """A page to paint. width, height: its viewport, pixels."""

    width: int
    height: int
    html: str


@frozen
class CanvasSize:
    """What a template knows of its canvas, pixels."""

    width: int
    height: int


def component_page(
    folder: ComponentFolder, said: Mapping[str, Any], frame: Frame, density: int = 1
) -> ComponentPage:
    """The page of settings that have no fault. density: pixels of the picture for each of its own.

    Raises TemplateRefused; DeclarationRefused.
    """
    declaration = read_declaration(folder.declaration)
    offer = _Offer(read(declaration, said, frame), declaration, frame)
    body = rendered(folder.page, offer.names())
    page = _PAGE.format(
        width=frame.width,
        height=frame.height,
        density=f"html{{zoom:{density}}}" if density > 1 else "",
        fallback=FALLBACK_FAMILY,
        policy=_POLICY,
        easings=easing_properties(folder.style + body),
        style=_style(folder.style, frame),
        keyframes="\n".join(offer.keyframes),
        body=body,
    )
    return ComponentPage(frame.width * density, frame.height * density, page)


def _style(style: str, frame: Frame) -> str:
    if "</" in style:
        raise TemplateRefused("style.css must not hold '</'")
    return in_pixels(style, frame.width, frame.height)


def easing_properties(named_in: str) -> str:
    """`--ease-out-elastic:…;` for every easing that is named there: all of them are 32 kB."""
    return "".join(f"{name}:{css};" for name, css in _easings().items() if name in named_in)


@cache
def _easings() -> Mapping[str, str]:
    return {f"--{_CAPITAL.sub('-', name).lower()}": css_easing(name) for name in EASINGS}


class _Offer:
    """The names that a template finds."""

    def __init__(self, reading: Reading, declaration: Declaration, frame: Frame) -> None:
        self._groups, self._declaration, self._frame = reading.groups, declaration, frame
        self.keyframes: list[str] = []

    def names(self) -> dict[str, Any]:
        one = {name for name, group in self._declaration.groups.items() if not group.many}
        groups = {name.replace("-", "_"): self._groups[name] for name in one}
        calls = {"each": self._each, "animated": self._animated, "ms": _ms, "easing": _easing}
        calls |= {"path": animate.path, "range": _range, "letters": _letters, "words": _words}
        calls |= {"filled": _filled}
        canvas = CanvasSize(self._frame.width, self._frame.height)
        own = {name: offered(_plain(call)) for name, call in calls.items()}
        return {**own, "canvas": canvas, **groups}

    def _each(self, name: str) -> tuple[Values, ...]:
        """The groups of many that the document gives, in order."""
        group = self._declaration.groups.get(name)
        if group is None or not group.many:
            raise TemplateRefused(f"each('{name}'): there is no group '{name}' of many")
        return tuple(v for each in group.names(name) if (v := self._groups[each]).given)

    def _animated(
        self, group: Values, only: Iterable[str] = (), without: Iterable[str] = ()
    ) -> str:
        """Declarations that move an element as the group's `animate` says, `points` as `d`.

        They come before the group's own, which say where it begins.
        """
        moves = group.animate
        targets = moves.to(tuple(only), tuple(without)) if moves else {}
        if not moves or not targets:
            return ""
        name = f"animate-{len(self.keyframes)}"
        self.keyframes.append(f"@keyframes {name}{{to{{{joined(targets)}}}}}")
        times = f"{moves.duration_ms:g}ms {moves.easing} {moves.delay_ms:g}ms"
        begins = "".join(f"{each}:0;" for each in _BEGINS if each in targets)
        return f"{begins}animation:{name} {times} both;"


def _plain(call: Any) -> Any:
    """A function of its own, that can be marked."""
    return lambda *said, **named: call(*said, **named)


def _letters(paragraph: str) -> Safe:
    return _split("letters", paragraph)


def _words(paragraph: str) -> Safe:
    return _split("words", paragraph)


def _filled(paragraph: str, placeholder: str, html: str) -> Safe:
    """The paragraph with the template's own HTML wherever the placeholder stands."""
    text = paragraph if isinstance(paragraph, Safe) else escape(str(paragraph))
    return Safe(text.replace(str(placeholder), str(html)))


def _split(how: str, paragraph: str) -> Safe:
    """A paragraph that the painter takes apart: spans of class `letter` or `word`, each with its
    number as `--n` and a chance of 0 to 1 as `--random`; `--count` of all is the whole's.
    """
    html = paragraph if isinstance(paragraph, Safe) else escape(str(paragraph))
    return Safe(f'<span class="words" data-split="{how}">{html}</span>')


def _ms(value: float) -> str:
    return f"{float(value):g}ms"


def _range(count: int) -> tuple[int, ...]:
    return tuple(range(min(int(count), MAX_RANGE)))


def _easing(name: str) -> Safe:
    return Safe(css_easing(name))
