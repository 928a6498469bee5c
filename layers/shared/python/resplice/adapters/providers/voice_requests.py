"""What every voice provider asks of an utterance, and how the sound that it gave is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from resplice.core.sniff import HEAD_BYTES, describe, sniff
from resplice.errors import ProviderLost, ProviderRefused, StorageError
from resplice.ports.connections import Secret
from resplice.ports.voices import Utterance

_NEITHER_TEXT_NOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STREAMED = (0, 0xFFFFFFFF)
"""Sizes of a WAV file that was begun before its length was known."""


def settings_of(title: str, utterance: Utterance) -> dict[str, Any]:
    """Its `model-settings`. Raises ProviderRefused when they are no JSON object."""
    try:
        settings = json.loads(utterance.settings or "{}")
        json.dumps(settings, allow_nan=False)
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise ProviderRefused(title, "its model-settings are no JSON object")
    return settings


def expect_known(title: str, settings: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises ProviderRefused that names what is not known: it would have no effect."""
    unknown = sorted(settings.keys() - set(known))
    if unknown:
        reason = f"it takes no model-settings {', '.join(unknown)}; it takes {', '.join(known)}"
        raise ProviderRefused(title, reason)


def number_or_text(title: str, name: str, value: Any) -> str:
    """The value of a setting as it is written in markup. Raises ProviderRefused."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ProviderRefused(title, f"its model-setting {name} is neither a number nor a text")
    return str(value)


def key_of(title: str, secret: Secret | None) -> str:
    """Raises ProviderRefused when the connection has none."""
    key = secret.get("key", "").strip() if secret else ""
    if not key:
        raise ProviderRefused(title, "its connection has no key")
    return key


def sayable(text: str) -> str:
    """The text, as long, with a space for what neither a text nor XML may hold."""
    return _NEITHER_TEXT_NOR_XML.sub(" ", text)


def keep_sound(title: str, sound: bytes, demuxer: str, into: Path) -> None:
    """Write it to the file, when it is what it should be.

    Raises ProviderLost, StorageError; nothing is left then.
    """
    head = sound[:HEAD_BYTES]
    found = sniff(head, lambda offset, size: sound[offset : offset + size])
    if found is None or found.demuxer != demuxer:
        seems = f"{found.demuxer} media" if found else describe(head)
        raise ProviderLost(title, f"it gave {seems} instead of sound; it may have been paid for")
    if demuxer == "wav":
        _expect_whole_wav(title, sound)
    try:
        into.write_bytes(sound)
    except OSError as error:
        into.unlink(missing_ok=True)
        raise StorageError(f"{into} could not be written: {error.strerror}") from error


def _expect_whole_wav(title: str, sound: bytes) -> None:
    at = sound.find(b"data", 12, HEAD_BYTES)
    held = len(sound) - at - 8
    declared = int.from_bytes(sound[at + 4 : at + 8], "little")
    if at < 0 or held <= 0 or (declared not in _STREAMED and declared > held):
        raise ProviderLost(title, "it gave no whole sound; it may have been paid for")
