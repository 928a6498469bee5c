"""Amazon Polly's SynthesizeSpeech, as documented, for what moto has no sound and no marks of:
https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
https://docs.aws.amazon.com/polly/latest/dg/output.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from provider_servers.speaking import Asked, Handler, SpeakingServer, tone

WORD_MS, PAUSE_MS = 200, 500
"""Every word takes as long; after a full stop or a comma there is silence."""
VOICES = ("Joanna", "Kajal", "Zhiyu", "Vicki")
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/us-east-1/polly/aws4_request, SignedHeaders=.+, "
    r"Signature=[0-9a-f]{64}"
)
_WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W\u4e00-\u9fff]+|[.,。，]")

_MARKUP = re.compile(rf"<[^>]*>|&\w+;|{_WORD.pattern}")


def marks(text: str, markup: bool) -> list[dict[str, Any]]:
    """Of every word and when its mouth closes; offsets are bytes of the text with its markup."""
    found, at_ms = list[dict[str, Any]](), 25
    for token in (_MARKUP if markup else _WORD).finditer(text):
        start = len(text[: token.start()].encode())
        if markup and token[0][0] in "<&":
            continue
        if token[0] in ".,。，":
            found.append({"time": at_ms, "type": "viseme", "value": "sil"})
            at_ms += PAUSE_MS
            continue
        end = start + len(token[0].encode())
        said = {"start": start, "end": end, "value": token[0]}
        found.append({"time": at_ms, "type": "word", **said})
        found.append({"time": at_ms + 5, "type": "viseme", "value": "a"})
        at_ms += WORD_MS
    return [*found, {"time": at_ms, "type": "viseme", "value": "sil"}]


class PollyServer(SpeakingServer):
    """bodies: of each request that was answered with sound or marks."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[dict[str, Any]] = []

    def answer(self, to: Handler, asked: Asked) -> None:
        if (asked.method, asked.path) != ("POST", "/v1/speech"):
            return to.give_json(404, {"message": "no such operation"})
        if not _AUTHORIZATION.fullmatch(asked.headers.get("authorization", "")):
            return _refuse(to, 403, "MissingAuthenticationTokenException", "not signed")
        body = json.loads(asked.body)
        if body["VoiceId"] not in VOICES:
            return _refuse(to, 400, "ValidationException", f"no voice {body['VoiceId']}")
        if body["TextType"] == "ssml" and not re.fullmatch(r"<speak.*</speak>", body["Text"], re.S):
            return _refuse(to, 400, "InvalidSsmlException", "Invalid SSML request")
        self.bodies.append(body)
        markup = body["TextType"] == "ssml"
        paid = len(re.sub("<[^>]*>", "", body["Text"]) if markup else body["Text"])
        self.characters += paid
        if body["OutputFormat"] == "json":
            lines = "\n".join(json.dumps(mark) for mark in marks(body["Text"], markup))
            kind, whole = "application/x-json-stream", lines.encode()
        else:
            kind, whole = "audio/ogg", tone("ogg")
        return to.give(200, whole, kind, x_amzn_RequestCharacters=str(paid))


def _refuse(to: Handler, status: int, code: str, message: str) -> None:
    to.give_json(status, {"message": message}, x_amzn_ErrorType=code)
