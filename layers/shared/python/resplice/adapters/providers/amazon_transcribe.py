"""Amazon Transcribe: jobs on sounds in a bucket, each known by its name and so paid for once.

Jobs: https://docs.aws.amazon.com/transcribe/latest/APIReference/API_StartTranscriptionJob.html
What they write: https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html#how-output
Limits: https://docs.aws.amazon.com/transcribe/latest/dg/limits-guidelines.html
Billing: https://aws.amazon.com/transcribe/pricing (by the second, 15 seconds or more a request)
Keywords are not used: a custom vocabulary is a resource of its own, which takes minutes to make.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from resplice.adapters.providers.aws_words import in_words, refusal, unasked
from resplice.adapters.providers.flac_length import check_size
from resplice.adapters.providers.heard_words import (
    Token,
    Unexpected,
    member,
    not_as_documented,
    words_of,
)
from resplice.adapters.time_left import TimeLeft, endless
from resplice.core import languages
from resplice.core.transcribing import CODES, knows
from resplice.errors import ProviderBusy, ProviderRefused, RightsRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript

TITLE = "Amazon Transcribe"
FOLDER = "runs/heard/"
"""In the bucket. The bucket's lifecycle removes what lies below runs/ after some days."""
MOST_MB, MOST_HOURS = 2000, 4
LEAST_SECONDS = 0.5
LEAST_BILLED_SECONDS = 15
MAX_RESULT_BYTES = 64 << 20
NOBODY_SPEAKS = "speech segment long enough in duration to perform automatic language"
"""Why a job fails whose language was to be found out, and nobody speaks."""
NO_PERMISSION = "permission"
"""What it says when it may not read the sound, or write what is heard."""
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 1.0, 10.0
PATIENCE_SECONDS = 600.0
"""A function of Lambda lives for 900 at most."""


_BUSY = frozenset(
    {
        *(
            "ThrottlingException",
            "Throttling",
            "LimitExceededException",
            "TooManyRequestsException",
        ),
        *("InternalFailureException", "InternalFailure", "ServiceUnavailable", "SlowDown"),
        *("InternalError", "InternalServerError", "RequestTimeout", "500", "502", "503", "504"),
    }
)
_UNKNOWN_JOB = ("BadRequestException", "NotFoundException")
_GONE = ("NoSuchKey", "404")


