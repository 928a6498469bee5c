"""What a voice's name says, whoever's voice it is: provider, language, sex.

Known are the forms of Azure (`en-US-AriaNeural`, `en-US-Aria:DragonHDLatestNeural`), Google
(`en-US-Wavenet-D`, cloud.google.com/text-to-speech/docs/voices), and the names and ids of the
catalogue. Case and spaces around are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from resplice.core.voices.catalogue import PROVIDERS_OF_VOICES, Sex, Voice, by_name
from resplice.core.voices.language_tags import language_of
from resplice.frozen import frozen

MAX_CHARS = 120
"""No voice's name is as long; what is longer says nothing."""


@frozen
class Wanted:
    """What was asked for.

    provider  whose voice it is; None when the name is nobody's here
    name      the provider's own id, as the provider writes it; else the name as it was given
    language  BCP-47; None when the name says nothing of it
    voice     the voice itself, when it is in the catalogue
    polyglot  whether it speaks the language of the text, whichever that is
    """

    provider: str | None
    name: str
    language: str | None = None
    sex: Sex | None = None
    voice: Voice | None = None
    polyglot: bool = False


def understood(name: str, prefer: Iterable[str] = ()) -> Wanted:
    """What that name asks for. prefer: providers whose own names go before those of others, best
    first, where several have a voice of that name.
    """
    given = name.strip()
    if not given or len(given) > MAX_CHARS or not given.isprintable():
        return Wanted(None, given)
    return _in_catalogue(given, prefer) or _by_form(given) or Wanted(None, given)


def _in_catalogue(name: str, prefer: Iterable[str]) -> Wanted | None:
    for provider in dict.fromkeys((*prefer, *PROVIDERS_OF_VOICES)):
        known = by_name(provider)
        voice = known.get(name.lower()) or known.get(f"{name}Neural".lower())
        if voice:
            language = voice.language or None
            return Wanted(provider, voice.id, language, voice.sex, voice, voice.polyglot)
    return None


_AZURE_LONG = re.compile(
    r"Microsoft Server Speech Text to Speech Voice \((\S{2,20}), ?(\S+)\)", re.I
)
_TAG = r"([a-z]{2,3}(?:-(?:latn|cans|cyrl|arab|hans|hant))?-(?:[a-z]{2}|\d{3})"
_AZURE = re.compile(_TAG + r"(?:-[a-z]+)?)-([a-z]+\d*)(:[a-z0-9]+)?neural", re.I)
_GOOGLE = re.compile(_TAG + r")-([a-z0-9]+(?:-hd)?)-([a-z]{1,20}|\d)", re.I)
_LANGUAGE = re.compile(_TAG + r"?)(?:-.*)?|([a-z]{2})", re.I)
_ELEVENLABS = re.compile(r"[A-Za-z0-9]{20}")


def _by_form(name: str) -> Wanted | None:
    long = _AZURE_LONG.fullmatch(name)
    if long:
        return understood(f"{long[1]}-{long[2]}", ["azure"])
    return _azure(name) or _elevenlabs(name) or _google(name) or _only_a_language(name)


def _azure(name: str) -> Wanted | None:
    found = _AZURE.fullmatch(name)
    if not found:
        return None
    tag, first_name, kind = _cased(found[1]), found[2], found[3] or ""
    own = first_name.lower().removesuffix("multilingual")
    polyglot = bool(kind) or own != first_name.lower()
    known, begin = by_name("azure"), f"{tag}-{own.rstrip('0123456789')}".lower()
    same = known.get(f"{begin}neural") or known.get(f"{begin}multilingualneural")
    return Wanted("azure", name, tag, same.sex if same else None, polyglot=polyglot)


def _elevenlabs(name: str) -> Wanted | None:
    """An id of a voice that somebody made: 20 letters and figures, not a word."""
    if not _ELEVENLABS.fullmatch(name) or name[1:].islower() or name.isupper():
        return None
    return Wanted("elevenlabs", name, polyglot=True)


_MEN_OF_GOOGLE = {"en-US": "abdijq"}
_OTHER_MEN_OF_GOOGLE = "bdi"
_MALE_STARS_OF_GOOGLE = """
achird algenib algieba alnilam charon enceladus fenrir iapetus orus puck rasalgethi sadachbia
sadaltager schedar umbriel zubenelgenubi
"""


def _google(name: str) -> Wanted | None:
    found = _GOOGLE.fullmatch(name)
    if not found:
        return None
    tag, person = _cased(found[1]), found[3].lower()
    if len(person) > 1:
        men = _MALE_STARS_OF_GOOGLE.split()
    else:
        men = list(_MEN_OF_GOOGLE.get(tag, _OTHER_MEN_OF_GOOGLE))
    return Wanted(None, name, tag, "male" if person in men else "female")


def _only_a_language(name: str) -> Wanted | None:
    found = _LANGUAGE.fullmatch(name)
    tag = _cased(found[1] or found[2]) if found else ""
    return Wanted(None, name, tag) if language_of(tag) in _languages() else None


@cache
def _languages() -> frozenset[str]:
    return frozenset(
        language_of(voice.language)
        for provider in PROVIDERS_OF_VOICES
        for voice in by_name(provider).values()
        if voice.language
    )


def _cased(tag: str) -> str:
    """As BCP-47 writes it: `en-US`, `iu-Latn-CA`, `zh-CN-liaoning`."""
    first, *others = tag.split("-")
    return "-".join([first.lower(), *map(_cased_part, others)])


def _cased_part(part: str) -> str:
    sizes = {2: part.upper(), 4: part.capitalize()}
    return sizes.get(len(part), part.lower())
