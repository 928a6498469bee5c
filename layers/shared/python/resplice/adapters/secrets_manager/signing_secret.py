"""The operator's private key as a secret in AWS Secrets Manager: made once, by the operator."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from resplice.adapters.key_signer import KeySigner
from resplice.errors import Conflict, StorageError

EXISTS, MISSING = "ResourceExistsException", "ResourceNotFoundException"
LEAVING = "InvalidRequestException"
"""Of a secret that somebody marked to be deleted."""
KEPT_SECONDS = 300.0
"""For how long a process knows the key. That there is none it asks for each movie: the first one
after the key was made is to be signed.
"""


class SigningSecret(KeySigner):
    """Implements ports.signer.Signer."""

    def __init__(self, client: Any, name: str, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(f"the secret {name}")
        self._client, self._name, self._now_s = client, name, now_s
        self._held: bytes | None = None
        self._held_until_s = 0.0

    def keep(self, text: str) -> None:
        made = self._asked("create_secret", EXISTS, LEAVING, Name=self._name, SecretString=text)
        if made is None:
            raise Conflict(f"the secret {self._name} is there already, or still being deleted")

    def pem(self) -> bytes | None:
        now_s = self._now_s()
        if self._held is None or now_s > self._held_until_s:
            told = self._asked("get_secret_value", MISSING, LEAVING, SecretId=self._name)
            self._held = None if told is None else str(told.get("SecretString", "")).encode()
            self._held_until_s = now_s + KEPT_SECONDS
        return self._held

    def is_there(self) -> bool:
        """Without reading it. Raises StorageError."""
        told = self._asked("describe_secret", MISSING, SecretId=self._name)
        return told is not None and not told.get("DeletedDate")

    def _asked(self, operation: str, *expected: str, **request: Any) -> Any:
        """The answer; None for an error that is expected. Of others only the name is told."""
        try:
            return getattr(self._client, operation)(**request)
        except ClientError as error:
            code = str(error.response["Error"].get("Code"))
            if code in expected:
                return None
        except BotoCoreError as error:
            code = type(error).__name__
        raise StorageError(f"cannot use {self.named}: {code}")
