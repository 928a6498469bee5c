"""What the tests of a file open is closed at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from far_apart import close_stores


@pytest.fixture(scope="module", autouse=True)
def stores_closed() -> Iterator[None]:
    yield
    close_stores()
