"""Walls, from within: what a program does to itself before it becomes the one that was asked for.

Run by launcher.py, between fork and exec; the standard library alone. Nothing of it can be undone.
Landlock: Linux, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import base64
import ctypes
import os
import resource
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""Landlock's system calls; the same on every architecture."""
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_SYM = 1 << 7, 1 << 8, 1 << 9, 1 << 12
REFER, TRUNCATE = 1 << 13, 1 << 14
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All that a version of Landlock can deny in the file system; later ones as the last."""
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
READING = EXECUTE | READ_FILE | READ_DIR
WRITING = (
    WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK
) | (MAKE_SYM | REFER | TRUNCATE)
TCP_SINCE, SCOPES_SINCE = 4, 6
BIND_TCP, CONNECT_TCP, PATH_RULE, PORT_RULE = 1 << 0, 1 << 1, 1, 2
ABSTRACT_SOCKETS, SIGNALS = 1 << 0, 1 << 1

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
MOST_CAPABILITIES, MOST_OPEN = 64, 1 << 20
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
CAPSET, CAPABILITIES_VERSION, CAPABILITY_BYTES = {"x86_64": 126, "aarch64": 91}, 0x20080522, 24
SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER, NEW_LISTENER = 1, 1 << 3
ALLOW_ALL = struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000)
ON_LINUX = sys.platform == "linux"
libc = ctypes.CDLL(None, use_errno=True)


def called(number: int, *arguments: Any) -> int:
    """What a system call gives. Raises OSError."""
    result: int = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def controlled(option: int, value: int = 0) -> None:
    """prctl. Raises OSError."""
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def landlock_version() -> int:
    """0 where there is none."""
    if not ON_LINUX:
        return 0
    with suppress(OSError):
        return called(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    return 0


def held_here() -> dict[str, Any]:
    """What this kernel lets a program put around itself: tried, by a copy of this process.

    A sandbox above may refuse what the kernel has: AWS Lambda refuses prctl.
    """
    if not ON_LINUX:
        return {"landlock": 0, "seccomp": False, "counts": False}
    return {
        "landlock": landlock_version() if _succeeds(_try_landlock) else 0,
        "seccomp": _succeeds(_try_seccomp),
        "counts": _succeeds(_try_counting),
    }


def _try_landlock() -> None:
    give_up()
    fence_files(landlock_version(), {"reads": (), "writes": (), "ports": ()})


def _try_seccomp() -> None:
    give_up()
    filter_calls(ALLOW_ALL)


def _try_counting() -> None:
    give_up()
    filter_calls(ALLOW_ALL, NEW_LISTENER)


def _succeeds(attempt: Callable[[], None]) -> bool:
    copy = os.fork()
    if copy:
        return os.waitpid(copy, 0)[1] == 0
    with suppress(BaseException):
        attempt()
        os._exit(0)
    os._exit(1)


def give_up() -> None:
    """What is had, and what could be gained."""
    drop_capabilities()
    gain_nothing()


def gain_nothing() -> None:
    """No program that is started gains rights; without it the kernel lets nobody wall itself in.
    It may be so already where nobody may say it.
    """
    with suppress(OSError):
        controlled(PR_SET_NO_NEW_PRIVS, 1)


def fence_files(version: int, wanted: Mapping[str, Any]) -> None:
    """Landlock: of the file system and of TCP what is named, and nothing else."""
    rights = RIGHTS[min(version, max(RIGHTS))]
    about = struct.pack(
        "=QQQ",
        rights,
        BIND_TCP | CONNECT_TCP if version >= TCP_SINCE else 0,
        ABSTRACT_SOCKETS | SIGNALS if version >= SCOPES_SINCE else 0,
    )
    size = 8 if version < TCP_SINCE else 16 if version < SCOPES_SINCE else 24
    rules = called(CREATE_RULESET, about, ctypes.c_size_t(size), 0)
    for allowed, paths in ((READING, wanted["reads"]), (WRITING, wanted["writes"])):
        for path in paths:
            _allow(rules, path, allowed & rights)
    if version >= TCP_SINCE:
        for port in wanted["ports"]:
            rule = struct.pack("=QQ", CONNECT_TCP, port)
            called(ADD_RULE, rules, PORT_RULE, rule, 0)
    called(RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, allowed: int) -> None:
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                allowed &= OF_FILES
            called(ADD_RULE, rules, PATH_RULE, struct.pack("=Qi", allowed, at), 0)
        finally:
            os.close(at)


def drop_capabilities() -> None:
    """What root may is not for who is started: limits would not hold it. Nor is what was handed
    down to us, or lies at hand for each program.
    """
    with suppress(OSError):
        controlled(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(MOST_CAPABILITIES):
        try:
            controlled(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    with suppress(OSError, KeyError):
        none = ctypes.create_string_buffer(CAPABILITY_BYTES)
        head = struct.pack("=Ii", CAPABILITIES_VERSION, 0)
        called(CAPSET[os.uname().machine], head, none)


def filter_calls(code: bytes, flags: int = 0) -> int:
    """seccomp: see filters.py. With NEW_LISTENER, what is asked for new processes."""
    program = ctypes.create_string_buffer(code)
    about = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(program))
    return called(SECCOMP[os.uname().machine], SET_MODE_FILTER, flags, about)


def enter(wanted: Mapping[str, Any], counting: socket.socket) -> None:
    """Stand behind the walls: nothing of this can be undone.

    wanted: as launching.py asks it. counting: who is sent what is asked for new processes.
    """
    if ON_LINUX and wanted["drops"]:
        give_up()
    if wanted["landlock"]:
        fence_files(wanted["landlock"], wanted)
    if wanted["filter"] and wanted["counted"]:
        listener = filter_calls(base64.b64decode(wanted["filter"]), NEW_LISTENER)
        socket.send_fds(counting, [b"."], [listener])
    elif wanted["filter"]:
        filter_calls(base64.b64decode(wanted["filter"]))


def place(targets: Mapping[int, int]) -> None:
    """Give each descriptor its number, and close all others."""
    above = max([2, *targets]) + 1
    moved = []
    for target, given in targets.items():
        high = os.dup(given)
        while high < above:
            high = os.dup(high)
        moved.append((target, high))
    for target, high in moved:
        os.dup2(high, target, inheritable=True)
    last = -1
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    end = MOST_OPEN if most == resource.RLIM_INFINITY else min(most, MOST_OPEN)
    for target in [*sorted(targets), end]:
        if target > last + 1:
            os.closerange(last + 1, target)
        last = target


def lower(kind: int, bound: int) -> None:
    """Nobody's limit is raised."""
    hard = resource.getrlimit(kind)[1]
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (bound, bound))
