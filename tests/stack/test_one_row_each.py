"""The made-up type and kind of work of tests/additions, through a stack that is synthesized anew.

The workflow and the functions know of them what their rows say.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import KEY, Deployed
from grown import Grown, grow
from stage import image, shot
from studio import decoded, movie, picture, written
from synthesized import UNASKED
from web_server import Server

from infra.local.stack import running

SYNTHESIS = f"""
import os
from infra.synthesis import cdk_out
os.environ |= {UNASKED}
print(cdk_out())
"""
SWATCH = {"type": "swatch", "colour": "teal", "width": 32, "height": 50}
BLUE = f"data:image/png;base64,{base64.b64encode(picture('blue', (32, 50))).decode()}"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"))


@pytest.fixture(scope="module")
def deployed(
    grown: Grown, web: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """The grown project, deployed: it hides the one that the other tests share."""
    with running(Path(grown.python(SYNTHESIS).strip())) as stack:
        stack.add_key(KEY)
        yield Deployed(stack, web, tmp_path_factory.mktemp("stack"))


def rendered_here(grown: Grown, document: dict[str, Any], folder: Path) -> str:
    """Hashes of all frames that the grown command line makes."""
    written(folder / "movie.json", document)
    grown.resplice("render", "movie.json", "-o", "out.mp4", "--data", "data", cwd=folder)
    return decoded(folder / "out.mp4")


def test_a_movie_with_both_is_done_and_is_what_one_machine_makes_of_it(
    deployed: Deployed, grown: Grown, tmp_path: Path
) -> None:
    document = movie(shot(SWATCH, image(BLUE, x=32)), shot({**SWATCH, "pattern": BLUE}))
    done = deployed.made(document)
    made = {(each["type"], each["key"].split("/")[1]) for each in done["cache"]["elements"]}
    assert made == {("swatch", "tint"), ("swatch", "fetch"), ("image", "fetch")}
    ran = deployed.stack.invocations
    assert ran["paint"] == ran["element"] == 0 < ran["lane"]
    assert deployed.frames(done) == rendered_here(grown, document, tmp_path)
    assert deployed.made({**document, "comment": "again"})["cache"]["movie"]["result"] == "hit"
