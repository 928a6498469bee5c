"""Where a target is tried: a folder, and canaries that nobody may read or call."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

FILE, PORT = b"@canary-file@", b"@canary-port@"
"""In an input: where the canaries are. They are put in when it is tried, which may be again."""
SECRET = b"the-canary-sings-7f3a91"
COLOUR = (1, 254, 3)


@dataclass
class Place:
    """called: by whom the canary was called, that listens on the port. few: whether a few good
    files are enough to make others of.
    """

    folder: Path
    port: int
    few: bool = False
    called: list[str] = field(default_factory=list)

    @property
    def canary(self) -> Path:
        return self.folder / "canary.png"

    def filled(self, data: bytes) -> bytes:
        return data.replace(FILE, bytes(self.canary)).replace(PORT, str(self.port).encode())


@contextmanager
def placed(folder: Path, *, few: bool = False) -> Iterator[Place]:
    listening = socket.create_server(("127.0.0.1", 0))
    place = Place(folder, listening.getsockname()[1], few)
    place.canary.write_bytes(_canary())

    def accept() -> None:
        while True:
            try:
                connection, who = listening.accept()
            except OSError:
                return
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + SECRET)
            place.called.append(str(who))

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield place
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _canary() -> bytes:
    """A picture of one colour that says the secret: seen or read, it is known."""
    said, into = PngInfo(), io.BytesIO()
    said.add_text("Comment", SECRET.decode())
    Image.new("RGB", (64, 64), COLOUR).save(into, "PNG", pnginfo=said)
    return into.getvalue()
