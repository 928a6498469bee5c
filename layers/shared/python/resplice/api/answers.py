"""A JSON answer, with its timestamp."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from resplice.api.timestamps import timestamp


def answer(
    status: int, body: Mapping[str, Any], now_ms: int, headers: dict[str, Any] | None = None
) -> Response[str]:
    """body: what the answer holds beside its timestamp."""
    whole = {**body, "timestamp": timestamp(now_ms)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    sendable = text.encode(errors="backslashreplace").decode()  # Half a surrogate pair: \udXXX.
    return Response(status, "application/json", sendable, headers)
