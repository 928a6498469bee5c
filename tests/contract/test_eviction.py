"""The disk store's limit, and its tools: who goes first, who stays, and whether the numbers add up.

Runs of other processes are real processes.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from resplice.adapters.disk.eviction import CacheStats, Freed, LayerStats, VerifyReport
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.tree import DiskTree

Render = Callable[..., tuple[Event, BaseProcess]]
FORK = multiprocessing.get_context("fork")
KIB = 1024


def put(store: DiskObjects, *keys: str, content: bytes | None = None) -> None:
    """One KiB each, different for each key unless content is given."""
    with store.scratch() as folder:
        for key in keys:
            source = folder / "source"
            source.write_bytes(content or key.encode().ljust(KIB, b"."))
            store.put(key, source, {})


def keys(root: Path) -> list[str]:
    store = DiskObjects(root, None)
    found = [stored.key for stored in store.list("")]
    store.close()
    return found


def size_on_disk(root: Path) -> int:
    return sum(path.stat().st_size for path in (root / "objects/blobs").glob("*/*"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four movies of a KiB in a store, put in this order by a run that has ended."""
    store = DiskObjects(tmp_path / "store", None)
    put(store, "movies/a", "movies/b", "movies/c", "movies/d")
    store.close()
    return tmp_path / "store"


@pytest.fixture
def render(root: Path) -> Iterator[Render]:
    """Starts another process that looks at keys, says so, and goes on until told to end."""
    started = []

    def work(used: tuple[str, ...], ready: Event, end: Event) -> None:
        store = DiskObjects(root, None)
        with store.scratch() as folder:
            (folder / "half-done").write_bytes(b"x")
            for key in used:
                assert store.head(key)
            ready.set()
            end.wait()
        store.close()

    def start(*used: str) -> tuple[Event, BaseProcess]:
        ready, end = FORK.Event(), FORK.Event()
        process = FORK.Process(target=work, args=(used, ready, end))
        process.start()
        started.append(process)
        assert ready.wait(30)
        return end, process

    yield start
    for process in started:
        process.kill()
        process.join()


def test_the_least_recently_used_goes_first(root: Path) -> None:
    store = DiskObjects(root, None)
    assert store.head("movies/a")
    with store.open("movies/b"):
        pass
    put(store, "movies/c")
    store.close()
    for limit, left in ((4, "abcd"), (3, "abc"), (2, "bc"), (1, "c"), (0, "")):
        store = DiskObjects(root, limit * KIB)
        freed = store.evict()
        store.close()
        assert keys(root) == [f"movies/{name}" for name in left]
        assert freed == (Freed(1, KIB) if limit < 4 else Freed(0, 0))
        assert size_on_disk(root) == limit * KIB


def test_listing_and_counting_are_no_use(root: Path) -> None:
    entries = sorted((root / "objects/entries").rglob("*.json"))
    before = [entry.stat().st_mtime_ns for entry in entries]
    store = DiskObjects(root, None)
    list(store.list("")), store.stats(), store.verify()
    store.close()
    assert [entry.stat().st_mtime_ns for entry in entries] == before


def test_a_run_that_put_leaves_the_store_within_its_limit(root: Path) -> None:
    store = DiskObjects(root, 2 * KIB)
    store.head("movies/a")
    store.close()
    assert size_on_disk(root) == 4 * KIB, "it put nothing, so it leaves all as it was"
    store = DiskObjects(root, 2 * KIB)
    put(store, "movies/e")
    store.close()
    store.close()
    assert keys(root) == ["movies/a", "movies/e"]


def test_the_layer_does_not_matter(root: Path) -> None:
    store = DiskObjects(root, 2 * KIB)
    put(store, "elements/fetch/a", "scenes/sound/a")
    store.close()
    assert keys(root) == ["elements/fetch/a", "scenes/sound/a"]


def test_shared_bytes_count_once_and_stay_with_the_last_entry(tmp_path: Path) -> None:
    root = tmp_path / "store"
    store = DiskObjects(root, 2 * KIB)
    put(store, "movies/a", "scenes/b", content=b"same" * 256)
    put(store, "movies/c")
    store.close()
    assert len(keys(root)) == 3
    store = DiskObjects(root, 2 * KIB - 1)
    assert store.evict() == Freed(2, KIB)
    assert keys(root) == ["movies/c"]
    put(store, "movies/d", content=b"same" * 256)
    store.close()
    assert keys(root) == ["movies/d"]


def test_what_was_replaced_is_the_first_to_go(root: Path) -> None:
    store = DiskObjects(root, None)
    put(store, "movies/a", content=b"new" * 100)
    store.close()
    assert size_on_disk(root) == 4 * KIB + 300
    store = DiskObjects(root, 3 * KIB + 300)
    assert store.evict() == Freed(0, KIB)
    store.close()
    assert len(keys(root)) == 4


