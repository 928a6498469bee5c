"""What the API is given in a Lambda function and on one machine alike."""

from __future__ import annotations

from resplice.adapters.lambda_.answer_size import MAX_ANSWER_BYTES, answer_bytes
from resplice.api.service import Limits

LIMITS = Limits(MAX_ANSWER_BYTES, answer_bytes)
