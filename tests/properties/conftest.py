"""What property tests of whole movies share: media, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from drawn import Ranges
from edited import small_media
from resplice.ports.browser import Browser
from studio import studio


@pytest.fixture(scope="module")
def ranges(tmp_path_factory: pytest.TempPathFactory) -> Ranges:
    return small_media(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all: it keeps nothing of what it painted, and takes long to start."""
    with studio(tmp_path_factory.mktemp("painter")) as lab:
        yield lab.ports.browser
