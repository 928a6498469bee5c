"""The audit log of a stage, for commands: the log group of its API, which has the API's acts."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from resplice.errors import StorageError


class GroupAudit:
    """Implements ports.audit.Audit. Each act has a stream of its own: commands are few."""

    def __init__(self, client: Callable[[], Any], group: Callable[[], str]) -> None:
        """client: of CloudWatch Logs. group: the name of the log group, or StorageError. Both are
        asked for when something is told.
        """
        self._client, self._group = client, group

    def tell(self, act: Mapping[str, Any]) -> None:
        message = json.dumps({"level": "INFO", "message": "audit", "audit": dict(act)})
        place = {"logGroupName": self._group(), "logStreamName": f"command/{uuid.uuid4().hex}"}
        event = {"timestamp": int(time.time() * 1000), "message": message}
        try:
            client = self._client()
            client.create_log_stream(**place)
            client.put_log_events(**place, logEvents=[event])
        except (BotoCoreError, ClientError) as error:
            raise StorageError(f"{place['logGroupName']}: {error}") from error
