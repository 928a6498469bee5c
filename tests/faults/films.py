"""Small films by seed: a few scenes of a few tenths of a second, with work for every step.

What they are made of is taken from short lists, so that few things have to be rendered for many.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from faults.outside import GENERATORS, VOICES
from studio import clip, give, picture, tone
from web_server import Server

Film = dict[str, Any]
CANVAS = {"width": 64, "height": 50, "fps": 10, "quality": "low"}
COLOURS = ("red", "teal", "olive")
SECONDS = (0.2, 0.3)
MOST_SCENES = 3
TRANSITION = {"style": "fade", "duration": 0.1}


def serve_sources(server: Server, folder: Any) -> None:
    """What films show and play, under its paths."""
    for colour in COLOURS:
        give(server, f"/{colour}.png", picture(colour))
    give(server, "/a.wav", tone(440, 0.3))
    give(server, "/clip.mp4", clip(folder / "clip.mp4", 0.5).read_bytes())


def film(seed: int, port: int) -> Film:
    """port: where the sources are."""
    chosen = random.Random(f"film {seed}")
    base = f"http://127.0.0.1:{port}"
    scenes = [_scene(chosen, base) for _ in range(chosen.randint(1, MOST_SCENES))]
    if len(scenes) > 1 and chosen.random() < 0.3:
        scenes[1]["transition"] = TRANSITION
        for scene in scenes[:2]:
            scene["duration"] = 0.5
    made: Film = {**CANVAS, "scenes": scenes}
    if chosen.random() < 0.4:
        made["elements"] = [{"type": "audio", "src": f"{base}/a.wav", "duration": -2}]
    return made


def everything(port: int) -> Film:
    """A film with one of each."""
    chosen, base = random.Random(0), f"http://127.0.0.1:{port}"
    made = [ELEMENTS[kind](chosen, base) for kind in ELEMENTS]
    return {**CANVAS, "scenes": [{"duration": SECONDS[0], "elements": made}]}


def _scene(chosen: random.Random, base: str) -> dict[str, Any]:
    kinds = chosen.sample([*ELEMENTS], chosen.randint(1, 2))
    elements = [ELEMENTS[kind](chosen, base) for kind in kinds]
    return {"duration": chosen.choice(SECONDS), "elements": elements}


ELEMENTS: dict[str, Any] = {
    "image": lambda chosen, base: {
        "type": "image",
        "src": f"{base}/{chosen.choice(COLOURS)}.png",
    },
    "moving": lambda chosen, base: {
        "type": "image",
        "src": f"{base}/{chosen.choice(COLOURS)}.png",
        "zoom": 3,
    },
    "clip": lambda chosen, base: {"type": "video", "src": f"{base}/clip.mp4"},
    "text": lambda chosen, base: {
        "type": "text",
        "text": chosen.choice(("Ann", "Bo")),
        "width": 40,
        "height": 20,
    },
    "voice": lambda chosen, base: {
        "type": "voice",
        "text": chosen.choice(("one two", "three")),
        "voice": "Rachel",
        "connection": VOICES,
    },
    "generated": lambda chosen, base: {
        "type": "image",
        "prompt": chosen.choice(("navy", "maroon")),
        "model": "flux-schnell",
        "connection": GENERATORS,
    },
}


def moved(made: Film, port: int) -> Film:
    """The same, of sources behind that port."""
    text = re.sub(r"(http://127\.0\.0\.1):\d+/", rf"\1:{port}/", json.dumps(made))
    film: Film = json.loads(text)
    return film


def smaller(made: Film) -> Iterator[Film]:
    """The film with one thing less, each of them once."""
    for number, scene in enumerate(made["scenes"]):
        if len(made["scenes"]) > 1:
            less = deepcopy(made)
            del less["scenes"][number]
            less["scenes"][0].pop("transition", None)
            yield less
        for place in range(len(scene["elements"])):
            if len(scene["elements"]) > 1:
                less = deepcopy(made)
                del less["scenes"][number]["elements"][place]
                yield less
        if "transition" in scene:
            less = deepcopy(made)
            del less["scenes"][number]["transition"]
            yield less
    if made.get("elements"):
        less = deepcopy(made)
        del less["elements"]
        yield less
