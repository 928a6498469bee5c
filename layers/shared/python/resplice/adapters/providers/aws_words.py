"""What AWS says of a refusal, for our callers: without names of accounts, roles and resources; and
whether it is the server that was refused, and not what it was asked for.
"""

from __future__ import annotations

import re

from botocore.exceptions import (
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    TokenRetrievalError,
)

from resplice.errors import ProviderRefused, RightsRefused

REFUSES_CALLER = frozenset(
    {
        *("AccessDeniedException", "AccessDenied", "NotAuthorized", "OptInRequired"),
        *("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"),
        *(
            "ExpiredTokenException",
            "ExpiredToken",
            "IncompleteSignature",
            "MissingAuthenticationToken",
        ),
        *("InvalidSignatureException", "SignatureDoesNotMatch", "SubscriptionRequiredException"),
    }
)
"""Codes of refusals to who asks.
https://docs.aws.amazon.com/polly/latest/dg/CommonErrors.html"""
NO_ACCOUNT = (
    *(NoCredentialsError, PartialCredentialsError, CredentialRetrievalError),
    *(NoRegionError, TokenRetrievalError),
)
"""What boto3 raises before it asks, when nobody told it who it is."""

MAX_CHARS = 300
_NAMES = re.compile(r"arn:aws[\w-]*:\S+|\b\d{12}\b")


def refusal(title: str, reason: str, code: object) -> ProviderRefused:
    """RightsRefused where it was the server that was refused."""
    return (RightsRefused if code in REFUSES_CALLER else ProviderRefused)(title, reason)


def unasked(title: str, reason: str, error: Exception) -> ProviderRefused:
    """What boto3 did not even ask for."""
    return (RightsRefused if isinstance(error, NO_ACCOUNT) else ProviderRefused)(title, reason)


def in_words(code: object, message: object) -> str:
    """One line: `AccessDeniedException: User: … is not authorized to perform …`."""
    text = _NAMES.sub("…", f"{code or ''}: {message or ''}")
    return " ".join(text.split()).strip(": ")[:MAX_CHARS]
