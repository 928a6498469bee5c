"""The element layer of the cache: bytes under their digest, and a pointer to them under a key.

The pointer is written after the bytes; one whose bytes are gone is a miss. A failure is never
stored. Nothing is made here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from resplice.core.bill import Bill
from resplice.core.caching import result_of, usable
from resplice.core.facts import (
    FACTS_VERSION,
    Facts,
    WrittenFacts,
    beside_bytes,
    content_key,
    facts_from_json,
    read_facts,
    with_more,
)
from resplice.core.keys import element_key
from resplice.core.report import Result
from resplice.core.sources import ElementTask
from resplice.errors import NotFound
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.pointing import point

BY_MAKER = f"{FACTS_VERSION} made"
"""The author of facts that the maker of the bytes knows without looking at them."""


@frozen
class TaskOutcome:
    """What came of an element task: its facts, its key, where it came from.

    bill: what its making costs, whenever that was; None for what no provider made
    passing: it stands in for what may be there another time; a movie of it is made again
    """

    facts: Facts
    key: str
    result: Result
    warnings: tuple[str, ...] = ()
    bill: Bill | None = None
    passing: bool = False


Pointer = Mapping[str, Any]


def by_prober(ports: Ports) -> str:
    """The author of probed facts. They may differ when our prober, or FFmpeg, is another one."""
    return f"{FACTS_VERSION} {ports.tools.ffmpeg}"


def find(wanted: ElementTask, ports: Ports, run: str) -> TaskOutcome | None:
    """The task as the cache has it, if it may be taken from there, or as this run made it.

    None also when the facts of its bytes are by an author of before.
    """
    key = element_key(wanted.task, ports.tools)
    pointer = usable_pointer(key, run, ports, forced=wanted.forced)
    facts = facts_of(pointer["digest"], ports) if pointer else None
    if not pointer or not facts:
        return None
    return outcome_of(pointer, facts, key, run, forced=wanted.forced)


def find_all(
    wanted: Sequence[ElementTask], ports: Ports, run: str
) -> tuple[TaskOutcome | None, ...]:
    """What find gives for each, with as few rounds of questions as for one."""
    keys = [element_key(each.task, ports.tools) for each in wanted]
    once = list(dict.fromkeys(keys))
    led = dict(zip(once, ports.cache_index.pointers(once), strict=True))
    facts = _facts_of_all({pointer["digest"] for pointer in led.values() if pointer}, ports)
    return tuple(
        outcome_of(pointer, known, key, run, forced=each.forced)
        if (pointer := _usable(led[key], run, forced=each.forced))
        and (known := facts[pointer["digest"]])
        else None
        for key, each in zip(keys, wanted, strict=True)
    )


def holds(wanted: ElementTask, ports: Ports, run: str) -> bool:
    """Whether the bytes of the task are there and may be used, whoever found their facts: then
    nobody is paid for them.
    """
    key = element_key(wanted.task, ports.tools)
    pointer = usable_pointer(key, run, ports, forced=wanted.forced)
    return bool(pointer and ports.objects.head(content_key(pointer["digest"])))


def usable_pointer(key: str, run: str, ports: Ports, *, forced: bool) -> Pointer | None:
    """What the key leads to, if that may be used: nothing that another run made, where it is
    forced or what was made lacks something that may be there by now.
    """
    return _usable(ports.cache_index.pointer(key), run, forced=forced)


def _usable(pointer: Pointer | None, run: str, *, forced: bool) -> Pointer | None:
    if not pointer:
        return None
    again = forced or bool(pointer.get("may_heal"))
    if not usable(found=True, own=pointer.get("run") == run, again=again):
        return None
    return pointer


def outcome_of(pointer: Pointer, facts: Facts, key: str, run: str, *, forced: bool) -> TaskOutcome:
    """What the pointer says of its bytes, which have these facts."""
    result = result_of(usable=True, own=pointer.get("run") == run, again=forced)
    placed, billed = with_more(facts, pointer.get("placed", {})), pointer.get("bill")
    warnings = tuple(pointer.get("warnings", ()))
    bill = Bill(**billed) if billed else None
    passing = bool(pointer.get("may_heal"))
    return TaskOutcome(placed, key, result, warnings, bill, passing)


def facts_of(digest: str, ports: Ports) -> Facts | None:
    """The facts that are stored with the bytes of this digest, unless their author is outdated."""
    facts = _beside(ports.objects.head(content_key(digest)), ports)
    return _read(facts, ports) if facts and facts.are_the_bytes else facts


def _facts_of_all(digests: Collection[str], ports: Ports) -> dict[str, Facts | None]:
    heads = ports.objects.heads([content_key(digest) for digest in digests])
    found = {each: _beside(head, ports) for each, head in zip(digests, heads, strict=True)}
    written = [facts for facts in found.values() if facts and facts.are_the_bytes]
    read = ports.lookups.map(lambda facts: _read(facts, ports), written)
    return found | {each.digest: facts for each, facts in zip(written, read, strict=True)}


def _beside(stored: StoredObject | None, ports: Ports) -> Facts | None:
    """What is known of the bytes without reading them."""
    if not stored or stored.facts.get("author") not in (BY_MAKER, by_prober(ports)):
        return None
    return facts_from_json(stored.facts["media"])


def _read(beside: Facts, ports: Ports) -> Facts | None:
    try:
        with ports.objects.open(content_key(beside.digest)) as path:
            return read_facts(beside, path.read_bytes())
    except NotFound:
        return None


def put_content(path: Path, facts: Facts, author: str, ports: Ports) -> None:
    """Store the bytes of an element with their facts. Raises StorageError."""
    described = {"media": beside_bytes(facts), "author": author}
    ports.objects.put(content_key(facts.digest), path, described)


def put_written(facts: WrittenFacts, content: bytes, folder: Path, ports: Ports) -> None:
    """Store facts that are bytes. folder: room for them meanwhile. Raises StorageError."""
    path = folder / "facts.json"
    path.write_bytes(content)
    put_content(path, facts, BY_MAKER, ports)


def point_to(
    key: str,
    digest: str,
    ports: Ports,
    *,
    run: str | None,
    as_of_ms: int,
    placed: Mapping[str, Any] | None = None,
    bill: Bill | None = None,
    **more: Any,
) -> None:
    """Let the key lead to stored bytes.

    run     the run that made them; None when they are what the key led to before
    placed  fields of the facts that belong to this key alone, such as where a text was painted
    bill    what making them costs
    """
    pointer = {"digest": digest, "run": run, "placed": dict(placed or {}), **more}
    if bill:
        pointer["bill"] = asdict(bill)
    point(key, pointer, as_of_ms, ports)
