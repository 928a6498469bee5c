"""Languages: their tags, and which of a transcriber's codes a tag means.

A tag is BCP-47 (`en`, `pt-BR`, `zh-Hant`), or `auto`: who listens finds out. A transcriber knows
codes of its own, in two letters, three, or with a region; a tag that it lacks means its language
wherever it is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

AUTO = "auto"

_DOCUMENTED = """
auto en bg ca cs da nl en-AU en-GB en-NZ en-IN en-US et fr fi nl-BE de de-CH el hi hi-Latn hu id
it ja ko lv lt ms no pl pt pt-BR ro ru sk es es-419 sv th tr uk vi zh zh-TW
"""
DOCUMENTED = tuple(_DOCUMENTED.split())
"""What the documentation of `subtitles` lists. Every other tag is taken too."""

_ROWS = """
af afr afrikaans|am amh amharic|ar ara arabic|as asm assamese|az aze azerbaijani|ba bak bashkir
be bel belarusian|bg bul bulgarian|bn ben bengali|bo bod tibetan|br bre breton|bs bos bosnian
ca cat catalan|cs ces czech|cy cym welsh|da dan danish|de deu german|el ell greek|en eng english
es spa spanish|et est estonian|eu eus basque|fa fas persian|ff ful fulah|fi fin finnish
fo fao faroese|fr fra french|ga gle irish|gl glg galician|gu guj gujarati|ha hau hausa
he heb hebrew|hi hin hindi|hr hrv croatian|ht hat haitian creole|hu hun hungarian|hy hye armenian
id ind indonesian|ig ibo igbo|is isl icelandic|it ita italian|ja jpn japanese|jv jav javanese
ka kat georgian|kk kaz kazakh|km khm khmer|kn kan kannada|ko kor korean|ku kur kurdish
ky kir kirghiz|la lat latin|lb ltz luxembourgish|lg lug ganda|ln lin lingala|lo lao lao
lt lit lithuanian|lv lav latvian|mg mlg malagasy|mi mri maori|mk mkd macedonian|ml mal malayalam
mn mon mongolian|mr mar marathi|ms msa malay|mt mlt maltese|my mya myanmar|ne nep nepali
nl nld dutch|nn nno nynorsk|no nor norwegian|ny nya chichewa|oc oci occitan|or ori odia
pa pan punjabi|pl pol polish|ps pus pashto|pt por portuguese|ro ron romanian|ru rus russian
sa san sanskrit|sd snd sindhi|si sin sinhala|sk slk slovak|sl slv slovenian|sn sna shona
so som somali|sq sqi albanian|sr srp serbian|su sun sundanese|sv swe swedish|sw swa swahili
ta tam tamil|te tel telugu|tg tgk tajik|th tha thai|tk tuk turkmen|tl tgl tagalog|tr tur turkish
tt tat tatar|uk ukr ukrainian|ur urd urdu|uz uzb uzbek|vi vie vietnamese|wo wol wolof|xh xho xhosa
yi yid yiddish|yo yor yoruba|zh zho chinese|zu zul zulu
"""
"""Two letters (ISO 639-1), three (ISO 639-3), and the English name."""

_TABLE = [row.split(None, 2) for row in _ROWS.replace("\n", "|").split("|") if row]
_SHORT = {long: short for short, long, _ in _TABLE} | {
    **{"cmn": "zh", "arb": "ar", "nob": "nb", "in": "id", "iw": "he", "ji": "yi", "jw": "jv"}
}
_NAMED = {name: short for short, _, name in _TABLE} | {"cantonese": "yue", "hawaiian": "haw"}

_SAME = {
    **{"nb": ("no", "nn"), "nn": ("no", "nb"), "no": ("nb", "nn")},
    **{"fil": ("tl",), "tl": ("fil",)},
}
"""Languages of several names."""
_PLACES = {"es-419": "es-MX", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "hi-Latn": "hi-IN"}
_USUAL = {
    **{"ar": "SA", "de": "DE", "en": "US", "es": "ES", "fa": "IR", "fr": "FR", "it": "IT"},
    **{"nl": "NL", "pt": "PT", "sw": "KE", "ta": "IN", "zh": "CN"},
}
"""Where it is spoken when nobody says, for languages that transcribers know from many places."""

_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,8}")
_MAX_SHOWN = 35


@cache
def canonical(tag: str) -> str | None:
    """The tag as BCP-47 writes it: `EN_us` is `en-US`, `eng` is `en`; None for what is no tag."""
    if not _TAG.fullmatch(tag):
        return None
    language, *rest = tag.replace("_", "-").lower().split("-")
    return "-".join([_SHORT.get(language, language), *map(_subtag, rest)])


def _subtag(text: str) -> str:
    if len(text) == 4 and text.isalpha():
        return text.title()
    return text.upper() if len(text) == 2 else text


def language_of(tag: str) -> str:
    """Its language alone, in lower case: `pt` of `pt-BR`; empty for what is no tag."""
    return (canonical(tag) or "").partition("-")[0]


def named(name: str) -> str | None:
    """The tag of a language by its English name (`english`), or by a tag; None when unknown."""
    lower = " ".join(name.lower().split())
    return _NAMED.get(lower) or canonical(lower)


def known(tag: str, codes: Iterable[str]) -> str | None:
    """Which of a transcriber's codes the tag means, as the transcriber writes it; None for none."""
    wanted = canonical(tag)
    if wanted is None or wanted == AUTO:
        return None
    by_tag = _by_tag(tuple(codes))
    found = (by_tag[name] for name in _meanings(wanted) if name in by_tag)
    return next(found, None) or _anywhere(wanted, by_tag)


@cache
def _by_tag(codes: tuple[str, ...]) -> dict[str, str]:
    return {canonical(code) or code: code for code in codes}


def _meanings(tag: str) -> Iterator[str]:
    language, _, _ = tag.partition("-")
    yield tag
    if tag in _PLACES:
        yield _PLACES[tag]
    for each in (language, *_SAME.get(language, ())):
        if each in _USUAL:
            yield f"{each}-{_USUAL[each]}"
        yield each


def _anywhere(tag: str, by_tag: dict[str, str]) -> str | None:
    language = tag.partition("-")[0]
    wanted = {language, *_SAME.get(language, ())}
    return next((code for name, code in by_tag.items() if name.partition("-")[0] in wanted), None)


def asked(tag: str, codes: Iterable[str], title: str) -> tuple[str | None, tuple[str, ...]]:
    """(the code to ask for, warnings). None: who listens finds out by itself, as it does with
    `auto` and with a language that it does not know.
    """
    code = known(tag, codes)
    if code or tag.lower() == AUTO:
        return code, ()
    from resplice.core.warned import warned  # Late: it is rare, and every program reads this file.

    shown = "".join(filter(str.isprintable, tag))[:_MAX_SHOWN]
    words = f"{title} does not know the language '{shown}': it was to find out by itself"
    return None, (warned("language-unknown", words),)
