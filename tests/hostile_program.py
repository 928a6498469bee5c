"""A program in the place of FFmpeg or a browser, which tries what a hostile file would make it try.

    hostile_program.py JSON     {"canary": …, "outside": …, "inside": …, "port": …, "abstract": …,
                                 "victim": pid, "without": [names]}, or {"storm": …, "inside": …}

It tells as a JSON object what each attempt came to: "got it: …", or the refusal. Standard library
alone. It is only ever started behind walls, or by a test that shows that it would succeed.
"""

from __future__ import annotations

import ctypes
import fcntl
import itertools
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": {
        **{"ptrace": 101, "mount": 165, "bpf": 321, "userfaultfd": 323, "perf_event_open": 298},
        **{"keyctl": 250, "process_vm_readv": 310, "io_uring_setup": 425, "unshare": 272},
        **{"open_by_handle_at": 304, "pidfd_open": 434, "setns": 308, "init_module": 175},
        **{"fork": 57, "vfork": 58, "memfd_create": 319},
    },
    "aarch64": {
        **{"ptrace": 117, "mount": 40, "bpf": 280, "userfaultfd": 282, "perf_event_open": 241},
        **{"keyctl": 219, "process_vm_readv": 270, "io_uring_setup": 425, "unshare": 97},
        **{"open_by_handle_at": 265, "pidfd_open": 434, "setns": 268, "init_module": 105},
        **{"memfd_create": 279},
    },
}[os.uname().machine]


def read(path: str) -> str:
    with open(path, "rb") as file:
        return repr(file.read(60))


def call(name: str, *arguments: Any) -> int:
    result: int = libc.syscall(NUMBERS[name], *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def write(path: str) -> int:
    with open(path, "wb") as file:
        return file.write(b"was here")


def connect(kind: int, family: int, address: Any) -> str:
    with socket.socket(family, kind) as opened:
        opened.settimeout(2)
        opened.connect(address)
        return "connected"


def forked() -> str:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return "a process"


def cloned() -> str:
    """A process as a library makes it, but by clone, without threads: SIGCHLD alone."""
    pid = libc.syscall(56 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")
    os.waitpid(pid, 0)
    return "a process"


def raised() -> str:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    return "no limit"


def lowered(pid: int) -> str:
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))
    return "another's limit"


def held_open() -> str:
    """Descriptors that nobody gave it."""
    found = []
    for number in range(3, 200):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    if not found:
        raise OSError(9, "none")
    return str(found)


def linked(canary: str, inside: str) -> str:
    os.link(canary, os.path.join(inside, "link"))
    return read(os.path.join(inside, "link"))


def followed(canary: str, inside: str) -> str:
    os.symlink(canary, os.path.join(inside, "symlink"))
    return read(os.path.join(inside, "symlink"))


