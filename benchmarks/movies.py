"""The movies that the benchmarks render, as documents; media lies beside them."""

from __future__ import annotations

import json
from typing import Any

Document = dict[str, Any]

PHOTO = {"type": "image", "src": "photo.jpg", "resize": "cover", "zoom": 2}
STILL = {"type": "image", "src": "still.jpg", "resize": "cover"}
CLIP = {"type": "video", "src": "clip.mp4", "resize": "cover", "muted": True}


def text(words: str, position: str = "center-center", size: str = "5vw") -> Document:
    settings = {"font-size": size, "font-weight": "700"}
    return {"type": "text", "text": words, "position": position, "settings": settings}


def three_scenes() -> Document:
    """12 s, 1080p30: a Ken Burns image with a title; a clip; a still with a caption; music."""
    title = text("Summer sale starts now") | {"fade-in": 0.5, "fade-out": 0.5}
    caption = text("Only this weekend", "bottom-center", "4vw")
    return {
        "resolution": "full-hd",
        "fps": 30,
        "scenes": [
            {"duration": 4, "elements": [PHOTO, title]},
            {"duration": 4, "elements": [CLIP]},
            {"duration": 4, "elements": [STILL, caption]},
        ],
        "elements": [{"type": "audio", "src": "music.mp3", "volume": 0.5, "duration": -2}],
    }


def scenes(count: int, seconds: float = 5, music: str = "music.mp3", edited: int = -1) -> Document:
    """A movie of `count` scenes like those of a template: picture or clip, title, fades between."""
    return {
        "resolution": "full-hd",
        "fps": 30,
        "scenes": [_scene(i, seconds, i == edited) for i in range(count)],
        "elements": [{"type": "audio", "src": music, "duration": -2, "loop": -1}],
    }


def _scene(index: int, seconds: float, edited: bool) -> Document:
    ground = (PHOTO, CLIP | {"loop": -1, "duration": -2}, STILL)[index % 3]
    words = f"Chapter {index + 1}" + (", second edition" if edited else "")
    scene: Document = {"duration": seconds, "elements": [ground, text(words, "bottom-left")]}
    if index % 4 == 3:
        scene["transition"] = {"style": "fade", "duration": 0.5}
    return scene


def at(base: str, document: Document) -> Document:
    """The same with its files behind addresses. base: what their names follow."""
    moved: Document = json.loads(json.dumps(document))
    scenes: list[Document] = moved["scenes"]
    for owner in (moved, *scenes):
        for element in owner.get("elements", ()):
            if "src" in element:
                element["src"] = base + element["src"]
    return moved


def heavy() -> Document:
    """The three scenes with a clip of real weight."""
    document: Document = json.loads(json.dumps(three_scenes()))
    document["scenes"][1]["elements"][0]["src"] = "heavy.mp4"
    return document


def layered() -> Document:
    """4 s in which six pictures travel over a clip and two clips turn."""
    places = [(x, y) for y in (60, 580) for x in (80, 700, 1320)]
    travelling = [
        PHOTO | {"x": x, "y": y, "width": 520, "height": 440, "pan": "right"} for x, y in places
    ]
    turning = [
        CLIP | {"x": x, "y": 380, "width": 480, "height": 270, "rotate": {"angle": 20, "speed": 1}}
        for x in (200, 1240)
    ]
    return {
        "resolution": "full-hd",
        "fps": 30,
        "scenes": [{"duration": 4, "elements": [CLIP, *travelling, *turning]}],
    }


def pictures(count: int) -> Document:
    """So many that fade in over each other, as the most that a scene may have."""
    one = STILL | {"width": 400, "height": 300, "resize": "cover", "fade-in": 0.1}
    placed = [one | {"x": n % 30 * 50, "y": n // 30 * 75} for n in range(count)]
    return {
        "resolution": "full-hd",
        "fps": 30,
        "scenes": [{"duration": 0.2, "elements": placed}],
    }


def slides(count: int = 10, seconds: float = 6) -> Document:
    """Stills with captions: what stands still."""
    return {
        "resolution": "full-hd",
        "fps": 30,
        "scenes": [
            {
                "duration": seconds,
                "elements": [
                    STILL | {"src": f"slide{i}.jpg"},
                    text(f"Slide {i + 1} of {count}", "bottom-center", "4vw"),
                ],
            }
            for i in range(count)
        ],
    }


def many(count: int = 300, edited: int = -1) -> Document:
    """Short scenes with a text each, on plain colours."""
    return {
        "resolution": "hd",
        "fps": 30,
        "scenes": [
            {
                "duration": 1,
                "background-color": f"#{i * 7919 % 0x1000000:06x}",
                "elements": [text(f"Number {i}" + (" again" if i == edited else ""))],
            }
            for i in range(count)
        ],
    }
