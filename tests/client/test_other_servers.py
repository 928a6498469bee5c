"""Answers as JSON2Video gives them, which say less than ours, and calls on templates and media."""

from __future__ import annotations

from pathlib import Path

import pytest
from resplice.client import ApiError, Client, NoAnswer, RenderFailed, StillRendering
from resplice.client.waiting import pauses
from scripted_api import Said, ScriptedApi

PROJECT = "AbCdEfGhIjKlMnOp"
FAILED = "Failed to download element: HTTP 404 at https://example.com/missing.jpg"


def movie(status: str, **more: object) -> dict[str, object]:
    return {"success": True, "movie": {"status": status, **more}}


def test_a_movie_is_waited_for(api: ScriptedApi, client: Client, paused: list[float]) -> None:
    looks = [movie("pending"), movie("running", message="Rendering 40%", progress=40)]
    api.will_say(
        {"success": True, "project": PROJECT}, *looks, movie("done", url="https://x/m.mp4")
    )
    seen: list[tuple[str, float | None]] = []
    done = client.render({}, on_progress=lambda each: seen.append((each.status, each.progress)))
    assert (done.project, done.url, done.ass, done.size_bytes) == (
        PROJECT,
        "https://x/m.mp4",
        None,
        None,
    )
    assert seen == [("pending", None), ("running", 40), ("done", None)]
    assert paused == [0.25, 0.375]
    assert [each.path for each in api.seen[1:]] == [
        f"/v2/movies?project={PROJECT}&format=simple"
    ] * 3


@pytest.mark.parametrize("status", ["error", "timeout"])
def test_a_movie_that_failed_says_why(api: ScriptedApi, client: Client, status: str) -> None:
    api.will_say(movie(status, message=FAILED))
    with pytest.raises(RenderFailed, match="HTTP 404 at") as failed:
        client.wait(PROJECT)
    assert failed.value.movie.status == status


def test_a_movie_that_takes_too_long(api: ScriptedApi, client: Client) -> None:
    api.will_say(movie("running"))
    with pytest.raises(StillRendering, match=f"{PROJECT} is running after 0 s"):
        client.wait(PROJECT, timeout_s=0)


def test_pauses_grow_as_those_of_other_clients() -> None:
    ours, politely = pauses(), pauses(5)
    assert [round(next(ours), 3) for _ in range(4)] == [0.25, 0.375, 0.562, 0.844]
    waited_s, longest_s = 0.0, 0.0
    for _ in range(100):
        pause_s = next(politely)
        assert 5 <= pause_s <= max(5, 5 * 1.5 ** (waited_s // 60)) and pause_s >= longest_s
        waited_s, longest_s = waited_s + pause_s, pause_s
    assert longest_s == 30


def test_a_list_goes_on_to_its_end(api: ScriptedApi, client: Client) -> None:
    one, two = {"project": "1", "status": "done"}, {"project": "2", "status": "error"}
    api.will_say({"movies": [one], "has_next": True, "next_token": "a b"})
    api.will_say({"movies": [two], "has_next": False, "next_token": None})
    assert [each.project for each in client.each(since="2026-11-01")] == ["1", "2"]
    assert api.seen[1].path == "/v2/movies?date_start=2026-11-01&next_token=a+b"


def test_a_download_begins_again_when_it_breaks_off(
    api: ScriptedApi, client: Client, tmp_path: Path
) -> None:
    told = movie("done", url=f"{api.url}/a.mp4", size=6)
    api.will_say(told, Said(b"abc", cut=3), Said(b"", 503), Said(b"abcdef"))
    (tmp_path / "movie.mp4").symlink_to("movie.mp4")  # Which leads to itself is in nobody's way.
    path = client.download(PROJECT, tmp_path / "movie.mp4")
    assert path.read_bytes() == b"abcdef" and list(tmp_path.iterdir()) == [path]
    assert [("x-api-key" in each.headers) for each in api.seen] == [True, False, False, False]


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ([Said(b"abc", cut=3)] * 4, NoAnswer, "broke off"),
        ([Said({"message": "There is no such movie"}, 404)], ApiError, "no such movie"),
        ([Said(b"short")], NoAnswer, "has 5 bytes, not 6"),
        ([Said(b"", 204)], ApiError, "The file was not sent"),
    ],
)
def test_of_a_download_that_fails_nothing_is_left(
    api: ScriptedApi,
    client: Client,
    tmp_path: Path,
    said: list[Said],
    error: type[Exception],
    words: str,
) -> None:
    into = tmp_path / "movie.mp4"
    into.write_bytes(b"older")
    api.will_say(movie("done", url=f"{api.url}/a.mp4", size=6), *said)
    with pytest.raises(error, match=words):
        client.download(PROJECT, into)
    assert into.read_bytes() == b"older" and list(tmp_path.iterdir()) == [into]


