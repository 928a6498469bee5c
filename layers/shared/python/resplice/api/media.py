"""Media: files and folders of an owner. The bytes of a file go past us: see its `uploadUrl`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resplice.api.media_json import (
    FILE,
    FOLDER,
    NAME,
    ROOT,
    SIZE,
    STORAGE,
    body_schema,
    content_type_in,
    file_json,
    folder_in,
    name_in,
    size_in,
    storage_json,
)
from resplice.api.operation import Answer, Call, Operation, Parameter, described, text, whole
from resplice.api.service import Service
from resplice.core.media import MEDIA_TYPES, TEMP, MediaFile
from resplice.errors import Conflict, DocumentError, NotFound, Problem, TooLarge, Unavailable
from resplice.steps import media

PATH = "/v2/media"
PAGE_SIZE = 50
MOST_ON_A_PAGE = 100


def get_storage(call: Call, service: Service) -> Answer:
    return {"storage": storage_json(media.used_bytes(call.caller.owner, service.ports))}


def get_file(call: Call, service: Service) -> Answer:
    path = call.query.get("path", "")
    if not path.strip("/ "):
        raise DocumentError([Problem("path", "path is required")])
    folder, _, name = path.strip("/").rpartition("/")
    owner, asked = call.caller.owner, {"folder": folder, "name": name}
    file = media.find(_path(folder_in(asked), name_in(asked)), owner, service.ports)
    return {"file": _json([file], owner, service)[0]}


def create_file(call: Call, service: Service) -> Answer:
    sent = call.json()
    file = MediaFile(
        folder_in(sent),
        name_in(sent),
        service.ports.clock.now_ms(),
        content_type_in(sent),
        size_in(sent),
    )
    made = media.register(file, call.caller.owner, service.base_url, service.ports)
    return {
        "uploadUrl": made.upload_url,
        "fileUrl": made.file_url,
        "expiresIn": media.UPLOAD_SECONDS,
    }


def move_file(call: Call, service: Service) -> Answer:
    sent = call.json()
    path = _path(folder_in(sent), name_in(sent))
    destination = folder_in(sent, "destination", required=True)
    media.move(path, destination, call.caller.owner, service.ports)
    return {}


def delete_file(call: Call, service: Service) -> Answer:
    sent = call.json()
    path = _path(folder_in(sent), name_in(sent))
    media.delete(path, call.caller.owner, service.ports)
    return {}


def get_folder(call: Call, service: Service) -> Answer:
    """A page of the files that lie in it, and the folders there; or all folders as a list."""
    if call.flag("tree"):
        return {"tree": _tree(call.caller.owner, service)}
    asked = {"folder": call.query.get("path", call.query.get("folder", ""))}
    folder, owner = folder_in(asked), call.caller.owner
    number = whole(call.query.get("page") or "0", "page", 0, 10**8)
    size = whole(call.query.get("page_size") or str(PAGE_SIZE), "page_size", 1, MOST_ON_A_PAGE)
    found, folders = media.listed(folder, owner, service.ports)
    there = [file for file in found if file.folder == folder]
    shown = _matching(there, call.query)
    return {
        "path": folder or ROOT,
        "folders": sorted({each.removeprefix(f"{folder}/").split("/")[0] for each in folders}),
        "files": _json(shown[number * size : (number + 1) * size], owner, service),
        "page": number,
        "page_size": size,
        "total": len(shown),
        "total_files": len(there),
        "total_size": sum(file.size_bytes for file in there),
    }


def create_folder(call: Call, service: Service) -> Answer:
    made = media.add_folder(_folder(call), call.caller.owner, service.ports)
    return {} if made else {"message": "Folder already exists"}


def delete_folder(call: Call, service: Service) -> Answer:
    sent = call.json()
    if sent.get("folder") in ("", ROOT):
        raise DocumentError([Problem("folder", "Cannot delete root folder")])
    folder = folder_in(sent, required=True)
    if not folder:
        raise DocumentError([Problem("folder", "Cannot delete root folder")])
    if folder == TEMP:
        raise DocumentError([Problem("folder", "Cannot delete the temp folder")])
    if not media.remove_folder(folder, call.caller.owner, service.ports):
        said = "Folder is not empty. Delete all files first."
        raise DocumentError([Problem("folder", said)])
    return {}


def _folder(call: Call) -> str:
    """The folder of a body. Raises DocumentError."""
    folder = folder_in(call.json(), required=True)
    if not folder:
        raise DocumentError([Problem("folder", "folder is required")])
    return folder


def _path(folder: str, name: str) -> str:
    return MediaFile(folder, name, 0).path


def _matching(files: Sequence[MediaFile], query: Mapping[str, str]) -> list[MediaFile]:
    """Those of the type, in whose names the letters stand. Raises DocumentError."""
    wanted, letters = query.get("type"), query.get("q", "").strip().lower()
    if wanted and wanted not in MEDIA_TYPES:
        said = f"'type' must be one of {', '.join(MEDIA_TYPES)}"
        raise DocumentError([Problem("type", said)])
    return [
        file
        for file in files
        if letters in file.name.lower() and (not wanted or file.type == wanted)
    ]


def _tree(owner: str, service: Service) -> list[Mapping[str, Any]]:
    """Each folder with how many files lie right in it, and how large they are."""
    files, folders = media.listed("", owner, service.ports)
    tree: list[Mapping[str, Any]] = []
    for folder in ["", *sorted(folders)]:
        sizes = [file.size_bytes for file in files if file.folder == folder]
        tree.append({"path": folder or ROOT, "files": len(sizes), "size": sum(sizes)})
    return tree


def _json(files: Sequence[MediaFile], owner: str, service: Service) -> list[Mapping[str, Any]]:
    urls = media.file_urls(files, owner, service.base_url, service.ports)
    return [file_json(file, url) for file, url in zip(files, urls, strict=True)]


NAMED = {"name": NAME, "folder": FOLDER}
MESSAGE = "`Folder already exists`, when it does"
LISTING = {
    "path": text(),
    "folders": {"type": "array", "items": {"type": "string"}},
    "files": {"type": "array", "items": FILE},
    **{name: {"type": "integer"} for name in ("page", "page_size")},
    **{name: {"type": "integer"} for name in ("total", "total_files", "total_size")},
    "tree": {
        "type": "array",
        "description": "With `tree=true`, alone",
        "items": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "files": {"type": "integer"},
                "size": {"type": "integer"},
            },
            "required": ["path", "files", "size"],
        },
    },
}
FILE_NAMES = ("folder", "name", "destination")
OPERATIONS = (
    Operation(
        *("GET", PATH, get_storage),
        role="render",
        summary="How much is stored",
        answer=described("Media", storage=STORAGE),
    ),
    Operation(
        *("GET", f"{PATH}/file", get_file),
        role="render",
        summary="Look at a file",
        parameters=(Parameter("path", "`folder/name`", text(), required=True),),
        answer=described("MediaFile", file=FILE),
        errors=(DocumentError, NotFound),
    ),
    Operation(
        *("POST", f"{PATH}/file", create_file),
        tells=FILE_NAMES,
        role="render",
        summary="Register a file that is to be uploaded",
        description=(
            "PUT the bytes to `uploadUrl`, with exactly that `Content-Type` and no key. What is "
            "outside of `[a-zA-Z0-9._-]` in a name, and of `[a-zA-Z0-9/_-]` in a folder, becomes "
            "`_`. A name is free again when no file came for a day."
        ),
        body=body_schema(
            ("name", "contentType", "size"), **NAMED, contentType={"type": "string"}, size=SIZE
        ),
        answer=described(
            "Upload", uploadUrl=text(), fileUrl=text(), expiresIn={"const": media.UPLOAD_SECONDS}
        ),
        errors=(DocumentError, Conflict, TooLarge, Unavailable),
        examples={
            "a clip": {"name": "clip.mp4", "contentType": "video/mp4", "size": 1_048_576},
        },
    ),
    Operation(
        *("PUT", f"{PATH}/file", move_file),
        tells=FILE_NAMES,
        role="render",
        summary="Move a file into another folder",
        body=body_schema(("name", "destination"), **NAMED, destination=FOLDER),
        answer=described("Moved"),
        errors=(DocumentError, NotFound, Conflict),
        examples={"to the root": {"name": "clip.mp4", "folder": "videos", "destination": ""}},
    ),
    Operation(
        *("DELETE", f"{PATH}/file", delete_file),
        tells=FILE_NAMES,
        role="render",
        summary="Delete a file",
        body=body_schema(("name",), **NAMED),
        answer=described("FileDeleted"),
        errors=(DocumentError, NotFound),
    ),
    Operation(
        *("GET", f"{PATH}/folder", get_folder),
        role="render",
        summary="List a folder, or all folders",
        parameters=(
            Parameter("path", "Of the folder; `/` is the root. Also `folder`", text()),
            Parameter("folder", "The same as `path`", text()),
            Parameter("tree", "`true`: every folder, and nothing else", {"type": "boolean"}),
            Parameter("page", "From 0", {"type": "integer", "minimum": 0}),
            Parameter("page_size", "100 at most", {"type": "integer", "minimum": 1}),
            Parameter("type", "Only files of this type", {"enum": [*MEDIA_TYPES]}),
            Parameter("q", "Only files in whose names this stands", text()),
        ),
        answer={
            "type": "object",
            "properties": {"success": {"const": True}, **LISTING},
            "required": ["success", "timestamp"],
        },
        errors=(DocumentError,),
    ),
    Operation(
        *("POST", f"{PATH}/folder", create_folder),
        tells=FILE_NAMES,
        role="render",
        summary="Make a folder",
        body=body_schema(("folder",), folder=FOLDER),
        answer={
            "type": "object",
            "properties": {"success": {"const": True}, "message": text(MESSAGE)},
            "required": ["success", "timestamp"],
        },
        errors=(DocumentError,),
    ),
    Operation(
        *("DELETE", f"{PATH}/folder", delete_folder),
        tells=FILE_NAMES,
        role="render",
        summary="Delete a folder in which there are no files",
        body=body_schema(("folder",), folder=FOLDER),
        answer=described("FolderDeleted"),
        errors=(DocumentError,),
    ),
)
