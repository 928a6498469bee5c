"""Access: whether who shows an API key may do what they ask for."""

from __future__ import annotations

import hashlib
import secrets

from resplice.errors import AccessRefused, Forbidden
from resplice.ports import Ports
from resplice.ports.api_keys import ApiKey, Role
from resplice.steps.random_text import random_text

KEY_CHARS = 40
READERS: frozenset[Role] = frozenset({"viewer"})
"""Roles that may look at movies but not render them."""


def check(given: str, own_key: str | None, ports: Ports, *, rendering: bool) -> None:
    """own_key: one that is good besides those that are stored. Raises AccessRefused, Forbidden."""
    if not given:
        raise AccessRefused("Error: API Key not provided")
    if own_key and secrets.compare_digest(_bytes(given), _bytes(own_key)):
        return
    key = ports.api_keys.get(digest_of(given))
    if key is None or _expired(key, ports):
        raise AccessRefused("Error: Invalid API Key")
    if rendering and key.role in READERS:
        raise Forbidden("Insufficient permissions")


def new_key(name: str, role: Role, expires_at_ms: int | None, ports: Ports) -> str:
    """Make a key; its text, which is kept nowhere."""
    text = random_text(KEY_CHARS)
    now_ms = ports.clock.now_ms()
    ports.api_keys.add(ApiKey(digest_of(text), name, role, now_ms, expires_at_ms))
    return text


def digest_of(text: str) -> str:
    """Keys are long and random, so a plain digest cannot be turned back."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    """The bytes of a header's value, even of one that is no valid text."""
    return text.encode(errors="surrogatepass")


def _expired(key: ApiKey, ports: Ports) -> bool:
    return key.expires_at_ms is not None and key.expires_at_ms <= ports.clock.now_ms()
