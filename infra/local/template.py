"""The template as moto can create it: what it cannot is replaced by values. No I/O.

A type that is neither known to moto nor replaced is an error, so nothing falls out unseen.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

Template = dict[str, Any]
Substitutes = Mapping[str, Mapping[str, str]]
"""By type: the value of its Ref (under `Ref`) and of each attribute that is asked for."""


class NoSubstitute(Exception):
    """The message names the resource, its type, and the attribute if that is what is missing."""


def localise(
    template: Template,
    creatable: Container[str],
    substitutes: Substitutes,
    addresses: Mapping[str, str],
) -> Template:
    """The template without the resources whose type is not creatable.

    addresses: what stands for the beginning of a URL that the template puts together, which may
    hold a substitute: {"https://host": "http://127.0.0.1:8080"}. Raises NoSubstitute.
    """
    resources = template["Resources"]
    gone = {
        name: _substitute(name, resource["Type"], substitutes)
        for name, resource in resources.items()
        if resource["Type"] not in creatable
    }
    kept = {name: _free(each, gone) for name, each in resources.items() if name not in gone}
    # Rules check what the bootstrap stack of an account is like: here is none.
    parts = {name: part for name, part in template.items() if name != "Rules"}
    local: Template = _replaced({**parts, "Resources": kept}, gone, addresses)
    return local


def _substitute(name: str, kind: str, substitutes: Substitutes) -> tuple[str, Mapping[str, str]]:
    if kind not in substitutes:
        raise NoSubstitute(f"{name}: moto cannot create {kind}, and nothing stands for it")
    return f"{name} ({kind})", substitutes[kind]


def _free(resource: Template, gone: Container[str]) -> Template:
    """The resource, waiting for nothing that is gone."""
    if "DependsOn" not in resource:
        return resource
    waits = resource["DependsOn"]
    names = [waits] if isinstance(waits, str) else waits
    return {**resource, "DependsOn": [name for name in names if name not in gone]}


def _replaced(
    node: Any, gone: Mapping[str, tuple[str, Mapping[str, str]]], addresses: Mapping[str, str]
) -> Any:
    if isinstance(node, list):
        return [_replaced(each, gone, addresses) for each in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"Ref": str(name)} if name in gone:
            return _value(gone[name], "Ref")
        case {"Fn::GetAtt": [str(name), str(attribute)]} if name in gone:
            return _value(gone[name], attribute)
        case {"Fn::Join": ["", list(parts)]}:
            return {"Fn::Join": ["", _addressed(_replaced(parts, gone, addresses), addresses)]}
    return {name: _replaced(each, gone, addresses) for name, each in node.items()}


def _value(substitute: tuple[str, Mapping[str, str]], attribute: str) -> str:
    name, values = substitute
    if attribute not in values:
        raise NoSubstitute(f"{name}: nothing stands for {attribute}")
    return values[attribute]


def _addressed(parts: list[Any], addresses: Mapping[str, str]) -> list[Any]:
    """Neighbouring strings as one, and addresses in them as they are here."""
    joined: list[Any] = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    for public, here in addresses.items():
        joined = [p.replace(public, here) if isinstance(p, str) else p for p in joined]
    return joined
