"""Each contract of what keeps rows is held by all that keep them."""

from __future__ import annotations

from pathlib import Path

import cloud
import pytest
from row_places import DynamoPlace, Place, SqlitePlace


@pytest.fixture(params=["sqlite", "dynamodb"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return SqlitePlace(tmp_path / "records.sqlite")
    return DynamoPlace(cloud.new_table())
