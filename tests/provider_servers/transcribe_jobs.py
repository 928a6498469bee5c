"""Amazon Transcribe as tests have it: moto's jobs, and beside them what moto does not do, the
result in the bucket: https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html#how-output
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cloud
from resplice.adapters.providers.amazon_transcribe import AmazonTranscriber


def item(text: str, start: str = "", end: str = "") -> dict[str, Any]:
    best = [{"confidence": "0.99", "content": text}]
    if not start:
        return {"type": "punctuation", "alternatives": best}
    times = {"start_time": start, "end_time": end}
    return {"type": "pronunciation", "alternatives": best, **times}


ITEMS = [
    *(item("Save", "0.27", "0.56"), item("20%", "0.56", "1.22"), item(",")),
    *(item("says", "1.22", "1.33"), item("Okonkwo", "1.33", "1.95"), item(".")),
    *(item("¿"), item("Sí", "1.95", "2.44"), item("?")),
]


class Jobs:
    """A bucket and clients of its own. started: what jobs were asked for, as they were asked."""

    def __init__(self, items: Any = ITEMS) -> None:
        self.bucket = cloud.new_bucket()
        self.items = items
        self.started: list[dict[str, Any]] = []
        self.waited: list[float] = []
        self.client: Any = cloud.client.__wrapped__("transcribe")
        self.s3: Any = cloud.client.__wrapped__("s3")
        self.on("provide-client-params", "StartTranscriptionJob", self._asked)
        self.on("after-call", "StartTranscriptionJob", self._write)

    def transcriber(self, patience_s: float = 300) -> AmazonTranscriber:
        waited = self.waited.append
        return AmazonTranscriber(
            self.client, self.s3, self.bucket, patience_s=patience_s, sleep=waited
        )

    def on(self, moment: str, operation: str, action: Callable[..., object]) -> None:
        def act(**told: Any) -> None:
            """Gives nothing back: that would be taken for the answer."""
            action(**told)

        self.client.meta.events.register_last(f"{moment}.transcribe.{operation}", act)

    def say_of_jobs(self, **said: str) -> Callable[[], None]:
        """Until what is returned is called, whoever asks for a job hears this of it."""
        saying = [True]

        def say(parsed: dict[str, Any], **_: Any) -> None:
            if saying and "TranscriptionJob" in parsed:
                parsed["TranscriptionJob"].update(said)

        self.on("after-call", "GetTranscriptionJob", say)
        return saying.clear

    def objects(self) -> dict[str, bytes]:
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        return {each["Key"]: self._content(each["Key"]) for each in found}

    def _content(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def _asked(self, params: dict[str, Any], **_: Any) -> None:
        self.started.append(params)

    def _write(self, http_response: Any, **_: Any) -> None:
        """The service writes it later; nothing asks before the job is done."""
        if http_response.status_code == 200:
            asked = self.started[-1]
            text = " ".join(each["alternatives"][0]["content"] for each in self.items)
            results = {"transcripts": [{"transcript": text}], "items": self.items}
            self.s3.put_object(
                Bucket=self.bucket,
                Key=asked["OutputKey"],
                Body=json.dumps({"jobName": asked["TranscriptionJobName"], "results": results}),
            )
