"""The sound of a movie is encoded beside its pictures, where all that it is joined of is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from studio import give, movie, picture, still, studio, tone
from web_server import Server, serving


@dataclass
class Desk:
    far: FarApart
    server: Server

    def heard(self, path: str) -> dict[str, Any]:
        return {"type": "audio", "src": self.server.url(path), "duration": -2}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving() as server, studio(tmp_path / "data", server) as lab:
        give(server, "/red.png", picture("red"))
        give(server, "/a.wav", tone(440, 0.4))
        give(server, "/b.wav", tone(880, 0.4))
        yield Desk(FarApart(emptied(lab.ports, tmp_path / "far")), server)


def mixes_before_it_is_joined(far: FarApart, document: dict[str, Any]) -> int:
    found = list[int]()

    def look(step: str) -> None:
        if step == "movie":
            found.append(sum(1 for _ in far.ports.objects.list("scenes/mix/")))

    far.before = look
    assert far.made(document)["status"] == "done"
    return found[-1]


def test_music_is_encoded_beside_the_pictures_and_scenes_that_speak_before(desk: Desk) -> None:
    red = desk.server.url("/red.png")
    over = movie(still(red, 0.4), elements=[desk.heard("/a.wav")])
    assert mixes_before_it_is_joined(desk.far, over) == 1

    speaking = still(red, 0.4, x=1)
    speaking["elements"].append(desk.heard("/b.wav"))
    within = movie(speaking, elements=[desk.heard("/a.wav")])
    assert mixes_before_it_is_joined(desk.far, within) == 1, "its scene has to be heard first"

    longer = movie(speaking, still(red, 0.4, x=2), elements=[desk.heard("/a.wav")])
    assert mixes_before_it_is_joined(desk.far, longer) == 3, "what its scene says is there by now"
