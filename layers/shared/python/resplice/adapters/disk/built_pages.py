"""Pages that were built beforehand, and what they load: the files of one folder, compressed."""

from __future__ import annotations

from pathlib import Path

ENDING = ".gz"


class BuiltPages:
    """folder: of files NAME.gz, and no others. It may be missing: then there is no page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> bytes | None:
        """The file of that name as gzip has it, or None when there is none.

        Only what is listed is ever opened, whatever a name says. It is listed anew each time: the
        pages may be built while they are served.
        """
        places = (each for each in self._folder.glob(f"*{ENDING}") if each.stem == name)
        place = next(places, None)
        return place.read_bytes() if place else None
