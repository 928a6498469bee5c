"""Ports stay small: what has many methods is several things at once."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import Any

import pytest
import resplice.ports
from resplice.ports import Ports

MOST_METHODS = 8


def protocols() -> dict[str, type]:
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(resplice.ports.__path__, "resplice.ports."):
        members: list[tuple[str, Any]] = inspect.getmembers(
            importlib.import_module(module.name), inspect.isclass
        )
        for name, member in members:
            if getattr(member, "_is_protocol", False) and member.__module__ == module.name:
                found[name] = member
    return found


def methods(protocol: type) -> set[str]:
    """With those that it has from others."""
    return {
        name
        for name, value in inspect.getmembers(protocol, inspect.isfunction)
        if not name.startswith("_")
    }


def test_all_that_the_steps_are_given_is_looked_at() -> None:
    given = {str(field.type) for field in Ports.__dataclass_fields__.values()}
    plain = {"Tools", "Executor", "Patience", "int", "bool", "int | None"}
    plain |= {"Quotas", "OwnUrls", "Callable[[str], Offers]", "Callable[[], str | None]"}
    each = {re.sub(r"Mapping\[str, (\w+)\]", r"\1", name) for name in given}
    assert each - plain <= protocols().keys()
    assert len(given) > 11


@pytest.mark.parametrize("name", sorted(protocols()))
def test_no_port_has_many_methods(name: str) -> None:
    assert 1 <= len(methods(protocols()[name])) <= MOST_METHODS
