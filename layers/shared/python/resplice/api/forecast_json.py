"""A forecast as answers have it."""

from __future__ import annotations

from typing import Any

from resplice.core.document.paths import DocumentPath, json_path
from resplice.core.placed import PlacedElement, PlacedScene
from resplice.steps.forecast import Forecast, SceneForecast

STATE = {
    "enum": ["reused", "rendered", "waiting", "paid"],
    "description": "`waiting`: an element is made first, then it is rendered; `paid`: and a"
    " provider is paid for that",
}
_NUMBER, _TEXT = {"type": "number"}, {"type": "string"}
_PLACE = {
    "path": {**_TEXT, "description": "In the expanded movie, as reports have it"},
    "from": {
        **_TEXT,
        "description": "In the document that was sent, or in the movie of the template it calls",
    },
    "start": {**_NUMBER, "description": "Seconds of the movie"},
    "duration": {**_NUMBER, "description": "Seconds"},
    "state": STATE,
}
FORECAST: dict[str, Any] = {
    "title": "Forecast",
    "type": "object",
    "description": "What a render would do, scene by scene; nothing was done",
    "properties": {
        "movie": {
            "type": "object",
            "properties": {
                "result": {"enum": ["hit", "miss"]},
                **{name: {"type": "integer"} for name in ("width", "height", "fps", "frames")},
                "duration": _NUMBER,
            },
        },
        "renders": {
            "type": "object",
            "properties": {
                "scenes": {"type": "integer"},
                "of": {"type": "integer"},
                "seconds": {**_NUMBER, "description": "Of picture, equal scenes once"},
                "takes": {**_NUMBER, "description": "Seconds that it should take"},
                "takes_from": {**_TEXT, "description": "What that is reckoned from"},
                "cost_usd": {**_NUMBER, "description": "To be paid to providers, list prices"},
                "unpriced": {"type": "integer"},
            },
        },
        "scenes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **_PLACE,
                    "reason": _TEXT,
                    "renders": {**_NUMBER, "description": "Seconds of picture"},
                    "transition": {
                        "type": "object",
                        "properties": {"style": _TEXT, "duration": _NUMBER, "state": STATE},
                    },
                },
            },
        },
        "elements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **_PLACE,
                    "type": _TEXT,
                    "z-index": {"type": "integer"},
                    "heard": {"type": "boolean"},
                    "box": {
                        "type": "array",
                        "items": {"type": "integer"},
                        "description": "x, y, width, height, pixels; not of what is only heard",
                    },
                    "said": {
                        "type": "array",
                        "items": {"type": "integer"},
                        "description": "The same as the document says them, -1: nothing; not where"
                        " they do not count",
                    },
                },
            },
        },
        "over": {
            "type": "object",
            "description": "What lasts longer than all scenes, where something does",
            "properties": {
                **{name: _PLACE[name] for name in ("start", "duration", "state")},
                "renders": {**_NUMBER, "description": "Seconds of picture"},
            },
        },
        "assumed": {
            "type": "array",
            "items": _TEXT,
            "description": "Lengths that nobody knows yet",
        },
        "warnings": {"type": "array", "items": _TEXT},
    },
    "required": ["movie", "renders", "scenes", "elements", "assumed", "warnings"],
}


def forecast_json(found: Forecast) -> dict[str, Any]:
    """Seconds are rounded to milliseconds."""
    width, height = found.size
    over = {"over": _over(found.over, found)} if found.over else {}
    return {
        "movie": {
            "result": "hit" if found.hit else "miss",
            "width": width,
            "height": height,
            "fps": found.fps,
            "frames": found.frames,
            "duration": round(found.frames / found.fps, 3),
        },
        "renders": {
            "scenes": found.rendered_scenes,
            "of": len(found.scenes),
            "seconds": found.rendered_s,
            "takes": found.took.seconds,
            "takes_from": found.took.basis,
            "cost_usd": found.due.micro_usd / 1e6,
            "unpriced": found.due.unknown,
        },
        "scenes": [
            _scene(placed, scene, found)
            for placed, scene in zip(found.placement.scenes, found.scenes, strict=True)
        ],
        **over,
        "elements": [_element(placed, found) for placed in found.placement.elements],
        "assumed": list(found.assumed),
        "warnings": list(dict.fromkeys(found.warnings)),
    }


def _over(over: SceneForecast, found: Forecast) -> dict[str, Any]:
    ends_s = max((each.start_s + each.length_s for each in found.placement.scenes), default=0.0)
    return {
        "start": round(ends_s, 3),
        "duration": round(found.frames / found.fps - ends_s, 3),
        "state": over.state,
        "renders": over.rendered_s,
    }


def _scene(placed: PlacedScene, scene: SceneForecast, found: Forecast) -> dict[str, Any]:
    told = {
        **_place(placed.path, placed.start_s, placed.length_s, found),
        "state": scene.state,
        "reason": scene.reason,
        "renders": scene.rendered_s,
    }
    if scene.transition:
        overlap = {"style": placed.style, "duration": round(placed.overlap_s, 3)}
        told["transition"] = {**overlap, "state": scene.transition}
    return told


def _element(placed: PlacedElement, found: Forecast) -> dict[str, Any]:
    told = {
        **_place(placed.path, placed.start_s, placed.end_s - placed.start_s, found),
        "type": placed.type,
        "state": found.elements[placed.path],
        "z-index": placed.z_index,
        "heard": placed.heard,
    }
    if placed.box:
        told["box"] = list(placed.box)
    if placed.box and placed.said:
        told["said"] = list(placed.said)
    return told


def _place(path: DocumentPath, start_s: float, length_s: float, found: Forecast) -> dict[str, Any]:
    return {
        "path": json_path(path),
        "from": json_path(found.origins.get(path, path)),
        "start": round(start_s, 3),
        "duration": round(length_s, 3),
    }
