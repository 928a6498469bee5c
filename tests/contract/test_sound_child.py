"""A program that is asked about a sound: it may hang, die or grow, and nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from footage import FFMPEG
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.processes.environment import INHERITED
from resplice.adapters.processes.sound_child import SoundChild
from resplice.errors import ProviderLost, ProviderRefused

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"


def child(patience_s: float = 60, most_hours: float = 1) -> SoundChild:
    return SoundChild(
        Ffmpeg(Path(FFMPEG)),
        "Odd",
        "provider_servers.odd_child",
        most_bytes=1 << 30,
        most_hours=most_hours,
        patience_s=lambda _: patience_s,
    )


def ask(do: str, **more: Any) -> Any:
    return child(**more).ask(SPEECH, {"do": do})[0]


def test_it_hears_the_whole_sound() -> None:
    assert child().ask(SPEECH, {"do": "count"}) == (100_000, 6.25)


def test_what_it_refuses_is_said_in_its_words() -> None:
    with pytest.raises(ProviderRefused, match="Odd: it is a song"):
        ask("refuse")


def test_nothing_of_our_environment_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPLICE_SECRET", "never told")
    told = ask("environment")
    assert "never told" not in str(told)
    assert told.keys() <= {"PYTHONPATH", "LC_CTYPE", *INHERITED}


def test_it_is_stopped_when_it_takes_too_long() -> None:
    with pytest.raises(ProviderLost, match="longer than 1 seconds"):
        ask("hang", patience_s=1)


@pytest.mark.parametrize(("do", "how"), [("die", "signal 11"), ("grow", "code 1"), ("tell", "")])
def test_its_end_is_no_end_of_ours(do: str, how: str) -> None:
    with pytest.raises(ProviderLost, match=f"ended with {how}"):
        ask(do)


def test_a_sound_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(ProviderRefused, match=r"longer than the 0\.001 hours"):
        ask("count", most_hours=0.001)


@pytest.mark.parametrize("content", [b"", b"RIFF1234WAVE", b"fLaC" + bytes(60), b"#EXTM3U\n/etc"])
def test_what_is_no_flac_is_refused(tmp_path: Path, content: bytes) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(content)
    with pytest.raises(ProviderRefused, match="cannot be read"):
        child().ask(sound, {"do": "count"})


def test_it_ends_when_who_asks_is_killed() -> None:
    program = "from test_sound_child import *\nchild().ask(SPEECH, {'do': 'hang'})"
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    parent = subprocess.Popen([sys.executable, "-c", program], env={"PYTHONPATH": path})
    pid = until(lambda: grandchild(parent.pid, b"odd_child"))
    parent.kill()
    parent.wait()
    until(lambda: not Path(f"/proc/{pid}").exists() or state(pid) == "Z")


def grandchild(pid: int, name: bytes) -> int | None:
    """One that a child of the process has started, by a word of its command line."""
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if name in (each / "cmdline").read_bytes() and above(above(int(each.name))) == pid:
                return int(each.name)
    return None


def above(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def until(look: Any) -> Any:
    for _ in range(600):
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it never happened")


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"
