"""Media over the API's handler, row by row of the two spec files, on both kinds of stores."""

from __future__ import annotations

import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cloud
import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.dynamodb.media import DynamoMedia
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.s3.media import S3Media
from resplice.adapters.web.own_media import OwnMedia
from resplice.core.media import DAY_MS, GOING_MS, PENDING_DAYS, TEMP_DAYS
from resplice.errors import SourceMissing, SourceRefused
from resplice.ports import Ports
from resplice.ports.web import Allowance
from resplice.steps import media
from resplice.wiring.local import local
from studio import picture

BASE = "https://movies.example"
FILE, FOLDER = "/v2/media/file", "/v2/media/folder"
PNG = {"name": "x.png", "contentType": "image/png", "size": 4}


@dataclass
class Later:
    """The clock, which may be set forward."""

    ms: int = 0
    wall: Any = field(default=None)

    def now_ms(self) -> int:
        return int(self.wall.now_ms()) + self.ms


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        made.own_urls.are(BASE)
        yield made


@pytest.fixture(scope="module")
def far(here: Ports) -> Ports:
    """The same, but that files and what is known of them are on AWS."""
    table = DynamoTable(cloud.client("dynamodb"), cloud.new_table())
    stored = S3Media(cloud.client("s3"), cloud.new_bucket())
    web = OwnMedia(here.web, stored, here.own_urls)
    return replace(here, media=DynamoMedia(table), media_bytes=stored, web=web)


@pytest.fixture(params=["disk", "aws"])
def ports(request: pytest.FixtureRequest, here: Ports, far: Ports) -> Ports:
    made = here if request.param == "disk" else far
    return replace(made, clock=Later(wall=made.clock))


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return "o" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]


@pytest.fixture(autouse=True)
def calls(ports: Ports, owner: str) -> None:
    use(ports, Noted(), owner)


def ok(method: str, path: str, body: Any = None) -> dict[str, Any]:
    status, answer = call(method, path, body)
    assert status == 200 and answer.pop("success") is True, answer
    return answer


