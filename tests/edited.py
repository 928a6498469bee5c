"""Movies of small media, soon rendered, and what a person may do to them: for property tests that
render, edit and render again.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import drawn
from drawn import Ranges
from footage import ffmpeg
from hypothesis import strategies as st
from PIL import Image
from profiles import DISPLAY_P3, SRGB_CURVE, parametric, profile
from resplice.core.schema.movie import TRANSITION_STYLES
from resplice.ports.browser import Browser
from studio import Studio, clip, movie, picture, studio, tone

Document = dict[str, Any]


def small_media(folder: Path) -> Ranges:
    """Small files, which are made there, and times that are over soon."""
    for colour, size in (("red", (64, 50)), ("green", (31, 57)), ("blue", (90, 20))):
        (folder / f"{colour}.png").write_bytes(picture(colour, size))
    for hertz, rate in ((300, 48_000), (700, 44_100)):
        (folder / f"{hertz}.wav").write_bytes(tone(hertz, 0.9, rate))
    clip(folder / "same.mp4", 1.3, rate=10)
    clip(folder / "other.mp4", 0.9, rate=24)
    _of_other_colours(folder)
    endings = {"image": "*.[ps][nv]g", "video": "*.mp4", "audio": "*.wav", "mask": "*.[!w]*"}
    return Ranges(
        seconds=st.sampled_from([0, 0.2, 0.25, 0.5]),
        lengths=st.sampled_from([0.5, 0.8, 1.1]),
        files=lambda medium: st.sampled_from(
            sorted(f"file://{path}" for path in folder.glob(endings[medium]))
        ),
    )


def _of_other_colours(folder: Path) -> None:
    """A drawing, a photo of a wide gamut, and a clip of high range in two fields a frame."""
    words = '<rect width="20" height="9" fill="red"/><text y="30" font-family="Anton">Ann</text>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 50">{words}</svg>'
    (folder / "drawing.svg").write_text(drawing)
    wide = profile(DISPLAY_P3, parametric(SRGB_CURVE))
    Image.new("RGB", (64, 50), (200, 60, 40)).save(folder / "wide.png", icc_profile=wide)
    tags = "setparams=field_mode=tff:color_primaries=bt2020:color_trc=arib-std-b67"
    source = f"testsrc2=s=64x64:r=10:d=1,format=yuv420p,{tags}:colorspace=bt2020nc:range=tv"
    told = ["-c:v", "libx264", "-flags", "+ilme+ildct", str(folder / "high.mp4")]
    ffmpeg("-f", "lavfi", "-i", source, *told)


@contextmanager
def clean_studio(painter: Browser) -> Iterator[Studio]:
    """A studio that has nothing yet."""
    with tempfile.TemporaryDirectory() as folder, studio(Path(folder)) as lab:
        lab.ports = replace(lab.ports, browser=painter)
        yield lab


def movies(ranges: Ranges, least: int = 1) -> st.SearchStrategy[Document]:
    """Of at least so many scenes, at most three, with at most two layers over all."""
    return st.builds(
        lambda parts, layers: movie(*parts, elements=layers),
        st.lists(scenes(ranges), min_size=least, max_size=3),
        st.lists(drawn.elements(ranges), max_size=2),
    )


def scenes(ranges: Ranges) -> st.SearchStrategy[Document]:
    style = st.sampled_from(TRANSITION_STYLES)
    return st.fixed_dictionaries(
        {"elements": st.lists(drawn.elements(ranges), min_size=1, max_size=2)},
        optional={
            "duration": ranges.lengths,
            "background-color": st.sampled_from(["transparent", "#336699"]),
            "transition": st.fixed_dictionaries({"style": style, "duration": st.just(0.3)}),
        },
    )


Edit = Callable[[Document, st.DataObject, Ranges], object]


def scene_of(document: Document, data: st.DataObject) -> Document:
    return data.draw(st.sampled_from(document["scenes"]))


def updated(**fields: Any) -> Edit:
    """Change a scene."""
    return lambda document, data, ranges: scene_of(document, data).update(fields)


def redrawn(**fields: Any) -> Edit:
    """Change the first element of a scene."""
    return lambda document, data, ranges: scene_of(document, data)["elements"][0].update(fields)


EDITING: dict[str, Edit] = {
    "turn the scenes round": lambda document, data, ranges: document["scenes"].reverse(),
    "add a scene": lambda document, data, ranges: document["scenes"].append(
        data.draw(scenes(ranges))
    ),
    "repeat a scene": lambda document, data, ranges: document["scenes"].insert(
        0, copy.deepcopy(scene_of(document, data))
    ),
    "add an element": lambda document, data, ranges: scene_of(document, data)["elements"].append(
        data.draw(drawn.elements(ranges))
    ),
    "move an element": redrawn(x=29),
    "delay an element": redrawn(start=0.4),
    "force an element": redrawn(cache=False),
    "shorten a scene": updated(duration=0.9),
    "force a scene": updated(cache=False),
    "blend a scene in": updated(transition={"style": "fade", "duration": 0.2}),
    "add a layer": lambda document, data, ranges: document["elements"].append(
        data.draw(drawn.elements(ranges))
    ),
    "clear the layers": lambda document, data, ranges: document["elements"].clear(),
    "force the movie": lambda document, data, ranges: document.update(cache=False),
    "change the quality": lambda document, data, ranges: document.update(quality="medium"),
    "change the clock": lambda document, data, ranges: document.update(fps=12),
}
"""What a person may do to a movie."""


def edited(document: Document, data: st.DataObject, ranges: Ranges) -> str:
    """Change the document; what was done."""
    name = data.draw(st.sampled_from(sorted(EDITING)), "edit")
    EDITING[name](document, data, ranges)
    return name
