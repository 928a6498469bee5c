"""A root file system as bare as a Lambda's: glibc, one Python, /proc, four devices, and a /tmp.

Programs run in it see nothing else of this machine but its network, may write to /tmp alone, have
no rights, no home and no /dev/shm. Needs root, or a system that lets users make namespaces.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from infra.runtime import interpreter, runtime_version

GLIBC = (
    *("libc.so.6", "libm.so.6", "libmvec.so.1", "libdl.so.2", "libpthread.so.0", "librt.so.1"),
    *("libresolv.so.2", "libutil.so.1", "libnss_files.so.2", "libnss_dns.so.2"),
    "libgcc_s.so.1",  # Not of glibc, but glibc itself loads it, so it is wherever glibc is.
    "libstdc++.so.6",  # Nor this, but wheels count on it wherever they run: PEP 600.
)
LANG = Path("var/lang")
UNNEEDED = (
    *("site-packages", "dist-packages", "test", "idlelib", "turtledemo", "config-*"),
    *("tkinter", "_tkinter.*", "curses", "_curses*", "readline.*", "_gdbm.*", "_dbm.*", "_test*"),
)
"""Of the standard library; some of it brings libraries that a Lambda has not."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
USER, GROUP = 993, 990
NOT_ENTERED = 125

ENVIRONMENT = {
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/task:/opt/lib",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "PYTHONPATH": "/var/runtime",
}

# $1: the root; $2 $3 $4: what is /opt, /var/task and /tmp there; the rest: what goes on.
_ENTER = f"""
root=$1; opt=$2; task=$3; tmp=$4; shift 4
seal() {{ mount --bind "$1" "$2" && mount -o remount,bind,ro "$2"; }}
{{
    seal "$root" "$root" && seal "$opt" "$root/opt" && seal "$task" "$root/var/task" &&
    mount --bind "$tmp" "$root/tmp" &&
    {{ mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"; }} &&
    for device in null zero random urandom; do
        mount --bind /dev/$device "$root/dev/$device" || exit {NOT_ENTERED}
    done
}} || exit {NOT_ENTERED}
exec "$@"
"""

# Lambda refuses prctl, which browsers call before they start processes, and fallocate.
_REFUSE = """
import ctypes, os, struct, sys
X86_64, PRCTL, FALLOCATE, SET_SECCOMP, FILTER = 0xC000003E, 157, 285, 22, 2
ALLOW, EPERM = 0x7FFF0000, 0x50001
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
rules = [(LOAD, 0, 0, 4), (IF_EQUAL, 0, 4, X86_64), (LOAD, 0, 0, 0), (IF_EQUAL, 1, 0, PRCTL),
         (IF_EQUAL, 0, 1, FALLOCATE), (RETURN, 0, 0, EPERM), (RETURN, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
program = ctypes.create_string_buffer(struct.pack("H6xQ", len(rules), ctypes.addressof(code)))
if ctypes.CDLL(None, use_errno=True).prctl(SET_SECCOMP, FILTER, program, 0, 0):
    sys.exit(int(sys.argv[1]))
os.execvp(sys.argv[2], sys.argv[2:])
"""

_ASK = """
import json, os, sys, sysconfig
print(json.dumps([
    "%d.%d" % sys.version_info[:2], os.path.realpath(sys._base_executable),
    sysconfig.get_path("stdlib"),
]))
"""


@dataclass(frozen=True)
class Python:
    """An installed Python: X.Y, its executable, its standard library."""

    version: str
    executable: Path
    library: Path