def refused(method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, answer = call(method, path, body)
    assert answer["success"] is False
    return status, answer["message"]


def send(data: bytes, ports: Ports, **said: Any) -> str:
    """A file that is uploaded; its URL."""
    made = ok("POST", FILE, {**PNG, "size": len(data), **said})
    store = ports.media_bytes
    if isinstance(store, DiskMedia):
        upload, _ = store.tokens.read(made["uploadUrl"].rpartition("/")[2])  # type: ignore[misc]
        with store.arriving() as path:
            path.write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            store.put(path, digest, upload.place, upload.content_type)
    else:
        headers = {"Content-Type": said.get("contentType", "image/png")}
        request = urllib.request.Request(made["uploadUrl"], data, headers, method="PUT")
        urllib.request.urlopen(request, timeout=20).close()
    return str(made["fileUrl"])


def file_of(path: str) -> dict[str, Any]:
    return dict(ok("GET", f"{FILE}?path={path}")["file"])


def test_a_file_is_registered_sent_and_looked_at(ports: Ports) -> None:
    made = ok("POST", FILE, {**PNG, "folder": "a/b"})
    assert made.keys() == {"uploadUrl", "fileUrl", "expiresIn"} and made["expiresIn"] == 120
    assert made["fileUrl"].startswith(f"{BASE}/media/files/")
    assert made["fileUrl"].endswith("/a/b/x.png")
    pending = file_of("a/b/x.png")
    assert pending["status"] == "pending" and pending["created_at"].endswith("Z")
    assert refused("POST", FILE, {**PNG, "folder": "a/b"}) == (
        409,
        "A file with this name already exists. Delete it first.",
    )
    assert ok("DELETE", FILE, {"name": "x.png", "folder": "a/b"}) == {}
    url = send(b"abcd", ports, folder="a/b")
    assert url == made["fileUrl"]
    found = file_of("/a/b/x.png")
    assert found | {"created_at": ""} == {
        **{"name": "x.png", "folder": "a/b", "type": "image", "contentType": "image/png"},
        **{"size": 4, "url": url, "thumbnailUrl": url, "status": "uploaded"},
        **{"temporary": False, "created_at": "", "expires_at": None},
    }
    assert refused("POST", FILE, {**PNG, "folder": "a/b"})[0] == 409


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", FILE, None, 400, "path is required"),
        ("GET", f"{FILE}?path=nowhere.png", None, 400, "File not found"),
        ("GET", f"{FILE}?path=temp", None, 400, "File not found"),
        ("POST", FILE, {"contentType": "a/b", "size": 1}, 400, "name is required"),
        ("POST", FILE, {**PNG, "name": " "}, 400, "name is required"),
        ("POST", FILE, {**PNG, "name": 7}, 400, "'name' must be text"),
        ("POST", FILE, {**PNG, "name": "x" * 201}, 400, "'name' may have 200 characters at most"),
        ("POST", FILE, {**PNG, "folder": ["a"]}, 400, "'folder' must be text"),
        ("POST", FILE, {"name": "x", "size": 1}, 400, "contentType is required"),
        (
            *("POST", FILE, {**PNG, "contentType": "a/b\r\nx-y: z"}, 400),
            "'contentType' must be a media type, such as video/mp4",
        ),
        ("POST", FILE, {"name": "x", "contentType": "a/b"}, 400, "size is required"),
        *(
            (
                *("POST", FILE, {**PNG, "size": size}, 400),
                "'size' must be a whole number of bytes, above 0",
            )
            for size in (0, -1, 1.5, "4", True)
        ),
        (
            *("POST", FILE, {**PNG, "size": 524_288_001}, 413),
            "The file is larger than 524288000 bytes: send a smaller one",
        ),
        ("POST", FILE, b"[]", 400, "No valid request JSON received: it is no object"),
        ("PUT", FILE, {"name": "x", "folder": ""}, 400, "destination is required"),
        ("PUT", FILE, {"name": "x", "destination": None}, 400, "destination is required"),
        ("PUT", FILE, {"folder": "", "destination": ""}, 400, "name is required"),
        ("PUT", FILE, {"name": "x", "folder": "", "destination": "a"}, 400, "File not found"),
        ("DELETE", FILE, {"folder": "a"}, 400, "name is required"),
        ("DELETE", FILE, {"name": "x", "folder": "a"}, 400, "File not found"),
        ("POST", FOLDER, {}, 400, "folder is required"),
        ("POST", FOLDER, {"folder": ""}, 400, "folder is required"),
        ("POST", FOLDER, {"folder": "/"}, 400, "folder is required"),
        ("DELETE", FOLDER, {}, 400, "folder is required"),
        ("DELETE", FOLDER, {"folder": "/"}, 400, "Cannot delete root folder"),
        ("DELETE", FOLDER, {"folder": ""}, 400, "Cannot delete root folder"),
        ("DELETE", FOLDER, {"folder": "/temp/"}, 400, "Cannot delete the temp folder"),
        (
            *("GET", f"{FOLDER}?type=film", None, 400),
            "'type' must be one of image, video, audio, other",
        ),
        (
            "GET",
            f"{FOLDER}?page=-1",
            None,
            400,
            "'page' must be a whole number from 0 to 100000000",
        ),
        (
            *("GET", f"{FOLDER}?page_size=0", None, 400),
            "'page_size' must be a whole number from 1 to 100",
        ),
        ("GET", f"{FOLDER}?tree=maybe", None, 400, "'tree' must be true or false"),
    ],
)
def test_what_is_refused(method: str, path: str, body: Any, status: int, message: str) -> None:
    assert refused(method, path, body) == (status, message)


