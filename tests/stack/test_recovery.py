"""A stage that was destroyed, or whose table was restored, is deployed again on what was kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import KEY, Deployed
from synthesized import of_row
from web_server import Server

from infra.local.deploy import only_stack
from infra.local.stack import Simulated, simulated

NAMED = {"bucket": "resplice-kept-objects", "table": "resplice-kept-records"}
MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [{"duration": 1, "comment": "kept"}]}
Edited = Callable[[str], str]


@pytest.fixture
def aws() -> Iterator[Simulated]:
    """An account of its own."""
    with simulated() as account:
        yield account


def edited(into: Path, edit: Edited) -> Path:
    """The synthesized stage that has both names, its template edited."""
    made = of_row(retain=True, **NAMED)
    into.mkdir()
    for path in made.iterdir():
        (into / path.name).symlink_to(path)
    template = into / f"{only_stack(made)}.template.json"
    text = template.read_text()
    template.unlink()
    template.write_text(edit(text))
    return into


def nameless(text: str) -> str:
    """As a stage is that was never told names."""
    template = json.loads(text)
    for resource in template["Resources"].values():
        for name in ("BucketName", "TableName"):
            if resource.get("DeletionPolicy") == "Retain":
                resource["Properties"].pop(name, None)
    return json.dumps(template)


def naming(bucket: str, table: str) -> Edited:
    return lambda text: text.replace(NAMED["bucket"], bucket).replace(NAMED["table"], table)


def test_a_stage_that_was_destroyed_finds_all_that_it_kept(
    aws: Simulated, web: Server, tmp_path: Path
) -> None:
    first, files = edited(tmp_path / "first", nameless), tmp_path / "files"
    files.mkdir()
    with aws.deployed(first) as stack:
        before = Deployed(stack, web, files)
        stack.add_key(KEY)
        movie = before.made(MOVIE)
        before.keep("kept.txt", b"still here", "text/plain")
        uploaded = before.call("GET", "/v2/media/file?path=kept.txt")[1]["file"]["status"]
        before.settled()
        kept = before.bucket, stack.outputs["TableName"]
    aws.destroy(first)
    stacks = stack.client("cloudformation").list_stacks()["StackSummaries"]
    assert [each["StackStatus"] for each in stacks] == ["DELETE_COMPLETE"]
    with aws.deployed(edited(tmp_path / "second", naming(*kept))) as again:
        after = Deployed(again, web, files)
        assert (after.bucket, again.outputs["TableName"]) == kept
        _all_is_there(after, movie)
        hit = after.ended(after.post(MOVIE))
        assert hit["cache"]["movie"]["result"] == "hit"
        status, found = after.call("GET", "/v2/media/file?path=kept.txt")
        assert (status, found["file"]["status"]) == (200, uploaded), found


def _all_is_there(after: Deployed, movie: dict[str, Any]) -> None:
    shown = after.movie(movie["project"])
    assert (shown["status"], shown["json"]) == ("done", movie["json"])
    assert after.frames(shown)
