"""The whole catalog with its defaults: each is painted, and a browser understands its CSS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from painted_components import Easel, easel, page_of
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.declarations import read_declaration

COMPONENTS = {folder.name: folder for folder in ComponentFolders(CATALOG).all()}


@pytest.fixture(scope="module")
def shown() -> Iterator[Easel]:
    with easel() as made:
        yield made


def least(name: str) -> dict[str, Any]:
    """Every group, with a text where it takes one."""
    groups = read_declaration(COMPONENTS[name].declaration).groups
    return {
        group + "1" * bool(row.many): {"text": "Ann"} if "text" in row.settings else {}
        for group, row in groups.items()
    }


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_browser_understands_all_that_a_component_says(shown: Easel, name: str) -> None:
    painted = shown._browser.paint(page_of(name, least(name), 640, 360))
    assert painted.warnings == ()