def attempts(said: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    canary, outside, inside, victim = (said[n] for n in ("canary", "outside", "inside", "victim"))
    return {
        "passwd": lambda: read("/etc/passwd"),
        "canary": lambda: read(canary),
        "home": lambda: os.listdir(os.path.dirname(canary)),
        "root folder": lambda: os.listdir("/"),
        "environment of who asks": lambda: read(f"/proc/{victim}/environ"),
        "environment of the launcher": lambda: read(f"/proc/{os.getppid()}/environ"),
        "memory of who asks": lambda: read(f"/proc/{victim}/mem"),
        "files of who asks": lambda: os.readlink(f"/proc/{victim}/fd/0"),
        "a new file outside": lambda: write(os.path.join(outside, "new")),
        "another's file": lambda: write(canary),
        "cut another's file": lambda: os.truncate(canary, 0),
        "remove another's file": lambda: os.unlink(canary),
        "rename another's file": lambda: os.rename(canary, canary + ".moved"),
        "change another's mode": lambda: os.chmod(canary, 0o777),
        "a hard link": lambda: linked(canary, inside),
        "a symbolic link": lambda: followed(canary, inside),
        "tcp": lambda: connect(socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", said["port"])),
        "tcp6": lambda: connect(socket.SOCK_STREAM, socket.AF_INET6, ("::1", said["port"])),
        "udp": lambda: connect(socket.SOCK_DGRAM, socket.AF_INET, ("127.0.0.1", 53)),
        "abstract": lambda: connect(socket.SOCK_STREAM, socket.AF_UNIX, said["abstract"]),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "signal who asks": lambda: os.kill(victim, 0),
        "signal the launcher": lambda: os.kill(os.getppid(), 0),
        "ptrace": lambda: call("ptrace", 0x4206, victim, 0, 0),
        "another's memory": lambda: call("process_vm_readv", victim, 0, 0, 0, 0, 0),
        "another's limits": lambda: lowered(victim),
        "own limits": raised,
        "another's priority": lambda: os.setpriority(os.PRIO_PROCESS, victim, 15),
        "namespaces": lambda: call("unshare", 0x10000000),
        "mount": lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, 0),
        "bpf": lambda: call("bpf", 0, 0, 0),
        "userfaultfd": lambda: call("userfaultfd", 1),
        "perf": lambda: call("perf_event_open", 0, 0, -1, -1, 0),
        "keys": lambda: call("keyctl", 0, -3, 1),
        "io_uring": lambda: call("io_uring_setup", 1, ctypes.create_string_buffer(120)),
        "modules": lambda: call("init_module", 0, 0, b""),
        "another as a descriptor": lambda: call("pidfd_open", victim, 0),
        "open descriptors": held_open,
        "leave the session": lambda: os.setsid() if os.getsid(0) != os.getpid() else refused(),
        "a datagram": lambda: datagram(said["datagrams"]),
        "fast open": lambda: fast_opened(said["port"]),
        "signals by descriptor": lambda: owned(victim),
        "outlive the launcher": outlived,
        "names as they come": lambda: watched(os.path.dirname(canary)),
        "command lines of others": lambda: read(f"/proc/{victim}/cmdline"),
        "all processes": lambda: os.listdir("/proc"),
        "connections of others": lambda: read("/proc/net/tcp"),
        "priority of the user": lambda: os.setpriority(os.PRIO_USER, 0, 7),
        "fork": forked,
        "clone": cloned,
        "a shell": lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "exit 0"], {}),
        "cron": lambda: os.listdir("/var/spool"),
        "devices": lambda: os.open("/dev/mem", os.O_RDONLY),
    }


def datagram(path: str) -> str:
    """To a socket in the file system, from one end of a pair."""
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"forged", path)
    return "sent"


def fast_opened(port: int) -> str:
    with socket.socket() as opened:
        opened.sendto(b"x", 0x20000000, ("127.0.0.1", port))
    return "sent"


def owned(victim: int) -> str:
    """Signals by way of a descriptor."""
    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, victim)
    return "signals"


def outlived() -> str:
    if libc.prctl(1, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return "it lives on"


def watched(path: str) -> str:
    watching = libc.inotify_init1(0)
    if watching < 0 or libc.inotify_add_watch(watching, path.encode(), 0xFFF) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    return "names of others' files"


def refused() -> NoReturn:
    raise OSError(1, "its own already")


def storm(said: Mapping[str, Any]) -> NoReturn:  # noqa: C901
    """Take without end: told by what is left of it."""
    kind = said["storm"]
    os.chdir(said["inside"])
    if kind == "memory":
        kept = list[Any]()
        while True:
            kept.append(bytearray(64 << 20))
    if kind == "disk":
        for number in itertools.count():
            with open(os.path.join(said["inside"], str(number)), "wb") as file:
                for _ in range(64):
                    file.write(bytes(1 << 20))
    if kind == "hidden disk":
        path = os.path.join(said["inside"], "hidden")
        for _ in itertools.count():
            file = os.open(path, os.O_WRONLY | os.O_CREAT)
            os.unlink(path)
            os.write(file, bytes(64 << 20))
    if kind == "deep folders":
        for _ in range(3000):
            os.mkdir("d")
            os.chdir("d")
        os.mkdir("hidden", 0o300)
    if kind == "small files":
        for number in itertools.count():
            os.close(os.open(str(number), os.O_CREAT))
    if kind == "fork":
        while True:
            os.fork()
    while True:  # Orphans, who would stay when their parent is ended.
        if not os.fork():
            if os.fork():
                os._exit(0)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(3600)
        time.sleep(0.001)


def main() -> None:
    said = json.loads(sys.argv[1])
    if "storm" in said:
        storm(said)
    told = {}
    for name, attempt in attempts(said).items():
        if name not in said.get("without", ()):
            try:
                told[name] = f"got it: {attempt()}"
            except BaseException as error:
                told[name] = f"refused: {error}"
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
