"""What the API is given in a Lambda function and on one machine alike."""

from __future__ import annotations

from resplice.adapters.lambda_.answer_size import MAX_ANSWER_BYTES, answer_bytes
from resplice.api.service import Limits

OWNER = "self"
"""The owner of every project: whoever has a key sees the movies of all."""
LIMITS = Limits(MAX_ANSWER_BYTES, answer_bytes)
