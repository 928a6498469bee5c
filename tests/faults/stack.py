"""Stacks: what a deployed one has, in one process. On DynamoDB and S3, which are moto's behind the
adapters and boto3; or on the adapters of a machine, which are quicker.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import boto3
import cloud
from dying import OneByOne
from far_apart import Executions, records_in
from faults.damages import damage_in, damaged, leading_nowhere
from faults.kinds import Fault
from faults.outside import GENERATORS, KEY, VOICES, Outside
from faults.process import Calls, Clock, Journal
from faults.services import Service
from faults.worlds import Film, Found
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler
from moto.s3.models import s3_backends
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.disk.splicer import DiskSplicer
from resplice.adapters.dynamodb.cache_index import DynamoCacheIndex
from resplice.adapters.dynamodb.connections import DynamoConnections
from resplice.adapters.dynamodb.leases import DynamoLeases
from resplice.adapters.dynamodb.media import DynamoMedia
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.s3.objects import SPLICED
from resplice.adapters.secrets_manager.secrets import SecretsManager
from resplice.adapters.sqlite.counters import SqliteCounters
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.media import SqliteMedia
from resplice.adapters.sqlite.tallies import SqliteTallies
from resplice.core.addresses import AllowedSource
from resplice.core.providers import Connection
from resplice.ports import Ports
from resplice.wiring import aws_exports, movie_records, tables
from resplice.wiring.aws import PATIENCE
from resplice.wiring.aws_objects import object_makers
from resplice.wiring.local import local
from resplice.wiring.providers import offers_of

from infra.local.moto_speed import quicken

ACCOUNT = "123456789012"
SWEEP_MS = 60_000
DEADLINE_MS = 3 * 3_600_000
RIVAL_SECONDS = 0.05


@dataclass
class Stack:
    """name: of the place. in_lane: whether executions begin in the fast lane."""

    name: str
    folder: Path
    outside: Outside
    base: Ports
    clients: Mapping[str, Any] = field(default_factory=dict)
    ahead_ms: int = 0
    bucket: str = ""
    table: str = ""
    executions: Executions = field(default_factory=Executions)
    in_lane: bool = False
    _rivals: list[threading.Thread] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(
        cls, name: str, folder: Path, outside: Outside, port: int, tools: Any
    ) -> Iterator[Stack]:
        keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
        os.environ.update(keys, AWS_DEFAULT_REGION=cloud.REGION)
        quicken()
        cloud._one_by_one(DynamoHandler)
        cloud._take_turns()
        with ExitStack() as stack:
            stack.enter_context(mock_aws())
            names = ("s3", "dynamodb", "secretsmanager")
            clients = {each: boto3.client(each, region_name=cloud.REGION) for each in names}
            clients["s3"].meta.events.register("after-call.s3", _dated)
            cloud.client = clients.__getitem__  # type: ignore[assignment]
            allowed = [AllowedSource("127.0.0.1", port)]
            place = folder / f"{name}-{id(outside)}"
            base = stack.enter_context(local(place, allowed=allowed))
            yield cls(name, place, outside, replace(base, tools=tools), clients)

    def begin(self) -> None:
        """All is empty but for the connections."""
        self.empty()
        self.ahead_ms, self.executions = 0, Executions()
        self.journal_file.unlink(missing_ok=True)
        connections = self.stored()["connections"]
        for name in (VOICES, GENERATORS):
            connections.add(Connection(name, name), {"key": KEY})

    def empty(self) -> None:
        """A new bucket, and a new table."""
        s3_backends[ACCOUNT]["aws"].buckets.pop(self.bucket, None)
        if self.table:
            self.clients["dynamodb"].delete_table(TableName=self.table)
        self.bucket, self.table = cloud.new_bucket(), cloud.new_table()
        shutil.rmtree(self.folder / "scratch", ignore_errors=True)

    @property
    def journal_file(self) -> Path:
        return self.folder / "journal"

    @property
    def journal(self) -> Journal:
        return Journal(self.journal_file)

    def serve(
        self, film: Film, name: str, fault: Fault | None = None, *, notes: bool = False
    ) -> bool:
        """The film is taken in under that name, and all is done that follows from it."""
        service = Service(self, film, name, Calls(fault, notes))
        until_ms = self.ahead_ms + DEADLINE_MS
        service.post()
        while True:
            service.play_all()
            for rival in self._rivals:
                rival.join(20)
            self._rivals.clear()
            if not self.raw_ports().projects.unfinished():
                return True
            if self.ahead_ms > until_ms:
                self.journal.note("stuck", "a project does not end")
                return True
            self.ahead_ms += SWEEP_MS
            service.event({"sweep": True})

    def clock(self) -> Clock:
        """Of a machine of its own: it may jump alone."""
        return Clock(lambda: time.time_ns() // 1_000_000 + self.ahead_ms, everybody=self.wait)

    def wait(self, waited_ms: int) -> None:
        self.ahead_ms += waited_ms

    def stored(self) -> dict[str, Any]:
        """The ports on the table and the bucket, as wiring.aws has them."""
        table, clock = DynamoTable(self.clients["dynamodb"], self.table), self.clock()
        scratch = ScratchFolder(self.folder / "scratch")
        objects = object_makers(
            lambda: self.clients["s3"], lambda: self.bucket, dict, scratch, keeps=False
        )
        made = {name: make() for name, make in objects.items()}
        more = {name: make() for name, make in movie_records.makers(lambda: table).items()}
        secrets = SecretsManager(self.clients["secretsmanager"], f"{self.table}/")
        return {
            **made,
            **more,
            "scratch": scratch,
            "projects": DynamoProjects(table, clock),
            "cache_index": DynamoCacheIndex(table, clock),
            "leases": DynamoLeases(table, clock),
            "connections": DynamoConnections(table, secrets),
            "usage": tables.counters(table),
            "rates": tables.counters(table),
            "tallies": tables.tallies(table),
            "media": DynamoMedia(table),
            "outbox": aws_exports.outbox(table),
        }

    def raw_ports(self) -> Ports:
        """The ports as they are, for nobody's fault."""
        stored = self.stored()
        pools = dict.fromkeys(("fetchers", "painters", "lookups", "renderers"), OneByOne())
        offered = offers_of(stored["connections"], ())
        ports = replace(
            self.base, **stored, **pools, patience=PATIENCE, offered=offered, own_disk=True
        )
        return self.with_checkpoints(replace(ports, clock=self.clock()))

    def with_checkpoints(self, ports: Ports) -> Ports:
        checkpoints = ObjectCheckpoints(ports.objects, ports.scratch, ports.lookups)
        return replace(ports, checkpoints=checkpoints)

    def damage(self, key: str, how: str) -> bool:
        """Somebody else has written other bytes, with what was said of the old ones. S3 has a
        checksum of its own of what it gives, so no bit flips behind that. A movie that was put
        together has no other checksum: it is gone.
        """
        found = s3_backends[ACCOUNT]["aws"].buckets[self.bucket].keys.get(key) if key else None
        if found is None or not found.value:
            return False
        s3, place = self.clients["s3"], {"Bucket": self.bucket, "Key": key}
        metadata = s3.head_object(**place)["Metadata"]
        if SPLICED in metadata:
            s3.delete_object(**place)
        else:
            s3.put_object(**place, Body=damaged(found.value, how), Metadata=metadata)
        return True

    def found(self, names: list[str]) -> Found:
        ports = self.raw_ports()
        found = Found.of(ports, names, self.folder)
        scratch = [f"scratch {path.name}" for path in (self.folder / "scratch").glob("*")]
        return replace(found, left=(*found.left, *scratch))

    def rival(self, call: Callable[[], object]) -> None:
        """Somebody else does the same from now on, a little earlier."""
        self.journal.note("same")
        thread = threading.Thread(target=lambda: _whatever(call))
        thread.start()
        self._rivals.append(thread)
        thread.join(RIVAL_SECONDS)


