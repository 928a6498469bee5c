"""Which system calls a program may make, as the filter that the kernel runs before each of them.

A call that is not allowed is answered as one that this kernel does not have, so that libraries do
without it. Pure: what it makes is bytes for launcher.py. Linux, Documentation/userspace-api/
seccomp_filter.rst.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from resplice.adapters.confined.syscalls import ARCHITECTURES, NUMBERS
from resplice.frozen import frozen

ALLOW, REFUSE, KILL, ASK = 0x7FFF0000, 0x00050000, 0x80000000, 0x7FC00000
"""The last: whoever has the filter's listener says whether it may be."""
CLONE_THREAD = 0x0001_0000
NEW_PROCESSES = ("fork", "vfork")
_LOAD, _EQUAL, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_NAMED = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_OTHER_NUMBERS = 0x40000000
"""x86-64's second set of the same calls, which nobody here uses."""
MOST_JUMP = 255


@frozen
class Argument:
    """What a call's argument must be, for the call to be allowed. place: from 0.

    one_of: its lower half is one of these. any_bit: it has one of them. no_bit: none of them.
    null: it is nought, both halves.
    """

    place: int
    one_of: tuple[int, ...] = ()
    any_bit: int = 0
    no_bit: int = 0
    null: bool = False


@frozen
class Held:
    """A call that is allowed as far as all these arguments say so."""

    name: str
    arguments: tuple[Argument, ...]


def filter_code(
    machine: str,
    calls: Iterable[str],
    held: Sequence[Held],
    counted: bool = False,
) -> bytes:
    """The program for an architecture; empty for one whose numbers are not known.

    calls: allowed whatever they are asked. held: one rule for each call. counted: each new process
    is asked for, of those that are allowed.
    """
    if machine not in _NAMED:
        return b""
    return _code(machine, tuple(sorted(set(calls))), tuple(held), counted)


@cache
def _code(machine: str, calls: tuple[str, ...], held: tuple[Held, ...], counted: bool) -> bytes:
    at = ARCHITECTURES.index(machine)
    code = [
        *(_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, _NAMED[machine], 1, 0), _step(_RETURN, KILL)),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        code += [_step(_AT_LEAST, _OTHER_NUMBERS, 0, 1), _step(_RETURN, REFUSE | errno.ENOSYS)]
    for one in held:
        number = NUMBERS[one.name][at]
        if number is not None:
            rule = _rule(one, counted)
            code += [_step(_EQUAL, number, 0, len(rule)), *rule]
    for name in NEW_PROCESSES if counted else ():
        number = NUMBERS[name][at]
        if name in calls and number is not None:
            code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, ASK)]
    for first, last in _ranges(
        number for name in calls if (number := NUMBERS[name][at]) is not None
    ):
        code += [_step(_AT_LEAST, first, 0, 2), _step(_AT_LEAST, last + 1, 1, 0)]
        code.append(_step(_RETURN, ALLOW))
    return b"".join([*code, _step(_RETURN, REFUSE | errno.ENOSYS)])


def _rule(held: Held, counted: bool) -> list[bytes]:
    """Allow or refuse, by arguments: nothing of it goes on to what follows."""
    code = [step for argument in held.arguments for step in _checked(argument)]
    if counted and held.name == "clone":  # Threads are no processes.
        code += [_step(_LOAD, _ARGUMENTS), _step(_ANY_OF, CLONE_THREAD, 1, 0), _step(_RETURN, ASK)]
    return [*code, _step(_RETURN, ALLOW)]


def _checked(argument: Argument) -> list[bytes]:
    """Refuse where it is not as it must be, and go on where it is."""
    low = _ARGUMENTS + 8 * argument.place
    refuse, code = _step(_RETURN, REFUSE | errno.EPERM), [_step(_LOAD, low)]
    left = len(argument.one_of)
    for value in argument.one_of:
        code.append(_step(_EQUAL, value, left, 0))  # Past the refusal.
        left -= 1
    if argument.one_of:
        code.append(refuse)
    if argument.any_bit:
        code += [_step(_ANY_OF, argument.any_bit, 1, 0), refuse]
    if argument.no_bit:
        code += [_step(_ANY_OF, argument.no_bit, 0, 1), refuse]
    for half in (low, low + 4) if argument.null else ():
        code += [_step(_LOAD, half), _step(_EQUAL, 0, 1, 0), refuse]
    return code


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as (first, last) of those without a gap."""
    ordered = sorted(set(numbers))
    starts = [one for before, one in pairwise([-2, *ordered]) if one != before + 1]
    ends = [one for one, after in pairwise([*ordered, -2]) if after != one + 1]
    return list(zip(starts, ends, strict=True))


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)
