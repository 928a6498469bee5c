"""Wiring of those who call the API from here: a server that is named, or one of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from resplice.adapters.processes.own_server import own_server
from resplice.wiring.local import data_folder

Server = tuple[str, str | None]
"""Its URL, and the key for it."""


@contextmanager
def server_of(url: str | None, data: Path | None, options: Sequence[str] = ()) -> Iterator[Server]:
    """The server at url or RESPLICE_URL, with the key RESPLICE_API_KEY; without either, a new one
    on the data folder, with these options of `resplice serve`, until the end of the context.

    Raises RespliceError when that does not start.
    """
    named = url or os.environ.get("RESPLICE_URL")
    if named:
        yield named, os.environ.get("RESPLICE_API_KEY") or None
        return
    with own_server(["--data", str(data or data_folder()), *options]) as own:
        yield own.base_url, own.key
