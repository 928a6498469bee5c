"""Facts by an author of before are found anew: downloads by the prober, paintings without one.

Each function has only the ports of its row, as on AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied, only
from resplice.core.facts import MediaFacts
from resplice.ports.prober import Prober
from resplice.steps.execution import beginning
from studio import asked, give, movie, picture, studio
from web_server import Server, serving

IMAGE = "/red.png"
OUTDATED = "0 of a prober that there was"


class CountedProber:
    def __init__(self, prober: Prober) -> None:
        self._prober, self.urls = prober, list[str]()

    def probe(self, path: Path, url: str) -> MediaFacts:
        self.urls.append(url)
        return self._prober.probe(path, url)


class Desk:
    """A far service that has made a movie; since then the facts of its elements grew old."""

    def __init__(self, far: FarApart, server: Server) -> None:
        self.prober = CountedProber(far.ports.prober)
        far.ports = replace(far.ports, prober=self.prober)
        self.far, self.server = far, server
        self.results(0.1)
        self.asked()
        self.grow_old()

    def document(self, seconds: float, **more: Any) -> dict[str, Any]:
        """Its elements are the same whatever the length of their scene."""
        text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
        image = {"type": "image", "src": self.server.url(IMAGE)}
        return movie({"duration": seconds, "elements": [image, text]}, **more)

    def results(self, seconds: float, **more: Any) -> list[str]:
        """What became of the image and of the text of a movie, which must come out well."""
        told = self.far.made(self.document(seconds, **more))
        assert told["status"] == "done", told["message"]
        types = [each["type"] for each in told["cache"]["elements"]]
        assert sorted(types) == ["image", "text"]
        return [told["cache"]["elements"][types.index(type_)]["result"] for type_ in sorted(types)]

    def asked(self) -> tuple[list[str], int]:
        """Downloads and probings since the last call."""
        probed, self.prober.urls = len(self.prober.urls), []
        return asked(self.server), probed

    def authors(self) -> list[str]:
        stored = self.far.ports.objects.list("elements/content/")
        return [each.facts["author"] for each in stored]

    def grow_old(self) -> None:
        objects = self.far.ports.objects
        for stored in list(objects.list("elements/content/")):
            with objects.open(stored.key) as path:
                objects.put(stored.key, path, {**stored.facts, "author": OUTDATED})
        assert self.authors() == [OUTDATED] * 2


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving() as server, studio(tmp_path / "data", server) as lab:
        give(server, IMAGE, picture("red"))
        yield Desk(FarApart(emptied(lab.ports, tmp_path / "far")), server)


def test_a_download_is_probed_again_and_not_downloaded_and_a_text_is_painted(desk: Desk) -> None:
    assert desk.results(0.2) == ["hit", "miss"]
    assert desk.asked() == ([], 1)
    assert OUTDATED not in desk.authors()
    assert desk.results(0.3) == ["hit", "hit"]
    assert desk.asked() == ([], 0)


def test_a_movie_that_is_made_afresh_asks_once_on_condition(desk: Desk) -> None:
    assert desk.results(0.1, cache=False) == ["hit", "miss"]
    assert desk.asked() == ([f"{IMAGE}?"], 1)
    assert OUTDATED not in desk.authors()


def test_prepare_hands_out_what_has_outdated_facts_and_looks_at_no_bytes(desk: Desk) -> None:
    project = desk.far.post(desk.document(0.2))
    state = beginning.prepare(project, 0, 0, only(desk.far.ports, "prepare"))
    assert [task["function"] for task in state["tasks"]] == ["element", "paint"]
    assert desk.asked() == ([], 0)
    assert desk.authors() == [OUTDATED] * 2


def test_a_function_is_given_the_ports_of_its_row(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="no prober"):
        _ = only(desk.far.ports, "paint").prober.probe
    assert only(desk.far.ports, "element").prober is desk.prober
