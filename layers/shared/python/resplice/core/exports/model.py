"""Exports as a document says them: a list of destinations. What a kind needs is in kinds. Pure.

One part for all kinds: with a connection a document may leave out whatever the connection says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from resplice.core.document.paths import Location
from resplice.core.document.values import Part, lower

MOST_DESTINATIONS = 20
MOST_ADDRESSES = 20
MOST_CHARS = 2_048
MOST_MESSAGE_CHARS = 20_000
CONTENT_TYPES = {
    "json": "application/json",
    "urlencoded": "application/x-www-form-urlencoded",
    "application/json": "application/json",
    "application/x-www-form-urlencoded": "application/x-www-form-urlencoded",
}
"""What documents write, each with the type that it means."""
_FAULTLESS = {"type": "webhook", "endpoint": "https://example.com/"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{3,63}")
_REGION = re.compile(r"[a-z0-9-]{1,64}")


def _one_line(text: str) -> str:
    if len(text) > MOST_CHARS or _CONTROL.search(text):
        raise ValueError(f"must be one line of at most {MOST_CHARS} characters")
    return text


def _hidden(text: str) -> str:
    """As _one_line, in words that do not quote it."""
    try:
        return _one_line(text)
    except ValueError as error:
        raise ValueError(f"What is secret {error}") from None


def _like(pattern: re.Pattern[str], words: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text.strip()):
            raise ValueError(words)
        return text.strip()

    return AfterValidator(check)


def _content_type(text: str) -> str:
    named = CONTENT_TYPES.get(text.partition(";")[0].strip().lower())
    if named is None:
        raise ValueError(f"must be one of {', '.join(CONTENT_TYPES)}")
    return named


def _addresses(text: str) -> str:
    each = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if not each or not all(_ADDRESS.fullmatch(part) for part in each):
        raise ValueError("must be e-mail addresses, by commas: ann@example.com, bob@example.com")
    if len(each) > MOST_ADDRESSES:
        raise ValueError(f"must have at most {MOST_ADDRESSES} e-mail addresses")
    return ", ".join(each)


def _joined(value: Any) -> Any:
    """Addresses may come as a list."""
    is_list = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    return ", ".join(value) if is_list else value


def _listed(value: Any) -> Any:
    """One may stand for a list of one, an empty text for none. What is wrong is said in words that
    quote nothing: a password may be in it.
    """
    value = [value] if isinstance(value, dict) else [] if value == "" else value
    if isinstance(value, list | tuple) and len(value) > MOST_DESTINATIONS:
        raise ValueError(f"This list must have at most {MOST_DESTINATIONS} items")
    return value


Line = Annotated[str, AfterValidator(_one_line)]
Hidden = Annotated[str, AfterValidator(_hidden)]
Port = Annotated[int, Field(ge=1, le=65535)]
KindName = Annotated[Literal["webhook", "ftp", "sftp", "email", "s3"], BeforeValidator(lower)]


class Destination(Part):
    """A place that the movie is sent to, or that is told of it, when the movie has ended.

    type           webhook, ftp, sftp, email or s3; not needed with the id of a connection
    id             the id of a connection, which says what is not said here
    connection     the same
    endpoint       of webhook: the https address that is told; of s3: another service's address
    content_type   of webhook: json or urlencoded
    host           of ftp and sftp: the server
    port           of ftp and sftp
    username       of ftp and sftp
    password       of ftp and sftp; it is kept, but never shown. A connection holds it better
    secure         of ftp: whether TLS is demanded (FTPS)
    host_key       of sftp: the server's key as `SHA256:…`; any, when it is not said
    remote_path    of ftp, sftp and s3: the folder. Macros such as __yyyy__ are replaced
    file           of ftp, sftp and s3: the name of the file. Macros are replaced
    to             of email: who gets it, by commas
    from_          of email: where answers go
    subject        of email. Macros are replaced
    message        of email. Macros are replaced
    bucket         of s3
    region         of s3
    access_key     of s3
    secret_key     of s3; it is kept, but never shown. A connection holds it better
    """

    type: KindName | None = None
    id: str | None = None
    connection: str | None = None
    endpoint: Line | None = None
    content_type: Annotated[str, AfterValidator(_content_type)] | None = None
    host: Annotated[str, _like(_HOST, "must be the name of a server, such as ftp.example.com")] | (
        None
    ) = None
    port: Port | None = None
    username: Line | None = None
    password: Hidden | None = None
    secure: bool | None = None
    host_key: Line | None = None
    remote_path: Line | None = None
    file: Line | None = None
    to: Annotated[str, BeforeValidator(_joined), AfterValidator(_addresses)] | None = None
    from_: Annotated[str, AfterValidator(_addresses)] | None = None
    subject: Line | None = None
    message: Annotated[str, Field(max_length=MOST_MESSAGE_CHARS)] | None = None
    bucket: Annotated[str, _like(_BUCKET, "must be the name of a bucket")] | None = None
    region: Annotated[str, _like(_REGION, "must be a region such as us-east-1")] | None = None
    access_key: Line | None = None
    secret_key: Hidden | None = None

    def said(self) -> dict[str, Any]:
        """What it says of where and how, by the names of documents."""
        named = self.model_dump(by_alias=True, exclude_none=True, exclude={"type", "id"})
        known = {field.alias or name for name, field in type(self).model_fields.items()}
        known -= {"connection"}
        return {name: value for name, value in named.items() if name in known}


class Export(Part):
    """Destinations, one after the other.

    destinations  where the movie is sent, in this order
    """

    destinations: Annotated[tuple[Destination, ...], BeforeValidator(_listed)] = ()


def _few(exports: tuple[Export, ...]) -> tuple[Export, ...]:
    """What became of all of them is one record, and each is called again and again."""
    if sum(len(each.destinations) for each in exports) > MOST_DESTINATIONS:
        raise ValueError(f"There may be at most {MOST_DESTINATIONS} destinations, all together")
    return exports


Exports = Annotated[tuple[Export, ...], BeforeValidator(_listed), AfterValidator(_few)]


def without(failed: Iterable[Location], exports: Any) -> list[Any]:
    """What is left of exports as they are written, so that the others are looked at too: what
    stands for a destination that is none has no faults. failed: places in them.
    """
    places = list(failed)
    if not all(places):
        return []
    entries = [_entry(each) for each in _listed(exports)]
    for place in places:
        match place:
            case [int(n), "destinations", int(m), str(name), *_]:
                entries[n]["destinations"][m].pop(name, None)
            case [int(n), "destinations", int(m), *_]:
                entries[n]["destinations"][m] = dict(_FAULTLESS)
            case [int(n), *_]:
                entries[n] = {"destinations": []}
    return entries


def _entry(written: Any) -> Any:
    """A copy whose destinations can be replaced."""
    if not isinstance(written, dict) or not isinstance(written.get("destinations"), dict | list):
        return written
    each = written["destinations"]
    listed = [each] if isinstance(each, dict) else each
    return {**written, "destinations": [dict(d) if isinstance(d, dict) else d for d in listed]}


def fault_of(name: str, text: str) -> str | None:
    """What is wrong with the text as the value of a destination's field; None when nothing is."""
    try:
        Destination.model_validate({name: text})
    except ValidationError as error:
        return f"{name} " + error.errors()[0]["msg"].removeprefix("Value error, ")
    return None
