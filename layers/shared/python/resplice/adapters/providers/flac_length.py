"""How long a FLAC is, by its first block: RFC 9639, section 8.2."""

from __future__ import annotations

from pathlib import Path

from resplice.errors import ProviderRefused

_HEAD_BYTES = 42


def flac_seconds(sound: Path, provider: str) -> float:
    """Raises ProviderRefused when it is no FLAC, or does not say how long it is."""
    with sound.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or head[:4] != b"fLaC" or head[4] & 0x7F:
        raise ProviderRefused(provider, "the sound is no FLAC file")
    packed = int.from_bytes(head[18:26], "big")
    rate, samples = packed >> 44, packed & ((1 << 36) - 1)
    if not rate or not samples:
        raise ProviderRefused(provider, "the sound does not say how long it is")
    return samples / rate


def check_size(
    sound: Path, provider: str, *, most_mb: int, most_hours: float | None = None
) -> float:
    """Its seconds. Raises ProviderRefused, with the limit, when the provider does not take it.

    most_mb: millions of bytes.
    """
    seconds = flac_seconds(sound, provider)
    if sound.stat().st_size > most_mb * 1_000_000:
        raise ProviderRefused(provider, f"the sound is larger than the {most_mb} MB that it takes")
    if most_hours and seconds > most_hours * 3600:
        reason = f"the sound is longer than the {most_hours:g} hours that it takes"
        raise ProviderRefused(provider, reason)
    return seconds
