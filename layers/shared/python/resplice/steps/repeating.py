"""Repeated requests: the same key with the same body leads to the same project for a day."""

from __future__ import annotations

import hashlib

from resplice.core.time_units import DAY_MS
from resplice.errors import Conflict, DocumentError, Problem
from resplice.ports import Ports
from resplice.ports.idempotency import Claim

HEADER = "Idempotency-Key"
MAX_KEY_CHARS = 255
KEPT_MS = DAY_MS
USED = (
    f"This {HEADER} was used for another request less than 24 hours ago: "
    "repeat that one, or take a new key"
)


def project_for(key: str, body: bytes, project_id: str, owner: str, ports: Ports) -> str:
    """The id of the project that the key leads to: this one, or that of the same request before.

    Raises Conflict when that was another request, DocumentError for what is no key.
    """
    if not (0 < len(key) <= MAX_KEY_CHARS and key.isascii() and key.isprintable()):
        wanted = f"'{HEADER}' must be 1 to {MAX_KEY_CHARS} printable ASCII characters"
        raise DocumentError([Problem(HEADER, wanted)])
    claim, now_ms = Claim(project_id, hashlib.sha256(body).hexdigest()), ports.clock.now_ms()
    found = ports.idempotency.claim(owner, key, claim, now_ms, now_ms + KEPT_MS)
    if found.digest != claim.digest:
        raise Conflict(USED)
    return found.project_id
