"""What all places of components must do: a folder, a prefix of a bucket, and several in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloud
import pytest
from resplice.adapters import component_files
from resplice.adapters.component_files import MAX_FILE_BYTES
from resplice.adapters.disk.component_folders import ComponentFolders
from resplice.adapters.s3.components import S3Components
from resplice.core.components import ComponentFolder
from resplice.errors import StorageError
from resplice.ports.components import Components
from resplice.wiring.catalog import InOrder, with_catalog

Put = Callable[[str, bytes], None]


class FolderPlace:
    """Components in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.components: Components = ComponentFolders(folder)

    def put(self, path: str, content: bytes) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    def remove(self, path: str) -> None:
        (self.folder / path).unlink()


class BucketPlace:
    """Components in a bucket, with what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.client: Any = cloud.client.__wrapped__("s3")
        self.bucket, self.read = cloud.new_bucket(), list[str]()
        self.components: Components = S3Components(self.client, self.bucket)

        def note(params: dict[str, Any], **_: Any) -> None:
            self.read.append(params["url_path"].rpartition("components/")[2])

        self.client.meta.events.register("before-call.s3.GetObject", note)

    def put(self, path: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"components/{path}", Body=content)

    def remove(self, path: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=f"components/{path}")


@pytest.fixture(params=[FolderPlace, BucketPlace])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return request.param(tmp_path / "own")


def test_a_component_is_its_three_files(place: Any) -> None:
    assert place.components.all() == ()
    place.put("b/two/page.html", b"<p>")
    assert place.components.all() == ()
    place.put("b/two/component.json", "\ufeff{é}".encode())
    place.put("a/one/component.json", b"{}")
    place.put("a/one/style.css", b"p{}")
    place.put("a/one/page.html", b"")
    place.put("a/one/notes.txt", b"no part of it")
    place.put("a/one/deep/component.json", b"{}")
    place.put("component.json", b"{}")
    assert place.components.all() == (
        ComponentFolder("a/one", "{}", "", "p{}"),
        ComponentFolder("b/two", "{é}", "<p>", ""),
    )


def test_what_changes_and_what_goes_is_noticed(place: Any) -> None:
    for name in ("one", "two"):
        place.put(f"a/{name}/component.json", b"{}")
        place.put(f"a/{name}/page.html", b"<p>")
    place.components.all()
    place.put("a/one/page.html", b"<i>")
    place.remove("a/two/component.json")
    assert place.components.all() == (ComponentFolder("a/one", "{}", "<i>", ""),)


def test_only_what_changed_is_read_again_from_a_bucket(tmp_path: Path) -> None:
    place = BucketPlace(tmp_path)
    place.put("a/one/component.json", b"{}")
    place.put("a/one/page.html", b"<p>")
    place.components.all()
    place.read.clear()
    place.components.all()
    assert place.read == []
    place.put("a/one/page.html", b"<i>")
    place.components.all()
    assert place.read == ["a/one/page.html"]


def test_of_a_large_file_a_part_is_read_and_of_bytes_some_text_is_made(place: Any) -> None:
    place.put("a/one/component.json", b"x" * (MAX_FILE_BYTES + 10))
    place.put("a/one/page.html", b"\xff\xfe<p>")
    (found,) = place.components.all()
    assert len(found.declaration) == MAX_FILE_BYTES + 1 and found.page.endswith("<p>")


def test_too_many_components_are_told(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component_files, "MAX_COMPONENTS", 2)
    for name in ("one", "two"):
        for file in component_files.FILES:
            place.put(f"a/{name}/{file}", b"{}")
    assert len(place.components.all()) == 2
    place.put("a/three/component.json", b"{}")
    with pytest.raises(StorageError, match="more than 2 components in one place"):
        place.components.all()


def test_a_place_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="There is no folder of components: /"):
        ComponentFolders(tmp_path / "none").all()
    with pytest.raises(StorageError, match="cannot read components: "):
        S3Components(cloud.client("s3"), "no-such-bucket-anywhere").all()


def test_the_first_of_several_places_counts_and_the_catalog_is_last(tmp_path: Path) -> None:
    places = [FolderPlace(tmp_path / name) for name in ("a", "b")]
    for number, each in enumerate(places):
        each.put("basic/000/component.json", str(number).encode())
        each.put(f"own/{number}/component.json", b"{}")
    both = InOrder(*(each.components for each in places)).all()
    assert [(each.name, each.declaration) for each in both] == [
        *(("basic/000", "0"), ("own/0", "{}"), ("own/1", "{}"))
    ]
    all_ = {each.name: each for each in with_catalog(places[1].components).all()}
    assert all_["basic/000"].declaration == "1" and "own/1" in all_
    assert (
        "Text card" in {each.name: each for each in with_catalog().all()}["basic/000"].declaration
    )
