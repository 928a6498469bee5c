"""The program that starts all others: it puts each behind its walls and tells how it ended.

    python -I -S launcher.py DESCRIPTOR     of a socket, whose other end asks (see launching.py)

It is bare, has one thread and holds nothing secret: so what lies between fork and exec may be
written in Python. It imports the standard library alone. When whoever asks is gone, it ends all
that it has started, and removes their folders. What a kernel lacks is left out and was told.
"""

import base64
import ctypes
import errno
import json
import os
import platform
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import time
from contextlib import suppress

HEADER = struct.Struct("=cII")
"""S to start, with the number of descriptors; K to kill what was started as that number."""
TOLD = struct.Struct("=ci")
"""P: the process; E: errno, it could not be started; X: how it ended, as wait tells."""
MOST_AT_A_TIME = 200
"""Descriptors: a message holds 253."""
LOOK_S = 1.0
"""Between two looks at what a tree of processes takes."""
ENDING_TRIES, ENDING_S = 50, 0.02

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

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_SUBREAPER, PR_SET_NO_NEW_PRIVS = (
    *(1, 22, 24, 36),
    38,
)
SECCOMP_FILTER = 2
MOST_CAPABILITIES = 64
FIRST_TO_GO = "500"
"""Of 1000, added to what the kernel reckons when memory runs out: before who asks."""
ON_LINUX = sys.platform == "linux"
libc = ctypes.CDLL(None, use_errno=True)


def called(number, *arguments):
    """What a system call gives. Raises OSError."""
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def controlled(option, value=0, more=0):
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(more), 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def landlock_version():
    """0 where there is none."""
    if not ON_LINUX:
        return 0
    with suppress(OSError):
        return called(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    return 0


def has_seccomp():
    """Whether this process may be given a filter: a null one is refused as one."""
    if not ON_LINUX:
        return False
    libc.prctl(PR_SET_SECCOMP, SECCOMP_FILTER, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def fence_files(version, wanted):
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


def _allow(rules, path, allowed):
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                allowed &= OF_FILES
            called(ADD_RULE, rules, PATH_RULE, struct.pack("=Qi", allowed, at), 0)
        finally:
            os.close(at)


def drop_capabilities():
    """What root may is not for who is started: limits would not hold it."""
    for capability in range(MOST_CAPABILITIES):
        try:
            controlled(PR_CAPBSET_DROP, capability)
        except OSError:
            break


def filter_calls(code):
    """seccomp: see filters.py."""
    program = ctypes.create_string_buffer(code)
    about = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(program))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_FILTER, about, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter(wanted, version):
    """Stand behind the walls: nothing of this can be undone."""
    if ON_LINUX:
        drop_capabilities()
        controlled(PR_SET_NO_NEW_PRIVS, 1)
    if version:
        fence_files(version, wanted)
    if wanted["filter"]:
        filter_calls(base64.b64decode(wanted["filter"]))


def place(targets):
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
    for target in [*sorted(targets), resource.getrlimit(resource.RLIMIT_NOFILE)[0]]:
        if target > last + 1:
            os.closerange(last + 1, target)
        last = target


def lower(kind, bound):
    """Nobody's limit is raised."""
    hard = resource.getrlimit(kind)[1]
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (bound, bound))


