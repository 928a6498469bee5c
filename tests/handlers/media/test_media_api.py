"""Media over the API's handler, row by row of the two spec files, on both kinds of stores."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from api_calls import Noted, call, use
from media_calls import (
    BASE,
    FILE,
    FOLDER,
    PNG,
    Later,
    file_of,
    ok,
    refused,
    send,
)
from resplice.core.media import GOING_MS, PENDING_DAYS, TEMP_DAYS
from resplice.core.time_units import DAY_MS
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.steps import media


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


def test_a_deletion_that_fails_can_be_tried_again(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(b"abcd", ports)
    monkeypatch.setattr(type(ports.media_bytes), "remove", _fails)
    assert call("DELETE", FILE, {"name": "x.png", "folder": ""})[0] == 500
    assert file_of("x.png")["status"] == "uploaded"
    monkeypatch.undo()
    ok("DELETE", FILE, {"name": "x.png", "folder": ""})
    send(b"newer", ports)
    assert file_of("x.png")["size"] == len(b"newer")


class Dead(BaseException):
    """What nobody catches."""


def _dies(*_: Any) -> None:
    raise Dead


def _fails(*_: Any) -> None:
    raise StorageError("the disk is full")


def test_owners_do_not_see_each_other_s_files(ports: Ports, owner: str) -> None:
    url = send(b"abcd", ports)
    use(ports, Noted(), f"{owner}-other")
    assert refused("GET", f"{FILE}?path=x.png") == (400, "File not found")
    assert refused("DELETE", FILE, {"name": "x.png"}) == (400, "File not found")
    assert ok("GET", FOLDER)["total_files"] == 0
    assert send(b"abcd", ports) != url
