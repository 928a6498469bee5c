"""Records in memory: what the ports of submit, begin, complete and sweep ask of the table.

They stand for the adapters in adapters/dynamodb: each request takes its time, and units of the key
that it is about. Rows of one project are not watched: only its own execution asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resplice.ports.leases import Lease
from resplice.ports.objects import StoredFacts, StoredObject
from resplice.ports.projects import TERMINAL, Ending, Project

from benchmarks.simulation.account import OTHER_S, TABLE_S, Account

OPEN, POSTPONED, DUE = "index open", "index postponed", "index due"
ROW_BYTES = 110
"""Of an index with keys only, or of who waits: a key, an id, a moment."""
READ_BYTES, PAGE_BYTES = 4096, 1 << 20
"""A unit reads so much, and an answer has no more."""


@dataclass
class Asked:
    """Counts requests of the table."""

    account: Account
    requests: int = 0

    def write(self, key: str | None = None, *indexes: str) -> None:
        """indexes: those whose rows change with it."""
        self.requests += 1
        self.account.spend(TABLE_S)
        for each in (key, *indexes):
            if each:
                self.account.use(self.account.writes, each, 1)

    def read(self, key: str | None = None, rows: int = 1, strong: bool = True) -> None:
        size = max(1, rows) * ROW_BYTES
        pages = max(1, math.ceil(size / PAGE_BYTES))
        self.requests += pages
        self.account.spend(TABLE_S * pages)
        if key:
            units = math.ceil(size / READ_BYTES) / (1 if strong else 2)
            self.account.use(self.account.reads, key, units)


@dataclass
class MemoryProjects:
    """Implements ports.projects.Projects, as far as movies are made, and ports.agenda.Agenda.
    open: since when; postponed: of those, until when. ends: how often each ended.
    """

    asked: Asked
    rows: dict[str, Project] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    postponed: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    _documents: dict[str, str] = field(default_factory=dict)

    def add(self, project: Project) -> None:
        """The row, and its document."""
        self.asked.write()
        done = project.status in TERMINAL
        self.asked.write(None, f"index by_owner {project.owner}", *([] if done else [OPEN]))
        self._documents[project.id] = project.document
        self.rows[project.id] = replace(project, document="")
        if done:
            self.ends[project.id] = self.ends.get(project.id, 0) + 1
        else:
            self.open[project.id] = project.created_at_ms

    def get(self, project_id: str) -> Project | None:
        self.asked.read()
        row = self.rows.get(project_id)
        return row and replace(row, document=self._documents[project_id])

    def peek(self, project_id: str) -> Project | None:
        self.asked.read()
        return self.rows.get(project_id)

    def advance(self, project_id: str, message: str) -> bool:
        self.asked.write()
        if project_id not in self.open:
            return False
        self.rows[project_id] = replace(self.rows[project_id], status="running", message=message)
        return True

    def end(self, project_id: str, ending: Ending) -> bool:
        self.asked.read()
        if project_id not in self.open:
            return False
        was_postponed = self.postponed.pop(project_id, None) is not None
        self.asked.write(None, POSTPONED if was_postponed else OPEN)
        if was_postponed:
            self.forget(project_id)
        del self.open[project_id]
        self.rows[project_id] = replace(self.rows[project_id], **vars(ending))
        self.ends[project_id] = self.ends.get(project_id, 0) + 1
        return True

    def due(self, before_ms: int, young_ms: int) -> Sequence[str]:
        new = {each: ms + young_ms for each, ms in self.open.items() if each not in self.postponed}
        found = list[tuple[int, str]]()
        for index, rows in ((OPEN, new), (DUE, self.postponed)):
            due = [(ms, project_id) for project_id, ms in rows.items() if ms < before_ms]
            self.asked.read(index, len(due), strong=False)
            found += due
        return [project_id for _, project_id in sorted(found)]

    def postpone(self, project_id: str, due_ms: int) -> bool:
        """The row that says when comes first."""
        self.asked.write(None, DUE)
        moves = project_id in self.open and project_id not in self.postponed
        self.asked.write(None, *((OPEN, POSTPONED) if moves else ()))
        if project_id in self.open:
            self.postponed[project_id] = due_ms
        else:
            self.forget(project_id)
        return project_id in self.open

    def forget(self, project_id: str) -> None:
        self.asked.write(None, DUE)


@dataclass
class MemoryLeases:
    """Implements ports.leases.Leases."""

    asked: Asked
    _held: dict[str, Lease] = field(default_factory=dict)
    _fences: dict[str, int] = field(default_factory=dict)
    _waiting: dict[str, set[str]] = field(default_factory=dict)

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        self.asked.write(f"lease {key}")
        held = self._held.get(key)
        if held and held.until_ms > now_ms:
            return None
        fence = self._fences[key] = self._fences.get(key, 0) + 1
        lease = self._held[key] = Lease(key, holder, fence, now_ms + lease_ms)
        return lease

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        self.asked.write(f"lease {lease.key}")
        if not self._is_ours(lease):
            return None
        until_ms = max(self._held[lease.key].until_ms, now_ms + lease_ms)
        self._held[lease.key] = replace(lease, until_ms=until_ms)
        return self._held[lease.key]

    def release(self, lease: Lease) -> bool:
        self.asked.write(f"lease {lease.key}")
        ours = self._is_ours(lease)
        if ours:
            del self._held[lease.key]
        return ours

    def _is_ours(self, lease: Lease) -> bool:
        held = self._held.get(lease.key)
        return bool(held and (held.holder, held.fence) == (lease.holder, lease.fence))

    def held(self, key: str) -> Lease | None:
        self.asked.read(f"lease {key}")
        return self._held.get(key)

    def wait(self, key: str, project_id: str) -> None:
        self.asked.write(f"lease {key}")
        self._waiting.setdefault(key, set()).add(project_id)

    def waiting(self, key: str) -> Sequence[str]:
        found = sorted(self._waiting.get(key, ()))
        self.asked.read(f"lease {key}", len(found))
        return found

    def stop_waiting(self, key: str, project_id: str) -> None:
        self.asked.write(f"lease {key}")
        self._waiting.get(key, set()).discard(project_id)


@dataclass
class MemoryIndex:
    """Implements ports.cache_index.CacheIndex."""

    asked: Asked
    _pointers: dict[str, StoredFacts] = field(default_factory=dict)
    _forgotten_ms: dict[str, int] = field(default_factory=dict)

    def point(self, key: str, facts: StoredFacts) -> None:
        self.asked.write(f"pointer {key}")
        self._pointers[key] = facts

    def drop(self, key: str) -> None:
        self.asked.write(f"pointer {key}")
        self._pointers.pop(key, None)

    def pointer(self, key: str) -> StoredFacts | None:
        self.asked.read(f"pointer {key}")
        return self._pointers.get(key)

    def forget(self, key: str, at_ms: int) -> None:
        self.asked.write(f"pointer {key}")
        self._pointers.pop(key, None)
        self._forgotten_ms[key] = at_ms

    def forgotten(self, since_ms: int) -> frozenset[str]:
        self.asked.read("forgotten")
        return frozenset(key for key, at_ms in self._forgotten_ms.items() if at_ms >= since_ms)


@dataclass
class MemoryUsers:
    """Implements ports.file_users.FileUsers."""

    asked: Asked
    _users: dict[str, dict[str, Sequence[str]]] = field(default_factory=dict)

    def add(self, movie: str, project_id: str, files: Sequence[str]) -> None:
        self.asked.write(f"files {movie}")
        self._users.setdefault(movie, {})[project_id] = files

    def users(self, movie: str) -> Mapping[str, Sequence[str]]:
        found = self._users.get(movie, {})
        self.asked.read(f"files {movie}", len(found))
        return found

    def drop(self, movie: str, project_id: str) -> None:
        self.asked.write(f"files {movie}")
        self._users.get(movie, {}).pop(project_id, None)


@dataclass
class MemoryTallies:
    """Implements ports.tallies.Tallies: a row for each owner and day."""

    asked: Asked

    def add(self, owner: str, day_ms: int, amounts: Mapping[str, int]) -> None:
        self.asked.write(f"tally {owner}")

    def total(self, owner: str, since_ms: int) -> Mapping[str, int]:
        return {}


@dataclass
class MemoryObjects:
    """As much of ports.objects.Objects as ends of movies ask for: files that are there."""

    account: Account
    there: dict[str, StoredObject] = field(default_factory=dict)

    def heads(self, keys: Sequence[str]) -> Sequence[StoredObject | None]:
        """All at once."""
        self.account.spend(OTHER_S)
        for key in keys:
            self.account.use(self.account.gets, key.partition("/")[0], 1)
        return [self.there.get(key) for key in keys]


def records(account: Account) -> tuple[Asked, dict[str, Any]]:
    """The ports, by name."""
    asked = Asked(account)
    projects = MemoryProjects(asked)
    return asked, {
        "projects": projects,
        "agenda": projects,
        "leases": MemoryLeases(asked),
        "cache_index": MemoryIndex(asked),
        "file_users": MemoryUsers(asked),
        "tallies": MemoryTallies(asked),
        "objects": MemoryObjects(account),
    }
