"""What a web page may load: how many files, how many bytes, from where, and what is kept of it."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from resplice.errors import PaintError, SourceMissing, SourceRefused, SourceUnavailable
from resplice.ports.web import Allowance, Fetched, Validators
from resplice.steps.makers.web_page import (
    FILE_SECONDS,
    MAX_BYTES,
    MAX_FILE_BYTES,
    MAX_REQUESTS,
    Loads,
)


class Far:
    """A Web of bodies, or errors, by URL."""

    def __init__(self, **files: bytes | Exception) -> None:
        self.files = {f"https://e.com/{name}": file for name, file in files.items()}
        self.allowed: list[Allowance] = []

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        assert allowance
        self.allowed.append(allowance)
        found = self.files.get(url, b"body")
        if isinstance(found, Exception):
            raise found
        into.write_bytes(found)
        return Fetched(hashlib.sha256(found).hexdigest(), len(found), Validators(), "text/css", url)


def test_a_file_comes_with_its_kind_and_leaves_no_file_behind(tmp_path: Path) -> None:
    loads = Loads(Far(a=b"p{}"), tmp_path)
    loaded = loads("https://e.com/a", 9)
    assert (loaded.body, loaded.media_type, loaded.url) == (b"p{}", "text/css", "https://e.com/a")
    assert list(tmp_path.iterdir()) == []


def test_a_file_has_its_share_of_time_and_room(tmp_path: Path) -> None:
    far = Far()
    loads = Loads(far, tmp_path)
    for seconds in (99, 3, -1):
        loads("https://e.com/a", seconds)
    assert [each.seconds for each in far.allowed] == [FILE_SECONDS, 3, 0.1]
    assert {each.size_bytes for each in far.allowed} == {MAX_FILE_BYTES}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "data:,x", "ftp://e.com/", "//e.com/", ""])
def test_only_the_web_is_loaded_from(tmp_path: Path, url: str) -> None:
    far = Far()
    with pytest.raises(SourceRefused):
        Loads(far, tmp_path)(url, 9)
    assert far.allowed == []


def test_there_is_an_end_to_the_files(tmp_path: Path) -> None:
    loads = Loads(Far(), tmp_path)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: loads(f"https://e.com/{n}", 9), range(MAX_REQUESTS)))
    with pytest.raises(PaintError, match=f"loads more than {MAX_REQUESTS} files"):
        loads("https://e.com/0", 9)


def test_there_is_an_end_to_the_bytes(tmp_path: Path) -> None:
    loads = Loads(Far(a=bytes(MAX_FILE_BYTES)), tmp_path)
    for _ in range(-(-MAX_BYTES // MAX_FILE_BYTES)):
        loads("https://e.com/a", 9)
    with pytest.raises(PaintError, match="loads more than 50 MiB"):
        loads("https://e.com/b", 9)


def test_what_is_missing_for_a_while_may_heal(tmp_path: Path) -> None:
    gone, ill = (
        SourceMissing("https://e.com/gone", "404"),
        SourceUnavailable("https://e.com/ill", "503"),
    )
    loads = Loads(Far(gone=gone, ill=ill), tmp_path)
    with pytest.raises(SourceMissing):
        loads("https://e.com/gone", 9)
    assert not loads.may_heal
    with pytest.raises(SourceUnavailable):
        loads("https://e.com/ill", 9)
    assert loads.may_heal


def test_whether_a_page_asked_for_anything_is_known(tmp_path: Path) -> None:
    loads = Loads(Far(a=b"1"), tmp_path)
    assert not loads.asked
    loads("https://e.com/a", 9)
    assert loads.asked
