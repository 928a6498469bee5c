"""Large objects of which little is read: FFmpeg is served what it asks for, and the rest stays
where it is. What is kept whole on this machine is not fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from resplice.adapters.s3.objects import S3Objects, storage_errors
from resplice.errors import NotFound, RenderError, StorageError
from resplice.ports.objects import StoredObject
from resplice.ports.scratch import Scratch
from resplice.ports.splicer import Opened

LEAST_BYTES = 64 << 20
"""Below it the whole is here before FFmpeg would have asked for its parts, one after the other."""


LITTLE = 0.5
"""Of an object of which more was read after all, this process opens the whole from then on: FFmpeg
reads through a film in fragments to find a place in it.
"""


class S3Parts:
    """Implements ports.parts.Parts. As with what is spliced, S3 vouches for parts, not a digest of
    ours: that is one of the whole. Safe to use from many threads.
    """

    def __init__(
        self, objects: S3Objects, scratch: Scratch, least_bytes: int = LEAST_BYTES
    ) -> None:
        self._objects, self._scratch, self._least_bytes = objects, scratch, least_bytes
        self._read_all = set[str]()

    @contextmanager
    def open(self, key: str, reads_little: Callable[[StoredObject], bool]) -> Iterator[str]:
        whole = key in self._read_all or self._objects.is_kept(key)
        stored = None if whole else self._objects.head(key)
        if stored and stored.size_bytes >= self._least_bytes and reads_little(stored):
            (opened,) = self._objects.each([key], lambda each: each)
            with self._served(opened) as url:
                yield url
        else:
            with self._objects.open(key) as path:
                yield str(path)

    @contextmanager
    def _served(self, opened: Opened) -> Iterator[str]:
        # Late: nothing else here takes calls.
        from resplice.adapters.s3.blocks import Blocks
        from resplice.adapters.s3.serving import served

        action = f"read parts of {opened.stored.key}"
        with self._scratch.scratch() as folder, ExitStack() as stack:
            with storage_errors(action):
                file = stack.enter_context((folder / "object").open("x+b"))
                blocks = Blocks(opened.read, opened.stored.size_bytes, file.fileno())
                source = stack.enter_context(served(stack.enter_context(closing(blocks))))
            try:
                yield source.url
            except (NotFound, RenderError, StorageError):
                self._read_all.add(opened.stored.key)  # Others would fail as this one did.
                raise
            if blocks.fetched_bytes > LITTLE * blocks.size_bytes:
                self._read_all.add(opened.stored.key)
            with storage_errors(action):
                source.check()