def test_there_is_nothing_to_download(api: ScriptedApi, client: Client, tmp_path: Path) -> None:
    api.will_say(movie("done", url=None, deleted_at="2026-11-28T10:00:00.000Z"))
    with pytest.raises(RenderFailed):
        client.download(PROJECT, tmp_path / "movie.mp4")


def test_a_movie_is_deleted(api: ScriptedApi, client: Client) -> None:
    api.will_say({"success": True, "project": PROJECT, "deleted_at": "2026-11-28T10:00:00.000Z"})
    assert client.delete(PROJECT) == "2026-11-28T10:00:00.000Z"
    assert (api.seen[0].method, api.seen[0].path) == ("DELETE", f"/v2/movies?project={PROJECT}")


def test_a_plan_is_asked_for_and_renders_nothing(api: ScriptedApi, client: Client) -> None:
    plan = {
        "complete": False,
        "movie": {"result": "miss", "key": "movies/1"},
        "to_make": [{"path": "scenes[0].elements[0]", "type": "voice", "work": "speak"}],
        "duration": None,
        "frames": None,
        "cost_usd": 0.25,
        "seconds": None,
        "warnings": ["x is not known and does nothing"],
    }
    api.will_say({"success": True, "plan": plan})
    told = client.plan({"scenes": []})
    assert (told.complete, told.result, told.cost_usd) == (False, "miss", 0.25)
    assert told.to_make[0]["type"] == "voice" and told.seconds is None and told.raw == plan
    assert (api.seen[0].method, api.seen[0].path) == ("POST", "/v2/movies?dry-run=true")


@pytest.mark.parametrize("asks", ["plan", "prepare"])
def test_a_server_that_makes_no_plans_is_told_of(
    api: ScriptedApi, client: Client, asks: str
) -> None:
    api.will_say({"success": True, "project": PROJECT})
    with pytest.raises(ApiError, match=f"has begun to render, as project {PROJECT}"):
        getattr(client, asks)({"scenes": []})
    assert len(api.seen) == 1


def test_what_a_plan_lacks_is_made_and_then_it_is_asked_for_again(
    api: ScriptedApi, client: Client
) -> None:
    whole = {"complete": True, "movie": {"result": "miss"}, "duration": 4.2}
    api.will_say({"success": True, "plan": {"complete": False}})
    api.will_say({"success": True, "project": PROJECT}, movie("running"), movie("done", url=None))
    api.will_say({"success": True, "plan": whole})
    told = client.prepare({"scenes": []})
    assert (told.complete, told.duration_s) == (True, 4.2)
    assert [each.path for each in api.seen if each.method == "POST"] == [
        *("/v2/movies?dry-run=true", "/v2/movies?dry-run=make", "/v2/movies?dry-run=true"),
    ]
    api.seen.clear()
    api.will_say({"success": True, "plan": whole})
    assert client.prepare({"scenes": []}) == told and len(api.seen) == 1


def test_a_report_of_the_cache(api: ScriptedApi, client: Client) -> None:
    why = {"movie": {"result": "miss", "why": ["scenes[3].elements[1].text changed"]}}
    against = {"project": "Q" * 16, "because": "the same id"}
    api.will_say(
        {"success": True, "project": PROJECT, "status": "done", "cache": why, "against": against}
    )
    told = client.cache(PROJECT)
    assert (told.status, told.report, told.against) == ("done", why, against)
    assert api.seen[0].path == f"/v2/movies/{PROJECT}/cache"


