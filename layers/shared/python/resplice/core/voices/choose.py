"""Which voice says an element's text: the one that was asked for where its provider is offered,
else one of the same language, then accent, then sex, always the same for the same name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from resplice.core.document.paths import shortened
from resplice.core.providers import PROVIDERS, Access
from resplice.core.voices.catalogue import Sex, Voice, elevenlabs, of_provider
from resplice.core.voices.language_guess import guess
from resplice.core.voices.language_tags import accents, language_of, region_of, tagged
from resplice.core.voices.speech_text import plain
from resplice.core.voices.voice_id import Wanted, understood
from resplice.frozen import frozen

MODELS: dict[str, tuple[str, str]] = {
    "azure": ("azure", ""),
    "elevenlabs": ("elevenlabs", elevenlabs.MULTILINGUAL),
    "elevenlabs-v2": ("elevenlabs", elevenlabs.MULTILINGUAL),
    "elevenlabs-v3": ("elevenlabs", elevenlabs.V3),
    "elevenlabs-flash-v2-5": ("elevenlabs", elevenlabs.FLASH),
    "kokoro": ("kokoro", ""),
    "espeak": ("espeak", ""),
    "polly": ("polly", ""),
}
"""A `model` of a document to the provider, and to its own name of the model."""

AZURE_HD = "neural-hd"
"""The model of Azure's voices of high definition, which cost more; it is no part of a request."""

IDS_ARE_NAMES = {"elevenlabs", "polly"}
"""Who are asked by first names alone: `Brian`."""
USUAL_LANGUAGE = "en"
ALIKE = 5
"""Of so many voices that serve alike, the best, one is taken by the name that was asked for."""


@frozen
class Chosen:
    """Who says it.

    voice     the provider's own id of it
    model     the provider's own name; empty for its usual one
    language  BCP-47: `en-US`
    warning   what a user should know, in their words
    exact     whether it is what was asked for; what was not asked for is right whatever it is
    """

    access: Access
    voice: str
    model: str
    language: str
    warning: str | None = None
    exact: bool = True


@frozen
class Refusal:
    """Nobody says it. words: why, in a user's words."""

    words: str


@frozen
class _Asked:
    """What an element asks for, with what its text says. model: (provider, its name), if given."""

    wanted: Wanted
    model: tuple[str, str] | None
    spoken: str | None
    shown: str

    @property
    def language(self) -> str:
        """The tag of what is to be spoken."""
        own = self.wanted.language
        if own and not (self.wanted.polyglot and self.spoken not in (None, language_of(own))):
            return own
        return tagged(self.spoken or USUAL_LANGUAGE)


def choose(
    voice: str | None,
    model: str | None,
    text: str,
    accesses: tuple[Access, ...],
    named: Access | None = None,
) -> Chosen | Refusal:
    """The voice for that text.

    voice     as the document has it, any provider's; None or blank: any that speaks the language
    text      plain, or SSML
    accesses  who speaks where no connection is named, best first
    named     the connection of the element, which alone is asked then
    """
    offered = (named,) if named else accesses
    offered = tuple(each for each in offered if "voices" in PROVIDERS[each.provider].services)
    if not offered:
        return Refusal(_nobody(named))
    known = _model(model)
    if isinstance(known, Refusal):
        return known
    given = (voice or "").strip()
    wanted = understood(given, _preferred(known, named, offered))
    asked = _Asked(wanted, known, guess(plain(text)), given)
    return _exactly(asked, offered) or _instead(asked, offered)


def _preferred(
    model: tuple[str, str] | None, named: Access | None, offered: tuple[Access, ...]
) -> list[str]:
    """Whose voice is meant by a name that several have."""
    said = [*([model[0]] if model else []), *([named.provider] if named else [])]
    return [*said, *(each.provider for each in offered if each.provider in IDS_ARE_NAMES)]


def _nobody(named: Access | None) -> str:
    if named is None:
        return "No provider of voices is set up: add a connection to one."
    title = PROVIDERS[named.provider].title
    return f"The connection '{named.connection}' is to {title}, which has no voices."


def _model(model: str | None) -> tuple[str, str] | Refusal | None:
    name = (model or "").strip().lower()
    if not name or name in MODELS:
        return MODELS.get(name)
    known = ", ".join(MODELS)
    return Refusal(f"Unknown model '{_printed(name)}'. Models of voices are: {known}.")


def _exactly(asked: _Asked, offered: tuple[Access, ...]) -> Chosen | None:
    """The very voice, when somebody offers it."""
    wanted = asked.wanted
    access = next((each for each in offered if each.provider == wanted.provider), None)
    if access is None:
        return None
    language = _written(asked.language)
    model = _model_for(access.provider, asked, wanted.voice, wanted.name)
    told = _passed_over(asked, access) or _foreign(asked)
    return Chosen(access, wanted.name, model, language, told)


def _passed_over(asked: _Asked, access: Access) -> str | None:
    """That a model was given which the voice is not of."""
    if asked.model is None or asked.model[0] == access.provider:
        return None
    theirs = PROVIDERS[asked.model[0]].title
    ours = PROVIDERS[access.provider].title
    return (
        f"The model is {theirs}'s, but the voice {_quoted(asked.shown)} is {ours}'s, who says it."
    )


