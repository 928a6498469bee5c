"""Telling by a function of its own, called without waiting for it."""

from __future__ import annotations

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)


class LambdaTelling:
    """Implements ports.telling.Telling. client: of Lambda; function: its ARN."""

    def __init__(self, client: Any, function: str) -> None:
        self._client, self._function = client, function

    def tell(self, project_id: str) -> None:
        payload = json.dumps({"project": project_id}).encode()
        try:
            self._client.invoke(
                FunctionName=self._function, InvocationType="Event", Payload=payload
            )
        except (BotoCoreError, ClientError) as error:
            log.warning("project %s is told at the next sweep: %s", project_id, error)
