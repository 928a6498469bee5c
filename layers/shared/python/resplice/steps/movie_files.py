"""The files of movies: who shows them, and their removal when the last one that did is deleted.

Equal movies are one file. Order makes it safe. Who begins to show files notes that, then looks
whether they are being removed, and then whether they are there; who removes them says that first,
and then looks who shows them. So each is seen by the other, or by both: files that somebody shows
stay, or nobody shows them, and what the cache had is a miss.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from resplice.ports import Ports
from resplice.ports.objects import NO_FACTS, StoredFacts, StoredObject
from resplice.steps.leasing import alone


def show(project_id: str, files: Sequence[str], ports: Ports) -> Sequence[StoredObject | None]:
    """The project shows the files from now on, that of the movie first, unless one of them is not
    there or they are being removed; what is there of them.
    """
    movie = files[0]
    ports.file_users.add(movie, project_id, files)
    found = [None] if _are_being_removed(movie, ports) else ports.objects.heads(files)
    if not all(found):
        ports.file_users.drop(movie, project_id)
    return found


def put_beside(
    movie: str, file: Path, ending: str, ports: Ports, facts: StoredFacts = NO_FACTS
) -> str:
    """The key of a file that goes with the movie of that name, and with no other one: it is
    removed with it.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    name = hashlib.sha256(f"{movie} {digest}".encode()).hexdigest()
    key = f"movies/{name}{ending}"
    ports.objects.put(key, file, facts)
    return key


def remove(project_id: str, movie: str, ports: Ports) -> None:
    """The project shows the files of the movie no more: those that no other one shows go.

    Called again after it died at any line, it goes on. Files of which nobody noted that the
    project shows them stay.
    """

    def removed() -> None:
        users = dict(ports.file_users.users(movie))
        others = {file for user, files in users.items() if user != project_id for file in files}
        for file in users.get(project_id, ()):
            if file not in others:
                ports.objects.delete(file)
        ports.file_users.drop(movie, project_id)

    alone(_lease_key(movie), lambda: None, removed, ports)


def _are_being_removed(movie: str, ports: Ports) -> bool:
    lease = ports.leases.held(_lease_key(movie))
    return bool(lease and lease.until_ms > ports.clock.now_ms())


def _lease_key(movie: str) -> str:
    return f"remove/{movie}"
