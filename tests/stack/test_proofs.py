"""Proofs of the cache on the deployed stack: begun by a schedule, made by the workflow, counted."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest
from deployed import Deployed
from resplice.core.proof import is_proof, project_proven
from resplice.core.time_units import HOUR_MS
from studio import movie

pytestmark = pytest.mark.usefixtures("nothing_dangles")
TEXT = {"type": "text", "width": 60, "height": 30}


def of_now() -> dict[str, int]:
    """What the schedule says of an hour, about this one."""
    return {"prove": 100, "hour": int(time.time() * 1000) // HOUR_MS}


def proven(deployed: Deployed) -> tuple[int, int]:
    """How many proofs ended so: (the same, not the same)."""
    deployed.settled()
    told = deployed.stack.logs("finish")
    return told.count('"ProofSame":'), told.count('"ProofDiffers":')


@pytest.mark.parametrize("fanned_out", [False, True])
def test_a_movie_is_made_anew_and_compared(deployed: Deployed, *, fanned_out: bool) -> None:
    words = f"Proven {fanned_out}"
    shown = deployed.made(movie({"duration": 0.3, "elements": [{**TEXT, "text": words}]}))
    same, differing = proven(deployed)
    with deployed.fanned_out() if fanned_out else nullcontext():
        deployed.stack.invoke("finish", of_now())
        now_same, now_differing = proven(deployed)
    runs = [each["name"] for each in deployed.stack.executions() if is_proof(each["name"])]
    assert shown["project"] in map(project_proven, runs)
    assert now_same > same
    assert now_differing == differing
