"""What is S3's own about objects: damage in the bucket, races on one key, large files, failures."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import cloud
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from resplice.adapters.s3 import objects as objects_s3
from resplice.adapters.s3.objects import S3Objects
from resplice.errors import NotFound, StorageError
from resplice.ports.objects import StoredObject
from s3_store import BODY, KEY, Store

FACTS = {"frames": 25}
MIB = 1 << 20


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    assert list((tmp_path / "scratch").iterdir()) == []


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def rot(store: Store) -> None:
    """Other bytes under the checksum that the server has."""
    store.raw().value = flipped(BODY)


DAMAGES: dict[str, Callable[[Store], object]] = {
    "truncated": lambda store: store.replace(BODY[:-1]),
    "longer": lambda store: store.replace(BODY + b"x"),
    "empty": lambda store: store.replace(b""),
    "bit flipped": lambda store: store.replace(flipped(BODY)),
    "bit rotten": rot,
    "gone": lambda store: store.client.delete_object(Bucket=store.bucket, Key=KEY),
    "other digest": lambda store: store.replace(BODY, sha256="0" * 64),
    "other size": lambda store: store.replace(BODY, size="17"),
    "size no number": lambda store: store.replace(BODY, size="many"),
    "facts no json": lambda store: store.replace(BODY, facts="{"),
    "facts deep": lambda store: store.replace(BODY, facts="[" * 1500),
    "facts a list": lambda store: store.replace(BODY, facts="[1]"),
    "not ours": lambda store: store.client.put_object(Bucket=store.bucket, Key=KEY, Body=BODY),
}
SEEN_ONLY_IN_THE_BYTES = ("bit flipped", "bit rotten", "other digest")


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_a_miss_and_healed_by_the_next_put(damage: str, store: Store) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    DAMAGES[damage](store)
    if damage not in SEEN_ONLY_IN_THE_BYTES:
        assert store.objects.head(KEY) is None
        assert list(store.objects.list("")) == []
    with pytest.raises(NotFound, match=f"there is no {KEY}"), store.objects.open(KEY):
        pass
    assert store.keys() == []
    assert store.objects.head(KEY) is None
    stored = store.objects.put(KEY, store.source(), FACTS)
    assert store.objects.head(KEY) == stored and store.content() == BODY


@pytest.mark.parametrize("damage", sorted(DAMAGES.keys() - {"bit rotten"}))
def test_a_put_heals_damage_that_nobody_opened(damage: str, store: Store) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    DAMAGES[damage](store)
    store.objects.put(KEY, store.source(), FACTS)
    assert store.content() == BODY


def test_what_was_healed_meanwhile_is_not_removed(store: Store) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    store.replace(flipped(BODY))
    store.on("before-call.DeleteObject", lambda **_: store.replace(BODY))
    with pytest.raises(NotFound), store.objects.open(KEY):
        pass
    assert store.content() == BODY


def test_damage_is_a_miss_also_where_nothing_may_be_removed(store: Store) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    store.replace(flipped(BODY))
    store.on("before-call.DeleteObject", refused)
    with pytest.raises(NotFound), store.objects.open(KEY):
        pass


@pytest.mark.parametrize("damage", ["bit flipped", "other digest"])
def test_what_may_not_be_removed_is_healed_by_the_next_put_of_anybody(
    damage: str, store: Store
) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    DAMAGES[damage](store)
    store.on("before-call.DeleteObject", refused)
    with pytest.raises(NotFound), store.objects.open(KEY):
        pass
    assert store.keys() == [KEY]
    store.another().put(KEY, store.source(), FACTS)
    assert store.content() == BODY


def refused(**_: object) -> None:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Any")


def test_a_reader_that_has_begun_gets_the_old_object_whole(store: Store) -> None:
    old, other = b"old" * MIB, store.another(cloud.client("s3"))
    store.objects.put(KEY, store.source(old), FACTS)
    store.on("after-call.GetObject", lambda **_: other.put(KEY, store.source(b"new"), {}))
    with store.objects.open(KEY) as path:
        assert path.read_bytes() == old
        assert path.stat().st_mode & 0o777 == 0o444
    assert other.head(KEY).size_bytes == 3  # type: ignore[union-attr]


def test_writers_race_and_one_of_them_is_there_whole(store: Store) -> None:
    bodies = {name: name.encode() * 1000 for name in ("one", "two")}
    for _ in range(10):
        start = threading.Barrier(2)
        said: dict[str, StoredObject] = {}

        def write(name: str, start: threading.Barrier = start, said: Any = said) -> None:
            start.wait()
            said[name] = store.objects.put(KEY, store.source(bodies[name]), {"by": name})

        writers = [threading.Thread(target=write, args=(name,)) for name in bodies]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert {name: said[name].facts for name in bodies} == {n: {"by": n} for n in bodies}
        last = store.objects.head(KEY)
        assert last in said.values() and last
        assert store.content() == bodies[last.facts["by"]]
        store.objects.delete(KEY)


@pytest.mark.parametrize("size_mib", [0, 17])
def test_who_is_overtaken_by_the_same_bytes_writes_nothing(store: Store, size_mib: int) -> None:
    """By a writer who comes between look and write."""
    source = store.source(BODY + b"x" * size_mib * MIB)
    written, other = [], store.another(cloud.client("s3"))

    def overtake(model: Any, params: Any, **_: object) -> None:
        assert params["headers"]["If-None-Match"] == "*"
        other.put(KEY, source, FACTS)
        written.append(store.raw())

    for operation in ("PutObject", "CompleteMultipartUpload"):
        store.on(f"before-call.{operation}", overtake)
    assert store.objects.put(KEY, source, FACTS) == other.head(KEY)
    assert written == [store.raw()]
    assert store.unfinished_uploads() == []


def test_who_is_overtaken_by_other_bytes_replaces_them(store: Store) -> None:
    conditions, other = [], store.another(cloud.client("s3"))

    def overtake(params: Any, **_: object) -> None:
        headers = params["headers"]
        conditions.append("If-None-Match" if "If-None-Match" in headers else "If-Match")
        if len(conditions) <= 2:
            other.put(KEY, store.source(b"%d" % len(conditions)), {})

    store.on("before-call.PutObject", overtake)
    store.objects.put(KEY, store.source(), FACTS)
    assert conditions == ["If-None-Match", "If-Match", "If-Match"]
    assert store.content() == BODY


def test_who_is_always_overtaken_gives_up(store: Store) -> None:
    other, takes = store.another(cloud.client("s3")), iter(range(100))
    store.on(
        "before-call.PutObject",
        lambda **_: other.put(KEY, store.source(b"%d" % next(takes)), {}),
    )
    with pytest.raises(StorageError, match="cannot store movies/a: others keep replacing it"):
        store.objects.put(KEY, store.source(), FACTS)


@pytest.mark.parametrize("refresh_after_days", [{}, {"movies/": 0}])
@pytest.mark.parametrize("size_mib", [0, 17])
def test_what_is_there_already_is_not_sent_again(
    store: Store, size_mib: int, refresh_after_days: dict[str, float]
) -> None:
    """Also when S3 itself has made it anew: a copy of parts is whole."""
    objects = store.another(refresh_after_days=refresh_after_days)
    source = store.source(BODY + b"x" * size_mib * MIB)
    stored = objects.put(KEY, source, FACTS)
    assert objects.head(KEY) == stored
    for operation in ("PutObject", "CreateMultipartUpload"):
        store.on(f"before-call.{operation}", refused)
    assert objects.put(KEY, source, FACTS) == stored
    with pytest.raises(StorageError):
        objects.put(KEY, source, {"frames": 26})


def test_s3_checks_the_digest_and_knows_the_kind(store: Store) -> None:
    for key, kind in (("movies/a.mp4", "video/mp4"), (KEY, "application/octet-stream")):
        digest = store.objects.put(key, store.source(), FACTS).digest
        found = store.client.head_object(Bucket=store.bucket, Key=key, ChecksumMode="ENABLED")
        assert found["ContentType"] == kind
        assert ("immutable" in found.get("CacheControl", "")) == key.endswith(".mp4")
        assert base64.b64decode(found["ChecksumSHA256"]).hex() == digest


PUT_AND_OPEN = """
import sys, tracemalloc
from pathlib import Path
import boto3
from resplice.adapters.s3.objects import S3Objects
from resplice.adapters.disk.scratch import ScratchFolder
endpoint, bucket, source = sys.argv[1:]
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1",
                      aws_access_key_id="local", aws_secret_access_key="local")
