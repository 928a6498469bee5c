"""Frozen dataclasses whose methods are written when they are first called.

A process loads hundreds of them and makes few. `dataclasses` compiles six methods of each when it
is loaded, about a millisecond, which was two fifths of the time that every program, function and
test took to start. Here only the fields are read then; `fields`, `replace` and `asdict` know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import Field, FrozenInstanceError, InitVar, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)

_MADE = ("__init__",)
"""Written alone: most classes are made in a process and never compared or printed."""
_COMPARED = ("__repr__", "__eq__", "__hash__")
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Class) -> Class:
    """`dataclass(frozen=True)`, for classes whose bases are made by this too, or have no fields."""
    return _made(cls, _COMPARED)


@dataclass_transform(frozen_default=True, order_default=True, field_specifiers=(field,))
def frozen_ordered(cls: Class) -> Class:
    """`dataclass(frozen=True, order=True)`, for the same."""
    return _made(cls, (*_COMPARED, *_ORDER))


def _made(cls: Class, written: tuple[str, ...]) -> Class:
    cls.__doc__ = cls.__doc__ or cls.__name__  # Else `dataclass` writes the methods to describe it.
    dataclass(init=False, repr=False, eq=False)(cls)
    for together in (_MADE, written):
        own = [name for name in together if name not in vars(cls)]
        if "__eq__" in vars(cls) and "__hash__" in together and vars(cls)["__hash__"] is None:
            own.append("__hash__")  # Python put None there, as the class has an __eq__ of its own.
        for name in own:
            setattr(cls, name, _written_when_called(cls, name, own))
    for name, refuses in (("__setattr__", _refuse_to_set), ("__delattr__", _refuse_to_delete)):
        setattr(cls, name, refuses)
    return cls


def _written_when_called(cls: type, name: str, own: list[str]) -> Callable[..., Any]:
    def method(self: Any, *given: Any, **named: Any) -> Any:
        _write(cls, own)
        return vars(cls)[name](self, *given, **named)

    method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
    return method


def _write(cls: type, own: list[str]) -> None:
    """Let `dataclass` write the methods for the same fields, and take them over."""
    said: dict[str, Any] = {"__module__": cls.__module__, "__annotations__": {}}
    said["__doc__"] = cls.__doc__  # Else `dataclass` reads the signature of __init__ for it.
    for each, kind in _taken(cls):
        said[each.name], said["__annotations__"][each.name] = copy(each), kind
    if after := getattr(cls, "__post_init__", None):
        said["__post_init__"] = after
    made = own == [*_MADE]
    kind = dataclass(init=made, repr=not made, eq=not made, order=_ORDER[0] in own, frozen=True)
    twin: Any = kind(type(cls.__name__, (), said))
    for name in own:
        written = vars(twin)[name]
        written.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, written)


def _taken(cls: Any) -> Iterator[tuple[Field[Any], Any]]:
    """What __init__ takes: fields, and what is for __post_init__ alone. Annotations are not read
    again: what a name in them means is known where the class stands, or its base.
    """
    real = {each.name for each in fields(cls)}
    for name, each in cls.__dataclass_fields__.items():
        if name in real:
            yield each, Any
        elif "ClassVar" not in str(each.type):
            yield each, InitVar[Any]


def _refuse_to_set(self: Any, name: str, value: Any) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
