"""Repeated requests: the same key with the same body leads to the same project for a day."""

from __future__ import annotations

import hashlib

from resplice.core.time_units import DAY_MS
from resplice.errors import Conflict, DocumentError, Problem
from resplice.ports import Ports
from resplice.ports.idempotency import Claim
from resplice.steps.execution.submit import new_project_id

HEADER = "Idempotency-Key"
MAX_KEY_CHARS = 255
KEPT_MS = DAY_MS
USED = (
    f"This {HEADER} was used for another request less than 24 hours ago: "
    "repeat that one, or take a new key"
)


STILL = "\nstill"
"""What keys of our own begin with: no caller's does, as that is printable."""


def project_for(key: str, body: bytes, project_id: str, owner: str, ports: Ports) -> str:
    """The id of the project that the key leads to: this one, or that of the same request before.

    Raises Conflict when that was another request, DocumentError for what is no key.
    """
    if not (0 < len(key) <= MAX_KEY_CHARS and key.isascii() and key.isprintable()):
        wanted = f"'{HEADER}' must be 1 to {MAX_KEY_CHARS} printable ASCII characters"
        raise DocumentError([Problem(HEADER, wanted)])
    claim = Claim(project_id, hashlib.sha256(body).hexdigest())
    found = _claimed(key, claim, owner, ports)
    if found.digest != claim.digest:
        raise Conflict(USED)
    return found.project_id


def still_for(of: str, said: bytes, attempt: int, owner: str, ports: Ports) -> str:
    """The id of the project of that still of a project: whoever asks is told the same one, for a
    day. said: what tells it from other stills. Raises StorageError.
    """
    key = f"{STILL} {of} {attempt} {said.decode()}"
    return _claimed(key, Claim(new_project_id(), ""), owner, ports).project_id


def _claimed(key: str, claim: Claim, owner: str, ports: Ports) -> Claim:
    now_ms = ports.clock.now_ms()
    return ports.idempotency.claim(owner, key, claim, now_ms, now_ms + KEPT_MS)
