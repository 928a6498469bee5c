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

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_NAMED = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_OTHER_NUMBERS = 0x40000000
"""x86-64's second set of the same calls, which nobody here uses."""
MOST_JUMP = 255


@frozen
class Argument:
    """What the lower half of a call's argument must be for the call to be allowed. place: from 0.

    one_of: it is one of these. any_bit: it has one of them. no_bit: it has none of them.
    """

    place: int
    one_of: tuple[int, ...] = ()
    any_bit: int = 0
    no_bit: int = 0


def filter_code(machine: str, calls: Iterable[str], held: Sequence[tuple[str, Argument]]) -> bytes:
    """The program for an architecture; empty for one whose numbers are not known.

    calls: allowed whatever they are asked. held: allowed as far as an argument says so, one rule
    for each call.
    """
    if machine not in _NAMED:
        return b""
    return _code(machine, tuple(sorted(set(calls))), tuple(held))


@cache
def _code(machine: str, calls: tuple[str, ...], held: tuple[tuple[str, Argument], ...]) -> bytes:
    at = ARCHITECTURES.index(machine)
    code = [
        *(_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, _NAMED[machine], 1, 0), _step(_RETURN, KILL)),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        code += [_step(_AT_LEAST, _OTHER_NUMBERS, 0, 1), _step(_RETURN, REFUSE | errno.ENOSYS)]
    for name, argument in held:
        number = NUMBERS[name][at]
        if number is not None:
            rule = _rule(argument)
            code += [_step(_EQUAL, number, 0, len(rule)), *rule]
    for first, last in _ranges(
        number for name in calls if (number := NUMBERS[name][at]) is not None
    ):
        code += [_step(_AT_LEAST, first, 0, 2), _step(_AT_LEAST, last + 1, 1, 0)]
        code.append(_step(_RETURN, ALLOW))
    return b"".join([*code, _step(_RETURN, REFUSE | errno.ENOSYS)])


def _rule(argument: Argument) -> list[bytes]:
    """Allow or refuse, by an argument: nothing of it goes on to what follows."""
    code = [_step(_LOAD, _ARGUMENTS + 8 * argument.place)]
    for value in argument.one_of:
        code += [_step(_EQUAL, value, 0, 1), _step(_RETURN, ALLOW)]
    if argument.any_bit:
        code += [_step(_ANY_OF, argument.any_bit, 0, 1), _step(_RETURN, ALLOW)]
    if argument.no_bit:
        code += [_step(_ANY_OF, argument.no_bit, 1, 0), _step(_RETURN, ALLOW)]
    return [*code, _step(_RETURN, REFUSE | errno.EPERM)]


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as (first, last) of those without a gap."""
    ordered = sorted(set(numbers))
    starts = [one for before, one in pairwise([-2, *ordered]) if one != before + 1]
    ends = [one for one, after in pairwise([*ordered, -2]) if after != one + 1]
    return list(zip(starts, ends, strict=True))


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)
