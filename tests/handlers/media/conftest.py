"""Each test of owners' files is made on both kinds of stores, for an owner of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_calls import Noted, use
from media_calls import STORES, of_test, owner_of, ports_with
from resplice.ports import Ports


@pytest.fixture(scope="package")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ports]]:
    with ports_with(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest, stores: dict[str, Ports]) -> Ports:
    return of_test(stores[request.param])


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return owner_of(request.node.name)


@pytest.fixture(autouse=True)
def calls(ports: Ports, owner: str) -> None:
    use(ports, Noted(), owner)
