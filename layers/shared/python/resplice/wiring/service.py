"""What the API is given in a Lambda function and on one machine alike."""

from __future__ import annotations

import os
from dataclasses import replace

from resplice.adapters.lambda_.answer_size import MAX_ANSWER_BYTES, answer_bytes
from resplice.api.service import Limits

STUDIO = "studio/built"
"""Where the pages of the studio are, below the layers."""
LIMITS = Limits(MAX_ANSWER_BYTES, answer_bytes)
LIMITS_ON_AWS = replace(LIMITS, rows_at_once=8)
"""A row waits for ten answers there, and what computes in between fills a processor."""


def cors_origins(*said: str) -> frozenset[str]:
    """Those that are said, and RESPLICE_CORS_ORIGINS, by commas: https://studio.example."""
    return origins_of(*said, *os.environ.get("RESPLICE_CORS_ORIGINS", "").split(","))


def origins_of(*named: str) -> frozenset[str]:
    """As browsers write them."""
    return frozenset(each.strip().rstrip("/").lower() for each in named if each.strip())
