"""Auditing: what an act is, as the audit log has it: of a call of the API, or of a command."""

from __future__ import annotations

import getpass
import logging
from collections.abc import Mapping
from typing import Any

from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.access import Caller
from resplice.steps.messages import short
from resplice.steps.moments import timestamp

NAMES = ("project", "bulk", "template", "templateId", "id")
"""What names things, in queries, paths and answers."""
MAX_NAME_CHARS = 200

log = logging.getLogger(__name__)


@frozen
class Origin:
    """Where a call came from: its address, and what a proxy said of who is behind it."""

    address: str
    forwarded_for: str = ""


def called(
    act: str, status: int, caller: Caller, origin: Origin, about: Mapping[str, Any], ports: Ports
) -> None:
    """A call of the API that was let in, with its end."""
    who = {"owner": caller.owner, "key": caller.key or "-", "key_id": caller.key_id or "-"}
    place = {"from": origin.address}
    if origin.forwarded_for:
        place["forwarded_for"] = short(origin.forwarded_for, MAX_NAME_CHARS)
    _tell({"act": act, "status": status, **who, **place, "about": _named(about)}, ports)


def commanded(act: str, owner: str, about: Mapping[str, Any], ports: Ports) -> None:
    """A command of the operator's that was carried out."""
    who = {"owner": owner, "user": _user(), "from": "command line"}
    _tell({"act": act, **who, "about": _named(about)}, ports)


def _tell(act: Mapping[str, Any], ports: Ports) -> None:
    """It was done: a log that cannot be written is a fault of ours, and takes nothing back."""
    try:
        ports.audit.tell({"at": timestamp(ports.clock.now_ms()), **act})
    except StorageError as error:
        log.error("%s was done, and the audit log does not tell it: %s", act["act"], error)


def _named(about: Mapping[str, Any]) -> dict[str, str | int]:
    """Names only: no value that could be a document."""
    said = {name: each for name, each in about.items() if isinstance(each, str | int)}
    return {
        name: short(each, MAX_NAME_CHARS) if isinstance(each, str) else each
        for name, each in said.items()
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # Of a container may be a number without a name.
        return "-"
