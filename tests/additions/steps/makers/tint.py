"""The maker of pictures of one colour: a PNG, written by hand. Made up, for a test."""

from __future__ import annotations

import hashlib
import struct
import zlib

from resplice.core.facts import MediaFacts
from resplice.core.tasks.tint import TintTask
from resplice.ports import Ports
from resplice.steps.element_cache import BY_MAKER, TaskOutcome, point_to, put_content
from resplice.steps.makers.maker import Job


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Write the picture and store it. Raises StorageError."""
    task, path = job.task, job.folder / "tint.png"
    png = _png(task)
    path.write_bytes(png)
    digest = hashlib.sha256(png).hexdigest()
    facts = MediaFacts(digest, len(png), "image", "png_pipe", task.width, task.height)
    put_content(path, facts, BY_MAKER, ports)
    point_to(job.key, digest, ports, run=job.run, as_of_ms=ports.clock.now_ms())
    return TaskOutcome(facts, job.key, "miss")


def _png(task: TintTask) -> bytes:
    row = b"\0" + bytes.fromhex(task.colour[1:]) * task.width
    header = struct.pack(">IIBBBBB", task.width, task.height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(row * task.height)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
