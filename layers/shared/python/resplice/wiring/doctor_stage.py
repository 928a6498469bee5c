"""Whether a stage on AWS can be deployed, and whether it renders: as `make preflight` and `make
smoke` look, which are in a checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

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
    account, smoke = _Program("account", PREFLIGHT), _Program("smoke", SMOKE)
    return (
        Check(
            account.name,
            partial(_account, account, stage, region),
            ACCOUNT_MEND.format(stage),
            ACCOUNT_SECONDS,
            account.end,
        ),
        Check(
            smoke.name,
            partial(_smoke, smoke, stage, region),
            f"make deploy STAGE={stage}, if it is not there",
            SMOKE_SECONDS,
            smoke.end,
        ),
    )


def _account(program: _Program, stage: str, region: str | None) -> Iterator[Finding]:
    said = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region} if region else {}
    yield from program.told(["--stage", stage], said, ACCOUNT_MEND.format(stage))


def _smoke(program: _Program, stage: str, region: str | None) -> Iterator[Finding]:
    key = server_key(None, None)
    if key is None:
        said = "no movie was tried there: there is no key to ask with"
        yield Finding("smoke", WARN, said, KEY_MEND.format(stage))
        return
    # Imported late: nothing else here needs AWS.
    from resplice.wiring.deployed import api_url

    yield from program.told([api_url(stage, region)], {"KEY": key}, SMOKE_MEND)


class _Program:
    """A program of the checkout, of which nothing is left when nobody waits for it any more. file:
    where it lies there.
    """

    def __init__(self, name: str, file: str) -> None:
        self.name, self._file = name, file
        self._lock, self._ended = threading.Lock(), False
        self._process: subprocess.Popen[str] | None = None

    def end(self) -> None:
        with self._lock:
            self._ended = True
            if self._process:
                self._process.kill()

    def told(self, words: Sequence[str], said: Mapping[str, Any], mend: str) -> Iterator[Finding]:
        """What it says, line by line. said: in its environment. Raises RespliceError."""
        if not (CHECKOUT / self._file).is_file():
            raise RespliceError(
                f"this needs a checkout of Resplice: {CHECKOUT} has no {self._file}"
            )
        module = self._file.removesuffix(".py").replace("/", ".")
        seen = False
        with (
            TemporaryFile("w+") as errors,
            self._started([sys.executable, "-m", module, *words], said, errors) as process,
        ):
            assert process.stdout
            for line in process.stdout:
                how, _, rest = line.strip().partition(" ")
                if how in HOW:
                    seen = True
                    mended = "" if HOW[how] == OK else mend
                    yield Finding(self.name, HOW[how], " ".join(rest.split()), mended)
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["it said nothing"])[-1]
        if not seen:
            raise RespliceError(f"{module}: {last[:300]}")

    def _started(
        self, command: Sequence[str], said: Mapping[str, Any], errors: IO[str]
    ) -> subprocess.Popen[str]:
        with self._lock:
            if self._ended:
                raise RespliceError("nobody waits for it any more")
            self._process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env={**os.environ, **said},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            return self._process
