"""Pages that were built beforehand, and what they load: the files of one folder, compressed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

ENDING = ".gz"


class BuiltPages:
    """folder: of files NAME.gz, and no others. It may be missing: then there is no page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> bytes | None:
        """The file of that name as gzip has it, or None when there is none."""
        place = self._places.get(name)
        return place.read_bytes() if place else None

    @cached_property
    def _places(self) -> Mapping[str, Path]:
        """Only what is listed is ever opened, whatever a name says."""
        found = sorted(self._folder.glob(f"*{ENDING}"))
        return {path.name.removesuffix(ENDING): path for path in found}
