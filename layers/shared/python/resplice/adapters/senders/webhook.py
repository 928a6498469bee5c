"""Webhook: the end of a movie as one signed POST. docs/webhooks.md says how it is verified."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from resplice.adapters.web.posting import Answered, Posting
from resplice.errors import DeliveryError, DeliveryFailed, DeliveryRefused
from resplice.ports.senders import Parcel

ANSWER_SECONDS = 15.0
"""To connect, to be asked and to answer: 5 and 10."""
FOLLOWED = (307, 308)
"""Redirects that keep a POST a POST."""
MOST_REDIRECTS = 3
GONE = 410


class Webhook:
    """Implements ports.senders.Sender. secret: what signatures are made with, as it is now."""

    def __init__(self, posting: Posting, secret: Callable[[], bytes]) -> None:
        self._posting, self._secret = posting, secret

    def send(self, parcel: Parcel, seconds: float) -> None:
        body = encoded(parcel.told, parcel.settings["content-type"])
        headers = {
            "Content-Type": parcel.settings["content-type"],
            "X-Resplice-Delivery": parcel.id,
            "X-Resplice-Signature": signature(self._secret(), parcel.at_ms // 1000, body),
        }
        if authorization := parcel.settings.get("authorization"):
            headers["Authorization"] = authorization
        answered = self._posted(parcel.settings["endpoint"], body, headers, seconds)
        if not 200 <= answered.status < 300:
            raise _fault(answered)

    def _posted(
        self, url: str, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answered:
        for _ in range(MOST_REDIRECTS + 1):
            left_s = min(seconds, ANSWER_SECONDS)
            answered = self._posting.send("POST", url, body, headers, left_s)
            if answered.status not in FOLLOWED or not answered.location:
                return answered
            following = urljoin(url, answered.location)
            if not following.lower().startswith(url.lower().partition(":")[0] + ":"):
                raise DeliveryRefused("a redirect leads away from https")
            if "Authorization" in headers and _origin(following) != _origin(url):
                raise DeliveryRefused("a redirect leads to another server than the connection's")
            url = following
        raise DeliveryFailed("too many redirects")


def encoded(told: Mapping[str, Any], content_type: str) -> bytes:
    """In a form that has no nesting, what is no text is JSON."""
    if content_type == "application/json":
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="backslashreplace")
    flat = {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in told.items()
    }
    return urlencode(flat, errors="replace").encode()


def signature(secret: bytes, at_s: int, body: bytes) -> str:
    """`t=…,v1=…`: when it was signed, and HMAC-SHA256 of `t`, a dot and the body, in hex."""
    mac = hmac.new(secret, f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={mac}"


def _fault(answered: Answered) -> DeliveryError:
    if answered.status == GONE:
        return DeliveryRefused("410: it is gone, and is not told again")
    if 300 <= answered.status < 400:
        return DeliveryFailed(f"{answered.status}: it answers with a redirect, name its address")
    return DeliveryFailed(f"answered {answered.status}", answered.retry_after_s)


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3]).lower()
