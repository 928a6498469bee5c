"""The program behind pictures.py: reads, compares and packs what a browser has shot.

A request is a line of JSON and as many bytes as it says; so is an answer. Requests are of albums,
each with its last picture and the frames that were kept; see pictures.Album for what they do.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from resplice.adapters.chromium.apng import Frames

if TYPE_CHECKING:
    from PIL.Image import Image


class _Album:
    def __init__(self) -> None:
        self.last: Image | None = None
        self.frames = Frames()

    def answer(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """Raises ValueError, OSError for what cannot be read or is too much."""
        match request["do"]:
            case "show":
                return self._shown(data), b""
            case "begin":
                self.frames = Frames()
            case "keep":
                self.frames.add(self._picture())
            case "moves":
                return {"moves": self.frames.moves, "ink": self.frames.ink}, b""
            case "cut":
                out = io.BytesIO()
                self._picture().crop(tuple(request["box"])).save(out, "PNG", compress_level=1)
                return {}, out.getvalue()
            case "apng":
                made, box = self.frames.apng(request["fps"], for_ever=request["for_ever"])
                return {"box": box}, made
        return {}, b""

    def _shown(self, png: bytes) -> dict[str, Any]:
        from PIL import Image

        self.last = Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")
        return {"size": self.last.size, "ink": self.last.getchannel("A").getbbox()}

    def _picture(self) -> Image:
        if self.last is None:
            raise ValueError("there is no picture")
        return self.last


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """To the end of the requests."""
    albums = dict[int, _Album]()
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        if request["do"] == "end":
            albums.pop(request["album"], None)
            said, made = dict[str, Any](), b""
        else:
            said, made = _answered(albums.setdefault(request["album"], _Album()), request, data)
        answers.write(json.dumps({**said, "bytes": len(made)}).encode() + b"\n")
        answers.write(made)
        answers.flush()


def _answered(album: _Album, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return album.answer(request, data)
    except (ValueError, OSError) as error:
        return {"refused": str(error)}, b""


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
