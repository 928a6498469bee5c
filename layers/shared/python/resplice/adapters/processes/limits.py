"""Of the limits that programs beside us are given: what their threads' stacks count for.

Memory is what a program may write to and shares with nobody (RLIMIT_DATA), and not addresses: of
those FFmpeg and others take many times what they ever touch. Whom the kernel ends when memory runs
out all the same is the program rather than us, who can say what happened (confined/launcher.py).
"""

from __future__ import annotations

import resource

STACK_BYTES = 2 << 20
"""glibc's choice where stacks have no limit."""


def stack_bytes() -> int:
    """Of each thread in a program that we start."""
    most = resource.getrlimit(resource.RLIMIT_STACK)[0]
    return STACK_BYTES if most == resource.RLIM_INFINITY else most
