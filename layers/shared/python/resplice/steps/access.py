"""Access: whether who shows an API key may do what they ask for."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import get_args

from resplice.core.owners import FIRST_OWNER
from resplice.core.quotas import UNBOUNDED, Bounds, KeyBounds
from resplice.errors import AccessRefused, Forbidden
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.api_keys import ApiKey, Role
from resplice.steps.random_text import random_text

KEY_CHARS = 40
DIGEST_SHOWN = 12
"""Of the digest of a key, to tell it from others."""
RANK: Mapping[Role, int] = {role: rank for rank, role in enumerate(get_args(Role))}


@frozen
class Caller:
    """Who calls. owner: whose projects, templates and files they see. key: the name of the key.
    bounded: what it may have in a day, if that is bounded. key_id: the beginning of its digest.
    """

    owner: str
    role: Role
    key: str
    bounded: KeyBounds | None = None
    key_id: str = ""


NOBODY = Caller(FIRST_OWNER, "admin", "")
"""Where no key is asked for: everybody may do all."""


def is_own(given: str, own_key: str | None) -> bool:
    """Whether it is the one key that is good besides those that are stored, if there is one."""
    return bool(own_key) and secrets.compare_digest(_bytes(given), _bytes(own_key or ""))


def check(given: str, ports: Ports, needed: Role) -> Caller:
    """needed: the least role that may. Raises AccessRefused, Forbidden."""
    if not given:
        raise AccessRefused("Error: API Key not provided")
    key = ports.api_keys.get(digest_of(given))
    if key is None or _expired(key, ports):
        raise AccessRefused("Error: Invalid API Key")
    if RANK[key.role] < RANK[needed]:
        raise Forbidden("Insufficient permissions")
    bounded = None if key.bounds == UNBOUNDED else KeyBounds(key.digest, key.bounds)
    return Caller(key.owner, key.role, key.name, bounded, key.digest[:DIGEST_SHOWN])


def new_key(
    name: str,
    role: Role,
    expires_at_ms: int | None,
    ports: Ports,
    owner: str = FIRST_OWNER,
    bounds: Bounds = UNBOUNDED,
) -> str:
    """Make a key; its text, which is kept nowhere."""
    text = random_text(KEY_CHARS)
    now_ms = ports.clock.now_ms()
    key = ApiKey(digest_of(text), name, role, now_ms, expires_at_ms, owner, bounds)
    ports.api_keys.add(key)
    return text


def digest_of(text: str) -> str:
    """Keys are long and random, so a plain digest cannot be turned back."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    """The bytes of a header's value, even of one that is no valid text."""
    return text.encode(errors="surrogatepass")


def _expired(key: ApiKey, ports: Ports) -> bool:
    return key.expires_at_ms is not None and key.expires_at_ms <= ports.clock.now_ms()
