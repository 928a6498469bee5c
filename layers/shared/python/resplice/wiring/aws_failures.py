"""How a step of the workflow fails: all that it found is kept, and its error is short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from resplice.errors import DocumentError, MakeError, SandboxMissing
from resplice.ports import Ports
from resplice.steps.execution.complete import save_verdict
from resplice.wiring.sandbox import require_sandbox


@contextmanager
def shortened(project_id: str, own: Ports) -> Iterator[None]:
    """Keep every problem that a step found, and raise only the first: a state machine hands on
    256 KiB. Raises SandboxMissing, before the step begins: see require_sandbox.
    """
    try:
        require_sandbox()
        yield
    except (DocumentError, MakeError) as error:
        save_verdict(project_id, error, own)
        raise type(error)(error.problems[:1]) from None
    except SandboxMissing as error:
        # Of many tasks a state machine tells only that one of them failed.
        save_verdict(project_id, error, own)
        raise
