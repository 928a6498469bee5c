"""The sounds of each language as the model was taught them, from eSpeak NG's in IPA.

Where IPA has several letters for one sound, eSpeak ties them (`t^ʃ`), and the model often has one
character. Its alphabet: https://github.com/hexgrad/misaki, EN_PHONES.md; what it was taught of
other languages: misaki/espeak.py there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from resplice.frozen import frozen

_DIPHTHONGS = {"a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "ɔ^ɪ": "Y", "d^ʒ": "ʤ", "t^ʃ": "ʧ"}
_ENGLISH = {
    **_DIPHTHONGS,
    **{"ə^l": "ᵊl", "n\u0329": "ᵊn", "l\u0329": "ᵊl", "m\u0329": "ᵊm", "\u0329": ""},
    **{"ɐ": "ə", "e": "A", "o": "ɔ", "r": "ɹ", "x": "k", "ç": "k", "ɬ": "l", "ʔ": "t"},
    **{"ʲ": "", "\u0303": ""},
}
_AMERICAN = {
    **_ENGLISH,
    **{"o^ʊ": "O", "ɚ": "əɹ", "ɚɹ": "əɹ", "ɜː": "ɜɹ", "ɜːɹ": "ɜɹ", "ɜː^ɹ": "ɜɹ"},
    **{"ɪ^ə": "iə", "ɪə": "iə", "ɾ": "T", "ː": ""},
}
_BRITISH = {**_ENGLISH, "ə^ʊ": "Q", "e^ə": "ɛː", "i^ə": "ɪə", "iə": "ɪə"}
_OTHER = {
    **_DIPHTHONGS,
    **{"d^z": "ʣ", "t^s": "ʦ", "s^s": "S", "o^ʊ": "O", "ə^ʊ": "Q", "-": ""},
}
_LANGUAGE_SWITCH = re.compile(r"\([^)]*\)")


@frozen
class Reading:
    """How the texts of a language are read. espeak: its voice; sounds: IPA to the model's."""

    espeak: str
    sounds: Mapping[str, str]

    def sounds_of(self, ipa: str) -> str:
        """In the model's alphabet, words apart by spaces."""
        plain = _LANGUAGE_SWITCH.sub("", ipa)
        return " ".join(self._known.sub(lambda found: self._all[found[0]], plain).split())

    @cached_property
    def _all(self) -> dict[str, str]:
        return {"^": "", **self.sounds}

    @cached_property
    def _known(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self._all, key=len, reverse=True))))


READINGS = {
    "a": Reading("en-us", _AMERICAN),
    "b": Reading("en-gb", _BRITISH),
    "e": Reading("es", _OTHER),
    "f": Reading("fr-fr", _OTHER),
    "h": Reading("hi", _OTHER),
    "i": Reading("it", _OTHER),
    "j": Reading("en-us", {**_AMERICAN}),
    "p": Reading("pt-br", _OTHER),
    "z": Reading("en-us", {**_AMERICAN}),
}
"""By the first letter of a voice's id. Those of Chinese and Japanese are for what is in Latin
letters there, see mandarin.py and japanese.py for the rest.
"""
LANGUAGES = {
    **{"en": "a", "es": "e", "fr": "f", "hi": "h", "it": "i"},
    **{"ja": "j", "pt": "p", "zh": "z"},
}


def reading(voice: str, language: str) -> Reading | None:
    """How that voice reads a text of a language (BCP-47); None when it does not. In its own
    language it keeps its accent, others it speaks as those who were born there.
    """
    base, own = language.partition("-")[0].lower(), voice[0]
    letter = LANGUAGES.get(base, "") if language else own
    if letter == "a" and own == "b":
        letter = "b"
    return READINGS.get(letter)