objects = S3Objects(client, bucket, ScratchFolder(Path(source).parent / "scratch"))
objects.head("movies/a")
tracemalloc.start()
objects.put("movies/a", Path(source), {"frames": 25})
print(tracemalloc.get_traced_memory()[1])
tracemalloc.reset_peak()
with objects.open("movies/a") as path:
    print(tracemalloc.get_traced_memory()[1])
"""


def test_a_large_file_goes_in_parts_and_memory_does_not_grow_with_it(store: Store) -> None:
    block = bytes(range(256)) * 4096
    content = b"".join(b"%04d" % n + block for n in range(64)) + b"end"
    told = (cloud.endpoint(), store.bucket, str(store.source(content)))
    ran = subprocess.run(
        [sys.executable, "-c", PUT_AND_OPEN, *told],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    put_bytes, open_bytes = map(int, ran.stdout.split())
    assert put_bytes < 32 * MIB and open_bytes < 48 * MIB
    assert store.raw().etag.endswith('-9"')
    found = store.objects.head(KEY)
    assert found and (found.size_bytes, found.facts) == (len(content), FACTS)
    assert found.digest == hashlib.sha256(content).hexdigest()
    assert store.content() == content


def test_nothing_is_left_of_a_large_file_that_failed(store: Store) -> None:
    sent = []

    def fail(params: Any, **_: object) -> None:
        sent.append(params)
        if len(sent) == 2:
            refused()

    store.on("before-call.UploadPart", fail)
    with pytest.raises(StorageError, match=f"cannot store {KEY}: .*AccessDenied"):
        store.objects.put(KEY, store.source(b"x" * 20 * MIB), FACTS)
    assert store.unfinished_uploads() == [] and store.keys() == []


def test_facts_are_kept_up_to_the_limit(store: Store) -> None:
    facts = {"text": "x" * 1890}
    assert store.objects.put(KEY, store.source(), facts) == store.objects.head(KEY)
    store.on("before-call.*", refused)
    with pytest.raises(StorageError, match=r"cannot store movies/b: .* 2\d\d\d bytes .* 2048"):
        store.objects.put("movies/b", store.source(), {"text": "é" * 400})


def aged(store: Store, days: int) -> Any:
    """Let the object be old; the server's idea of it then."""
    store.raw().last_modified -= timedelta(days=days)
    return store.raw()


