"""The table: each program that touches what others sent, what it may ask and read, and for whom.

A call or a path stands in here with the reason that it does; whatever is in no row is refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from resplice.adapters.confined.filters import CLONE_THREAD, Argument, Held
from resplice.frozen import frozen

CLONE_NEW = 0x7E02_0000
"""Every namespace that clone may make."""
AF_UNIX, AF_INET = 1, 2

MSG_FASTOPEN = 0x2000_0000
SOCK_NONBLOCK, SOCK_CLOEXEC = 0x800, 0x8_0000


def _typed(*kinds: int) -> tuple[int, ...]:
    """These types of sockets, with all that may be said beside."""
    flags = (0, SOCK_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK | SOCK_CLOEXEC)
    return tuple(kind | flag for kind in kinds for flag in flags)


GROUPS: dict[str, tuple[str, str]] = {
    "memory": (
        "every program: its heap, stacks and libraries",
        "brk mmap munmap mprotect mremap madvise mincore mlock munlock msync membarrier",
    ),
    "threads": (
        "every program: threads, locks, and their end",
        "arch_prctl set_tid_address set_robust_list get_robust_list rseq futex gettid getpid "
        "sched_yield sched_getaffinity sched_getparam sched_getscheduler "
        "sched_get_priority_max sched_get_priority_min getcpu exit exit_group restart_syscall",
    ),
    "signals": (
        "every program: handlers of its own",
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait "
        "sigaltstack",
    ),
    "time": (
        "every program: clocks and waiting",
        "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times "
        "getitimer setitimer alarm",
    ),
    "descriptors": (
        "every program: what it was given, and what Landlock lets it open",
        "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close "
        "close_range dup dup2 dup3 fstat poll ppoll select pselect6 pipe pipe2 eventfd "
        "eventfd2 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait fsync fdatasync "
        "fadvise64 ftruncate fallocate readahead sendfile copy_file_range splice tee",
    ),
    "names": (
        "every program: to find its libraries and files, each held by Landlock",
        "open openat stat lstat newfstatat statx access faccessat faccessat2 readlink "
        "readlinkat getcwd getdents getdents64 statfs fstatfs umask",
    ),
    "about": (
        "every program: what machine and user it runs as, which limits it has",
        "uname sysinfo getrusage getuid geteuid getgid getegid getresuid getresgid getgroups "
        "getppid getpgid getpgrp getsid getpriority getrlimit getrandom capget",
    ),
    "start": (
        "the launcher: to become the program",
        "execve",
    ),
    "places": (
        "who has a folder of its own, within it (modes, times and owners Landlock does not hold)",
        "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink "
        "symlinkat flock chdir fchdir",
    ),
    "processes": (
        "a program of several processes",
        "fork vfork wait4 waitid",
    ),
    "handing": (
        "the launcher: to hand over where new processes are asked for; who has no sockets, may",
        "sendmsg",
    ),
    "messages": (
        "a browser: its processes talk over pairs of sockets without a name",
        "sendmsg recvmsg sendto recvfrom sendmmsg recvmmsg shutdown getsockname getpeername "
        "getsockopt setsockopt",
    ),
    "calls": (
        "FFmpeg that is served what it reads",
        "connect recvfrom getsockname getpeername getsockopt setsockopt shutdown",
    ),
    "browsing": (
        "a browser: to give up what root may, which it has not; memory that its processes share",
        "capset memfd_create",
    ),
    "endings": ("a browser of several processes: to end one that hangs", "kill"),
}
"""(who needs it, the calls), by name."""

THREADS_ALONE = Held("clone", (Argument(0, any_bit=CLONE_THREAD),))
"""Of the calls that make threads and processes: threads. A program alone starts no other."""
NO_NAMESPACES = Held("clone", (Argument(0, no_bit=CLONE_NEW),))
"""Programs of several processes, all of which see the same machine."""
OWN_LIMITS = Held("prlimit64", (Argument(0, one_of=(0,)),))
"""Asked by every program for its own limits; those of other processes are not for it."""
TERMINAL = Held("ioctl", (Argument(1, one_of=(0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),))
"""Whether it writes to a terminal, its size, bytes that wait, blocking, closing at exec: and
nothing that a device or a terminal would do.
"""
DESCRIPTORS = Held("fcntl", (Argument(1, one_of=(*range(8), *range(36, 39), *range(1030, 1035))),))
"""Copies, flags, locks, the size of pipes and seals; no signals to whomever a descriptor names."""
ITSELF = Held(
    "prctl", (Argument(0, one_of=(2, 3, 4, 15, 16, 21, 22, 23, 29, 30, 38, 39, 0x53564D41)),)
)
"""Its name, its memory's names, what it may not do any more; not when it is to end."""
OWN_PRIORITY = Held("setpriority", (Argument(0, one_of=(0,)), Argument(1, one_of=(0,))))
"""Python that gives way to others."""
PAIRS = Held("socketpair", (Argument(0, one_of=(AF_UNIX,)), Argument(1, one_of=_typed(1, 5))))
"""A browser: its processes talk over them. They are connected, so that nobody else is reached."""
CALLS_HOME = (
    Held(
        "socket",
        (Argument(0, one_of=(AF_INET,)), Argument(1, one_of=_typed(1)), Argument(2, one_of=(0, 6))),
    ),
    Held("sendto", (Argument(3, no_bit=MSG_FASTOPEN), Argument(4, null=True))),
)
"""FFmpeg that is served what it reads: TCP. Whom it may call, Landlock says by the port."""
OF_ALL = (OWN_LIMITS, TERMINAL, DESCRIPTORS, ITSELF)