def test_hostile_names_are_cleaned_and_found_again(ports: Ports) -> None:
    url = send(b"abcd", ports, name="../é\x00 \u202e.png", folder="/../x y//")
    assert url.endswith("/__/x_y/.._____.png")
    assert file_of("__/x_y/.._____.png")["status"] == "uploaded"
    assert ok("DELETE", FILE, {"name": "../é\x00 \u202e.png", "folder": "/../x y//"}) == {}


def test_a_file_is_moved_and_deleted(ports: Ports) -> None:
    send(b"abcd", ports, folder="a")
    send(b"efgh", ports, folder="b")
    there = "A file with this name already exists in the destination folder"
    for folder in ("a", "b"):
        moved = {"name": "x.png", "folder": "a", "destination": folder}
        assert refused("PUT", FILE, moved) == (409, there)
    assert ok("PUT", FILE, {"name": "x.png", "folder": "a", "destination": ""}) == {}
    assert refused("GET", f"{FILE}?path=a/x.png") == (400, "File not found")
    assert file_of("x.png")["status"] == "uploaded"
    ok("DELETE", FILE, {"name": "x.png", "folder": ""})
    assert refused("DELETE", FILE, {"name": "x.png", "folder": ""}) == (400, "File not found")
    ok("POST", FILE, {**PNG, "folder": "a"})
    status, message = refused("PUT", FILE, {"name": "x.png", "folder": "a", "destination": "c"})
    assert status == 400 and message.startswith("The file has not been uploaded yet")


def test_folders(ports: Ports) -> None:
    assert ok("POST", FOLDER, {"folder": "a/b"}) == {}
    assert ok("POST", FOLDER, {"folder": "/a/b/"}) == {"message": "Folder already exists"}
    assert ok("POST", FOLDER, {"folder": "temp"}) == {"message": "Folder already exists"}
    ok("POST", FILE, {**PNG, "folder": "a/b"})
    full = (400, "Folder is not empty. Delete all files first.")
    assert refused("DELETE", FOLDER, {"folder": "a/b"}) == full
    assert refused("DELETE", FOLDER, {"folder": "a"}) == full
    ok("DELETE", FILE, {"name": "x.png", "folder": "a/b"})
    assert ok("GET", FOLDER)["folders"] == ["a", "temp"]
    for folder in ("a", "a", "never"):
        assert ok("DELETE", FOLDER, {"folder": folder}) == {}
    assert ok("GET", FOLDER)["folders"] == ["temp"]


def test_a_folder_is_listed_by_pages(ports: Ports) -> None:
    assert ok("GET", f"{FOLDER}?path=/") == {
        **{"path": "/", "folders": ["temp"], "files": [], "page": 0, "page_size": 50},
        **{"total": 0, "total_files": 0, "total_size": 0},
    }
    for name, content_type in (("b.MP4", "video/mp4"), ("a.png", "image/png"), ("c", "text/x")):
        send(b"abcd", ports, name=name, contentType=content_type, folder="in")
    send(b"ab", ports, folder="in/er")
    whole = ok("GET", f"{FOLDER}?folder=in&page_size=2")
    assert [each["name"] for each in whole["files"]] == ["a.png", "b.MP4"]
    assert whole["folders"] == ["er"] and whole["path"] == "in"
    assert (whole["total"], whole["total_files"], whole["total_size"]) == (3, 3, 12)
    for query, names in (
        ("page_size=2&page=1", ["c"]),
        ("page_size=2&page=2", []),
        ("page_size=5000", ["a.png", "b.MP4", "c"]),
        ("type=video", ["b.MP4"]),
        ("type=other", ["c"]),
        ("q=.mp", ["b.MP4"]),
        ("q=none", []),
    ):
        found = ok("GET", f"{FOLDER}?path=/in/&{query}")
        assert [each["name"] for each in found["files"]] == names
        assert found["total_files"] == 3
    tree = ok("GET", f"{FOLDER}?tree=true")["tree"]
    assert [tuple(each.values()) for each in tree] == [
        *(("/", 0, 0), ("in", 3, 12), ("in/er", 1, 2), ("temp", 0, 0)),
    ]


