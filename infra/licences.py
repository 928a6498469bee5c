"""Licences: whether what is installed may be, by the list infra/licences.toml. No AGPL, no SSPL,
and GPL only of programs that run in processes of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, LicenseSymbol, Licensing

from layers.hashed import normal

LIST = Path(__file__).with_suffix(".toml")
CLASSIFIER = "License :: "
VAGUE = ("License :: OSI Approved",)


@dataclass(frozen=True)
class Licensed:
    """Something that is installed. licence: an SPDX expression, or what it says in its place.

    is_program: whether it runs in a process of its own, as a row of the list says.
    """

    name: str
    version: str
    licence: str
    is_program: bool = False


@cache
def listed() -> Mapping[str, Any]:
    return tomllib.loads(LIST.read_text())


def said_by(package: Distribution) -> str:
    """The licence of a Python package: what the list says of it comes first."""
    told = package.metadata
    if own := listed()["packages"].get(normal(told["Name"])):
        return str(own)
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    if (plain := "".join(told.get_all("License") or ())[:80]) and _known(_worded(plain)):
        return _worded(plain)
    classifiers = told.get_all("Classifier") or ()
    found = [each for each in classifiers if each.startswith(CLASSIFIER) and each not in VAGUE]
    return " OR ".join(_worded(each.rpartition(" :: ")[2]) for each in found) or plain


def faults(installed: Iterable[Licensed]) -> Iterator[str]:
    """What may not be there, each in words."""
    for each in installed:
        if not each.licence:
            yield f"{each.name} {each.version} does not say its licence"
        elif (expression := _parsed(each.licence)) is None:
            yield f"{each.name} {each.version}: '{each.licence}' is no SPDX expression"
        elif not _may(expression, each.is_program):
            yield f"{each.name} {each.version}: {each.licence} is not in the list"


def _may(expression: Any, is_program: bool) -> bool:
    """Of what is joined by OR one is enough, by AND all are needed. WITH takes nothing away."""
    if isinstance(expression, LicenseSymbol):
        known = {*listed()["allowed"], *(listed()["of_programs"] if is_program else ())}
        return getattr(expression, "license_symbol", expression).key in known
    parts = [_may(part, is_program) for part in expression.args]
    return any(parts) if expression.operator.strip() == "OR" else all(parts)


def _worded(text: str) -> str:
    return str(listed()["words"].get(text, text))


def _known(text: str) -> bool:
    return (found := _parsed(text)) is not None and _may(found, True)


def _parsed(text: str) -> Any:
    try:
        return Licensing().parse(text)
    except ExpressionError:
        return None
