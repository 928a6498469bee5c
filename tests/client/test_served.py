"""The client on a real server: real movies, from the document to the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.client import ApiError, Client, Movie, RenderFailed
from served import KEY, Served, running
from studio import called, picture, written

SCENE = {"duration": 1, "background-color": "#224466"}
MOVIE: dict[str, Any] = {"width": 64, "height": 50, "fps": 10, "scenes": [SCENE]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("served"), "--api-key", KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return Client(f"http://127.0.0.1:{served.port}/v2", KEY)


@pytest.fixture(scope="module")
def done(client: Client) -> Movie:
    return client.render({**MOVIE, "id": "mine", "client-data": {"order": 7}})


def test_a_movie_is_rendered(done: Movie) -> None:
    assert (done.status, done.duration_s, done.width, done.height) == ("done", 1, 64, 50)
    assert (done.id, done.client_data, done.message) == ("mine", {"order": 7}, "")
    assert done.created_at and done.ended_at and "json" not in done.raw


def test_its_file_is_downloaded(client: Client, done: Movie, tmp_path: Path) -> None:
    for which in (done, done.project):
        path = client.download(which, str(tmp_path / "movie.mp4"))
        assert path.stat().st_size == done.size_bytes and path.read_bytes()[4:8] == b"ftyp"
        assert [path] == list(tmp_path.iterdir())


def test_progress_is_told(client: Client) -> None:
    looks: list[Movie] = []
    client.render({**MOVIE, "scenes": [SCENE, {**SCENE, "duration": 2}]}, on_progress=looks.append)
    assert [each.status for each in looks][-1] == "done" and len({e.project for e in looks}) == 1


def test_it_is_listed(client: Client, done: Movie) -> None:
    assert done.project in [each.project for each in client.each()]
    page = client.list(limit=1)
    assert len(page.movies) == 1


def test_its_document_comes_back_when_it_is_asked_for(client: Client, done: Movie) -> None:
    assert '"order": 7' in client.status(done.project, with_document=True).raw["json"]


def test_what_is_wrong_is_told_by_path(client: Client) -> None:
    with pytest.raises(ApiError) as refused:
        client.create({**MOVIE, "scenes": [{"duration": "long"}]})
    assert refused.value.status == 400
    assert [each.path for each in refused.value.errors] == ["scenes[0].duration"]


def test_what_cannot_be_fetched_fails_the_movie(client: Client) -> None:
    nowhere = {"elements": [{"type": "image", "src": "http://127.0.0.1:9/a.png"}]}
    with pytest.raises(RenderFailed, match="Scene #1, element #1"):
        client.render({**MOVIE, "scenes": [nowhere]})


def test_a_wrong_key_and_an_unknown_project(client: Client, served: Served) -> None:
    with pytest.raises(ApiError, match=r"Error: Invalid API Key \(HTTP 400\)"):
        Client(f"http://127.0.0.1:{served.port}", "guess").list()
    with pytest.raises(ApiError) as refused:
        client.status("AAAAAAAAAAAAAAAA")
    assert refused.value.status == 400


def test_a_template_from_its_making_to_its_end(client: Client) -> None:
    document = {**MOVIE, "scenes": [{**SCENE, "background-color": "{{color}}"}]}
    id = client.templates.create(
        "Sale", {**document, "variables": {"color": "#0000ff"}}, tags=["a"]
    )
    copy = client.templates.duplicate(id, name="Copy", variables={"color": "#00ff00"})
    client.templates.update(copy, tags=["b"])
    assert [(each.name, each.tags) for each in client.templates.list()] == [
        ("Copy", ("b",)),
        ("Sale", ("a",)),
    ]
    [color, *_] = client.templates.get(copy, format="make").variables
    assert (color["name"], color["default"]) == ("color", "#00ff00")
    movie = client.render({"template": copy, "variables": {"color": "#ff0000"}, "id": "mine"})
    assert movie.is_done and movie.id == "mine"
    client.templates.delete(id)
    with pytest.raises(ApiError, match=f"Template {id} not found"):
        client.templates.get(id)
    assert all(each.id and each.name for each in client.templates.library())


def test_a_movie_is_deleted(client: Client, tmp_path: Path) -> None:
    scene = {**SCENE, "background-color": "#0a0b0c"}
    movie = client.render({**MOVIE, "scenes": [scene]})
    assert client.delete(movie.project) == client.delete(movie.project) != ""
    deleted = client.status(movie.project)
    assert deleted.deleted_at and deleted.url is None
    with pytest.raises(RenderFailed):
        client.download(deleted, tmp_path / "movie.mp4")
    with pytest.raises(ApiError, match="404"):
        client.download(movie, tmp_path / "movie.mp4")


def test_a_movie_is_made_from_a_file_that_is_kept_there(client: Client, tmp_path: Path) -> None:
    photo, media = tmp_path / "a photo.png", client.media
    photo.write_bytes(picture("#00ff00"))
    file = media.upload(photo, folder="photos")
    kept = media.get("photos/a_photo.png")
    assert (kept.status, kept.type, kept.url) == ("uploaded", "image", file.url)
    scene = {"duration": 1, "elements": [{"type": "image", "src": file.url}]}
    assert client.render({**MOVIE, "scenes": [scene]}).is_done
    with pytest.raises(ApiError) as refused:
        media.upload(photo, folder="photos")
    assert refused.value.status == 409
    media.make_folder("old")
    media.move(kept, "old")
    assert [each.path for each in media.list("old").files] == ["old/a_photo.png"]
    assert media.storage().used_bytes == photo.stat().st_size
    assert media.tree().keys() >= {"/", "temp", "old"}
    media.delete(media.get("old/a_photo.png"))
    media.delete_folder("old")
    with pytest.raises(ApiError, match="File not found"):
        media.get("old/a_photo.png")


def test_what_a_movie_was_served_from_is_told(client: Client, done: Movie) -> None:
    report = client.cache(done.project)
    assert (report.project, report.status) == (done.project, "done")
    assert report.report and report.report["movie"]["result"] == "miss"


def test_a_movie_has_a_manifest_that_can_be_verified(
    client: Client, done: Movie, tmp_path: Path
) -> None:
    file = client.download(done, tmp_path / "movie.mp4")
    written(tmp_path / "manifest.json", client.manifest(done.project))
    told = called("verify", file, tmp_path / "manifest.json")
    assert told.returncode == 0 and "movie      holds" in told.stdout, told


def test_a_movie_has_a_poster(done: Movie) -> None:
    assert done.thumbnail and done.thumbnail.endswith(".jpg") and done.progress == 100


def test_a_plan_renders_nothing(client: Client, done: Movie) -> None:
    scene = {**SCENE, "duration": 2, "background-color": "#0c0b0a"}
    plan = client.plan({**MOVIE, "scenes": [scene]})
    assert (plan.complete, plan.result, plan.frames, plan.duration_s) == (True, "miss", 20, 2)
    assert client.plan({**MOVIE, "id": "mine"}).result == "hit"


def test_one_key_is_one_project(client: Client) -> None:
    keys = "order-7", "order-7", "order-8"
    projects = [client.create(MOVIE, idempotency_key=key) for key in keys]
    assert projects[0] == projects[1] != projects[2]