def test_storage_counts_what_is_uploaded(ports: Ports) -> None:
    nothing = {
        **{"used_bytes": 0, "free_allowance": 52_428_800, "credits_per_week": 0},
        **{"blocked": False, "blocked_at": None},
    }
    assert ok("GET", "/v2/media") == {"storage": nothing}
    send(b"abcd", ports)
    ok("POST", FILE, {**PNG, "name": "pending", "size": 1000})
    assert ok("GET", "/v2/media")["storage"] == {**nothing, "used_bytes": 4}


def test_what_is_temporary_goes_and_what_never_came_frees_its_name(ports: Ports) -> None:
    assert isinstance(ports.clock, Later)
    send(b"abcd", ports, folder="temp/of/mine")
    kept = file_of("temp/of/mine/x.png")
    assert kept["temporary"] and kept["expires_at"] > kept["created_at"]
    ok("POST", FILE, {**PNG, "folder": "never"})
    ports.clock.ms = PENDING_DAYS * DAY_MS + 1000
    assert refused("GET", f"{FILE}?path=never/x.png") == (400, "File not found")
    ok("POST", FILE, {**PNG, "folder": "never"})
    assert file_of("temp/of/mine/x.png")["status"] == "uploaded"
    ports.clock.ms = TEMP_DAYS * DAY_MS + 1000
    assert refused("GET", f"{FILE}?path=temp/of/mine/x.png") == (400, "File not found")
    send(b"abcd", ports, folder="temp/of/mine")
    assert file_of("temp/of/mine/x.png")["status"] == "uploaded"


def test_one_of_many_at_once_gets_the_name(ports: Ports) -> None:
    ends: list[int] = []
    starting = threading.Barrier(4)

    def register() -> None:
        starting.wait(10)
        ends.append(call("POST", FILE, PNG)[0])

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == [200, 409, 409, 409]


