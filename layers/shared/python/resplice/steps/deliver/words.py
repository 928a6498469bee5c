"""Words: macros such as `__yyyy__` in folders, names of files, subjects and messages.

The same project gives the same words at every try, so that a file replaces itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from resplice.ports.projects import Project
from resplice.steps.moments import moment

REPLACED = ("remote-path", "file", "subject", "message")
_MACRO = re.compile(r"__(?:[a-z]+_)*[a-z]+__")


def replaced(settings: Mapping[str, Any], macros: Mapping[str, str]) -> dict[str, Any]:
    """The settings without macros; what is none of them stays."""
    return {
        name: _MACRO.sub(lambda found: macros.get(found[0], found[0]), value)
        if name in REPLACED
        else value
        for name, value in settings.items()
    }


def macros_of(project: Project, url: str | None) -> dict[str, str]:
    """By their names. The moment is the end of the movie; __random__ is of its project."""
    at = moment(project.ended_at_ms or project.created_at_ms)
    number = f"{int(hashlib.sha256(project.id.encode()).hexdigest(), 16) % 100_000:05d}"
    name = PurePosixPath(f"{at:%Y-%m-%d}-{number}.mp4")
    return {
        "__yyyy__": f"{at:%Y}",
        "__mm__": f"{at:%m}",
        "__dd__": f"{at:%d}",
        "__hh__": f"{at:%H}",
        "__nn__": f"{at:%M}",
        "__ss__": f"{at:%S}",
        "__random__": number,
        "__filename__": name.name,
        "__filename_without_extension__": name.stem,
        "__filename_extension__": name.suffix.removeprefix("."),
        "__video_url__": url or "",
    }