def test_templates(api: ScriptedApi, client: Client) -> None:
    whole = {"id": "T" * 20, "name": "Sale", "movie": "{}", "owner": True, "prompt": False}
    listed = {"id": "T" * 20, "name": "Sale", "tags": ["a"], "updated_at": "…"}
    api.will_say({"success": True, "count": 1, "templates": [listed]})
    api.will_say({"success": True, "template": whole})
    api.will_say(*[{"success": True, "templateId": "N" * 20}] * 3, {"success": True})
    templates = client.templates
    assert [(each.id, each.tags) for each in templates.list()] == [("T" * 20, ("a",))]
    assert templates.get("T" * 20, format="make").raw["owner"] is True
    assert templates.create("Sale", {"scenes": []}, tags=["a"]) == "N" * 20
    templates.update("N" * 20, name="Other")
    assert templates.duplicate("N" * 20, variables={"a": 1}) == "N" * 20
    templates.delete("N" * 20)
    sent = [(each.method, each.path, each.body and each.json) for each in api.seen]
    assert sent == [
        ("GET", "/v2/templates", b""),
        ("GET", f"/v2/templates?id={'T' * 20}&format=make", b""),
        ("POST", "/v2/templates", {"name": "Sale", "movie": {"scenes": []}, "tags": ["a"]}),
        ("POST", f"/v2/templates?id={'N' * 20}", {"name": "Other"}),
        ("POST", f"/v2/templates?id={'N' * 20}&action=duplicate", {"variables": {"a": 1}}),
        ("DELETE", f"/v2/templates?id={'N' * 20}", b""),
    ]


def test_media(api: ScriptedApi, client: Client, tmp_path: Path) -> None:
    photo = tmp_path / "a photo.png"
    photo.write_bytes(b"12345")
    api.will_say({"success": True, "storage": {"used_bytes": 5, "free_allowance": 52428800}})
    upload = {"uploadUrl": f"{api.url}/put?signed=1", "fileUrl": "https://m/a_photo.png"}
    api.will_say({"success": True, **upload, "expiresIn": 120}, Said(b"", 500), Said(b""))
    file = {"name": "a_photo.png", "folder": "x", "status": "pending", "size": 5, "type": "image"}
    api.will_say({"success": True, "file": file})
    api.will_say({"path": "x", "folders": ["y"], "files": [file], "total": 9})
    api.will_say({"success": True}, {"success": True})
    media = client.media
    assert media.storage().used_bytes == 5
    assert media.upload(photo, folder="x").url == "https://m/a_photo.png"
    found = media.get("x/a_photo.png")
    assert (found.path, found.status, found.size_bytes) == ("x/a_photo.png", "pending", 5)
    assert (media.list("x", type="image").total, media.list) and api.seen[-1].path.endswith(
        "type=image"
    )
    media.move(found, "")
    media.delete(found)
    register, failed, put = api.seen[1:4]
    assert register.json == {
        "name": "a photo.png",
        "contentType": "image/png",
        "size": 5,
        "folder": "x",
    }
    for each in (failed, put):
        assert (each.method, each.path, each.body) == ("PUT", "/put?signed=1", b"12345")
        assert each.headers["content-type"] == "image/png" and "x-api-key" not in each.headers
        assert each.headers["content-length"] == "5" and "transfer-encoding" not in each.headers
    assert [each.json for each in api.seen[-2:]] == [
        {"name": "a_photo.png", "folder": "x", "destination": ""},
        {"name": "a_photo.png", "folder": "x"},
    ]


def test_an_upload_that_is_refused(api: ScriptedApi, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"1")
    api.will_say({"uploadUrl": f"{api.url}/put", "fileUrl": "x"}, Said(b"<Error>Expired", 403))
    with pytest.raises(ApiError, match="The upload was refused: <Error>Expired"):
        client.media.upload(file)
    assert api.seen[0].json["contentType"] == "application/octet-stream"
