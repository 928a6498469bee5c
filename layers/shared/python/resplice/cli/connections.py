"""The command line: resplice connections add | list | remove. Of a data folder, or of a stage.

A secret comes from standard input or a prompt, never from an argument, and is never shown.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from getpass import getpass
from urllib.parse import urlsplit

from resplice.cli.place import add_owner, add_place, ports_of_place, wrong
from resplice.core.document.spelling import nearest
from resplice.core.exports.kinds import KINDS as DESTINATIONS
from resplice.core.exports.model import fault_of
from resplice.core.owners import name_of, owned
from resplice.core.providers import PROVIDERS, Connection, ProviderKind
from resplice.ports import Ports
from resplice.steps.auditing import commanded

ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
REGION = re.compile(r"[a-z0-9-]{1,64}")
"""It becomes a part of a host's name."""
SECRET = re.compile(r"[!-~]{1,4096}")
"""What the header of a request can hold."""
HEADER = re.compile(r"[!-~](?:[ -~]{0,4094}[!-~])?")
"""A whole header, such as `Bearer …`."""
HEADERS = frozenset({"authorization"})
MOST_INPUT_CHARS = 1 << 16
MOST_URL_CHARS = 2048
KINDS = {name: kind for name, kind in PROVIDERS.items() if kind.secrets}
SETTINGS = sorted({name for kind in KINDS.values() for name in kind.settings})
DOES = {
    **{"voices": "speaks", "transcribers": "transcribes", "generators": "generates"},
    "exports": "is told of movies, or gets them,",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice connections`."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", parser_class=argparse.ArgumentParser
    )
    add = actions.add_parser("add", help="enter an account; its secret is read, or asked for")
    add.add_argument("--kind", required=True, type=_kind, metavar="KIND", help=", ".join(KINDS))
    add.add_argument("--name", required=True, type=_id, metavar="ID", help="as elements name it")
    add.add_argument(
        "--default", action="store_true", help="elements that name no connection use it too"
    )
    for name in SETTINGS:
        add.add_argument(f"--{name}", type=CHECKS.get(name, _of_exports(name)), help=_takers(name))
    add.set_defaults(run=_add)
    listing = actions.add_parser("list", help="the connections, without their secrets")
    listing.set_defaults(run=_list)
    remove = actions.add_parser("remove", help="forget a connection and its secret")
    remove.add_argument("id", metavar="ID", type=_id)
    remove.set_defaults(run=_remove)
    for action in (add, listing, remove):
        add_owner(action)
        add_place(action, "--stage-region")


def _takers(setting: str) -> str:
    return f"of {', '.join(name for name, kind in KINDS.items() if setting in kind.settings)}"


def _kind(text: str) -> ProviderKind:
    if text in KINDS:
        return KINDS[text]
    if text in PROVIDERS:
        raise argparse.ArgumentTypeError(f"{text} needs no connection: it is there without one")
    meant = nearest(text, KINDS)
    hint = f"; did you mean {meant}?" if meant else ""
    raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(KINDS)}{hint}")


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise argparse.ArgumentTypeError("an id has 1 to 64 letters, digits, or any of . _ -")
    return text


def _region(text: str) -> str:
    if not REGION.fullmatch(text):
        raise argparse.ArgumentTypeError("a region has small letters, digits and -: westeurope")
    return text


def _endpoint(text: str) -> str:
    if not _is_address(text):
        raise argparse.ArgumentTypeError(
            "an endpoint is like https://api.example.com/v1, without user, query or fragment"
        )
    return text


def _is_address(text: str) -> bool:
    if len(text) > MOST_URL_CHARS or not re.fullmatch(r"[!-~]+", text):
        return False
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return right and not set(text) & set("@?#\\")


def _of_exports(name: str) -> Callable[[str], str]:
    """What documents may say of a destination, a connection may say too, in the same words."""

    def check(text: str) -> str:
        if fault := fault_of(name, text):
            raise argparse.ArgumentTypeError(fault)
        return text.strip()

    return check


CHECKS: dict[str, Callable[[str], str]] = {"region": _region, "endpoint": _endpoint}


def _add(options: argparse.Namespace) -> int:
    kind: ProviderKind = options.kind
    connection = Connection(
        options.name, kind.name, tuple(_settings(kind, options)), options.default
    )
    with ports_of_place(options) as ports:
        known = {each.id for each in _known(options.owner, ports)}
        stored = replace(connection, id=owned(options.owner, connection.id))
        ports.connections.add(stored, _secrets(kind))
        told = {"connection": connection.id, "kind": kind.name}
        commanded("connections add", options.owner, told, ports)
    done = "replaced" if connection.id in known else "entered"
    print(f"{connection.id} is {done}: {_made_possible(connection)}")
    return 0


def _settings(kind: ProviderKind, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Those that were said. Raises DocumentError for one that the kind has no use for."""
    given = {name: getattr(options, name.replace("-", "_")) for name in SETTINGS}
    said = [(name, value) for name, value in given.items() if value]
    for name, _ in said:
        if name not in kind.settings:
            takes = ", ".join(f"--{each}" for each in kind.settings) or "none"
            raise wrong(f"{kind.name} has no --{name}; it has {takes}")
    needed = DESTINATIONS[kind.name].needs if kind.name in DESTINATIONS else ()
    missing = [f"--{name}" for name in needed if name not in kind.secrets and not given.get(name)]
    if missing:
        raise wrong(f"{kind.name} wants {', '.join(missing)} too")
    if "region" in kind.settings and not said:
        raise wrong(f"{kind.name} is in many regions: say --region, or --endpoint")
    return iter(said)


def _secrets(kind: ProviderKind) -> dict[str, str]:
    """By name: asked for at a terminal, else each a line of standard input.

    Raises DocumentError.
    """
    if sys.stdin and sys.stdin.isatty():
        lines = [_asked(f"{kind.title} {name}: ") for name in kind.secrets]
    else:
        lines = _piped().split("\n")
    if len(lines) != len(kind.secrets):
        wanted = ", ".join(kind.secrets)
        raise wrong(f"standard input has {len(lines)} lines: {kind.name} wants {wanted}, each one")
    for name, line in zip(kind.secrets, lines, strict=True):
        if not (HEADER if name in HEADERS else SECRET).fullmatch(line.strip()):
            fault = "is empty" if not line.strip() else "has other characters than a header may"
            raise wrong(f"the {name} {fault}: pipe it to this command, or type it when asked")
    return dict(zip(kind.secrets, map(str.strip, lines), strict=True))


def _asked(prompt: str) -> str:
    try:
        return getpass(prompt)
    except EOFError:
        return ""


def _piped() -> str:
    try:
        return sys.stdin.read(MOST_INPUT_CHARS).strip() if sys.stdin else ""
    except ValueError:
        raise wrong("standard input is no text") from None


def _made_possible(connection: Connection) -> str:
    """What elements can have from now on."""
    kind = PROVIDERS[connection.kind]
    does = " and ".join(DOES[service] for service in kind.services)
    if "exports" in kind.services:
        return f'{kind.title} {does} with the destination {{"id": "{connection.id}"}}'
    others = ", and for those that name none" if connection.default else ""
    return f'{kind.title} {does} for elements with "connection": "{connection.id}"{others}'


def _list(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        connections = _known(options.owner, ports)
    rows = [("ID", "KIND", "DEFAULT", "SETTINGS"), *map(_row, connections)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _known(owner: str, ports: Ports) -> list[Connection]:
    """The owner's, as they are called there."""
    named = ((name_of(owner, each.id), each) for each in ports.connections.list())
    return [replace(each, id=name) for name, each in named if name]


def _row(connection: Connection) -> tuple[str, str, str, str]:
    settings = " ".join(f"{name}={value}" for name, value in connection.settings)
    return connection.id, connection.kind, "yes" if connection.default else "no", settings


def _remove(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        known = [each.id for each in _known(options.owner, ports)]
        removed = ports.connections.remove(owned(options.owner, options.id))
        if removed:
            commanded("connections remove", options.owner, {"connection": options.id}, ports)
    if not removed:
        there = f"; there are {', '.join(known)}" if known else ""
        raise wrong(f"there is no connection {options.id}{there}")
    print(f"{options.id} is removed, with its secret")
    return 0