def _foreign(asked: _Asked) -> str | None:
    """That the text is in a language which the voice has not."""
    own, spoken = asked.wanted.language, asked.spoken
    if not own or not spoken or asked.wanted.polyglot or language_of(own) == spoken:
        return None
    return f"The voice {_quoted(asked.shown)} speaks {own}, but the text seems to be in {spoken}."


def _instead(asked: _Asked, offered: tuple[Access, ...]) -> Chosen | Refusal:
    """Another voice of the language; of the language of the text, where nobody speaks it."""
    first = asked.model[0] if asked.model else None
    order = sorted(offered, key=lambda access: access.provider != first)
    other = tagged(asked.spoken) if asked.spoken else asked.language
    for tag in dict.fromkeys((asked.language, other)):
        for access in order:
            voice = _like(access.provider, tag, asked)
            if voice:
                return _substituted(asked, access, voice, tag)
    language = _written(asked.language)
    return Refusal(
        f"No voice that is set up speaks {language}: add a connection to a provider that does."
    )


def _substituted(asked: _Asked, access: Access, voice: Voice, tag: str) -> Chosen:
    model = _model_for(access.provider, asked, voice, voice.id, tag)
    language = _written(tag if voice.polyglot else voice.language)
    words = _in_place_of(asked, access, voice)
    return Chosen(access, voice.id, model, language, words, exact=words is None)


def _in_place_of(asked: _Asked, access: Access, voice: Voice) -> str | None:
    """That it is not what was asked for; None when nothing was."""
    ours = f"{_quoted(voice.name)} of {PROVIDERS[access.provider].title} speaks instead."
    wanted = asked.wanted
    if not asked.shown:
        if asked.model is None or asked.model[0] == access.provider:
            return None
        return f"{PROVIDERS[asked.model[0]].title} is not set up: {ours}"
    language = wanted.language or ""
    if wanted.name.casefold() == language.casefold() and _speaks(
        voice, language_of(language), asked
    ):
        return None  # A language was named, and no voice.
    if wanted.provider is None:
        what = "not set up" if wanted.language else "not known"
        return f"The voice {_quoted(asked.shown)} is {what}: {ours}"
    theirs = PROVIDERS[wanted.provider].title
    return f"The voice {_quoted(asked.shown)} of {theirs} is not set up: {ours}"


def _like(provider: str, tag: str, asked: _Asked) -> Voice | None:
    """The voice of that provider which takes the place of what was asked for; None when it does
    not speak the language.
    """
    language = language_of(tag)
    voices = [voice for voice in of_provider(provider) if _speaks(voice, language, asked)]
    voices = _of_accent(voices, language, asked.language)
    voices = _of_sex(voices, asked.wanted.sex)
    voices = [voice for voice in voices if not voice.spare] or voices
    if not voices or not asked.shown:
        return voices[0] if voices else None
    return voices[_number(asked.shown) % min(len(voices), ALIKE)]


def _speaks(voice: Voice, language: str, asked: _Asked) -> bool:
    if voice.provider == "elevenlabs":
        return _elevenlabs_model(language, asked) is not None
    return bool(voice.language) and language_of(voice.language) == language


def _of_accent(voices: list[Voice], language: str, tag: str) -> list[Voice]:
    for region in accents(language, region_of(tag)):
        near = [voice for voice in voices if region_of(voice.language) == region]
        if near:
            return near
    return voices


def _of_sex(voices: list[Voice], sex: Sex | None) -> list[Voice]:
    same = [voice for voice in voices if sex and voice.sex == sex]
    return same or voices


def _number(name: str) -> int:
    """The same for the same name, whatever its case."""
    digest = hashlib.sha256(name.lower().encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8])


def _model_for(
    provider: str, asked: _Asked, voice: Voice | None, id: str, tag: str | None = None
) -> str:
    """The provider's own name of the model for that voice."""
    if provider == "elevenlabs":
        found = _elevenlabs_model(language_of(tag or asked.language), asked)
        return found or (asked.model[1] if asked.model else elevenlabs.V3)
    if provider == "azure" and ":" in id:
        return AZURE_HD
    return voice.model if voice else ""


def _elevenlabs_model(language: str, asked: _Asked) -> str | None:
    """The one that was asked for, or the first that speaks the language; None when it does not."""
    given = asked.model[1:] if asked.model and asked.model[0] == "elevenlabs" else None
    models: Iterable[str] = given or elevenlabs.LANGUAGES
    return next((each for each in models if _in_model(language, each)), None)


def _in_model(language: str, model: str) -> bool:
    spoken = elevenlabs.LANGUAGES[model]
    return spoken is None or language in spoken


def _written(tag: str) -> str:
    """The tag as BCP-47 has it, for those that a provider writes in a way of its own."""
    return {"arb": "ar", "cmn-CN": "zh-CN", "en-GB-WLS": "en-GB"}.get(tag, tag)


def _quoted(name: str) -> str:
    return f"'{_printed(name)}'"


def _printed(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in shortened(name))
