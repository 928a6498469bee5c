"""Whether a stage on AWS can be deployed, and whether it renders: as `make preflight` and `make
smoke` look, which are in a checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from resplice.errors import RespliceError
from resplice.wiring.findings import BROKEN, OK, WARN, Check, Finding
from resplice.wiring.local import LAYERS
from resplice.wiring.server_key import VARIABLE, server_key

CHECKOUT = LAYERS.parent
PREFLIGHT, SMOKE = "infra/preflight.py", "benchmarks/smoke.py"
HOW = {"ok": OK, "hint": WARN, "PROBLEM": BROKEN, "FAILED": BROKEN}
"""By what a line of theirs begins with."""
ACCOUNT_SECONDS, SMOKE_SECONDS = 180.0, 900.0
ACCOUNT_MEND = "make preflight STAGE={}, in a checkout that is set up, says more"
SMOKE_MEND = "make smoke URL=… KEY=… says the same; the dashboard of the stage says more"
KEY_MEND = (
    f"set {VARIABLE} to a key of the stage (resplice keys create --stage {{}}): then small movies "
    "are rendered there, for less than a cent"
)


def checks(stage: str, region: str | None) -> Sequence[Check]:
    return (
        Check(
            "account",
            partial(_account, stage, region),
            ACCOUNT_MEND.format(stage),
            within_s=ACCOUNT_SECONDS,
        ),
        Check(
            "smoke",
            partial(_smoke, stage, region),
            f"make deploy STAGE={stage}, if it is not there",
            within_s=SMOKE_SECONDS,
        ),
    )


def _account(stage: str, region: str | None) -> Iterator[Finding]:
    said = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region} if region else {}
    yield from _told("account", PREFLIGHT, ["--stage", stage], said, ACCOUNT_MEND.format(stage))


def _smoke(stage: str, region: str | None) -> Iterator[Finding]:
    key = server_key(None, None)
    if key is None:
        said = "no movie was tried there: there is no key to ask with"
        yield Finding("smoke", WARN, said, KEY_MEND.format(stage))
        return
    # Imported late: nothing else here needs AWS.
    from resplice.wiring.deployed import api_url

    yield from _told("smoke", SMOKE, [api_url(stage, region)], {"KEY": key}, SMOKE_MEND)


def _told(
    name: str, program: str, words: Sequence[str], said: Mapping[str, Any], mend: str
) -> Iterator[Finding]:
    """What a program of the checkout says, line by line. Raises RespliceError."""
    if not (CHECKOUT / program).is_file():
        raise RespliceError(f"this needs a checkout of Resplice: {CHECKOUT} has no {program}")
    module = program.removesuffix(".py").replace("/", ".")
    seen = False
    with (
        TemporaryFile("w+") as errors,
        subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=CHECKOUT,
            env={**os.environ, **said},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            for line in process.stdout:
                how, _, rest = line.strip().partition(" ")
                if how in HOW:
                    seen = True
                    mended = "" if HOW[how] == OK else mend
                    yield Finding(name, HOW[how], " ".join(rest.split()), mended)
        finally:
            process.kill()
        errors.seek(0)
        last = (errors.read().strip().splitlines() or ["it said nothing"])[-1]
    if not seen:
        raise RespliceError(f"{module}: {last[:300]}")
