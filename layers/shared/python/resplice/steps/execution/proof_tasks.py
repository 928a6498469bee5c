"""What a proof makes again of its elements: what lay there is noted, and nothing else is made.

Nobody is asked and nobody is paid, so what is missing and is not made here ends the proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resplice.core.caching import is_made_here
from resplice.core.document.paths import json_path
from resplice.core.keys import element_key
from resplice.core.sources import ElementTask, said_path
from resplice.errors import Ended, NotFound
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.pipeline.element import TaskResults

BEFORE = "before"
Digests = dict[str, str]
"""Of what lay under the keys of elements."""
BEGUN_BEFORE = "It was begun before, and did not end: what was there is not known any more"


@frozen
class Begun:
    """Where a run is: see core.workflow."""

    attempt: int
    ended_round: int


def keep_before(
    run: str, begun: Begun, known: TaskResults, todo: Sequence[ElementTask], ports: Ports
) -> None:
    """Note what lies under the keys of what is made again now. Raises Ended."""
    first = not begun.ended_round
    made = any(each.outcome and each.outcome.result != "hit" for each in known)
    if begun.attempt or (first and made):
        raise Ended(BEGUN_BEFORE)
    for wanted in todo:
        if not is_made_here(wanted.task):
            place = json_path(said_path(wanted.path, wanted.type))
            raise Ended(f"{place}: what it is made of is not in the cache any more")
    before = {} if first else digests_before(run, ports)
    for wanted in todo:
        key = element_key(wanted.task, ports.tools)
        pointer = ports.cache_index.pointer(key)
        if pointer and "digest" in pointer:
            before.setdefault(key, str(pointer["digest"]))
    ports.checkpoints.save(run, BEFORE, before, Digests)


def digests_before(run: str, ports: Ports) -> Digests:
    try:
        return dict(ports.checkpoints.load(run, BEFORE, Digests))
    except NotFound:
        return {}


def otherwise(
    before: Mapping[str, str], made: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str, str, str]]:
    """(path, key, was, now) of elements under whose key other bytes lie now. made: (path, key,
    digest) of each.
    """
    return [
        (path, key, before[key], digest)
        for path, key, digest in made
        if key in before and before[key] != digest
    ]