class Started:
    """A process: its number, the pipe that is told how it ends, what is its own and what it may
    take. folder: removed when it has ended. tree: {processes, memory_bytes, disk_bytes}, or None.
    """

    def __init__(self, number, pid, told, folder, tree):
        self.number, self.pid, self.told = number, pid, told
        self.folder, self.tree = folder, tree

    def end(self):
        """All of its group, as long as its number is still its own."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def bury(self, status):
        """Tell how it ended, once nothing of it is left."""
        if self.folder:
            _remove(self.folder)
        with suppress(OSError):
            os.write(self.told, TOLD.pack(b"X", status))
        os.close(self.told)


def _remove(folder):
    """What still writes there is ending, too."""
    for _ in range(ENDING_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(ENDING_S)


class Launcher:
    """Serves one socket until its other end closes."""

    def __init__(self, asked):
        self._asked = asked
        self._landlock = landlock_version()
        self._started = {}
        self._woken, waking = os.pipe()
        os.set_blocking(waking, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        if ON_LINUX:
            # Whom a browser leaves behind is ours to end.
            controlled(PR_SET_SUBREAPER, 1)

    def serve(self):
        said = {"landlock": self._landlock, "seccomp": has_seccomp()}
        self._asked.sendall(json.dumps({**said, "machine": platform.machine()}).encode() + b"\n")
        try:
            while self._served():
                self._reap()
        finally:
            for each in self._started.values():
                each.end()
            for each in self._started.values():
                with suppress(ChildProcessError):
                    each.bury(os.waitpid(each.pid, 0)[1])

    def _served(self):
        """Whether there may be more to serve."""
        looks = [each for each in self._started.values() if each.tree]
        ready, _, _ = select.select([self._asked, self._woken], [], [], LOOK_S if looks else None)
        if self._woken in ready:
            with suppress(BlockingIOError):
                os.read(self._woken, 4096)
        if self._asked in ready:
            header, descriptors = self._received()
            if not header:
                return False
            kind, number, _ = HEADER.unpack(header)
            if kind == b"S":
                self._start(number, descriptors)
            elif number in self._started:
                self._started[number].end()
        elif not ready:
            for each in looks:
                if takes_too_much(each):
                    each.end()
        return True

    def _received(self):
        data, descriptors = b"", []
        while len(data) < HEADER.size:
            more, some, _, _ = socket.recv_fds(
                self._asked, HEADER.size - len(data), MOST_AT_A_TIME + 1
            )
            if not more:
                return b"", []
            data, descriptors = data + more, descriptors + some
        wanted = HEADER.unpack(data)[2]
        while len(descriptors) < wanted:
            more, some, _, _ = socket.recv_fds(self._asked, 1, MOST_AT_A_TIME + 1)
            if not more:
                return b"", []
            descriptors += some
        return data, descriptors

    def _start(self, number, descriptors):
        asked, told, *given = descriptors
        with os.fdopen(asked) as file:
            file.seek(0)
            wanted = json.load(file)
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            self._become(wanted, given, writing)
        os.close(writing)
        for each in given:
            os.close(each)
        with os.fdopen(reading, "rb") as failing:
            failure = failing.read()
        os.write(told, TOLD.pack(b"E", int(failure)) if failure else TOLD.pack(b"P", pid))
        self._started[number] = Started(number, pid, told, wanted["folder"], wanted["tree"])

    def _become(self, wanted, given, failing):
        """In the child: never returns."""
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            for each in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(each, signal.SIG_DFL)
            if ON_LINUX:
                controlled(PR_SET_PDEATHSIG, signal.SIGKILL)
            with suppress(OSError):
                os.chdir(wanted["cwd"])
            os.nice(wanted["nice"])
            os.umask(0o077)
            with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
                score.write(FIRST_TO_GO)
            last = max(wanted["targets"]) + 1
            place({**dict(zip(wanted["targets"], given, strict=True)), last: failing})
            failing = last
            os.set_inheritable(failing, False)
            for kind, bound in wanted["limits"]:
                lower(kind, bound)
            enter(wanted, self._landlock)
            os.execve(wanted["argv"][0], wanted["argv"], wanted["environment"])
        except OSError as error:
            os.write(failing, str(error.errno or errno.EIO).encode())
        except BaseException:
            os.write(failing, str(errno.EIO).encode())
        finally:
            os._exit(127)

    def _reap(self):
        """What has ended, with the rest of its group; also whom others left behind."""
        of = {each.pid: each for each in self._started.values()}
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None:
                return
            ended = of.pop(found.si_pid, None)
            if ended:
                ended.end()  # Before its number may become another's.
            _, status = os.waitpid(found.si_pid, 0)
            if ended:
                del self._started[ended.number]
                ended.bury(status)


def takes_too_much(started):
    """Whether the tree of a process is larger than it may be."""
    most, processes = started.tree, tree_of(started.pid)
    if len(processes) > most["processes"]:
        return True
    own_bytes, shared_bytes = 0, 0
    for pid in processes:
        own, shared = memory_of(pid)
        own_bytes, shared_bytes = own_bytes + own, max(shared_bytes, shared)
    if own_bytes + shared_bytes > most["memory_bytes"]:
        return True
    return bool(started.folder) and disk_of(started.folder, processes) > most["disk_bytes"]


def tree_of(leader):
    """The processes of its session, which nobody in it may leave."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                if int(file.read().rpartition(b")")[2].split()[3]) == leader:
                    found.append(int(name))
    return found


def memory_of(pid):
    """(bytes of its own, bytes that it may share)."""
    found = {b"RssAnon": 0, b"RssShmem": 0}
    with suppress(OSError), open(f"/proc/{pid}/status", "rb") as file:
        for line in file:
            name, _, value = line.partition(b":")
            if name in found:
                found[name] = int(value.split()[0]) << 10
    return found[b"RssAnon"], found[b"RssShmem"]


def disk_of(folder, processes):
    """Bytes in its folder, and in files that have no name any more but are open."""
    taken = {}
    for at, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                about = os.lstat(os.path.join(at, name))
                taken[about.st_dev, about.st_ino] = about.st_blocks * 512
    for pid in processes:
        with suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    about = os.stat(f"/proc/{pid}/fd/{name}")
                    if not about.st_nlink:
                        taken[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(taken.values())


if __name__ == "__main__":
    Launcher(socket.socket(fileno=int(sys.argv[1]))).serve()
