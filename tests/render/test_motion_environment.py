"""What handles pictures from outside in Python knows nothing that is secret, and loads little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from random import Random

import PIL
import pytest
from resplice.adapters.ffmpeg import motion, renderer
from resplice.adapters.processes.environment import INHERITED
from resplice.core.filtergraph import FramePipe, Invocation
from resplice.core.motion import Motion
from resplice.wiring.tools import MOVING, resizer

MOTION = Motion(1.0, 1.5, 0.5, 0.5, 0.5, 0.5, life_frames=25)
FEED = FramePipe(Invocation(()), (64, 36), (64, 36), "yuv420p", False, MOTION, age=0, frames=25)


def test_credentials_do_not_reach_the_moving_view(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "RESPLICE_BUCKET"):
        monkeypatch.setenv(name, "secret")
    reading, writing = os.pipe()
    process = renderer._motion_process(FEED, reading, writing, writing)
    try:
        while not (said := Path(f"/proc/{process.pid}/environ").read_text()):
            assert process.poll() is None, "it ended at once"
    finally:
        process.kill()
        process.wait()
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
    both = ("resplice.adapters.ffmpeg.resampling", "resplice.adapters.ffmpeg.fast_resampling")
    loaded = loaded_by(", ".join(("resplice.adapters.ffmpeg.motion", *both)))
    ours = {name for name in loaded if name.partition(".")[0] == "resplice"}
    assert ours - around - {"resplice.frozen"} == moving


def test_who_starts_it_loads_no_resampler() -> None:
    loaded = loaded_by("resplice.adapters.ffmpeg.renderer")
    assert motion.packages() == [motion.PILLOW, motion.RESIZER]
    assert not loaded & {*motion.packages(), "resplice.adapters.ffmpeg.resampling"}


def test_without_the_fast_resampler_pillow_moves_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so in the keys."""
    fast = resizer(), moved()
    monkeypatch.setattr(motion, "packages", lambda: [motion.PILLOW])
    assert resizer() == f"pillow {PIL.__version__}"
    assert fast[0] == f"cykooz-resizer {version('cykooz-resizer')}"
    assert max(abs(one - other) for one, other in zip(fast[1], moved(), strict=True)) in (1, 2)


def moved() -> bytes:
    """What is seen of noise."""
    still, out = motion.Feed((64, 36), (32, 18), "yuv420p", True, MOTION, 12, 1), BytesIO()
    motion.move(still, BytesIO(Random(1).randbytes(64 * 36 * 3 // 2)), out)
    return out.getvalue()
