"""What adapters of generators have in common: the input of a model, and what is done with answers.

It asks nobody by itself. A provider's answers are anything until they are looked at here.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from resplice.adapters.providers.http import Asking, parsed
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation

Input = dict[str, Any]
T = TypeVar("T")

MAX_JOB_CHARS = 2000
MAX_ADDRESS_CHARS = 8000
"""Signed addresses are long; a record of a store holds 400 KB at most."""
MAX_REASON_CHARS = 300
BASE64 = ";base64,"
MAX_HEAD_CHARS = 100
"""Of a `data:` URL, before its bytes."""
COUNTS = frozenset({"n", "num_images", "num_outputs", "numberOfImages", "max_images"})
"""What models call the number of pictures: one is wanted, whatever the settings say."""
MODEL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:-]*(/[A-Za-z0-9_][A-Za-z0-9._:-]*)*")
MODERATED = re.compile(
    r"moderated|content moderation|moderation[ _]block|safety (system|filter|reason)|not safe"
    r"|flagged|nsfw|sensitive (content|words|information)|content[ _]?(policy|filter|checker)"
    r"|responsible ai|filter reason: (prompt|output)",
    re.IGNORECASE,
)
"""Words of a refusal for what the prompt says, or what the picture would show."""
UNPAID = re.compile(r"quota|billing|credit|insufficient|payment", re.IGNORECASE)
"""Words in a refusal for want of money, which some give the status of throttling."""


def key_of(title: str, secret: Secret | None) -> str:
    """The API key. Raises ProviderRefused when there is none that a header can hold."""
    key = secret.get("key", "").strip() if secret else ""
    if not key:
        raise ProviderRefused(title, "its connection holds no key")
    if not (key.isascii() and key.isprintable()):
        raise ProviderRefused(title, "its key has characters that no key can have")
    return key


def base_of(title: str, wanted: Generation, usual: str) -> str:
    """Where the provider is, without a slash at the end. Raises ProviderRefused."""
    place = (dict(wanted.options).get("endpoint") or usual).rstrip("/")
    if _scheme(place) not in ("http", "https"):
        raise ProviderRefused(title, "its endpoint is no http or https address")
    return place


def model_of(title: str, wanted: Generation) -> str:
    """The model's name, which may stand in a path. Raises ProviderRefused."""
    if MODEL_NAME.fullmatch(wanted.model) is None:
        raise ProviderRefused(title, f"no model can have the name '{wanted.model[:100]}'")
    return wanted.model


def merged(title: str, ours: Input, wanted: Generation) -> Input:
    """Our input with the element's settings over it. Raises ProviderRefused."""
    settings: object = None
    with suppress(ValueError, RecursionError):
        settings = json.loads(wanted.settings or "{}")
    if not isinstance(settings, dict):
        raise ProviderRefused(title, "model-settings must be a JSON object")
    return _over(ours, settings)


def _over(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Input:
    """Objects are merged name by name, down to the values."""
    whole = {**ours}
    for name, value in theirs.items():
        under = whole.get(name)
        if isinstance(under, dict) and isinstance(value, dict):
            whole[name] = _over(under, value)
        else:
            whole[name] = 1 if name in COUNTS else value
    return whole


def posted(
    ask: Asking, title: str, url: str, headers: Mapping[str, str], fields: Mapping[str, Any]
) -> Any:
    """The answer to a request that is paid for, sent as JSON. Raises what asking raises, in clear
    words, and ProviderLost when the answer is no JSON.
    """
    whole = {**headers, "Content-Type": "application/json"}
    body = json.dumps(fields).encode()
    return clearly(lambda: ask("POST", url, headers=whole, body=body).json(title))


def named(title: str, answer: Any, name: str) -> Input:
    """The answer, an object that has an id by that name. Raises ProviderLost."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, str) or not notable(found):
        raise ProviderLost(title, f"its answer has no {name}; it may have been paid for")
    return cast(Input, answer)


def notable(job: str, most_chars: int = MAX_JOB_CHARS) -> bool:
    """Whether it can be noted, and stand in an address."""
    return 0 < len(job) <= most_chars and job.isascii() and job.isprintable()


def looked_up(ask: Asking, title: str, url: str, headers: Mapping[str, str]) -> Input:
    """What is said of a job, without the keys that the headers carry: it is told to people.

    Asking is free, so nothing is lost when the answer is. Raises ProviderBusy, ProviderRefused.
    """
    answer = clearly(lambda: ask("GET", url, headers=headers, paid=False))
    told = answer.body
    for value in headers.values():
        told = told.replace(value.split()[-1].encode(), b"***")
    found: object = None
    with suppress(ValueError):
        found = parsed(told)
    if not isinstance(found, dict):
        raise ProviderBusy(title, "its answer is no JSON object")
    return found


def status_of(said: Input) -> str:
    """Its word for how far a job is; empty when that is no text."""
    status = said.get("status")
    return status if isinstance(status, str) else ""


def clearly(ask: Callable[[], T]) -> T:
    """What asking gives. Its errors say it when the prompt or the bill is why."""
    try:
        return ask()
    except ProviderRefused as error:
        raise refusal(error.provider, error.reason) from None
    except ProviderBusy as error:
        if error.reason.startswith("429") and UNPAID.search(error.reason):
            raise ProviderRefused(error.provider, error.reason) from None
        raise


def refusal(title: str, reason: object) -> ProviderRefused:
    """It says no, or the job failed. reason: the provider's words, of whatever form."""
    words = _line(reason) or "it gave no reason"
    said = f"it refused the prompt: {words}" if MODERATED.search(words) else words
    return ProviderRefused(title, said)


def _line(reason: object) -> str:
    text = reason if isinstance(reason, str) else ""
    if reason and not text:
        with suppress(ValueError, RecursionError):
            text = json.dumps(reason)
    return "".join(filter(str.isprintable, " ".join(text.split())))[:MAX_REASON_CHARS]


def delivered(title: str, found: object, into: Path) -> Generated:
    """The result of a finished job: an address, or bytes in a `data:` URL, which lie at `into`
    then. Raises ProviderRefused when it is neither.
    """
    if isinstance(found, str):
        if found.startswith("data:"):
            return _written(title, found, into)
        if _scheme(found) in ("http", "https"):
            return Generated(found)
    raise ProviderRefused(title, "it is done, but its answer names no result")


def _written(title: str, url: str, into: Path) -> Generated:
    try:
        write(title, url, into)
    except ProviderLost as error:
        raise ProviderRefused(title, error.reason) from None
    return Generated()


def write(title: str, text: object, into: Path) -> None:
    """Put what is in base64 at `into`; lines of it and a `data:` before it are let pass. Raises
    ProviderLost when there is nothing, or no room for it: it was paid for.
    """
    data = b""
    if isinstance(text, str):
        begins = text.find(BASE64, 0, MAX_HEAD_CHARS)
        whole = text if begins < 0 else text[begins + len(BASE64) :]
        with suppress(ValueError):
            data = base64.b64decode("".join(whole.split()), validate=True)
    if not data:
        raise ProviderLost(title, "its answer holds no whole picture; it may have been paid for")
    try:
        into.write_bytes(data)
    except OSError as error:
        into.unlink(missing_ok=True)
        reason = f"its picture cannot be written ({error.strerror}); it may have been paid for"
        raise ProviderLost(title, reason) from None


def _scheme(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.hostname and url.isprintable() else None
    except ValueError:
        return None
