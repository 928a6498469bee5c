"""One stack for all tests of this folder: deploying it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts import Accounts, entered
from deployed import KEY, Deployed
from web_server import Server, serving

from infra.local.stack import running
from infra.synthesis import cdk_out

POOLS = "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
"""boto3's clients keep connections, and these are closed when Python collects the clients."""


LONGEST = "test_rights_used.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file that takes longest begins first, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.path.name != LONGEST)
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(POOLS))


@pytest.fixture(scope="session")
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def deployed(web: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    opened = {"RESPLICE_ALLOWED_SOURCES": f"127.0.0.1:{web.server_port}"}
    with running(cdk_out(), variables=opened) as stack:
        stack.add_key(KEY)
        yield Deployed(stack, web, tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="module")
def fanned_out(deployed: Deployed) -> Iterator[None]:
    """In this module the workflow does each step of every movie."""
    with deployed.fanned_out():
        yield


@pytest.fixture
def nothing_dangles(deployed: Deployed) -> Iterator[None]:
    """After a test of faults all of them came true, and each project has ended."""
    yield
    deployed.settled()
    assert deployed.stack.faults.left() == 0
    assert list(deployed.projects().unfinished()) == []


@pytest.fixture(scope="session")
def accounts(deployed: Deployed) -> Iterator[Accounts]:
    with entered(deployed) as made:
        yield made
