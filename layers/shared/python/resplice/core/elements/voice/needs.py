"""What a voice needs: its text, spoken by a voice that is there."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.elements.files import Need
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.provided import Fault, connection_faults, named_access, settings_text
from resplice.core.elements.voice.model import VoiceElement
from resplice.core.providers import Offers
from resplice.core.tasks import SpeakTask
from resplice.core.voices.choose import Chosen, Refusal, choose
from resplice.core.voices.speech_text import fault, is_empty, is_ssml, plain, rate
from resplice.core.warned import warned

NO_TEXT = "Voice generation failed: No text provided"
TAKES_SSML = frozenset({"azure", "polly", "espeak"})


def needs(element: VoiceElement, around: Surroundings) -> Iterator[Need]:
    """The speaking."""
    chosen = _chosen(element, around.offers)
    if isinstance(chosen, Chosen):
        yield (), speak_task(element, chosen)


def speak_task(element: VoiceElement, chosen: Chosen) -> SpeakTask:
    """Tags go only to who takes them."""
    access, as_ssml = chosen.access, _as_ssml(element, chosen)
    return SpeakTask(
        access.provider,
        chosen.voice,
        chosen.model,
        chosen.language,
        element.text if as_ssml else _words(element),
        as_ssml,
        _settings(element, chosen, as_ssml=as_ssml),
        access.settings,
        access.build,
        access.connection,
    )


def faults(element: VoiceElement, around: Surroundings) -> Iterator[Fault]:
    """What keeps it from being spoken."""
    if is_empty(element.text):
        yield ("text",), NO_TEXT
    elif is_ssml(element.text) and (why := fault(element.text)):
        yield ("text",), why
    unknown = list(connection_faults(element, "voices", around.offers))
    yield from unknown
    chosen = _chosen(element, around.offers)
    if isinstance(chosen, Refusal) and not unknown:
        yield ("model",) if element.model else ("voice",), chosen.words
    elif isinstance(chosen, Chosen) and chosen.warning and around.offers.strict_voices:
        yield ("voice",), _not_here(chosen.warning)


def notes(element: VoiceElement, around: Surroundings) -> Iterator[Fault]:
    """Says who speaks instead, and that tags are left out."""
    chosen = _chosen(element, around.offers)
    if isinstance(chosen, Chosen):
        if chosen.warning:
            yield ("voice",), warned("other-voice", chosen.warning.rstrip("."))
        left_out = element.model_settings.keys() - {"speed", "voice_settings"}
        if left_out and not chosen.exact:
            names = ", ".join(sorted(left_out))[:200]
            words = f"{names}: left out, as another voice speaks"
            yield ("model-settings",), warned("other-voice", words)
        if is_ssml(element.text) and not _as_ssml(element, chosen):
            words = f"{chosen.access.provider} takes no SSML: its tags are left out"
            yield ("text",), warned("other-voice", words)


def _not_here(warning: str) -> str:
    """The warning as an error: nobody speaks instead."""
    reason = warning.partition(": '")[0].rstrip(".")
    return (
        f"{reason}; `resplice connections add` sets up a provider. Other voices may not speak here"
    )


def _chosen(element: VoiceElement, offers: Offers) -> Chosen | Refusal:
    named, usual = named_access(element, offers), offers.by_default("voices")
    return choose(element.voice, element.model, _words(element), usual, named)


def _settings(element: VoiceElement, chosen: Chosen, *, as_ssml: bool) -> str:
    """model-settings for who they are meant for; of them, and of tags that are left out, the speed
    for whoever speaks instead.
    """
    said = dict(element.model_settings) if chosen.exact else {}
    speed = _speed(element, as_ssml=as_ssml)
    if speed != 1.0 and (not chosen.exact or "speed" not in said):
        said["speed"] = speed
    return settings_text(said)


def _speed(element: VoiceElement, *, as_ssml: bool) -> float:
    said, own = element.model_settings, element.model_settings.get("voice_settings")
    for speed in (said.get("speed"), own.get("speed") if isinstance(own, dict) else None):
        if isinstance(speed, int | float) and not isinstance(speed, bool):
            return float(speed)
    return rate(element.text) if is_ssml(element.text) and not as_ssml else 1.0


def _as_ssml(element: VoiceElement, chosen: Chosen) -> bool:
    return is_ssml(element.text) and chosen.access.provider in TAKES_SSML


def _words(element: VoiceElement) -> str:
    return plain(element.text) if is_ssml(element.text) else element.text
