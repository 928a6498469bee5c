"""Movies with content credentials: those are put into the file before anybody is told of it.

Until then the file lies under a name that no other run has, and nobody knows. Signed it is another
file, which nobody writes but who signs: one who is late with the first harms nothing. Then the
manifest says what the movie is now; and then the movie's key leads to it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from resplice.core.credentials import FACT, FIELD, definition, signed_key
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps import manifests
from resplice.steps.leasing import alone
from resplice.steps.movie_cache import Outcome


def credentialed(outcome: Outcome, ports: Ports) -> Outcome:
    """The movie with the credentials that it asks for, if it does. Again it changes nothing.

    Raises DocumentError when it cannot be signed, RenderError, NotFound, StorageError.
    """
    unsigned, manifest = outcome.stored, outcome.manifest
    if FACT not in unsigned.facts or manifest is None:
        return outcome
    key = signed_key(unsigned.key)

    def signed() -> StoredObject:
        return _signed(unsigned, key, manifest, ports)

    stored = alone(f"sign/{key}", lambda: ports.objects.head(key), signed, ports)
    manifests.tell_of(manifest, stored, ports)
    ports.objects.delete(unsigned.key)
    return replace(outcome, stored=stored)


def _signed(unsigned: StoredObject, key: str, manifest: str, ports: Ports) -> StoredObject:
    if lack := ports.credentials.lacks():
        raise DocumentError([Problem(FIELD, f"The movie cannot be given credentials: {lack}")])
    said = definition(manifests.said(manifest, ports), PurePosixPath(key).name)
    with ports.scratch.scratch() as folder, ports.objects.open(unsigned.key) as path:
        signed = folder / "signed.mp4"
        ports.credentials.sign(path, signed, said)
        facts = {name: fact for name, fact in unsigned.facts.items() if name != FACT}
        return ports.objects.put(key, signed, {**facts, "size": signed.stat().st_size})
