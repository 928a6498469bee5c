"""Targets: a document's destinations, completed with what connections say, and what is wrong. Pure.

A connection's secret goes only where the connection says: a document that names a connection
cannot send its password to another host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from resplice.core.addresses import DEFAULT_PORTS, AllowedSource, parse_target
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.document.spelling import nearest
from resplice.core.exports.kinds import KINDS, Kind
from resplice.core.exports.model import Destination, Export
from resplice.core.providers import Connection
from resplice.errors import Problem, SourceRefused, shown
from resplice.frozen import frozen

EXAMPLE = '[{"type": "webhook", "endpoint": "https://example.com/hook"}]'


@frozen
class Target:
    """Where a movie is to be sent, as the document said it; its secrets are never shown.

    kind        a name of KINDS; empty when only a connection says it
    said        by the names of documents
    connection  the id of one that says the rest
    """

    kind: str
    said: Mapping[str, Any] = field(repr=False)
    connection: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "said": dict(self.said), "connection": self.connection}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Target:
        return cls(stored["kind"], stored["said"], stored["connection"])


@frozen
class Complete:
    """All that has to be known to send a movie there, but for a connection's secret.

    connection: the id of the one whose secret is needed.
    """

    kind: Kind
    settings: Mapping[str, Any] = field(repr=False)
    connection: str | None = None

    @property
    def where(self) -> str:
        """For people: no secret, and nothing of a URL that could be one."""
        return place_of(self.kind, self.settings)


def place_of(kind: Kind, settings: Mapping[str, Any]) -> str:
    """Where it is, for people. Of a URL the host alone: its path is the secret of many a service,
    and its query may hold a key.
    """
    text = str(settings.get(kind.where, ""))
    if kind.where != "endpoint":
        return shown(text)
    try:
        parts = urlsplit(text)
        return shown(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
    except ValueError:
        return ""


def each_destination(exports: Iterable[Export]) -> Iterator[tuple[DocumentPath, Destination]]:
    """Every destination with its path, in order."""
    for n, export in enumerate(exports):
        for m, destination in enumerate(export.destinations):
            yield ("exports", n, "destinations", m), destination


def targets_of(exports: Iterable[Export], connections: Iterable[Connection] = ()) -> list[Target]:
    """In order. An `id` beside a type counts only when there is such a connection: many programs
    give an id to everything.
    """
    known = {each.id: each for each in connections}
    return [_target(each, known) for _, each in each_destination(exports)]


def connections_named(exports: Iterable[Export]) -> set[str]:
    """What could be the ids of connections."""
    found = (each.connection or each.id for _, each in each_destination(exports))
    return {name for name in found if name}


def target_problems(
    exports: Iterable[Export], connections: Iterable[Connection] = ()
) -> list[Problem]:
    """What can be said against destinations before anything is sent."""
    known, entries = {each.id: each for each in connections}, tuple(exports)
    return [
        *(
            problem_at(("exports", n), _nowhere(each))
            for n, each in enumerate(entries)
            if "destinations" not in each.model_fields_set
        ),
        *(
            problem_at([*path, *keys], fault)
            for path, each in each_destination(entries)
            for keys, fault in _faults(_target(each, known), known)
        ),
    ]


def _nowhere(export: Export) -> str:
    """For one that names no destinations, not even an empty list of them: that is a slip."""
    slips = (name for name in export.model_extra or {} if nearest(name, ["destinations"]))
    meant = (
        f"; '{slip}' is not known, did you mean 'destinations'?"
        if (slip := next(slips, ""))
        else ""
    )
    return f"Each of 'exports' requires 'destinations', a list such as {EXAMPLE}{meant}"


def completed(target: Target, connections: Iterable[Connection]) -> Complete:
    """With what its connection says. Raises ValueError with what is wrong."""
    known = {each.id: each for each in connections}
    for _, fault in _faults(target, known):
        raise ValueError(fault)
    kind = KINDS[_kind_of(target, known)]
    own = _settings_of(known[target.connection] if target.connection else None)
    settings = {**dict(kind.defaults), **own, **target.said}
    return Complete(kind, settings, target.connection)


def _target(destination: Destination, known: Mapping[str, Connection]) -> Target:
    named = destination.connection or destination.id
    if destination.type and not destination.connection and named not in known:
        named = None
    return Target(destination.type or "", destination.said(), named)


def _kind_of(target: Target, known: Mapping[str, Connection]) -> str:
    connection = known.get(target.connection or "")
    return target.kind or (connection.kind if connection else "")


def _faults(
    target: Target, known: Mapping[str, Connection]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """(the field, what is wrong with it). Nothing here shows a secret."""
    connection = known.get(target.connection or "")
    if target.connection and connection is None:
        yield (), f"There is no connection '{shown(target.connection, 64)}'"
        return
    name = _kind_of(target, known)
    if not name:
        yield ("type",), f"The 'type' property is required: one of {', '.join(KINDS)}"
        return
    if name not in KINDS or (connection and connection.kind != name):
        has = connection.kind if connection else name
        yield (), f"The connection '{target.connection}' is to {has}: no movie is sent there so"
        return
    yield from _faults_of_fields(KINDS[name], target, connection)


def _faults_of_fields(
    kind: Kind, target: Target, connection: Connection | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    held = _settings_of(connection)
    hidden = kind.secrets if connection else ()
    for name in kind.needs:
        if target.said.get(name, held.get(name)) in (None, "") and name not in hidden:
            yield (name,), f"The destination type '{kind.name}' requires a '{name}' property."
    for name, value in target.said.items():
        own = (*kind.needs, *kind.takes)
        if connection and name in own and name not in kind.free and held.get(name) != value:
            yield (
                (name,),
                f"'{name}' is said by the connection '{connection.id}', and cannot be replaced",
            )
    if (endpoint := target.said.get("endpoint")) and (fault := _fault_of_url(str(endpoint))):
        yield ("endpoint",), fault


def _fault_of_url(url: str) -> str | None:
    """Whether http will do, and which ports, is for the operator to say: it is seen when something
    is sent.
    """
    if not url.lower().startswith(("https://", "http://")):
        return "'endpoint' must be an https URL"
    try:
        parts = urlsplit(url)
        own = AllowedSource(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        parse_target(url, [own])
    except SourceRefused as error:
        return None if "port" in error.reason else f"'endpoint' cannot be used: {error.reason}"
    except ValueError:
        return "'endpoint' cannot be used: not a valid URL"
    return None


def _settings_of(connection: Connection | None) -> dict[str, Any]:
    """What it says, as a document that says the same is read: settings are texts."""
    return Destination.model_validate(dict(connection.settings)).said() if connection else {}