def test_nothing_that_this_run_used_goes(root: Path) -> None:
    store = DiskObjects(root, 0)
    put(store, "movies/e")
    store.head("movies/a")
    with store.open("movies/b"):
        pass
    assert store.evict() == Freed(2, 2 * KIB)
    assert store.clear() == Freed(0, 0)
    assert [stored.key for stored in store.list("")] == ["movies/a", "movies/b", "movies/e"]
    store.close()
    assert size_on_disk(root) == 0


def test_nothing_that_another_live_run_used_goes(root: Path, render: Render) -> None:
    end, process = render("movies/a")
    with closing(DiskObjects(root, None)) as shorter:
        assert list(shorter.list("movies/b")), "a later, shorter run changes nothing"
    store = DiskObjects(root, 0)
    assert store.evict() == Freed(3, 3 * KIB)
    assert store.head("movies/a")
    end.set()
    process.join()
    assert store.evict() == Freed(0, 0), "used by this run now"
    store.close()
    last = DiskObjects(root, 0)
    assert last.evict() == Freed(1, KIB)
    last.close()


def test_a_crashed_run_protects_nothing(root: Path, render: Render) -> None:
    _, process = render("movies/a", "movies/b", "movies/c", "movies/d")
    store = DiskObjects(root, 0)
    assert store.evict() == Freed(0, 0)
    process.kill()
    process.join()
    assert store.evict() == Freed(4, 4 * KIB)
    store.close()


def test_the_next_start_sweeps_a_crashed_run(root: Path, render: Render) -> None:
    _, living = render()
    _, crashed = render()
    crashed.kill()
    crashed.join()
    assert len(list((root / "tmp").glob("*/*/half-done"))) == 2
    store = DiskObjects(root, None)
    assert len(list((root / "tmp").glob("*/*/half-done"))) == 1
    assert len(list((root / "tmp").iterdir())) == len(list((root / "runs").iterdir())) == 2
    assert living.is_alive()
    store.close()


def test_a_run_whose_start_is_not_known_protects_all(root: Path, render: Render) -> None:
    render()
    (run,) = (root / "runs").iterdir()
    os.truncate(run, 0)
    store = DiskObjects(root, 0)
    assert store.evict() == store.clear() == Freed(0, 0)
    store.close()


def test_a_clock_that_steps_back_unprotects_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DiskObjects(root, 0)
    hour_ago = time.time_ns() - 3_600_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: hour_ago)
    store.head("movies/a")
    put(store, "movies/e")
    monkeypatch.undo()
    store.evict()
    assert [stored.key for stored in store.list("")] == ["movies/a", "movies/e"]
    store.close()


def test_one_evictor_is_enough(root: Path) -> None:
    store = DiskObjects(root, 0)
    with DiskTree(root).evicting():
        assert store.evict() == Freed(0, 0)
    assert store.evict() == Freed(4, 4 * KIB)
    store.close()


def test_nothing_is_removed_while_someone_looks(root: Path) -> None:
    """And nobody looks or publishes while something is removed."""
    store, evictor, tree = DiskObjects(root, None), DiskObjects(root, 0), DiskTree(root)
    waiting = [
        threading.Thread(target=store.head, args=("movies/a",)),
        threading.Thread(target=put, args=(store, "movies/e")),
    ]
    with tree.removing():
        for thread in waiting:
            thread.start()
        time.sleep(0.1)
        assert all(thread.is_alive() for thread in waiting)
    for thread in waiting:
        thread.join(30)
    removing = threading.Thread(target=evictor.evict)
    with tree.looking():
        removing.start()
        time.sleep(0.1)
        assert removing.is_alive()
        assert len(list(evictor.list(""))) == 5
    removing.join(30)
    assert [stored.key for stored in evictor.list("")] == ["movies/a", "movies/e"]
    store.close()
    evictor.close()


def test_a_reader_keeps_its_bytes_whatever_happens(root: Path) -> None:
    store = DiskObjects(root, 0)
    with store.open("movies/a") as path:
        for blob in (root / "objects/blobs").glob("*/*"):
            blob.unlink()
        store.verify()
        assert path.read_bytes() == b"movies/a".ljust(KIB, b".")
    store.close()


def _evict_until(root: Path, end: Event, freed: Event) -> None:
    while not end.is_set():
        store = DiskObjects(root, 0)
        if store.evict().entries + store.clear().entries + store.verify().orphans:
            freed.set()
        store.close()


def test_two_processes_at_once(root: Path) -> None:
    """One evicts, clears and verifies all the time; the other never loses what it uses."""
    end, freed = FORK.Event(), FORK.Event()
    evictors = [FORK.Process(target=_evict_until, args=(root, end, freed)) for _ in range(2)]
    for evictor in evictors:
        evictor.start()
    for turn in range(12):
        store = DiskObjects(root, None)
        names = [f"movies/{turn}-{n}" for n in range(4)]
        put(store, *names)
        put(store, *names[:2], content=b"replaced")
        seen = [stored.key for stored in store.list("") if store.head(stored.key)]
        assert set(names) <= set(seen)
        for key in seen:
            with store.open(key) as path:
                assert path.read_bytes() in (b"replaced", key.encode().ljust(KIB, b"."))
        store.close()
    assert freed.wait(30)
    end.set()
    for evictor in evictors:
        evictor.join(30)
        assert evictor.exitcode == 0


