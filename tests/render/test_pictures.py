"""Pictures that a browser shot are read in a program of their own, and nowhere else."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from resplice.adapters.chromium.devtools import BrowserStopped
from resplice.adapters.chromium.pictures import Pictures
from resplice.adapters.confined.launching import LAUNCHER_OF_ALL
from resplice.errors import PaintError


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    with closing(Pictures()) as pictures:
        yield pictures


def soon() -> float:
    return time.monotonic() + 60


def png(*box: int) -> bytes:
    """A square of 20 pixels with a red box in it."""
    out, picture = io.BytesIO(), Image.new("RGBA", (20, 20))
    if box:
        picture.paste((255, 0, 0, 255), box)
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_picture_tells_its_size_and_its_ink(pictures: Pictures) -> None:
    with pictures.album(soon()) as album:
        shot = album.show(png(3, 4, 9, 8))
        assert (shot.size, shot.ink) == ((20, 20), (3, 4, 9, 8))
        cut = Image.open(io.BytesIO(album.cut((3, 4, 9, 8))))
        assert (cut.size, cut.getcolors()) == ((6, 4), [(24, (255, 0, 0, 255))])
        assert album.show(png()).ink is None


def test_albums_do_not_mix(pictures: Pictures) -> None:
    with pictures.album(soon()) as one, pictures.album(soon()) as other:
        one.show(png(0, 0, 1, 1))
        other.show(png())
        one.begin()
        one.keep()
        other.begin()
        other.keep()
        other.show(png(2, 2, 4, 4))
        other.keep()
        assert one.moves() == (False, (0, 0, 1, 1))
        assert other.moves() == (True, (2, 2, 4, 4))


@pytest.mark.parametrize(
    "bad", [b"", b"GIF89a", png()[:45], png().replace(b"IHDR", b"IHDX")], ids=repr
)
def test_what_is_no_picture_is_refused(pictures: Pictures, bad: bytes) -> None:
    with pictures.album(soon()) as album:
        with pytest.raises(ValueError):
            album.show(bad)
        assert album.show(png()).size == (20, 20), "it goes on"


def test_only_pngs_are_read(pictures: Pictures) -> None:
    """Pillow has decoders for dozens of formats that no browser sends."""
    for form in ("TIFF", "GIF", "JPEG2000", "PPM"):
        out = io.BytesIO()
        Image.new("RGB", (9, 9)).save(out, form)
        with pictures.album(soon()) as album, pytest.raises(ValueError):
            album.show(out.getvalue())


def test_a_program_that_dies_is_an_error_and_replaced(pictures: Pictures) -> None:
    with pictures.album(soon()) as album:
        album.show(png())
        running = pictures._running
        assert running
        os.kill(running.process.pid, 9)
        with pytest.raises(PaintError, match="cannot be read"):
            album.show(png())
    with pictures.album(soon()) as album:
        assert album.show(png()).size == (20, 20)


@pytest.mark.parametrize("answer", ["[" * 50_000, "x" * 100_000, '{"bytes": -1}', "[]", "{}"])
def test_an_answer_that_is_none_ends_the_program_and_is_nobody_elses(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    start = LAUNCHER_OF_ALL.start
    code = f"import sys; sys.stdin.readline(); print({answer!r}, flush=True); sys.stdin.read()"
    argv = [sys.executable, "-I", "-S", "-c", code]
    monkeypatch.setattr(LAUNCHER_OF_ALL, "start", lambda wanted: start(replace(wanted, argv=argv)))
    with pictures.album(soon()) as album, pytest.raises(PaintError, match="cannot be read"):
        album.show(png())
    monkeypatch.undo()
    with pictures.album(soon()) as album:
        assert album.show(png()).size == (20, 20)


def test_frames_that_went_with_the_program_are_not_left_out(pictures: Pictures) -> None:
    with pictures.album(soon()) as kept:
        kept.show(png())
        kept.begin()
        kept.keep()
        pictures.close()
        with pictures.album(soon()) as other:
            other.show(png())
        with pytest.raises(BrowserStopped):
            kept.keep()


def test_frames_are_missed_before_the_program_is_there_again(pictures: Pictures) -> None:
    with pictures.album(soon()) as kept:
        kept.show(png())
        pictures.close()
        with pytest.raises(BrowserStopped):
            kept.moves()


def test_a_page_that_is_late_leaves_the_others_alone(pictures: Pictures) -> None:
    with pictures.album(soon()) as other:
        other.show(png())
        other.begin()
        other.keep()
        with pictures.album(time.monotonic() + 0.2) as late:
            late.deadline = soon()
            late.show(png())
            time.sleep(0.3)
        with pictures.album(time.monotonic() - 1) as never, pytest.raises(TimeoutError):
            never.show(png())
        assert other.moves() == (False, None)


def test_one_that_hangs_takes_no_longer_than_it_may(pictures: Pictures) -> None:
    with pictures.album(soon()) as album:
        album.show(png())
        running = pictures._running
        assert running
        os.kill(running.process.pid, 19)
        album.deadline = time.monotonic() + 0.3
        with pytest.raises(TimeoutError):
            album.show(png())
    assert pictures._running is None


def test_it_stands_behind_walls(pictures: Pictures) -> None:
    with pictures.album(soon()) as album:
        album.show(png())
        running = pictures._running
        assert running
        status = Path(f"/proc/{running.process.pid}/status").read_text()
        names = Path(f"/proc/{running.process.pid}/environ").read_text()
    assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
    assert "AWS" not in names and not LAUNCHER_OF_ALL.walls().missing()


def test_who_paints_loads_no_decoder() -> None:
    """What the adapters of the whole product load, but for the two that run by themselves."""
    code = (
        "import sys, json, pkgutil, importlib, resplice.adapters as a\n"
        "alone = {'picture_program', 'resampling', 'fast_resampling', 'apng', 'find', 'listen'}\n"
        "for m in pkgutil.walk_packages(a.__path__, 'resplice.adapters.'):\n"
        "    if m.name.rpartition('.')[2] not in alone: importlib.import_module(m.name)\n"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] in ('PIL', 'numpy')]))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []
