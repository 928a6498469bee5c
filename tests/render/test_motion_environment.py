"""What handles pictures from outside in Python knows nothing that is secret, and loads little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from resplice.adapters.ffmpeg import motion, renderer
from resplice.adapters.processes.environment import INHERITED
from resplice.core.filtergraph import FramePipe, Invocation
from resplice.core.motion import Motion
from resplice.wiring.tools import MOVING

MOTION = Motion(1.0, 1.5, 0.5, 0.5, 0.5, 0.5, life_frames=25)
FEED = FramePipe(Invocation(()), (64, 36), (64, 36), "yuv420p", False, MOTION, age=0, frames=25)


def test_credentials_do_not_reach_the_moving_view(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "RESPLICE_BUCKET"):
        monkeypatch.setenv(name, "secret")
    reading, writing = os.pipe()
    process = renderer._motion_process(FEED, reading, writing)
    try:
        while not (said := Path(f"/proc/{process.pid}/environ").read_text()):
            assert process.poll() is None, "it ended at once"
    finally:
        process.kill()
        process.communicate()
        os.close(reading)
        os.close(writing)
    names = {each.partition("=")[0] for each in said.split("\0") if each}
    assert names <= {*INHERITED, *motion.ENVIRONMENT, "PYTHONPATH"}
    assert {"PATH", "PYTHONPATH"} <= names
    assert "secret" not in said


def loaded_by(module: str) -> set[str]:
    """Names of the modules that a Python has which imports that one."""
    said = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, check=True)
    return set(json.loads(run.stdout))


def test_our_code_that_moves_a_view_is_in_its_name_and_all_that_it_loads() -> None:
    moving = {"resplice." + each.removesuffix(".py").replace("/", ".") for each in MOVING}
    around = {"resplice", "resplice.adapters", "resplice.adapters.ffmpeg", "resplice.core"}
    loaded = loaded_by("resplice.adapters.ffmpeg.motion, resplice.adapters.ffmpeg.resampling")
    ours = {name for name in loaded if name.partition(".")[0] == "resplice"}
    assert ours - around - {"resplice.frozen"} == moving


def test_who_starts_it_loads_no_resampler() -> None:
    loaded = loaded_by("resplice.adapters.ffmpeg.renderer")
    assert not loaded & {*motion.PACKAGES, "resplice.adapters.ffmpeg.resampling"}
