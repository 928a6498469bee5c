"""The checks of `resplice doctor`, in the order in which one would mend what they find.

They change nothing that stays, and each is bounded in time. A kind of check is a row of a table in
doctor_programs.py, doctor_places.py or doctor_stage.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from resplice.adapters.bare_logs import keep_bare
from resplice.wiring import doctor_places, doctor_programs, doctor_stage
from resplice.wiring.findings import BROKEN, OK, WARN, Finding
from resplice.wiring.sandbox import keep_untold

__all__ = ["BROKEN", "OK", "WARN", "Finding", "examined"]


def examined(
    folder: Path, port: int, stage: str | None = None, region: str | None = None
) -> Iterator[Finding]:
    """What is found here, and of the stage that is named, as it is found. Never raises.

    folder: of the data. port: where `resplice serve` would listen.
    """
    keep_bare()
    keep_untold()
    of_stage = doctor_stage.checks(stage, region) if stage else ()
    for check in (*doctor_programs.checks(), *doctor_places.checks(folder, port), *of_stage):
        yield from check.findings()
