"""What boto3 raises when Amazon Polly is asked, as our errors.

https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html#API_SynthesizeSpeech_Errors
"""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from resplice.adapters.providers.aws_words import in_words, refusal, unasked
from resplice.adapters.providers.patience import Pause, asked_pause_s
from resplice.errors import ProviderBusy, ProviderLost

TITLE = "Amazon Polly"
MAX_REASON_CHARS = 300
BUSY_CODES = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
)
FAULTS = (BotoCoreError, ClientError, ResponseParserError, HTTPError, OSError, ValueError)
"""ValueError: an answer whose parts are of another form than they should be."""


def fault(error: Exception) -> Exception:
    """A ProviderError, or Pause where it may be asked again."""
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        return Pause(ProviderBusy(TITLE, "it could not be reached"))
    asked = isinstance(error, HTTPClientError | IncompleteReadError)
    if isinstance(error, BotoCoreError) and not asked:
        # No credentials, no region, parameters of a wrong form.
        return unasked(TITLE, _line(str(error)), error)
    return ProviderLost(TITLE, "it gave no whole answer; it may have been paid for")


def _refusal(error: ClientError) -> Exception:
    about = error.response.get("ResponseMetadata", {})
    status, told = about.get("HTTPStatusCode", 0), error.response.get("Error", {})
    reason = f"{status} {in_words(told.get('Code'), told.get('Message'))}"
    if status >= 500 or status == 429 or told.get("Code") in BUSY_CODES:
        return Pause(ProviderBusy(TITLE, reason), asked_pause_s(about.get("HTTPHeaders", {})))
    return refusal(TITLE, reason, told.get("Code"))


def _line(text: str) -> str:
    return " ".join(text.split())[:MAX_REASON_CHARS]
