"""Movies with content credentials: those are put into the file before anybody is told of it.

Until then the file lies under a name that no other run has, and nobody knows. Signed it takes its
own place; then its manifest says what it is now; and then the movie's key leads to it.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.credentials import FACT, FIELD, THERE, WANTED, definition
from resplice.errors import DocumentError, NotFound, Problem
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps import manifests
from resplice.steps.movie_cache import Outcome


def credentialed(outcome: Outcome, ports: Ports) -> Outcome:
    """The movie with the credentials that it asks for, if it does. Again it changes nothing.

    Raises DocumentError when it cannot be signed, RenderError, NotFound, StorageError.
    """
    if FACT not in outcome.stored.facts or outcome.manifest is None:
        return outcome
    stored = ports.objects.head(outcome.stored.key)
    if stored is None:
        raise NotFound(manifests.GONE)
    if stored.facts[FACT] == WANTED:
        stored = _signed(stored, outcome.manifest, ports)
    manifests.tell_of(outcome.manifest, stored, ports)
    return replace(outcome, stored=stored)


def _signed(stored: StoredObject, manifest: str, ports: Ports) -> StoredObject:
    if lack := ports.credentials.lacks():
        raise DocumentError([Problem(FIELD, f"The movie cannot be given credentials: {lack}")])
    said = definition(manifests.said(manifest, ports))
    with ports.scratch.scratch() as folder, ports.objects.open(stored.key) as path:
        signed = folder / "signed.mp4"
        ports.credentials.sign(path, signed, said)
        if (now := ports.objects.head(stored.key)) and now.facts.get(FACT) == THERE:
            return now  # Who was called at the same time was faster, and may have told of it.
        facts = {**stored.facts, FACT: THERE, "size": signed.stat().st_size}
        return ports.objects.put(stored.key, signed, facts)
