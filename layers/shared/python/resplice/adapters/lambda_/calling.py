"""Calls of other functions of the stack, by whoever waits for their end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from resplice.ports.functions import Busy, CallFailed

THROTTLED = "TooManyRequestsException"


class LambdaFunctions:
    """Implements ports.functions.Functions."""

    def __init__(self, client: Any, arns: Mapping[str, str]) -> None:
        """client: of Lambda, patient and without retries, or a function would be called twice.
        arns: of versions, by the names of functions.
        """
        self._client, self._arns = client, arns

    def call(self, function: str, given: Mapping[str, Any]) -> None:
        payload = json.dumps(given).encode()
        try:
            answer = self._client.invoke(FunctionName=self._arns[function], Payload=payload)
        except (BotoCoreError, ClientError) as error:
            raise _failure(error)(f"{function}: {error}") from error
        if "FunctionError" in answer:
            said = answer["Payload"].read().decode(errors="replace")
            raise CallFailed(f"{function}: {said[:500]}")


def _failure(error: BotoCoreError | ClientError) -> type[CallFailed]:
    refused = isinstance(error, ClientError) and error.response["Error"]["Code"] == THROTTLED
    return Busy if refused else CallFailed
