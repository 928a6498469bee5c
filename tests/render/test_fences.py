"""Fences cost no byte: pieces made behind others, on more threads or on fewer, are the same.

This is why fences and threads of filters may stay out of keys. Movies are stored under the digest
of their bytes, so equal keys of objects are equal files.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from resplice.adapters.ffmpeg import command_line
from studio import clip, studio, tone

STYLES = ("fade", "wipeleft", "circleopen", "pixelize", "hblur", "radial", "dissolve", "zoomin")
HEIGHT = 362
"""So that threads share lines out unevenly."""


def noise(mode: str) -> bytes:
    shape = (HEIGHT, 642, len(mode))
    dots = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    into = io.BytesIO()
    Image.fromarray(dots, mode).save(into, "PNG")
    return into.getvalue()


def whole(folder: Path, styles: tuple[str, ...] = STYLES) -> dict[str, Any]:
    """A movie of each kind of filter, over enough pixels that threads share them out."""
    for name, data in (("a.png", noise("RGB")), ("b.png", noise("RGBA")), ("c.wav", tone(440))):
        (folder / name).write_bytes(data)
    sources = {path.name: path.as_uri() for path in folder.iterdir()}
    sources["d.mp4"] = clip(folder / "d.mp4").as_uri()
    dressed = {
        **{"type": "image", "src": sources["b.png"], "width": 411, "height": 233, "x": 7, "y": 9},
        **{"rotate": {"angle": 33, "speed": 1}, "fade-in": 0.2, "mask": sources["a.png"]},
        **{"correction": {"gamma": 1.3, "saturation": 2}, "chroma-key": {"color": "#00ff00"}},
    }
    moving = {"type": "image", "src": sources["a.png"], "zoom": 3, "pan": "left"}
    playing = {"type": "video", "src": sources["d.mp4"], "resize": "cover", "loop": -1}
    first = {"duration": 0.6, "elements": [moving, dressed, playing | {"width": 300}]}
    others = [
        {
            "duration": 0.6,
            "transition": {"style": style, "duration": 0.3},
            "elements": [playing if number % 2 else moving | {"zoom": -2, "duration": 0.6}],
        }
        for number, style in enumerate(styles)
    ]
    music = {"type": "audio", "src": sources["c.wav"], "loop": -1, "duration": -2, "volume": 0.3}
    shape = {"width": 642, "height": HEIGHT, "fps": 10, "quality": "low"}
    return {**shape, "scenes": [first, *others], "elements": [music]}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return whole(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def usual(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    with studio(tmp_path_factory.mktemp("usual")) as lab:
        return lab.render(document).stored.key


@pytest.mark.parametrize(
    "moved",
    [
        # One thread for the filters, however many inputs there are.
        {"MANY_INPUTS": 0, "STILL_THREADS": 3},
        {"FILTER_THREADS": 5, "MAX_PIXELS": 1_000_000, "MAX_STREAMS": 9},
    ],
    ids=str,
)
def test_a_fence_that_is_moved_changes_no_byte(
    document: dict[str, Any],
    usual: str,
    moved: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in moved.items():
        monkeypatch.setattr(command_line, name, value)
    with studio(tmp_path) as lab:
        assert lab.render(document).stored.key == usual
        assert lab.runs() > len(document["scenes"])
