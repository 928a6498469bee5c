"""Files of an owner on the deployed stack: sent straight to S3, served, shown, never stale."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from deployed import PATIENCE_S, Deployed
from studio import movie, picture


def given(url: str) -> Any:
    return urllib.request.urlopen(url, timeout=PATIENCE_S)


def call(deployed: Deployed, method: str, path: str, body: Any = None) -> dict[str, Any]:
    status, answer = deployed.call(method, path, body)
    assert status == 200 and answer["success"], answer
    return dict(answer)


def test_a_file_is_sent_served_moved_and_deleted(deployed: Deployed) -> None:
    url = deployed.keep("one.png", picture("teal"), "image/png", "stack/in")
    found = call(deployed, "GET", "/v2/media/file?path=stack/in/one.png")["file"]
    assert found["status"] == "uploaded" and found["url"] == url
    assert found["size"] == len(picture("teal"))
    with given(url) as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.read() == picture("teal")
    moved = {"name": "one.png", "folder": "stack/in", "destination": "stack"}
    call(deployed, "PUT", "/v2/media/file", moved)
    listed = call(deployed, "GET", "/v2/media/folder?path=stack")
    assert [each["name"] for each in listed["files"]] == ["one.png"] and not listed["folders"]
    with given(listed["files"][0]["url"]) as answer:
        assert answer.read() == picture("teal")
    call(deployed, "DELETE", "/v2/media/file", {"name": "one.png", "folder": "stack"})
    for gone in (url, listed["files"][0]["url"]):
        with pytest.raises(urllib.error.HTTPError):
            given(gone)


def test_a_movie_shows_each_file_as_it_is_now(deployed: Deployed) -> None:
    first = deployed.keep("a.png", picture("olive"), "image/png")
    second = deployed.keep("b.png", picture("navy"), "image/png")
    page = {"type": "html", "html": f'<img src="{second}">', "width": 40, "height": 40}
    document = movie(
        {"duration": 0.4, "elements": [{"type": "image", "src": first}]},
        {"duration": 0.4, "elements": [page]},
    )
    made = deployed.made(document)
    assert deployed.made(document)["cache"]["movie"]["result"] == "hit"
    call(deployed, "DELETE", "/v2/media/file", {"name": "b.png"})
    assert deployed.keep("b.png", picture("orange"), "image/png") == second
    again = deployed.made(document)
    assert again["cache"]["movie"]["result"] == "miss"
    assert [each["result"] for each in again["cache"]["scenes"]] == ["hit", "miss"]
    assert deployed.frames(again) != deployed.frames(made)
    call(deployed, "DELETE", "/v2/media/file", {"name": "a.png"})
    failed = deployed.ended(deployed.post(document))
    assert failed["status"] == "error"
    assert f"Failed to download '{first}' (404)" in failed["message"]