ALONE = ("memory", "threads", "signals", "time", "descriptors", "names", "about", "start")

LIBRARIES = {
    "/lib": "every program that is linked: its libraries, and what loads them",
    "/lib64": "the same, where they lie there",
    "/usr/lib": "the same",
    "/usr/lib64": "the same",
    "/usr/local/lib": "the same, where Python was built by hand",
    "/nix/store": "the same, where all lies there",
    "/etc/ld.so.cache": "what loads libraries: where they are",
    "/dev/urandom": "what asks for chance by its old name",
}
"""By path: who needs it."""
NOTHING = "/dev/null"
"""Read and written: FFmpeg's fontconfig is told that it has no fonts, others say nothing to it."""


@frozen
class Program:
    """A row. groups: of calls. held: calls that are allowed as far as an argument says so.
    places: what it reads beside libraries, by who needs it; asked for when it is started.
    """

    name: str
    groups: tuple[str, ...]
    held: tuple[Held, ...]
    places: Callable[[], Sequence[str]] = tuple

    @property
    def calls(self) -> tuple[str, ...]:
        return tuple(name for group in self.groups for name in GROUPS[group][1].split())

    @property
    def has_processes(self) -> bool:
        """Whether it may start others."""
        return "processes" in self.groups

    def reads(self) -> list[str]:
        return [*LIBRARIES, *self.places()]

    def served(self) -> tuple[tuple[str, ...], tuple[Held, ...]]:
        """(calls, held) when something on this machine serves it."""
        return (*self.calls, *GROUPS["calls"][1].split()), (*self.held, *CALLS_HOME)


def _python() -> list[str]:
    """Where this Python lies; the packages that it imports its environment says.

    Not all that is where it was installed: that is /usr, with every program of the system.
    """
    prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    libraries = [f"{prefix}/{name}" for prefix in prefixes for name in ("lib", sys.platlibdir)]
    own = [f"{sys.prefix}/pyvenv.cfg", os.path.realpath(sys.executable)]
    return list(dict.fromkeys([*libraries, *own]))


PROCESSORS_AND_TIME = [
    "/sys/devices/system/cpu",  # How many processors there are, for its threads.
    "/etc/localtime",  # ICU: the time zone.
    "/usr/share/zoneinfo",  # The same.
]


def _browser() -> list[str]:
    """/proc: each of its processes looks at itself there, and none is known before it is there.
    Of others it sees names and command lines; environment, memory and files Landlock keeps from it.
    """
    return [*PROCESSORS_AND_TIME, "/proc"]


def _one_process() -> list[str]:
    return [
        *PROCESSORS_AND_TIME,
        "/proc/self",  # Its own memory and threads; and which connections there are.
        "/proc/cpuinfo",  # What its processors can do.
        "/proc/meminfo",  # How much memory there is.
        "/proc/stat",  # How busy it is.
        "/proc/sys/kernel",  # What the kernel allows.
        "/proc/sys/vm",  # The same, of memory.
    ]


def _installed_browser() -> list[str]:
    return [
        *_browser(),
        "/bin",  # It is started by a script.
        "/usr",  # Its own files, fonts, types of files.
        "/opt",  # Chrome's own files.
        "/etc/fonts",  # Which fonts there are.
        "/etc/alternatives",  # Where its name leads.
        "/etc/chromium.d",  # What its script reads.
        "/etc/os-release",  # The same.
    ]


FFMPEG = Program("FFmpeg", ALONE, (THREADS_ALONE, *OF_ALL))
PYTHON = Program("Python", ALONE, (THREADS_ALONE, *OF_ALL, OWN_PRIORITY), _python)
"""Moving views, pictures, and those who listen."""
SPEAKER = Program(
    "speech", (*ALONE, "processes", "handing"), (NO_NAMESPACES, *OF_ALL, OWN_PRIORITY), _python
)
"""A copy of it speaks each text."""
_PAGES = (*ALONE, "places", "messages", "browsing")
_TREE = (*_PAGES, "processes", "endings")
_SEVERAL = (NO_NAMESPACES, PAIRS, *OF_ALL)
BROWSER = Program("Chromium", _TREE, _SEVERAL, _browser)
INSTALLED_BROWSER = Program("Chromium that is installed", _TREE, _SEVERAL, _installed_browser)
ONE_PROCESS_BROWSER = Program(
    "Chromium in one process", _PAGES, (THREADS_ALONE, PAIRS, *OF_ALL), _one_process
)
PROGRAMS = (FFMPEG, PYTHON, SPEAKER, BROWSER, INSTALLED_BROWSER, ONE_PROCESS_BROWSER)
