"""The voices of eSpeak NG: a language of its data folder, and a variant that is a person.

From github.com/espeak-ng/espeak-ng, docs/languages.md and espeak-ng-data/voices. An id is what its
option `-v` takes: `en-us+f3`; `en` and `fr` are those of Great Britain and France.
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.voices.catalogue.voice import Sex, Voice

_REGIONAL = """
en-US=en-us en-GB=en es-ES=es es-MX=es-419 fr-FR=fr fr-BE=fr-be fr-CH=fr-ch pt-BR=pt-br
pt-PT=pt nb-NO=nb zh-CN=cmn yue-HK=yue vi-VN=vi
"""
_OTHERS = """
af am an ar as az ba be bg bn bpy bs ca chr cs cv cy da de el eo et eu fa fi ga gd gn grc gu hak
haw he hi hr ht hu hy hyw ia id io is it ja ka kk kl kn ko kok ku ky la lb lfn lt ltg lv mi mk
ml mr ms mt my nci ne nl nog om or pa pap pl py qu quc ro ru sd shn si sk sl smj sq sr sv sw ta te
th ti tk tn tr tt ug uk ur uz
"""

_PEOPLE: dict[Sex, tuple[str, ...]] = {
    "female": ("f3", "f2", "f4", "f5"),
    "male": ("m3", "m1", "m2", "m7"),
}


def voices() -> Iterator[Voice]:
    pairs = [pair.split("=") for pair in _REGIONAL.split()]
    for language, own in [*pairs, *((code, code) for code in _OTHERS.split())]:
        for sex, people in _PEOPLE.items():
            yield from (
                Voice("espeak", f"{own}+{person}", f"{own}+{person}", language, sex)
                for person in people
            )
