"""Media: storage, files that are sent by a URL of their own, folders."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row
from studio import picture

FILE, FOLDER = "/v2/media/file", "/v2/media/folder"
PNG = {"name": "a.png", "contentType": "image/png", "size": 4}
URL = re.compile(r"http://.*")
GONE = {"success": False, "message": "File not found"}
NO_NAME = {"message": re.compile("name is required.*")}


def registered(folder: str, **more: Any) -> Ask:
    return Ask(f"POST {FILE}", 200, {"uploadUrl": URL}, sends={**PNG, "folder": folder, **more})


def listed(folder: str, query: str = "", **has: Any) -> Ask:
    return Ask(f"GET {FOLDER}?path={folder}{query}", 200, has)


ROWS = (
    row(
        "storage: what is used, and what is free",
        Ask(
            "GET /v2/media",
            200,
            {
                "success": True,
                "storage.used_bytes": int,
                "storage.free_allowance": 52_428_800,
                "storage.credits_per_week": (int, float),
                "storage.blocked": False,
                "storage.blocked_at": None,
            },
        ),
    ),
    row(
        "a file is registered: where to put it, where it will be, for two minutes",
        Ask(
            f"POST {FILE}",
            200,
            {"success": True, "uploadUrl": URL, "fileUrl": URL, "expiresIn": 120},
            only="success uploadUrl fileUrl expiresIn",
            sends={**PNG, "folder": "one"},
        ),
    ),
    row(
        "a file whose bytes have not come is pending, and keeps its name",
        registered("two"),
        Ask(f"GET {FILE}?path=two/a.png", 200, {"file.status": "pending"}),
        Ask(
            f"POST {FILE}",
            409,
            {"message": "A file with this name already exists. Delete it first."},
            sends={**PNG, "folder": "two"},
        ),
    ),
    row(
        "names are cleaned",
        registered("three", name="a photo (1)é.png"),
        Ask(f"GET {FILE}?path=three/a_photo__1__.png", 200, {"file.folder": "three"}),
    ),
    row(
        "a file that has come",
        Ask(
            f"GET {FILE}?path={{folder}}/photo.png",
            200,
            {
                "success": True,
                "file.name": "photo.png",
                "file.folder": "{folder}",
                "file.type": "image",
                "file.contentType": "image/png",
                "file.size": "{size}",
                "file.url": "{url}",
                "file.status": "uploaded",
                "file.thumbnailUrl": "{url}",
                "file.temporary": False,
                "file.created_at": TIMESTAMP,
            },
            in_time=True,
        ),
    ),
    row("a file that is not there is 400", Ask(f"GET {FILE}?path=no/file.png", 400, GONE)),
    row("a file's path is needed", Ask(f"GET {FILE}", 400, {"message": "path is required"})),
    row("a name is needed", Ask(f"POST {FILE}", 400, NO_NAME, sends={**PNG, "name": ""})),
    row(
        "500 MB is the most",
        Ask(f"POST {FILE}", 413, {"message": str}, sends={**PNG, "size": 524_288_001}),
    ),
    row("nothing has no size", Ask(f"POST {FILE}", 400, sends={**PNG, "size": 0})),
    row(
        "a file is moved, to the root too",
        Ask(
            f"PUT {FILE}",
            400,
            {"message": re.compile("destination is required.*")},
            sends={"name": "moved.png", "folder": "four"},
        ),
        Ask(
            f"PUT {FILE}",
            200,
            only="success",
            sends={"name": "moved.png", "folder": "four", "destination": ""},
        ),
        Ask(f"GET {FILE}?path=moved.png", 200, {"file.folder": re.compile("|/")}),
        Ask(f"GET {FILE}?path=four/moved.png", 400, GONE),
    ),
    row(
        "a file takes no other's place when it is moved",
        Ask(
            f"PUT {FILE}",
            409,
            {"message": "A file with this name already exists in the destination folder"},
            sends={"name": "a.png", "folder": "five", "destination": "six"},
        ),
    ),
    row(
        "a file is deleted by name and folder, in a body",
        registered("seven"),
        Ask(f"DELETE {FILE}", 200, only="success", sends={"name": "a.png", "folder": "seven"}),
        Ask(f"DELETE {FILE}", 400, GONE, sends={"name": "a.png", "folder": "seven"}),
    ),
    row(
        "a folder is made once, and again",
        Ask(f"POST {FOLDER}", 200, only="success", sends={"folder": "eight/deep"}),
        Ask(
            f"POST {FOLDER}",
            200,
            {"message": "Folder already exists"},
            sends={"folder": "eight/deep"},
        ),
        listed("eight", path=re.compile("/?eight"), folders=list, files=[], total=0, total_files=0),
    ),
    row(
        "a folder's name is needed",
        Ask(f"POST {FOLDER}", 400, {"message": re.compile("folder is required.*")}, sends={}),
    ),
    row(
        "a folder with files is not deleted, an empty one is",
        registered("nine"),
        Ask(
            f"DELETE {FOLDER}",
            400,
            {"message": "Folder is not empty. Delete all files first."},
            sends={"folder": "nine"},
        ),
        Ask(f"DELETE {FILE}", 200, sends={"name": "a.png", "folder": "nine"}),
        Ask(f"DELETE {FOLDER}", 200, only="success", sends={"folder": "nine"}),
    ),
    row(
        "the folder temp stays",
        Ask(
            f"DELETE {FOLDER}",
            400,
            {"message": "Cannot delete the temp folder"},
            sends={"folder": "temp"},
        ),
    ),
    row(
        "the root stays",
        *(
            Ask(f"DELETE {FOLDER}", 400, {"message": "Cannot delete root folder"}, sends=sends)
            for sends in ({"folder": "/"}, {"folder": ""})
        ),
    ),
    row(
        "what lies in temp is temporary",
        registered("temp", name="t.png"),
        Ask(f"GET {FILE}?path=temp/t.png", 200, {"file.temporary": True}),
    ),
    row(
        "a folder is listed in pages, the first is 0; total is of what was asked for",
        *(registered("ten", name=f"{number}.png") for number in range(3)),
        registered("ten", name="clip.mp4", contentType="video/mp4"),
        listed("ten", "&page=0&page_size=2", total=4, total_files=4, total_size=int),
        listed("ten", "&page=1&page_size=3", total=4, **{"files.0.name": str}),
        listed("ten", "&type=video", total=1, total_files=4, **{"files.0.name": "clip.mp4"}),
        listed("ten", "&q=clip", total=1),
        listed("ten", "&page=7", files=[]),
    ),
    row(
        "folder is another word for path",
        Ask(f"GET {FOLDER}?folder={{folder}}", 200, {"files.0.name": "photo.png"}),
    ),
    row(
        "the root is /, and is what is listed when nothing is said",
        listed("/", path="/", folders=list),
        Ask(f"GET {FOLDER}", 200, {"path": "/"}),
    ),
    row(
        "the tree has the root and temp, with their files and sizes",
        Ask(
            f"GET {FOLDER}?tree=true",
            200,
            {
                "success": True,
                "tree.0.path": "/",
                "tree.0.files": int,
                "tree.0.size": int,
                "tree.1.path": str,
            },
        ),
    ),
    row(
        "a movie is made from a file",
        Ask(
            "POST /v2/movies",
            200,
            sends={
                "width": 64,
                "height": 50,
                "fps": 10,
                "scenes": [{"duration": 1, "elements": [{"type": "image", "src": "{url}"}]}],
            },
            keeps={"project": "project"},
        ),
        Ask("GET /v2/movies?project={project}", 200, {"movie.status": "done"}, in_time=True),
    ),
)


@pytest.fixture(scope="module")
def made(api: Calls) -> dict[str, Any]:
    """A file that has come: its folder, url, size; and some more to be moved."""
    photo = picture("#00ff00")
    for folder, name in (("four", "moved.png"), ("five", "a.png"), ("six", "a.png")):
        uploaded(api, photo, folder, name)
    url = uploaded(api, photo, "photos", "photo.png")
    return {"folder": "photos", "url": url, "size": len(photo), "photo": photo}


def uploaded(api: Calls, data: bytes, folder: str, name: str) -> str:
    """The URL of the file. It is sent without a key."""
    body = {**PNG, "name": name, "size": len(data), "folder": folder}
    status, told = api.json("POST", FILE, body)
    assert status == 200, told
    typed = {"Content-Type": "image/png"}
    put = urllib3.request("PUT", told["uploadUrl"], body=data, headers=typed)
    assert put.status // 100 == 2, put.data
    return str(told["fileUrl"])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls, made: dict[str, Any]) -> None:
    row.hold(api, made)


def test_the_tree_has_temp(api: Calls, made: dict[str, Any]) -> None:
    tree = {each["path"]: each for each in api.json("GET", f"{FOLDER}?tree=true")[1]["tree"]}
    assert {"/", "temp"} <= {*tree}
    photos = tree[made["folder"]]
    assert (photos["files"], photos["size"]) == (1, made["size"])


def test_a_file_needs_no_key(api: Calls, made: dict[str, Any]) -> None:
    response, body = api.call("GET", urlsplit(made["url"]).path, key=None)
    assert (response.status, body) == (200, made["photo"])
    assert response.getheader("Content-Type") == "image/png"


def test_the_type_must_be_the_one_that_was_told(api: Calls) -> None:
    told = api.json("POST", FILE, {**PNG, "folder": "refused"})[1]
    put = urllib3.request(
        "PUT", told["uploadUrl"], body=b"1234", headers={"Content-Type": "image/jpeg"}
    )
    answer = api.json("GET", f"{FILE}?path=refused/a.png")[1]
    assert put.status >= 400 or answer["file"]["contentType"] == "image/png"
