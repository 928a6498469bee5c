"""The movies that the benchmarks render, as documents; media lies beside them."""

from __future__ import annotations

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
