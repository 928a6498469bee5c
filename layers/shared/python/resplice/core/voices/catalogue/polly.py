"""The voices of Amazon Polly, with the engines that each has.

From docs.aws.amazon.com/polly/latest/dg/available-voices.html. After the name: n neural,
s standard, g generative, l long-form. Voices whose language was not found stand under `und`.
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.voices.catalogue.voice import Voice, listed

ENGINES = {"n": "neural", "s": "standard", "l": "long-form", "g": "generative"}
"""The first that a voice has is its usual one: neural says when each word begins, and costs half
of what generative does.
"""

_CHILDREN = {"Ivy", "Justin", "Kevin"}

_TABLE = """
ar-AE: Hala.n / Zayd.n
arb: Zeina.s
ca-ES: Arlet.n
cmn-CN: Zhiyu.ns
cs-CZ: Jitka.n
cy-GB: Gwyneth.s
da-DK: Sofie.n Naja.s / Mads.s
de-AT: Hannah.ng
de-CH: Sabrina.ng
de-DE: Vicki.nsg Marlene.s / Daniel.ng Lennart.g Hans.s
en-AU: Olivia.ng Nicole.s / Russell.s
en-GB: Amy.nsg Emma.ns / Brian.nsg Arthur.n
en-GB-WLS: / Geraint.s
en-IE: Niamh.ng
en-IN: Kajal.ng Aditi.s Raveena.s
en-NZ: Aria.ng
en-SG: Jasmine.ng
en-US: Joanna.nsg Ruth.nlg Danielle.nlg Salli.nsg Kendra.ns Kimberly.ns Tiffany.g Ivy.ns /
  Matthew.nsg Stephen.ng Gregory.nl Joey.ns Justin.ns Kevin.n
en-ZA: Ayanda.ng
es-ES: Lucia.nsg Conchita.s / Sergio.ng Enrique.s
es-MX: Mia.nsg / Andres.ng
es-US: Lupe.nsg Penelope.s / Pedro.ng Miguel.s
fi-FI: Suvi.n
fr-BE: Isabelle.ng
fr-CA: Gabrielle.ng Chantal.s / Liam.ng
fr-FR: Lea.nsg Ambre.g Celine.s / Remi.ng Florian.g Mathieu.s
is-IS: Dora.s / Karl.s
it-IT: Bianca.nsg Beatrice.g Carla.s / Adriano.n Lorenzo.g Giorgio.s
ja-JP: Kazuha.n Tomoko.n Mizuki.s / Takumi.ns
ko-KR: Seoyeon.nsg Jihye.n
nb-NO: Ida.n Liv.s
nl-BE: Lisa.ng
nl-NL: Laura.ng Lotte.s / Ruben.s
pl-PL: Ola.ng Ewa.s Maja.s / Jacek.s Jan.s
pt-BR: Camila.nsg Vitoria.ns / Thiago.n Ricardo.s
pt-PT: Ines.ns / Cristiano.s
ro-RO: Carmen.s
ru-RU: Tatyana.s / Maxim.s
sv-SE: Elin.n Astrid.s
tr-TR: Burcu.n Filiz.s
yue-CN: Hiujin.n
und: / / Arjun.g Carlos.g Carolina.g Curtis.g Hyunduk.g Kenneth.g Kiara.g Leo.g Nate.g Tina.g
"""


def voices() -> Iterator[Voice]:
    for language, sex, entry in listed(_TABLE):
        name, _, engines = entry.partition(".")
        engine = next(title for letter, title in ENGINES.items() if letter in engines)
        spoken = "" if language == "und" else language
        spare = engine != "neural" or name in _CHILDREN
        yield Voice("polly", name, name, spoken, sex, engine, spare=spare)
