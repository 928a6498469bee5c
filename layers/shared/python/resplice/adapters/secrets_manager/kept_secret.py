"""A secret of our own in AWS Secrets Manager: made by whoever needs it first, and then kept."""

from __future__ import annotations

import secrets
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from resplice.errors import StorageError

SECRET_BYTES = 32


def kept_secret(client: Any, name: str) -> bytes:
    """What it holds; of several who make it at once the first one's stays. Raises StorageError."""
    try:
        try:
            return _held(client, name)
        except client.exceptions.ResourceNotFoundException:
            fresh = secrets.token_hex(SECRET_BYTES)
        try:
            client.create_secret(Name=name, SecretString=fresh)
        except client.exceptions.ResourceExistsException:
            return _held(client, name)
        return fresh.encode()
    except (BotoCoreError, ClientError) as error:
        code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
        raise StorageError(f"cannot use the secret {name}: {code}") from None


def _held(client: Any, name: str) -> bytes:
    return str(client.get_secret_value(SecretId=name)["SecretString"]).encode()
