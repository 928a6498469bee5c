"""One server and one browser, with a tab for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_pages import Visitor, visitor
from served import Served, running
from studio_page import StudioPage


@pytest.fixture(scope="module")
def browser() -> Iterator[Visitor]:
    with visitor() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("data")) as served:
        yield served


@pytest.fixture
def studio(browser: Visitor, server: Served) -> Iterator[StudioPage]:
    """Nothing may be logged as an error, or be forbidden by the page's policy."""
    page = browser.page()
    yield StudioPage(page, f"http://127.0.0.1:{server.port}")
    refused = [said for said in page.said if "status of 400" not in said]
    assert refused == []
    page.do("Page.close")
