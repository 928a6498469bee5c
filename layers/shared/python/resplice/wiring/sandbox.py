"""Whether programs may run here: what their walls lack, and whether that is refused.

Who requires walls is told at the beginning, before anything is downloaded, rendered or paid.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from resplice.errors import SandboxMissing
from resplice.wiring.switches import is_on

VARIABLE = "RESPLICE_REQUIRE_SANDBOX"
LOGGER = "resplice.adapters.confined.launching"


def required(asked: bool = False) -> bool:
    """asked: by an argument; else RESPLICE_REQUIRE_SANDBOX says so. Raises RespliceError when that
    says something else than 1 or 0.
    """
    return is_on(VARIABLE) or asked


def require_sandbox(asked: bool = False) -> None:
    """Where it is required: from now on this process starts no program without all of its walls.

    Raises SandboxMissing when they are not to be had here.
    """
    if not required(asked):
        return
    # Imported late: a movie that comes from the cache starts no program.
    from resplice.adapters.confined.launching import LAUNCHER_OF_ALL

    keep_untold()  # The error tells it.
    LAUNCHER_OF_ALL.required = True
    if missing := missing_walls():
        raise SandboxMissing(
            f"A sandbox is required for the programs that read what others made, and this machine "
            f"lacks {'; '.join(missing)}. See docs/sandbox.md"
        )


def missing_walls() -> Sequence[str]:
    """In a user's words; nothing where all of them are held."""
    from resplice.adapters.confined.launching import LAUNCHER_OF_ALL

    try:
        return LAUNCHER_OF_ALL.walls().missing()
    except OSError as error:
        return (f"the program that starts others: {error.strerror or error}",)


def keep_untold() -> None:
    """Say nothing of missing walls in this process: on a terminal nobody asked. `resplice doctor`
    tells, and so does who requires them.
    """
    logging.getLogger(LOGGER).setLevel(logging.ERROR)
