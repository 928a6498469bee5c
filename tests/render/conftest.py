"""One stage for all picture and sound tests of a worker: browser and data folder open once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from footage import Footage
from painted_components import Easel, easel
from stage import Stage
from studio import studio


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    with studio(folder / "data") as lab:
        yield Stage(lab, Footage(folder / "media"))


@pytest.fixture(scope="session")
def shown() -> Iterator[Easel]:
    """One browser for all tests that paint components at a moment."""
    with easel() as made:
        yield made
