"""Names of languages, as voices have them (BCP-47): `en-US`, `iu-Latn-CA`, `zh-CN-liaoning`."""

from __future__ import annotations

from functools import cache, lru_cache

_SAME = {
    **{"arb": "ar", "cmn": "zh", "iw": "he", "no": "nb", "tl": "fil", "in": "id", "ji": "yi"},
}
"""Codes that are written in several ways, and the one that is used here."""

_CANTONESE = {"HK", "MO"}

_USUAL = """
af-ZA ar-SA bn-IN ca-ES cs-CZ da-DK de-DE el-GR en-US es-ES fa-IR fi-FI fr-FR he-IL hi-IN it-IT
ja-JP ko-KR ms-MY nb-NO nl-NL pl-PL pt-BR ro-RO ru-RU sv-SE sw-KE ta-IN te-IN tr-TR uk-UA ur-PK
vi-VN yue-HK zh-CN
"""
USUAL_REGION = {pair[:-3]: pair[-2:] for pair in _USUAL.split()}
"""A language to the accent that it has when none was asked for."""

_NEAREST = {
    "en": {"GB": "AU NZ IE IN ZA NG KE TZ SG HK", "US": "CA PH"},
    "es": {"MX": "AR BO CL CO CR CU DO EC GT HN NI PA PE PR PY SV US UY VE", "ES": "GQ"},
    "fr": {"FR": "BE CH", "CA": ""},
    "de": {"DE": "AT CH"},
    "pt": {"PT": "AO MZ CV"},
    "nl": {"NL": "BE"},
}
"""A language's accents, and which others each is nearest to."""


@lru_cache(4096)
def language_of(tag: str) -> str:
    """The language: `en` of `en-US`, `yue` of `zh-HK`; empty for an empty tag."""
    first, *others = tag.split("-")
    language = _SAME.get(first.lower(), first.lower())
    return "yue" if language == "zh" and _CANTONESE & set(others) else language


@lru_cache(4096)
def region_of(tag: str) -> str:
    """The country: `US` of `en-US`, `CA` of `iu-Latn-CA`; empty when the tag names none."""
    return next((part for part in tag.split("-")[1:] if _is_region(part)), "")


def _is_region(part: str) -> bool:
    return (len(part) == 2 and part.isalpha() and part.isupper()) or (
        len(part) == 3 and part.isdigit()
    )


@cache
def accents(language: str, region: str) -> tuple[str, ...]:
    """The regions whose accent serves, best first: its own, the nearest, the language's usual."""
    near = (key for key, others in _NEAREST.get(language, {}).items() if region in others.split())
    wanted = (region, *near, USUAL_REGION.get(language, ""))
    return tuple(dict.fromkeys(each for each in wanted if each))


def tagged(language: str, region: str = "") -> str:
    """The tag of a language; with its usual region when none is given."""
    region = region or USUAL_REGION.get(language, "")
    return f"{language}-{region}" if region else language
