"""Amazon Bedrock: text to a picture, in one call of InvokeModel.

Bodies are those of Stability's models and of Amazon's own, each as documented:
- https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html
- https://docs.aws.amazon.com/nova/latest/userguide/image-gen-access.html (Titan takes the same)
- https://docs.aws.amazon.com/nova/latest/userguide/image-gen-errors.html
- https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html

InvokeModel has no token that makes it safe to repeat, so the client never repeats it by itself.
Clips (StartAsyncInvoke) need a bucket of the account and are not made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from resplice.adapters.providers import generation
from resplice.adapters.providers.aws_words import REFUSES_CALLER, in_words, unasked
from resplice.adapters.providers.generation import Input
from resplice.adapters.providers.http import MAX_ANSWER_BYTES
from resplice.core.models import RATIOS, served_as
from resplice.errors import (
    ProviderBusy,
    ProviderError,
    ProviderLost,
    ProviderRefused,
    RightsRefused,
)
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started

TITLE = "Amazon Bedrock"
CONNECT_SECONDS = 10
READ_SECONDS = 300
BUSY = frozenset(
    {"InternalServerException", "ModelNotReadyException", "ServiceUnavailableException"}
    | {"ThrottlingException", "TooManyRequestsException"}
)
LOST = frozenset({"ModelTimeoutException"})
"""The model worked, and may have been paid."""
HALF_ANSWERS = (HTTPClientError, IncompleteReadError, ResponseParserError, HTTPError)

Clients = Callable[[str | None], Any]
"""Region to a client of bedrock-runtime; None is the usual region."""


def client(region: str | None, endpoint: str | None = None, read_s: float = READ_SECONDS) -> Any:
    """A client that asks once. It has a session of its own, as making one from the shared session
    is not safe among threads.
    """
    once = Config(
        connect_timeout=CONNECT_SECONDS, read_timeout=read_s, retries={"total_max_attempts": 1}
    )
    session = boto3.Session(region_name=region)
    return session.client("bedrock-runtime", endpoint_url=endpoint, config=once)


class Bedrock:
    """Implements ports.generators.GeneratorProvider, for pictures. It needs no secret: the account
    is that of the process. The option `region` says where a model is, when not here.
    """

    def __init__(self, clients: Clients = client) -> None:
        self._client = cache(clients)

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        """Always without a job."""
        if wanted.kind != "image":
            raise ProviderRefused(TITLE, "clips are not generated with it")
        body = generation.merged(TITLE, _input(wanted), wanted)
        answer = self._invoke(wanted, json.dumps(body).encode())
        reason = answer.get("error") or _filtered(answer.get("finish_reasons"))
        if reason:
            raise generation.refusal(TITLE, reason)
        images = answer.get("images")
        generation.write(TITLE, images[0] if isinstance(images, list) and images else None, into)
        return Started()

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        raise ProviderRefused(TITLE, "it has no jobs that could be asked for")

    def _invoke(self, wanted: Generation, body: bytes) -> Input:
        try:
            invoke = self._client(dict(wanted.options).get("region")).invoke_model
            answer = invoke(
                **{"modelId": generation.model_of(TITLE, wanted), "body": body},
                **{"contentType": "application/json", "accept": "application/json"},
            )
            return _read(answer["body"].read(MAX_ANSWER_BYTES + 1))
        except ClientError as error:
            raise _judged(error.response, wanted.model) from None
        except ConnectionError:
            raise ProviderBusy(TITLE, "it could not be reached") from None
        except HALF_ANSWERS:
            raise ProviderLost(TITLE, "it gave no whole answer; it may be paid for") from None
        except BotoCoreError as error:
            raise unasked(TITLE, " ".join(str(error).split())[:300], error) from None


def _read(body: bytes) -> Input:
    answer: object = None
    with suppress(ValueError, RecursionError):
        answer = json.loads(body) if len(body) <= MAX_ANSWER_BYTES else None
    if not isinstance(answer, dict):
        raise ProviderLost(TITLE, "its answer is no JSON object; it may have been paid for")
    return answer


def _judged(response: Input, model: str) -> ProviderError:
    """model: one that we do not know is who writes the movie's to choose."""
    error, about = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = error.get("Code"), about.get("HTTPStatusCode", 0)
    reason = in_words(code, error.get("Message"))
    if code in LOST:
        return ProviderLost(TITLE, reason)
    if code in BUSY or status == 429 or status >= 500:
        return ProviderBusy(TITLE, reason)
    if code in REFUSES_CALLER and served_as("bedrock", model):
        return RightsRefused(TITLE, reason)
    return generation.refusal(TITLE, reason)


def _input(wanted: Generation) -> Input:
    """In the form of the model's maker; a name may begin with a region: `us.stability...`."""
    if "stability." in wanted.model:
        return {"prompt": wanted.prompt, "aspect_ratio": RATIOS[wanted.shape]}
    return {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": wanted.prompt},
        "imageGenerationConfig": {
            **{"width": wanted.width, "height": wanted.height},
            "numberOfImages": 1,
        },
    }


def _filtered(reasons: object) -> object:
    """The first of `finish_reasons`, which is null for a picture that was made."""
    return reasons[0] if isinstance(reasons, list) and reasons else None
