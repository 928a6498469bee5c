"""Quotas from the environment, in a function and on one machine alike."""

from __future__ import annotations

import json
import os

from resplice.core.quotas import Quotas, quotas_of
from resplice.errors import RespliceError


def quotas() -> Quotas:
    """RESPLICE_QUOTAS: a JSON object, see core.quotas; none when it is not set.

    Raises RespliceError when it says something else: no limits would be a surprise.
    """
    try:
        return quotas_of(json.loads(os.environ.get("RESPLICE_QUOTAS") or "{}"))
    except ValueError as error:
        raise RespliceError(f"RESPLICE_QUOTAS: {error}") from None
