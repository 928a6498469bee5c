"""Local files in a document, for the command line: paths become file: URLs that name a state.

A file is known by its path, size and time of change, so an edited file is another source.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

WEB = ("http", "https", "data")


def located(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The expanded document with each local src, mask and font-url as a file: URL.

    Relative paths are taken from folder. What is not there stays an absolute path, so that the
    error names it.
    """

    def holder(value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(value.get("elements"), list):
            return value
        return {**value, "elements": [_element(element, folder) for element in value["elements"]]}

    whole = dict(holder(document))
    if isinstance(whole.get("scenes"), list):
        whole["scenes"] = [holder(scene) for scene in whole["scenes"]]
    return whole


def _element(element: Any, folder: Path) -> Any:
    if not isinstance(element, Mapping):
        return element
    found = dict(element)
    for name in ("src", "mask"):
        if isinstance(found.get(name), str):
            found[name] = _url(found[name], folder)
    settings = found.get("settings")
    if isinstance(settings, Mapping) and isinstance(settings.get("font-url"), str):
        found["settings"] = {**settings, "font-url": _url(settings["font-url"], folder)}
    return found


def _url(source: str, folder: Path) -> str:
    scheme = urlsplit(source).scheme.lower() if "://" in source or source[:5] == "data:" else ""
    if scheme in WEB or not source.strip():
        return source
    path = Path(unquote(urlsplit(source).path)) if scheme == "file" else folder / source
    path = Path(path.expanduser().resolve())
    if not path.is_file():
        return f"file://{quote(str(path))}"
    stat = path.stat()
    return f"file://{quote(str(path))}?size={stat.st_size}&changed={stat.st_mtime_ns}"
