"""Secrets in AWS Secrets Manager, each a JSON object of texts under a prefix and its id.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/ says which errors there are: a name
that is taken, and one whose secret is on its way out, after which it can be made again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from resplice.errors import StorageError
from resplice.ports.connections import Secret

EXISTS, LEAVING = "ResourceExistsException", "InvalidRequestException"
MISSING = "ResourceNotFoundException"
PAUSES_SECONDS = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Between tries, as long as a secret of the name is on its way out: seconds, by experience."""
TALKATIVE = ("botocore.endpoint", "botocore.parsers", "botocore.auth")
"""They log the whole of requests and answers, and the token of our session, for who debugs."""


class SecretsManager:
    """Every method raises StorageError. One instance may serve many threads.

    prefix: what names of secrets begin with, `Resplice-prod/connections/`.
    """

    def __init__(
        self, client: Any, prefix: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._prefix, self._sleep = client, prefix, sleep
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)

    def put(self, id: str, secret: Mapping[str, str]) -> None:
        """Whether there is one or not, also when one was marked to be deleted."""
        text = json.dumps(dict(secret))
        for pause in PAUSES_SECONDS:
            if self._has_kept(self._prefix + id, text):
                return
            self._sleep(pause)
        raise self._error(id, "it is still being deleted: try again in a minute")

    def get(self, id: str) -> Secret | None:
        """None when there is none, or one that was marked to be deleted."""
        name = self._prefix + id
        code, answer = self._asked("get_secret_value", MISSING, LEAVING, SecretId=name)
        if code:
            return None
        try:
            held = json.loads(answer["SecretString"])
            return Secret({str(key): str(value) for key, value in held.items()})
        except (AttributeError, LookupError, TypeError, ValueError):
            raise self._error(id, "what it holds was not written by `connections add`") from None

    def remove(self, id: str) -> None:
        """At once and for ever, so that it can be made again. There may be none."""
        name = self._prefix + id
        self._asked("delete_secret", MISSING, SecretId=name, ForceDeleteWithoutRecovery=True)

    def _has_kept(self, name: str, text: str) -> bool:
        """False when a secret of the name is going, or has just come or gone."""
        code, _ = self._asked("create_secret", EXISTS, LEAVING, Name=name, SecretString=text)
        if code == EXISTS:
            given = {"SecretId": name, "SecretString": text}
            code, _ = self._asked("put_secret_value", MISSING, LEAVING, **given)
        if code == LEAVING:
            self._asked("restore_secret", MISSING, LEAVING, SecretId=name)
        return not code

    def _asked(self, operation: str, *expected: str, **request: Any) -> tuple[str, Any]:
        """(one of the expected codes, nothing), or (nothing, the answer)."""
        named = str(request.get("Name") or request["SecretId"]).removeprefix(self._prefix)
        try:
            return "", getattr(self._client, operation)(**request)
        except ClientError as error:
            code = str(error.response["Error"].get("Code"))
            if code in expected:
                return code, None
            # What AWS finds invalid it may say again; a secret is never in its other words.
            reason = code if code.startswith(("Validation", "InvalidParam")) else str(error)
            raise self._error(named, reason) from None
        except (ResponseParserError, AttributeError, TypeError):
            raise self._error(named, "the answer cannot be read") from None
        except BotoCoreError as error:
            raise self._error(named, str(error)) from None

    def _error(self, id: str, reason: str) -> StorageError:
        return StorageError(f"cannot use the secret {self._prefix}{id}: {reason}")
