"""Local files in a document, for the command line: paths become file: URLs that name a state.

A file is known by its path, size and times of change, so an edited file is another source.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from resplice.core.document.paths import DocumentPath
from resplice.core.elements import TYPES
from resplice.core.text.css_urls import with_urls


def located(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The expanded document with each local file that an element names as a file: URL.

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
    row = TYPES.get(str(element.get("type"))) if isinstance(element, Mapping) else None
    for address in row.addresses if row else ():
        element = _replaced(element, address.keys, folder, inline=address.inline)
    found = row.files_in(element.get("settings")) if row else ()
    for keys in dict.fromkeys(address.keys for address in found):
        element = _with_files(element, keys, folder)
    return element


def _with_files(part: Any, keys: DocumentPath, folder: Path) -> Any:
    """The part with each file that the CSS at those keys names as a URL."""
    key, *rest = keys
    inner = part[key]
    if rest:
        return {**part, key: _with_files(inner, tuple(rest), folder)}
    return {**part, key: with_urls(str(key), inner, lambda url: _url(url, folder))}


def _replaced(part: Any, keys: DocumentPath, folder: Path, *, inline: bool) -> Any:
    """The part with the text at those keys, if there is one, as a URL. inline: unless it has lines,
    or no name's ending.
    """
    if not keys:
        named = isinstance(part, str) and not (inline and not _is_name(part.strip()))
        return _url(part, folder) if named else part
    key, *rest = keys
    if not isinstance(part, Mapping) or key not in part:
        return part
    return {**part, key: _replaced(part[key], tuple(rest), folder, inline=inline)}


def _is_name(text: str) -> bool:
    """Whether it can be a file's name: one line, with an ending."""
    return len(text.splitlines()) == 1 and bool(re.search(r"\.\w{1,5}$", text))


def _url(source: str, folder: Path) -> str:
    scheme = source.partition(":")[0].lower()
    if not source.strip() or scheme == "data" or (scheme != "file" and "://" in source):
        return source
    path = folder / (_path(source[len("file:") :]) if scheme == "file" else source)
    try:
        path = Path(os.path.realpath(path))
        stat = path.stat()
    except (OSError, ValueError):  # It cannot be a file: too long, or with a NUL in it.
        return f"file://{quote(str(path))}"
    changed = f"{stat.st_mtime_ns}.{stat.st_ctime_ns}"  # The second cannot be set by hand.
    return f"file://{quote(str(path))}?size={stat.st_size}&changed={changed}"


def local_path(url: str) -> Path | None:
    """The file that a URL of ours names; None for any other URL."""
    return Path(_path(url[len("file:") :])) if url.startswith("file:") else None


def _path(rest: str) -> str:
    """The path that a file: URL (RFC 8089) names after its scheme."""
    whole = rest.partition("#")[0].partition("?")[0]
    return unquote(whole.removeprefix("//localhost").removeprefix("//"))
