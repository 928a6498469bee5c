"""The audit log of a function: lines of its own log, known by their field `audit`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)


class LoggedAudit:
    """Implements ports.audit.Audit. telemetry.py says how lines look."""

    def tell(self, act: Mapping[str, Any]) -> None:
        log.info("audit", extra={"audit": dict(act)})
