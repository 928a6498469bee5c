"""The client's calls on media: files that movies are made from, kept on the server."""

from __future__ import annotations

import mimetypes
from os import PathLike
from pathlib import Path

import urllib3

from resplice.client.errors import ApiError
from resplice.client.transport import Transport
from resplice.client.values import Json, MediaFile, MediaFolder, Storage
from resplice.frozen import frozen

ANY_TYPE = "application/octet-stream"


@frozen
class Media:
    """Folders are named without slashes at their ends; "" is the root.

    All calls raise ApiError, NoAnswer.
    """

    _transport: Transport

    def storage(self) -> Storage:
        return Storage.of(self._transport.call("GET", "/media").get("storage") or {})

    def list(
        self,
        folder: str = "",
        *,
        type: str | None = None,
        search: str | None = None,
        page: int | None = None,
        page_size: int | None = None,
    ) -> MediaFolder:
        """A page of a folder, the first is 0. type: image, video, audio or other."""
        query = {
            "path": folder or "/",
            "type": type,
            "q": search,
            "page": page,
            "page_size": page_size,
        }
        return MediaFolder.of(self._transport.call("GET", "/media/folder", query))

    def tree(self) -> dict[str, Json]:
        """All folders by path, each with how many files it has, and their size."""
        told = self._transport.call("GET", "/media/folder", {"tree": "true"})
        return {str(each.get("path")): each for each in told.get("tree") or ()}

    def get(self, path: str) -> MediaFile:
        told = self._transport.call("GET", "/media/file", {"path": path})
        return MediaFile.of(told.get("file") or {})

    def upload(
        self,
        path: str | PathLike[str],
        *,
        folder: str = "",
        name: str | None = None,
        content_type: str | None = None,
    ) -> MediaFile:
        """The file as it is kept, with the URL that movies may name.

        content_type: by default, what the name's ending tells. Raises ApiError 409 when there is
        one of this name.
        """
        file = Path(path)
        kind = content_type or mimetypes.guess_type(name or file.name)[0] or ANY_TYPE
        size_bytes = file.stat().st_size
        body = {"name": name or file.name, "contentType": kind, "size": size_bytes}
        told = self._transport.call(
            "POST", "/media/file", body={**body, "folder": folder} if folder else body
        )
        self._put(file, str(told.get("uploadUrl")), kind, size_bytes)
        return MediaFile(
            name=name or file.name,
            folder=folder,
            url=told.get("fileUrl"),
            content_type=kind,
            size_bytes=size_bytes,
            raw=told,
        )

    def move(self, file: MediaFile, destination: str) -> None:
        """Into another folder."""
        where = {"name": file.name, "folder": file.folder, "destination": destination}
        self._transport.call("PUT", "/media/file", body=where)

    def delete(self, file: MediaFile) -> None:
        where = {"name": file.name, "folder": file.folder}
        self._transport.call("DELETE", "/media/file", body=where)

    def make_folder(self, folder: str) -> None:
        """There may be one already."""
        self._transport.call("POST", "/media/folder", body={"folder": folder}, repeatable=True)

    def delete_folder(self, folder: str) -> None:
        """An empty one."""
        self._transport.call("DELETE", "/media/folder", body={"folder": folder})

    def _put(self, file: Path, url: str, content_type: str, size_bytes: int) -> None:
        """The bytes go without the key, and with just the type that was told before."""
        headers = {"Content-Type": content_type, "Content-Length": str(size_bytes)}

        def put() -> urllib3.BaseHTTPResponse:
            with file.open("rb") as body:
                return self._transport.pool.request("PUT", url, body=body, headers=headers)

        answer = self._transport.repeated(put, twice=True)
        if answer.status // 100 != 2:
            words = answer.data[:300].decode(errors="replace")
            raise ApiError(answer.status, f"The upload was refused: {words}")
