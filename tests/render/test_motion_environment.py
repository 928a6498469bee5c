"""What handles pictures from outside in Python knows nothing that is secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from resplice.adapters.ffmpeg import motion, renderer
from resplice.adapters.processes.environment import INHERITED
from resplice.core.filtergraph import FramePipe, Invocation
from resplice.core.motion import Motion

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
