"""Room for work in progress below one folder, such as a function's /tmp."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resplice.adapters.disk.held import held, sweep
from resplice.errors import StorageError


class ScratchFolder:
    """Implements ports.scratch.Scratch. Many processes may share one root, also with others."""

    def __init__(self, root: Path) -> None:
        """Removes what killed processes left: a function's /tmp outlives its time limit."""
        self._root = root
        with _storage_errors():
            root.mkdir(parents=True, exist_ok=True)
            sweep(root)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with _storage_errors():
            folder, descriptor = held(self._root)
        try:
            yield folder
        finally:
            os.close(descriptor)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot make a scratch folder: {error}") from error