@dataclass(frozen=True)
class BareRoot:
    """folder: what is `/`; python: the path of Python in it; tmp: what is /tmp."""

    folder: Path
    python: str
    tmp: Path

    def with_tmp(self, folder: Path) -> BareRoot:
        """The same, but for an empty /tmp in the folder."""
        return replace(self, tmp=_for_all(folder / "tmp"))

    def run(
        self,
        argv: Sequence[str],
        opt: Path,
        task: Path,
        environment: Mapping[str, str],
        stdin: str = "",
        timeout_s: float = 120,
        refuses: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program with these folders as /opt and /var/task; nothing of it stays alive.

        refuses: what Lambda refuses; else what this machine's kernel has is there.

        Raises RuntimeError when this system does not let us in.
        """
        unshare = _unshare()
        enter = ["/bin/sh", "-c", _ENTER, "sh", *map(str, (self.folder, opt, task, self.tmp))]
        refuse = [sys.executable, "-I", "-S", "-c", _REFUSE, str(NOT_ENTERED)] if refuses else []
        named = [f"{name}={value}" for name, value in {**ENVIRONMENT, **environment}.items()]
        # Another user has no rights; one who is root only in there has none out here.
        who = [f"--userspec={USER}:{GROUP}", "--groups="] if "-r" not in unshare else []
        chroot = [shutil.which("chroot", path=SYSTEM_PATH) or "chroot", *who, str(self.folder)]
        done = subprocess.run(
            [*unshare, "--", *enter, *refuse, "env", "-i", *named, *chroot, *argv],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            input=stdin,
            env={"PATH": SYSTEM_PATH},
        )
        if done.returncode == NOT_ENTERED:
            raise RuntimeError(f"The bare root could not be entered: {done.stderr}")
        return done


def bare_root(folder: Path) -> BareRoot:
    """Make it in an empty folder, out of hard links where the system allows them."""
    found, root = runtime(), folder / "root"
    for name in ("dev", "etc", "lib64", "opt", "proc", "tmp", "var/task", "var/runtime"):
        (root / name).mkdir(parents=True)
    for name in ("null", "zero", "random", "urandom"):
        (root / "dev" / name).touch()
    for name, text in (
        ("passwd", f"root:x:0:0::/:\nsbx:x:{USER}:{GROUP}::/home/sbx:/sbin/nologin\n"),
        ("hosts", "127.0.0.1 localhost\n"),
        ("resolv.conf", ""),
    ):
        (root / "etc" / name).write_text(text)
    _add_python(found, root)
    return BareRoot(root, f"/{LANG}/bin/{found.executable.name}", _for_all(folder / "tmp"))


def _for_all(folder: Path) -> Path:
    """Made, for anybody to write in."""
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


@cache
def _unshare() -> list[str]:
    """What makes the namespaces to mount things in. Raises RuntimeError where nothing does."""
    for own in ([], ["-r"]):
        command = ["unshare", *own, "--mount", "--pid", "--kill-child"]
        run = subprocess.run([*command, "true"], capture_output=True, env={"PATH": SYSTEM_PATH})
        if not run.returncode:
            return command
    raise RuntimeError(
        "A bare root needs namespaces: be root with CAP_SYS_ADMIN (in a container: --privileged), "
        f"or let users make namespaces. {run.stderr.decode()}"
    )


@cache
def runtime() -> Python:
    """The Python that functions run on, or the one that runs this where there is no such."""
    python = interpreter(runtime_version()) or sys.executable
    told = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, check=True)
    version, *paths = json.loads(told.stdout)
    return Python(version, *map(Path, paths))


def merged(layers: Iterable[Path], into: Path) -> Path:
    """The layers, one laid over the other, as a function has them under /opt."""
    into.mkdir(parents=True)
    for layer in layers:
        # Hard links: nothing there can be written to.
        subprocess.run(["cp", "--archive", "--link", f"{layer}/.", str(into)], check=True)
    return into


def _add_python(python: Python, root: Path) -> None:
    """Python with its own libraries where a Lambda has them, and glibc where the loader looks."""
    lang = root / LANG
    library = lang / "lib" / f"python{python.version}"
    shutil.copytree(
        python.library,
        library,
        copy_function=_linked,
        ignore=shutil.ignore_patterns(*UNNEEDED),
    )
    _linked(python.executable, lang / "bin" / python.executable.name)
    needed = _needed([python.executable, *(library / "lib-dynload").glob("*.so")])
    glibc = Path(needed.pop("libc.so.6")).parent
    for name in GLIBC:
        needed.pop(name, None)
        if (glibc / name).exists():
            _linked(glibc / name, root / str(glibc / name)[1:])
    for path in needed.values():
        aim = root / path[1:] if "ld-linux" in path else lang / "lib" / Path(path).name
        _linked(Path(path), aim)


def _needed(files: Sequence[Path]) -> dict[str, str]:
    """The libraries that these load, and those that they load in turn: name -> path."""
    listed = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=True)
    found = re.findall(r"^\s+(?:(\S+) => )?(/\S+) \(", listed.stdout, re.MULTILINE)
    return {name or Path(path).name: path for name, path in found}


def _linked(source: Any, target: Any) -> None:
    """A second name for the file, or a copy where that cannot be.

    The copy is as old as the file: else Python compiles each module anew at each start.
    """
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(Path(source).resolve(), target)
    except OSError:
        shutil.copy2(source, target)