@pytest.mark.parametrize("use", ["head", "open", "put"])
def test_use_makes_an_old_object_new(use: str, store: Store) -> None:
    objects = store.another(refresh_after_days={"": 99, "movies/": 7, "mo": 50})
    stored = objects.put(KEY, store.source(), FACTS)

    def used() -> None:
        if use == "head":
            assert objects.head(KEY) == stored
        elif use == "put":
            assert objects.put(KEY, store.source(), FACTS) == stored
        else:
            with objects.open(KEY) as path:
                assert path.read_bytes() == BODY

    young = aged(store, 6)
    used()
    assert store.raw() is young
    old = aged(store, 2)
    used()
    assert store.raw().last_modified - old.last_modified > timedelta(days=7)
    assert objects.head(KEY) == stored and store.content() == BODY
    found = store.client.head_object(Bucket=store.bucket, Key=KEY)
    assert found["ContentType"] == "application/octet-stream"


def test_who_keeps_a_movie_may_go_on_when_it_was_made_new(store: Store) -> None:
    objects = store.another(refresh_after_days={"movies/": 1})
    objects.put("movies/a.mp4", store.source(), FACTS)
    place = {"Bucket": store.bucket, "Key": "movies/a.mp4"}
    told = store.client.head_object(**place)
    old = store.raw("movies/a.mp4")
    old.last_modified -= timedelta(days=2)
    assert objects.head("movies/a.mp4") and store.raw("movies/a.mp4") is not old
    anew = store.client.head_object(**place)
    names = ("CacheControl", "ContentType")
    assert [anew[name] for name in names] == [told[name] for name in names]
    assert "s-maxage=86400" in anew["CacheControl"]