def _dated(parsed: Any, **_: Any) -> None:
    """As every answer of S3 is; moto leaves that to its server."""
    headers = parsed["ResponseMetadata"]["HTTPHeaders"]
    headers.setdefault("date", formatdate(usegmt=True))


def _whatever(call: Callable[[], object]) -> None:
    with suppress(BaseException):
        call()


class FolderStack(Stack):
    """The same on SQLite and a disk, whose calls take a tenth of the time."""

    _number = 0
    _objects: DiskObjects | None = None

    @classmethod
    @contextmanager
    def opened(
        cls, name: str, folder: Path, outside: Outside, port: int, tools: Any
    ) -> Iterator[Stack]:
        place = folder / f"{name}-{id(outside)}"
        with local(place, allowed=[AllowedSource("127.0.0.1", port)]) as base:
            yield cls(name, place, outside, replace(base, tools=tools))

    @property
    def data(self) -> Path:
        return self.folder / f"data-{self._number}"

    def empty(self) -> None:
        if self._objects:
            self._objects.close()
            shutil.rmtree(self.data, ignore_errors=True)
        self._number += 1
        self.data.mkdir()
        self._objects = DiskObjects(self.data, None)
        file = SqliteFile(self.data / "records.sqlite")
        self._records = {
            **records_in(self.data),
            "usage": SqliteCounters(file),
            "rates": SqliteCounters(file),
            "tallies": SqliteTallies(file),
            "media": SqliteMedia(file),
        }

    def stored(self) -> dict[str, Any]:
        objects: Any = self._objects
        stored = {"objects": objects, "splicer": DiskSplicer(objects), "scratch": objects}
        return {**stored, "parts": WholeParts(objects), **self._records}

    def damage(self, key: str, how: str) -> bool:
        return damage_in(self.data, key, how)

    def found(self, names: list[str]) -> Found:
        lost = tuple(leading_nowhere(self.data, self.raw_ports()))
        return replace(super().found(names), lost=lost)


STACKS: Mapping[str, tuple[type[Stack], bool]] = {
    "stack": (Stack, False),
    "lane": (Stack, True),
    "folder": (FolderStack, False),
    "folder-lane": (FolderStack, True),
}
"""By the names of places: which, and whether in the lane."""


@contextmanager
def stack_of(name: str, folder: Path, outside: Outside, port: int, tools: Any) -> Iterator[Stack]:
    kind, in_lane = STACKS[name]
    with kind.opened(name, folder, outside, port, tools) as stack:
        stack.in_lane = in_lane
        yield stack
