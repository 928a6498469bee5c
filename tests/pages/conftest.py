"""One server and one browser for all tests of a process, with a tab for each."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from browser_pages import Visitor, visitor
from served import Served, running
from studio_page import StudioPage, small

UNLIKE = {**small(*["Before"] * 7), "width": 64, "height": 36}
"""What is there at first: else what another test left would be taken for what is waited for."""
LEFT = """new Promise((done, failed) => {
    const asked = indexedDB.open('resplice-studio', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('drafts');
    asked.onsuccess = () => {
        const change = asked.result.transaction('drafts', 'readwrite');
        change.objectStore('drafts').put({text: %s, at_ms: Date.now()}, 'left');
        change.oncomplete = () => (asked.result.close(), done());
    };
    asked.onerror = failed;
})"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Visitor]:
    with visitor() as found:
        yield found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("data")) as served:
        yield served


@pytest.fixture
def studio(browser: Visitor, server: Served) -> Iterator[StudioPage]:
    """Nothing may be logged as an error, or be forbidden by the page's policy."""
    page, url = browser.page(), f"http://127.0.0.1:{server.port}"
    page.go(f"{url}/healthz")
    page.wait("location.pathname === '/healthz'")
    page.js(LEFT % json.dumps(json.dumps(UNLIKE)))
    yield StudioPage(page, url)
    refused = [said for said in page.said if "status of 400" not in said]
    assert refused == []
    page.do("Page.close")
