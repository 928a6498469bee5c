"""What one movie may take on this machine, and what stays free: from the environment."""

from __future__ import annotations

import math
import os

from resplice.core.time_units import MINUTE_MS
from resplice.errors import RespliceError
from resplice.frozen import frozen

MB, GB = 1_000_000, 1_000_000_000


@frozen
class MachineLimits:
    """execution_ms, download_bytes, stored_bytes: of one movie. free_bytes: with less on the disk
    nothing new is taken in.
    """

    execution_ms: int
    download_bytes: int
    stored_bytes: int
    free_bytes: int


def machine_limits() -> MachineLimits:
    """RESPLICE_MAX_MINUTES, RESPLICE_MAX_DOWNLOAD_GB, RESPLICE_MAX_STORED_GB and
    RESPLICE_MIN_FREE_MB. Raises RespliceError when one says something else than a number.
    """
    return MachineLimits(
        execution_ms=_number("RESPLICE_MAX_MINUTES", 60, MINUTE_MS),
        download_bytes=_number("RESPLICE_MAX_DOWNLOAD_GB", 20, GB),
        stored_bytes=_number("RESPLICE_MAX_STORED_GB", 40, GB),
        free_bytes=_number("RESPLICE_MIN_FREE_MB", 500, MB),
    )


def _number(name: str, usual: float, unit: int) -> int:
    said = os.environ.get(name) or usual
    try:
        number = float(said)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise RespliceError(f"{name} is not a number: {said}")
    return int(number * unit)
