"""The command line: resplice keys create | list | revoke. Of a data folder, or of a stage on AWS.

A key's text is printed once, alone on standard output, and kept nowhere.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import get_args

from resplice.api.timestamps import timestamp
from resplice.cli.options import add_bounds, bounds_of
from resplice.cli.place import add_owner, add_place, ports_of_place, wrong
from resplice.ports.api_keys import ApiKey, Role
from resplice.steps.access import DIGEST_SHOWN, digest_of, new_key
from resplice.steps.auditing import commanded

NAME = re.compile(r"[\w.@-]{1,64}")
PREFIX = re.compile(r"[0-9a-f]{8,64}")
"""Enough of a digest to name a key with."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice keys`."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", parser_class=argparse.ArgumentParser
    )
    create = actions.add_parser("create", help="make a key and print it, once")
    create.add_argument("--role", required=True, choices=get_args(Role))
    create.add_argument(
        "--expires",
        required=True,
        type=_end_ms,
        metavar="90d|2027-01-31|never",
        help="days from now, or the last day, UTC",
    )
    create.add_argument("--name", type=_name, help="default: the role and a number")
    add_owner(create)
    add_bounds(create, "for this key alone")
    create.set_defaults(run=_create)
    listing = actions.add_parser("list", help="the keys; their texts are kept nowhere")
    listing.set_defaults(run=_list)
    revoke = actions.add_parser("revoke", help="make a key good for nothing, at once")
    revoke.add_argument("key", metavar="NAME|DIGEST", help="8 characters of a digest are enough")
    revoke.set_defaults(run=_revoke)
    for action in (create, listing, revoke):
        add_place(action, "--region")


def _end_ms(text: str) -> int | None:
    """When a key that is made now expires; None: never."""
    if text == "never":
        return None
    now = datetime.now(UTC)
    try:
        if days := re.fullmatch(r"(\d+)d", text, re.ASCII):
            end = now + timedelta(days=int(days[1]))
        else:
            last = date.fromisoformat(text)
            end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"'{text}' is neither days (90d), nor a date (2027-01-31), nor never"
        ) from None
    if end <= now:
        raise argparse.ArgumentTypeError(f"'{text}' is over")
    return int(end.timestamp() * 1000)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a name has 1 to 64 letters, digits, or any of . _ - @")
    return text


def _create(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        keys = ports.api_keys.list()
        taken = {key.name for key in keys}
        if options.name in taken:
            raise wrong(f"there is a key called {options.name} already")
        numbered = (f"{options.role}-{number}" for number in count(1))
        name = options.name or next(each for each in numbered if each not in taken)
        bounds = bounds_of(options)
        text = new_key(name, options.role, options.expires, ports, options.owner, bounds)
        told = {"key": name, "key_id": digest_of(text)[:DIGEST_SHOWN], "role": options.role}
        commanded("keys create", options.owner, told, ports)
    print(text)
    until = "that never expires" if options.expires is None else f"until {_said(options.expires)}"
    print(f"{name}: {options.role}, {until}; it is shown this once", file=sys.stderr)
    return 0


def _list(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        keys, now_ms = ports.api_keys.list(), ports.clock.now_ms()
    rows = [
        ("NAME", "OWNER", "ROLE", "CREATED", "EXPIRES", "DIGEST", "LIMITS"),
        *(_row(key, now_ms) for key in keys),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _row(key: ApiKey, now_ms: int) -> tuple[str, ...]:
    end_ms = key.expires_at_ms
    expires = "never" if end_ms is None else _said(end_ms)
    if end_ms is not None and end_ms <= now_ms:
        expires += " (expired)"
    return (
        key.name,
        key.owner,
        key.role,
        _said(key.created_at_ms),
        expires,
        key.digest[:DIGEST_SHOWN],
        ", ".join(f"{name} {most:.12g}" for name, most in key.bounds.said().items()),
    )


def _revoke(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        key = _meant(options.key, ports.api_keys.list())
        ports.api_keys.remove(key.digest)
        told = {"key": key.name, "key_id": key.digest[:DIGEST_SHOWN], "role": key.role}
        commanded("keys revoke", key.owner, told, ports)
    print(f"{key.name} ({key.digest[:DIGEST_SHOWN]}) is revoked")
    return 0


def _meant(said: str, keys: Sequence[ApiKey]) -> ApiKey:
    """The one key of this name or digest; a name comes first. Raises DocumentError."""
    named = [key for key in keys if key.name == said]
    if not named and PREFIX.fullmatch(said):
        named = [key for key in keys if key.digest.startswith(said)]
    if len(named) > 1:
        digests = ", ".join(key.digest[:DIGEST_SHOWN] for key in named)
        raise wrong(f"'{said}' could be any of {digests}: say which")
    if not named:
        raise wrong(f"there is no key with the name or digest '{said}'")
    return named[0]


def _said(at_ms: int) -> str:
    return timestamp(at_ms)[:16] + "Z"
