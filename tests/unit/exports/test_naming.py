"""Folders and files: no way leads out of where it begins."""

from __future__ import annotations

import pytest
from resplice.core.exports.naming import file_path, folders


@pytest.mark.parametrize(
    ("folder", "name", "path"),
    [
        ("./", "a.mp4", "a.mp4"), ("films/2026/", "a.mp4", "films/2026/a.mp4"),
        ("/srv//x/./", "a.mp4", "/srv/x/a.mp4"), ("../../etc", "../a.mp4", "etc/a.mp4"),
        ("", "b/a.mp4", "b/a.mp4"), ("/", "a.mp4", "/a.mp4"),
    ],
)  # fmt: skip
def test_where_a_file_goes(folder: str, name: str, path: str) -> None:
    assert file_path(folder, name) == path
    assert folders(path)[-1] == path.rpartition("/")[2]
