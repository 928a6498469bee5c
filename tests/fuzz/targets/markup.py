"""What becomes markup without a browser: pages of components, their templates and declarations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hypothesis import strategies as st
from resplice.core.declarations import DeclarationRefused, read_declaration
from resplice.core.elements.component.own_markup import boxed
from resplice.core.elements.component.sandbox import TemplateRefused, rendered
from resplice.core.text.css import declaration, families, shadow
from resplice.core.text.css_urls import urls_in, with_urls
from resplice.core.text.markup_urls import with_urls_in_markup

from fuzz.damage import damaged
from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target
from fuzz.targets.documents import COMPONENTS
from fuzz.targets.pages import CSS, PAGES

MOST_COMPONENTS = 8
VALUES = {"a": [1, 2, 3], "b": {"c": "x"}, "n": 5, "s": "text", "f": 1.5, "o": {}}
TEMPLATE = st.lists(
    st.sampled_from(
        [
            *(
                "{{ a }}",
                "{{ b.c }}",
                "{% for x in a %}",
                "{% endfor %}",
                "{% if n %}",
                "{% endif %}",
            ),
            *(
                "{{ a[",
                "]}}",
                "{{ s * 99999 }}",
                "{{ n ** 99 }}",
                "{{ ''.__class__ }}",
                "{% set q = ",
            ),
            *(
                " a %}",
                "{{ range(9) }}",
                "{{ s | upper }}",
                "{{ a | join }}",
                "{# c #}",
                "{% raw %}",
            ),
            *(
                "{{ s ~ s ~ s }}",
                "{% macro m() %}",
                "{{ self }}",
                "{{ n // 0 }}",
                "{{ f | round(99) }}",
            ),
            *(
                "{{ (lambda: 1)() }}",
                "{% include '@canary-file@' %}",
                "{{ s.format(n) }}",
                "{{ '%d' % s }}",
            ),
            *(
                "{{ [a] * 9999 }}",
                "{{ -" + "-" * 2000 + "n }}",
                "{{" + "(" * 300,
                "<p>",
                "{{ s[::-1] }}",
            ),
        ]
    )
    | st.text(max_size=6),
    max_size=10,
).map("".join)


def read(data: bytes) -> Saw:
    name, _, rest = data.partition(b"\n")
    text = rest.decode("utf-8", "replace")
    said = READERS[name.decode()](text)
    return Saw(said is not None, str(said).encode("utf-8", "replace"))


def template(text: str) -> object:
    try:
        return rendered(text, VALUES)
    except TemplateRefused:
        return None


def declared(text: str) -> object:
    try:
        return read_declaration(text)
    except DeclarationRefused:
        return None


def css(text: str) -> object:
    said = [*urls_in("background", text), with_urls("background", text, lambda url: "x")]
    for reader in (
        lambda: declaration("width", text),
        lambda: families(text),
        lambda: shadow(text),
    ):
        with suppress(ValueError):
            said.append(reader())
    return said


def urls(text: str) -> object:
    return with_urls_in_markup(text, lambda url: "x"), boxed(text)


READERS = {"template": template, "declared": declared, "css": css, "urls": urls}


def _behind(name: str, inputs: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return inputs.map((name.encode() + b"\n").__add__)


def _encoded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return texts.map(lambda text: text.encode(errors="replace"))


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    own = COMPONENTS[:MOST_COMPONENTS]
    words = (b"{{", b"}}", b"{% for x in a %}", b'"', b"{", b"\\", b"null", b"[" * 500, b"1e999")
    yield (
        st.one_of(
            _behind("template", _encoded(TEMPLATE)),
            _behind("template", damaged([each.page.encode() for each in own], words)),
            _behind("declared", damaged([each.declaration.encode() for each in own], words)),
            _behind("css", _encoded(CSS)),
            _behind("urls", _encoded(PAGES)),
        ),
        read,
    )


TARGETS = (Target("markup", opened),)