def test_stats(root: Path) -> None:
    store = DiskObjects(root, 10 * KIB)
    put(store, "elements/fetch/a", "elements/paint/b", content=b"same")
    put(store, "scenes/a", "movies/twin", content=b"a scene")
    put(store, "movies/a", content=b"replaced")
    found = store.stats()
    assert found == CacheStats(
        layers={
            "elements": LayerStats(2, 4),
            "scenes": LayerStats(1, 7),
            "movies": LayerStats(5, 3 * KIB + 8 + 7),
        },
        size_bytes=4 * KIB + 8 + 7 + 4,
        limit_bytes=10 * KIB,
    )
    assert found.size_bytes == size_on_disk(root)
    store.close()


def test_stats_of_nothing(tmp_path: Path) -> None:
    store = DiskObjects(tmp_path / "new", None)
    nothing = LayerStats(0, 0)
    layers = dict.fromkeys(("elements", "scenes", "movies"), nothing)
    assert store.stats() == CacheStats(layers, 0, None)
    assert store.verify() == VerifyReport(0, (), 0, 0)
    store.close()


def test_clear_by_layer(root: Path) -> None:
    store = DiskObjects(root, None)
    put(store, "scenes/a", "elements/fetch/a")
    put(store, "elements/fetch/b", content=b"movies/a".ljust(KIB, b"."))
    store.close()
    store = DiskObjects(root, None)
    assert store.clear("scenes") == Freed(1, KIB)
    assert store.clear("movies") == Freed(4, 3 * KIB), "an element shares the bytes of one"
    assert keys(root) == ["elements/fetch/a", "elements/fetch/b"]
    assert store.clear() == Freed(2, 2 * KIB)
    assert size_on_disk(root) == 0
    store.close()


def test_verify_finds_and_removes_all_that_is_wrong(root: Path, render: Render) -> None:
    entries = {path.stem: path for path in (root / "objects/entries").rglob("*.json")}
    for stem, content in (("a", b"garbage"), ("b", b"")):
        entries[stem].chmod(0o644)
        entries[stem].write_bytes(content)
    blob = next(p for p in (root / "objects/blobs").glob("*/*") if b"s/c" in p.read_bytes())
    blob.chmod(0o644)
    blob.write_bytes(b"x" * KIB)
    store = DiskObjects(root, None)
    _, process = render("movies/d")
    process.kill()
    process.join()
    assert store.verify() == VerifyReport(
        4, damaged=("movies/a", "movies/b", "movies/c"), orphans=2, stale_files=1
    )
    assert store.verify() == VerifyReport(1, (), 0, 0)
    assert keys(root) == ["movies/d"]
    assert size_on_disk(root) == KIB
    store.close()


def test_verify_hashes_again_what_this_run_has_read(root: Path) -> None:
    store = DiskObjects(root, None)
    with store.open("movies/a") as path:
        times = path.stat()
        path.chmod(0o644)
        path.write_bytes(b"x" * KIB)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.verify().damaged == ("movies/a",)
    store.close()


def test_verify_while_renders_run(root: Path) -> None:
    done, reports = threading.Event(), []
    checker = DiskObjects(root, None)

    def verify() -> None:
        while not done.is_set():
            reports.append(checker.verify())

    thread = threading.Thread(target=verify)
    thread.start()
    store = DiskObjects(root, None)
    for turn in range(15):
        put(store, "movies/a", "movies/new", content=str(turn).encode())
        with store.open("movies/a") as path:
            assert path.read_bytes() == str(turn).encode()
        store.delete("movies/new")
    done.set()
    thread.join()
    assert reports and all(report.damaged == () for report in reports)
    store.close()
    checker.close()


def test_a_server_that_only_looks_holds_nothing(tmp_path: Path) -> None:
    """Its lookups mark use, but the limit still holds while it lives; a render beside it holds."""
    server = DiskObjects(tmp_path, limit_bytes=1, protects=False)
    source = tmp_path / "source"
    source.write_bytes(b"x" * 100)
    writer = DiskObjects(tmp_path, limit_bytes=None)
    writer.put("scenes/old", source, {})
    writer.close()
    assert server.head("scenes/old")
    render = DiskObjects(tmp_path, limit_bytes=1)
    source.write_bytes(b"y" * 100)
    render.put("scenes/new", source, {})
    server.evict()
    assert server.head("scenes/old") is None
    assert server.head("scenes/new")
    render.close()
    assert server.head("scenes/new") is None
    server.close()
