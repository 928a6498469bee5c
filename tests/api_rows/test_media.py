"""Media: files and folders, as clients ask for them. What goes to `uploadUrl` is tested apart."""

from __future__ import annotations

import re
from typing import Any

import pytest
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row

FILE, FOLDER = "/v2/media/file", "/v2/media/folder"
CLIP = {"name": "my clip.mp4", "contentType": "video/mp4", "size": 1000}
UPLOAD = {
    "success": True,
    "uploadUrl": re.compile(r"https?://.+"),
    "fileUrl": re.compile(r"https?://.+/my_clip\.mp4"),
    "expiresIn": 120,
}
NOT_FOUND = {"success": False, "message": "File not found"}


def sent(method: str, path: str, status: int, has: dict[str, Any], **body: Any) -> Ask:
    return Ask(f"{method} {path}", status, has, sends=body)


def registered(folder: str) -> Ask:
    return sent("POST", FILE, 200, UPLOAD, **CLIP, folder=folder)


def deleted(folder: str, status: int = 200, **has: Any) -> Ask:
    return sent("DELETE", FILE, status, has, name="my clip.mp4", folder=folder)


ROWS = (
    row(
        "storage says what is used, what is free and that nobody is blocked",
        Ask(
            "GET /v2/media",
            200,
            {
                "storage.used_bytes": int,
                "storage.free_allowance": 52_428_800,
                "storage.credits_per_week": int,
                "storage.blocked": False,
                "storage.blocked_at": None,
            },
            only="success storage",
        ),
    ),
    row(
        "a file is registered, pending, found by its path and deleted with a JSON body",
        registered("a/b"),
        Ask(
            f"GET {FILE}?path=a/b/my_clip.mp4",
            200,
            {
                **{"file.name": "my_clip.mp4", "file.folder": "a/b", "file.type": "video"},
                **{"file.contentType": "video/mp4", "file.size": 1000, "file.url": str},
                **{"file.status": "pending", "file.temporary": False},
                "file.created_at": TIMESTAMP,
            },
        ),
        deleted("a/b", success=True),
        deleted("a/b", 400, **NOT_FOUND),
        Ask(f"GET {FILE}?path=a/b/my_clip.mp4", 400, NOT_FOUND),
    ),
    row(
        "a name that is taken is a conflict, also while the file is pending",
        registered("taken"),
        sent(
            *("POST", FILE, 409),
            {"message": "A file with this name already exists. Delete it first."},
            **CLIP,
            folder="taken",
        ),
        deleted("taken", success=True),
    ),
    row(
        "a file may have 500 MB",
        sent("POST", FILE, 413, {"success": False}, **{**CLIP, "size": 524_288_001}),
    ),
    row("a name is needed", sent("POST", FILE, 400, {"message": "name is required"}, size=1)),
    row(
        "a destination must be there, and may be empty",
        sent("PUT", FILE, 400, {"message": "destination is required"}, name="x", folder="a"),
        sent("PUT", FILE, 400, NOT_FOUND, name="x", folder="a", destination=""),
    ),
    row(
        "making a folder twice is told the second time",
        Ask(f"POST {FOLDER}", 200, {}, sends={"folder": "new/er"}, only="success"),
        sent("POST", FOLDER, 200, {"message": "Folder already exists"}, folder="new/er"),
        sent("DELETE", FOLDER, 200, {"success": True}, folder="new"),
    ),
    row(
        "only an empty folder is deleted, and never the root or temp",
        registered("full"),
        sent(
            *("DELETE", FOLDER, 400),
            {"message": "Folder is not empty. Delete all files first."},
            folder="full",
        ),
        deleted("full", success=True),
        sent("DELETE", FOLDER, 400, {"message": "Cannot delete root folder"}, folder="/"),
        sent("DELETE", FOLDER, 400, {"message": "Cannot delete the temp folder"}, folder="temp"),
        sent("DELETE", FOLDER, 400, {"message": "folder is required"}, x=1),
    ),
    row(
        "a folder is listed by pages from 0; the root is a slash",
        registered("listed"),
        Ask(
            f"GET {FOLDER}?path=listed&page=0&page_size=50",
            200,
            {
                **{"path": "listed", "folders": [], "files.0.name": "my_clip.mp4"},
                **{"total": 1, "total_files": 1, "total_size": 1000},
            },
        ),
        Ask(f"GET {FOLDER}?path=listed&page=1", 200, {"files": [], "total": 1}),
        Ask(f"GET {FOLDER}?path=/", 200, {"path": "/", "folders": list, "files": list}),
        deleted("listed", success=True),
    ),
    row(
        "the tree has the root and temp",
        Ask(f"GET {FOLDER}?tree=true", 200, {"tree.0.path": "/", "tree.0.files": int}),
    ),
    row(
        "what lies in temp is temporary",
        registered("temp"),
        Ask(f"GET {FILE}?path=temp/my_clip.mp4", 200, {"file.temporary": True}),
        deleted("temp", success=True),
    ),
)


@pytest.mark.parametrize("said", ROWS, ids=str)
def test_media(said: Row, api: Calls) -> None:
    said.hold(api)