def test_only_what_is_told_is_made_new_and_failing_to_is_no_error(store: Store) -> None:
    stored = store.objects.put(KEY, store.source(), FACTS)
    old = aged(store, 1000)
    assert store.objects.head(KEY) == store.another(refresh_after_days={"scenes/": 1}).head(KEY)
    assert list(store.another(refresh_after_days={"movies/": 1}).there([KEY])) == [True]
    assert store.raw() is old
    store.on("before-call.CopyObject", refused)
    assert store.another(refresh_after_days={"movies/": 1}).head(KEY) == stored


def test_what_takes_long_to_copy_is_not_made_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = store.another(refresh_after_days={"movies/": 1})
    stored = objects.put(KEY, store.source(), FACTS)
    old = aged(store, 9)
    monkeypatch.setattr(objects_s3, "MAX_REFRESHED_BYTES", len(BODY) - 1)
    assert objects.head(KEY) == stored
    assert store.raw() is old
    monkeypatch.setattr(objects_s3, "MAX_REFRESHED_BYTES", len(BODY))
    assert objects.head(KEY) == stored
    assert store.raw() is not old


def full(**_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_as_one(store: Store) -> None:
    store.objects.put(KEY, store.source(), FACTS)
    store.on("after-call.GetObject", full)
    words = f"cannot open {KEY}: no room for it on this disk"
    with pytest.raises(StorageError, match=words), store.objects.open(KEY):
        pass


def every_use(objects: S3Objects, source: Path) -> Iterator[Callable[[], object]]:
    yield lambda: objects.put(KEY, source, FACTS)
    yield lambda: objects.open(KEY).__enter__()
    yield lambda: objects.delete(KEY)
    yield lambda: list(objects.list(""))
    yield lambda: objects.heads([KEY])[0]


def test_a_missing_bucket(store: Store) -> None:
    """A HEAD has no body: it cannot tell a missing bucket from a missing object."""
    store.bucket = "nobody-made-this"
    *uses, head = every_use(store.another(), store.source())
    for use in uses:
        with pytest.raises(StorageError, match=r"cannot \w+ .*bucket does not exist"):
            use()
    assert head() is None


def client_of(port: int) -> Any:
    config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=cloud.REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=config,
    )


def test_nobody_answers(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    began = time.monotonic()
    for use in every_use(store.another(client_of(port)), store.source()):
        with pytest.raises(StorageError, match=r"cannot [\w ]+ .*Could not connect"):
            use()
    assert time.monotonic() - began < 30


def test_a_body_that_breaks_off_is_a_fault_and_no_damage(store: Store) -> None:
    """Only one request comes: nothing is removed."""
    requests = []

    def answer(server: socket.socket) -> None:
        while True:
            try:
                connection = server.accept()[0]
            except OSError:
                return
            with connection:
                requests.append(connection.recv(65536))
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: x\r\n"
                    b"x-amz-meta-size: 100\r\nx-amz-meta-facts: {}\r\n"
                    b"x-amz-meta-sha256: " + b"0" * 64 + b"\r\n\r\nbegun"
                )

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        objects = store.another(client_of(server.getsockname()[1]))
        with pytest.raises(StorageError, match=f"cannot open {KEY}"), objects.open(KEY):
            pass
        server.shutdown(socket.SHUT_RDWR)
    assert len(requests) == 1
