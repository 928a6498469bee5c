"""Naming: the folder and the file that a movie gets where it is sent. Pure."""

from __future__ import annotations


def folders(remote_path: str) -> list[str]:
    """The folders on the way, without `.`, `..` and nothing."""
    return [part for part in remote_path.split("/") if part not in ("", ".", "..")]


def file_path(remote_path: str, name: str) -> str:
    """Absolute when the folder is."""
    root = "/" if remote_path.startswith("/") else ""
    return root + "/".join([*folders(remote_path), *folders(name)])
