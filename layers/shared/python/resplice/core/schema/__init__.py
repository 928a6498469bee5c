"""The movie JSON as types: what a document may say, its defaults and its limits.

Facts from `JSON2Video v2`: names are kebab-case, seconds are floats, unknown keys are kept.
Variables are resolved before (see expand); nothing here knows time, pixels or files.
"""

from resplice.core.schema.elements import (
    AudioElement,
    Element,
    ImageElement,
    TextElement,
    VideoElement,
    VisualElement,
)
from resplice.core.schema.movie import Movie, Scene, Transition
from resplice.core.schema.problems import checked, element_name, joined, validate
from resplice.core.schema.unknown import unknown_keys

__all__ = [
    "AudioElement",
    "Element",
    "ImageElement",
    "Movie",
    "Scene",
    "TextElement",
    "Transition",
    "VideoElement",
    "VisualElement",
    "checked",
    "element_name",
    "joined",
    "unknown_keys",
    "validate",
]