class AmazonTranscriber:
    """Implements ports.transcribers.TranscriberProvider. Without a connection: by AWS rights.

    Those are transcribe:StartTranscriptionJob, GetTranscriptionJob and DeleteTranscriptionJob, and
    to read and write objects below FOLDER: Transcribe works with the rights of who asks.
    """

    def __init__(
        self,
        transcribe: Any,
        s3: Any,
        bucket: str,
        *,
        patience_s: float = PATIENCE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        left_s: TimeLeft = endless,
    ) -> None:
        """transcribe, s3: clients of boto3, in the bucket's region.

        patience_s: how long a job is waited for. Then it is ProviderBusy: who asks again later
        finds the same job.
        """
        self._transcribe, self._s3, self._bucket = transcribe, s3, bucket
        self._patience_s, self._sleep, self._left_s = patience_s, sleep, left_s

    def knows(self, language: str, model: str) -> bool:
        return knows("amazon-transcribe", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        """A job of this name from an earlier try is taken up again; one that failed is replaced."""
        seconds = check_size(sound, TITLE, most_mb=MOST_MB, most_hours=MOST_HOURS)
        code, warnings = languages.asked(wanted.language, CODES["amazon-transcribe"], TITLE)
        if seconds < LEAST_SECONDS:
            return Transcript((), languages.canonical(code or "") or languages.AUTO, 0, warnings)
        with _provider_errors():
            return self._heard(sound, wanted.name, seconds, code, warnings)

    def _heard(
        self, sound: Path, name: str, seconds: float, code: str | None, warnings: tuple[str, ...]
    ) -> Transcript:
        if not self._usable(name):
            self._start(sound, name, code)
        billed = float(max(LEAST_BILLED_SECONDS, math.ceil(seconds)))
        job = self._finished(name)
        if job is None:
            return Transcript((), languages.AUTO, billed, warnings)
        result = self._result(name)
        if result is None:
            raise ProviderRefused(TITLE, "its job is done, and its result is not in the bucket")
        try:
            words = words_of(_tokens(json.loads(result)), scale=1000)
        except (Unexpected, ValueError, RecursionError):
            raise not_as_documented(TITLE) from None
        heard = languages.canonical(str(job.get("LanguageCode") or code or ""))
        return Transcript(words, heard or languages.AUTO, billed, warnings)

    def _usable(self, name: str) -> bool:
        """Whether there is a job of an earlier try. One that failed, or whose result is gone, is
        removed: names are given once.
        """
        job = self._job(name)
        if job is None:
            return False
        done = _status(job) == "COMPLETED" and self._result(name) is None
        if done or _status(job) == "FAILED":
            self._transcribe.delete_transcription_job(TranscriptionJobName=self._job_name(name))
            return False
        return True

    def _job(self, name: str) -> Mapping[str, Any] | None:
        try:
            answer = self._transcribe.get_transcription_job(
                TranscriptionJobName=self._job_name(name)
            )
        except ClientError as error:
            if _code(error) in _UNKNOWN_JOB:
                return None
            raise
        job: Mapping[str, Any] = answer["TranscriptionJob"]
        return job

    def _start(self, sound: Path, name: str, code: str | None) -> None:
        key = f"{FOLDER}{name}.flac"
        with sound.open("rb") as body:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="audio/flac")
        language = {"LanguageCode": code} if code else {"IdentifyLanguage": True}
        try:
            self._transcribe.start_transcription_job(
                TranscriptionJobName=self._job_name(name),
                Media={"MediaFileUri": f"s3://{self._bucket}/{key}"},
                MediaFormat="flac",
                OutputBucketName=self._bucket,
                OutputKey=_result_key(name),
                **language,
            )
        except self._transcribe.exceptions.ConflictException:
            return  # Somebody else has just started it.

    def _finished(self, name: str) -> Mapping[str, Any] | None:
        """The job; None when it failed because nobody speaks."""
        left_s, pause_s = min(self._patience_s, self._left_s()), FIRST_PAUSE_SECONDS
        while True:
            job = self._job(name)
            if job is None:
                raise ProviderBusy(TITLE, "its job is gone")
            if _status(job) == "COMPLETED":
                return job
            if _status(job) == "FAILED":
                reason = str(job.get("FailureReason") or "its job failed")
                if NOBODY_SPEAKS in reason:
                    return None
                raise _refused(reason)
            if left_s <= 0:
                raise ProviderBusy(TITLE, "its job takes long; it goes on, and is asked for again")
            self._sleep(min(pause_s, left_s))
            left_s, pause_s = left_s - pause_s, min(pause_s * 1.5, MAX_PAUSE_SECONDS)

    def _job_name(self, name: str) -> str:
        """Names are given once in an account, and results lie in one bucket."""
        return f"{self._bucket}-{name}"

    def _result(self, name: str) -> bytes | None:
        """What the job wrote; None when there is nothing."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=_result_key(name))
        except ClientError as error:
            if _code(error) in _GONE:
                return None
            raise
        with answer["Body"] as body:
            text: bytes = body.read(MAX_RESULT_BYTES)
        return text


def _result_key(name: str) -> str:
    return f"{FOLDER}{name}.json"


def _status(job: Mapping[str, Any]) -> str:
    return str(job.get("TranscriptionJobStatus"))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _tokens(result: Any) -> Iterator[Token]:
    """Punctuation has no times of its own: it is where the word before it ends."""
    end: Any = "0"
    for item in member(member(result, "results", dict), "items", list):
        best = member(item, "alternatives", list)
        text = member(best[0] if best else None, "content", str)
        if member(item, "type", str) == "pronunciation":
            end = item.get("end_time")
            yield text, item.get("start_time"), end
        else:
            yield text, end, end


def _refused(reason: str, code: str = "") -> ProviderRefused:
    """The sound and the bucket are ours: nobody else has to permit anything."""
    if NO_PERMISSION in reason:
        return RightsRefused(TITLE, reason)
    return refusal(TITLE, reason, code)


@contextmanager
def _provider_errors() -> Iterator[None]:
    """Whatever breaks, a job that has been started is found again: nothing is paid for twice."""
    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code in _BUSY:
            raise ProviderBusy(TITLE, code) from None
        said = in_words(code, error.response["Error"].get("Message"))
        raise _refused(said, code) from None
    except (ConnectionError, HTTPClientError, ReadTimeoutError, HTTPError, ResponseParserError):
        raise ProviderBusy(TITLE, "it could not be reached") from None
    except BotoCoreError as error:
        raise unasked(TITLE, type(error).__name__, error) from None
