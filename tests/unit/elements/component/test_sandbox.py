"""Templates of components reach nothing but what they are given, and come to an end."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.elements.component.markup import Safe
from resplice.core.elements.component.sandbox import TemplateRefused, offered, rendered
from resplice.core.elements.component.settings import Values

CARD = Values("card", css='font-family:"Inter";', text=(Safe("<b>a</b>"),), settings={"size": 3})


def made(source: str, **more: Any) -> str:
    return rendered(source, {"card": CARD, **more})


def test_templates_write_groups_escaped_unless_they_are_markup() -> None:
    assert made('<p style="{{ card.css }}">') == '<p style="font-family:&#34;Inter&#34;;">'
    assert made("{% for p in card.text %}{{ p }}{{ loop.index0 }}{% endfor %}") == "<b>a</b>0"
    assert made('{{ card["size"] * 2 }} {{ card.text|length }}') == "6 1"
    assert made('{{ "<" ~ words ~ "x" }}', words=Safe("<i>")) == "&lt;<i>x"
    assert made("{{ twice(2) }}", twice=offered(lambda n: 2 * n)) == "4"


@pytest.mark.parametrize(
    "source",
    [
        "{{ card.__class__ }}",
        "{{ card.css.__class__.__mro__ }}",
        "{{ card.animate.to() }}",
        "{{ card['__init__'] }}",
        "{{ ''.join(['a']) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ card.settings.update(a=1) }}",
        "{{ '%s'|format(card) }}",
        "{{ card|attr('css') }}",
        "{{ self }}",
        "{{ twice.__globals__ }}",
        "{{ lipsum }}",
        "{{ cycler('a') }}",
        "{{ plain(1) }}",
        "{{ card['sise'] }}",
        "{{ nobody }}",
        "{% include 'a' %}",
        "{% import 'a' as a %}",
        "{% extends 'a' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set x %}a{% endset %}",
        "{{ 1 / 0 }}",
        "{{ 1 +",
        "{% for x in 3 %}{% endfor %}",
        "{{ 2 ** 99999999 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' + 'b' }}",
        "{{ '%099999999d' % 1 }}",
        "{{ card.text }}",
        "{{ card }}",
    ],
)
def test_what_is_not_offered_is_refused_with_words(source: str) -> None:
    with pytest.raises(TemplateRefused, match=r"\w"):
        made(source, twice=offered(lambda n: n), plain=lambda n: n)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}",
            "loops more than 20000 times",
        ),
        ("{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 40, "joins a text of more than"),
        ("{% for a in many %}" + "x" * 9000 + "{% endfor %}", "writes more than"),
        ("{% set x = 9 %}" + "{% set x = x * x %}" * 40, "of these numbers is not offered"),
        ("{{ 5|round(-200000000) }}", "at most 12 are offered"),
        ("{% for a in many %}" * 25 + "{% endfor %}" * 25, "nested"),
        ("{% if many %}" * 120 + "{% endif %}" * 120, "levels"),
        (
            "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 15 + "{% for a in many %}"
            "{% set y = x ~ x %}{% endfor %}",
            "joins a text",
        ),
        ("x" * 200_001, "is longer than 200000 characters"),
        ("line\n{% nothing %}", "line 2: "),
        ("{{ " + "(" * 5000 + ")" * 5000 + " }}", "."),
    ],
)
def test_what_would_go_on_for_ever_ends(source: str, words: str) -> None:
    with pytest.raises(TemplateRefused, match=words):
        made(source, many=tuple(range(1000)))
