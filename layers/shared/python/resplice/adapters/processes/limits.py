"""What a program beside us may take at the most: the kernel holds it to that.

Memory is what it may write to and shares with nobody (RLIMIT_DATA), and not addresses: of those
FFmpeg and others take many times what they ever touch. Whom the kernel ends when memory runs out
all the same is the program rather than us, who can say what happened.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SPARED = 500
"""Of 1000, added to what the kernel reckons."""
STACK_BYTES = 2 << 20
"""glibc's choice where stacks have no limit."""


def limit(pid: int, most: Mapping[int, int]) -> None:
    """most: by RLIMIT_…; nobody's limit is raised. pid: 0 for this program itself.

    Another one is limited on Linux alone.
    """
    for kind, wanted in most.items():
        if pid and sys.platform != "linux":
            return
        hard = resource.getrlimit(kind)[1]
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if not pid:
            resource.setrlimit(kind, (bound, bound))
            continue
        with suppress(ProcessLookupError):
            resource.prlimit(pid, kind, (bound, bound))


def stack_bytes() -> int:
    """Of each thread in a program that we start."""
    most = resource.getrlimit(resource.RLIMIT_STACK)[0]
    return STACK_BYTES if most == resource.RLIM_INFINITY else most


def first_to_go(pid: int) -> None:
    """When memory runs out, before us."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(str(SPARED))
