"""Posters as they are seen: the frame that is asked for, in its colours, and never an old one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from resplice.steps.movie_cache import Outcome, forget
from stage import decoded
from studio import Studio, studio

COLOURS = ("#c02010", "#10a040", "#2030d0")
SIZE = (160, 90)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


def film(**more: Any) -> dict[str, Any]:
    """A second of each colour."""
    scenes = [{"duration": 1, "background-color": colour} for colour in COLOURS]
    return {"width": SIZE[0], "height": SIZE[1], "fps": 10, "scenes": scenes, **more}


def poster(lab: Studio, outcome: Outcome) -> np.ndarray[Any, Any]:
    assert outcome.thumbnail
    with lab.ports.objects.open(outcome.thumbnail) as path, Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", SIZE)
        return np.asarray(picture.convert("RGB")).astype(int)


def colour(text: str) -> list[int]:
    return [int(text[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize(
    ("at", "seen"), [(0, 0), (0.9, 0), (1, 1), (1.95, 1), (2.0, 2), ("2.4", 2), (3, 2), (999, 2)]
)
def test_it_shows_the_moment_that_is_asked_for(lab: Studio, at: Any, seen: int) -> None:
    picture = poster(lab, lab.render(film(**{"thumbnail-at": at})))
    assert abs(picture - colour(COLOURS[seen])).max() <= 4


def test_without_a_word_it_shows_the_middle(lab: Studio) -> None:
    assert abs(poster(lab, lab.render(film())) - colour(COLOURS[1])).max() <= 4


def test_it_is_the_frame_of_the_movie(lab: Studio) -> None:
    """A gradient from page to page: every frame is another one."""
    page = "<div style='width:160px;height:90px;background:linear-gradient(90deg,#102030,#f0c080)'>"
    drawn = {"type": "html", "html": page, "duration": 2, "pan": "left", "zoom": 2}
    scenes = [{"duration": 2, "elements": [drawn]}]
    outcome = lab.render(film(scenes=scenes, **{"thumbnail-at": 1.3}))
    with lab.ports.objects.open(outcome.stored.key) as path:
        frames = decoded(path, *SIZE).astype(int)
    distances = [abs(frame - poster(lab, outcome)).mean() for frame in frames]
    assert int(np.argmin(distances)) == 13 and min(distances) < 3


def test_another_moment_makes_another_poster_and_nothing_else(lab: Studio) -> None:
    first = lab.render(film(**{"thumbnail-at": 0.2}))
    again = lab.render(film(**{"thumbnail-at": 2.2}))
    assert again.report.result == "miss"
    assert {scene.result for scene in again.report.scenes} == {"hit"}
    assert again.report.rendered_ms == 0
    assert again.stored.key == first.stored.key and again.thumbnail != first.thumbnail
    assert lab.render(film(**{"thumbnail-at": 0.2})).thumbnail == first.thumbnail
    assert lab.render(film(**{"thumbnail-at": 0.20})).report.result == "hit"


def test_a_movie_whose_poster_is_gone_is_made_again(lab: Studio) -> None:
    outcome = lab.render(film())
    assert outcome.thumbnail
    lab.ports.objects.delete(outcome.thumbnail)
    again = lab.render(film())
    assert again.report.result == "miss" and again.thumbnail == outcome.thumbnail
    assert lab.ports.objects.head(outcome.thumbnail)


def test_a_movie_of_an_earlier_version_has_none(lab: Studio) -> None:
    outcome = lab.render(film())
    key, pointer = outcome.report.key, lab.ports.cache_index.pointer(outcome.report.key)
    assert pointer and pointer["thumbnail"] == outcome.thumbnail
    old = {name: value for name, value in pointer.items() if name != "thumbnail"}
    lab.ports.cache_index.point(key, old)
    found = lab.render(film())
    assert found.report.result == "hit" and found.thumbnail is None
    forget(key, outcome.stored.key, lab.ports)
