"""A stage without CloudFront: the API leads to S3, under the same URLs and by the same rules."""

from __future__ import annotations

import http.client
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import studio
from deployed import KEY, PATIENCE_S, Deployed
from synthesized import of_row
from web_server import Server

from infra.local.stack import running

MOVIE = {
    "width": 64,
    "height": 64,
    "scenes": [{"duration": 1, "background-color": "#734219"}],
}


@pytest.fixture(scope="module")
def plain(web: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with running(of_row(retain=False, cdn=False)) as stack:
        stack.add_key(KEY)
        yield Deployed(stack, web, tmp_path_factory.mktemp("plain"))


def asked(url: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPMessage, bytes]:
    """Headers, with `x-status` among them, and the body. No redirect is followed, no key shown."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE_S)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.headers["x-status"] = str(answer.status)
        return answer.headers, answer.read()
    finally:
        connection.close()


def test_a_movie_is_had_through_the_api_and_comes_from_s3(plain: Deployed) -> None:
    movie = plain.made(MOVIE)
    assert movie["url"].startswith(f"{plain.stack.base_url}/movies/")
    assert plain.stack.outputs["MoviesUrl"] == plain.stack.outputs["ApiUrl"]
    way, body = asked(movie["url"])
    assert (way["x-status"], body) == ("302", b"")
    assert way["cache-control"] == "no-store" and way["access-control-allow-origin"] == "*"
    there, whole = asked(way["location"])
    assert there["x-status"] == "200" and there["content-type"] == "video/mp4"
    assert "immutable" in there["cache-control"] and "content-disposition" not in there
    part, some = asked(way["location"], Range="bytes=4-7")
    assert (part["x-status"], some) == ("206", b"ftyp") and whole[4:8] == b"ftyp"
    assert plain.frames(movie) == plain.rendered_here(MOVIE)
    subprocess.run(
        [studio.FFMPEG, "-v", "error", "-i", movie["url"], "-f", "null", "-"], check=True
    )


def test_who_only_looks_is_sent_to_where_he_may_look(plain: Deployed) -> None:
    way, _ = asked(plain.made(MOVIE)["url"], "HEAD")
    there, body = asked(way["location"], "HEAD")
    assert (there["x-status"], body) == ("200", b"") and int(there["content-length"]) > 100


def test_an_owners_file_is_had_with_the_type_that_it_was_sent_with(plain: Deployed) -> None:
    url = plain.keep("red.png", studio.picture("red"), "image/png", "a/b")
    assert url.startswith(f"{plain.stack.base_url}/media/files/")
    way, _ = asked(url)
    there, body = asked(way["location"])
    assert there["content-type"] == "image/png" and body == studio.picture("red")
    shown = plain.made({"width": 64, "height": 64, "scenes": [studio.still(url)]})
    assert shown["status"] == "done"


@pytest.mark.parametrize(
    "path",
    [
        f"/movies/{'0' * 64}.mp4",
        f"/media/files/{'0' * 32}/red.png",
        "/movies/../elements/x",
        "/elements/content/1",
        "/runs/1/accepted",
        "/media/records",
    ],
)
def test_what_is_not_there_or_not_for_all_is_404(path: str, plain: Deployed) -> None:
    told, body = asked(plain.stack.base_url + path)
    assert told["x-status"] == "404" and b"X-Amz" not in body


def test_a_page_may_ask_whether_it_may_and_nobody_changes_a_file(plain: Deployed) -> None:
    url = f"{plain.stack.base_url}/movies/{'0' * 64}.mp4"
    told, _ = asked(url, "OPTIONS", Origin="https://page.example")
    assert told["x-status"] == "204" and told["access-control-allow-origin"] == "*"
    told, _ = asked(url, "DELETE")
    assert told["x-status"] == "405" and told["allow"] == "GET, HEAD, OPTIONS"