def test_a_late_deletion_leaves_the_file_that_came_after(
    ports: Ports, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two delete it at once; before the second goes on, another file of that name has come."""
    send(b"old", ports)
    found = media.find

    def slow(*asked: Any) -> Any:
        file = found(*asked)
        monkeypatch.undo()
        ok("DELETE", FILE, {"name": "x.png", "folder": ""})
        send(b"newer", ports)
        return file

    monkeypatch.setattr(media, "find", slow)
    call("DELETE", FILE, {"name": "x.png", "folder": ""})
    assert file_of("x.png")["size"] == len(b"newer")
    place = file_of("x.png")["url"].partition("/media/")[2]
    assert ports.media_bytes.look(place)


def test_who_dies_while_it_is_deleted_keeps_its_name_for_a_while(
    ports: Ports, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(ports.clock, Later)
    send(b"abcd", ports)
    monkeypatch.setattr(type(ports.media_bytes), "remove", _dies)
    with pytest.raises(Dead):
        media.delete("x.png", owner, ports)
    monkeypatch.undo()
    assert refused("GET", f"{FILE}?path=x.png") == (400, "File not found")
    assert refused("POST", FILE, PNG)[0] == 409
    ports.clock.ms = GOING_MS + 1000
    send(b"newer", ports)
    assert file_of("x.png")["size"] == len(b"newer")


class Dead(BaseException):
    """What nobody catches."""


def _dies(*_: Any) -> None:
    raise Dead


def test_owners_do_not_see_each_other_s_files(ports: Ports, owner: str) -> None:
    url = send(b"abcd", ports)
    use(ports, Noted(), f"{owner}-other")
    assert refused("GET", f"{FILE}?path=x.png") == (400, "File not found")
    assert refused("DELETE", FILE, {"name": "x.png"}) == (400, "File not found")
    assert ok("GET", FOLDER)["total_files"] == 0
    assert send(b"abcd", ports) != url


def results(project: str, kind: str) -> list[str]:
    return [each["result"] for each in movie_of(project)["cache"][kind]]


def rendered(document: dict[str, Any], ports: Ports) -> str:
    project = posted(document)
    play(project, ports)
    assert movie_of(project)["status"] == "done", movie_of(project)["message"]
    return project


def movie(*sources: str, **more: Any) -> dict[str, Any]:
    scenes = [
        {"duration": 1, "elements": [{"type": "image", "src": src, "width": 32}]} for src in sources
    ]
    return {"width": 64, "height": 64, "fps": 10, "scenes": scenes, **more}


def test_a_movie_of_files_of_ours_is_never_stale(
    ports: Ports,
) -> None:
    first = send(picture("red", (32, 32)), ports, name="a.png")
    second = send(picture("blue", (32, 32)), ports, name="b.png")
    document = movie(first, f"{second}?any=thing")
    made = rendered(document, ports)
    assert results(made, "scenes") == ["miss", "miss"]
    assert movie_of(posted(document))["cache"]["movie"]["result"] == "hit"
    ok("DELETE", FILE, {"name": "b.png"})
    assert send(picture("green", (32, 32)), ports, name="b.png") == second
    again = posted(document)
    assert movie_of(again)["status"] == "pending"
    again = rendered(document, ports)
    assert results(again, "scenes") == ["hit", "miss"]
    assert movie_of(again)["url"] != movie_of(made)["url"]
    ok("DELETE", FILE, {"name": "b.png"})
    send(picture("blue", (32, 32)), ports, name="b.png")
    old = movie_of(posted(document))
    assert old["cache"]["movie"]["result"] == "hit" and old["url"] == movie_of(made)["url"]


def test_a_file_that_is_gone_or_another_s_fails_its_element_by_name(
    ports: Ports, owner: str
) -> None:
    url = send(picture("red", (32, 32)), ports)
    ok("DELETE", FILE, {"name": "x.png"})
    other = send(picture("red", (32, 32)), ports, name="y.png")
    use(ports, Noted(), f"{owner}-other")
    for source in (url, other):
        project = posted(movie(source))
        play(project, ports)
        ended = movie_of(project)
        assert ended["status"] == "error"
        assert f"Failed to download '{source}' (404)" in ended["message"]
        assert "Scene #1, element #1" in ended["message"]


def test_a_file_that_is_replaced_while_its_movie_waits_is_the_new_one(
    ports: Ports,
) -> None:
    source = send(picture("red", (32, 32)), ports)
    document = movie(source)
    waiting = posted(document)
    ok("DELETE", FILE, {"name": "x.png"})
    send(picture("blue", (32, 32)), ports)
    play(waiting, ports)
    assert movie_of(waiting)["status"] == "done"
    now = movie_of(posted(document))
    assert now["cache"]["movie"]["result"] == "hit" and now["url"] == movie_of(waiting)["url"]


def test_a_file_of_ours_is_read_from_where_it_lies(ports: Ports, tmp_path: Path) -> None:
    url, into = send(b"abcd", ports), tmp_path / "got"
    fetched = ports.web.fetch(url, into)
    assert fetched and into.read_bytes() == b"abcd"
    assert fetched.digest == hashlib.sha256(b"abcd").hexdigest()
    version = fetched.validators.etag
    assert ports.web.fetch(url, into, fetched.validators) is None
    assert ports.web.fetch(f"{url}?version={version}", into)
    for wrong, said in ((f"{url}?version=other", "replaced"), (f"{url}?version=none", "404")):
        with pytest.raises(SourceMissing, match=said):
            ports.web.fetch(wrong, into)
    with pytest.raises(SourceRefused, match="larger than 3 bytes"):
        ports.web.fetch(url, into, None, Allowance(1, 3))
