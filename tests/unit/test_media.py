"""Media in core: names as they are kept, places, and how a movie's URLs are pinned."""

from __future__ import annotations

import json

import pytest
from resplice.core.keys import key_and_media, pinned_key
from resplice.core.media import (
    PENDING_DAYS,
    TEMP_DAYS,
    MediaFile,
    Named,
    clean_folder,
    clean_name,
    is_content_type,
    named_by,
    pinned,
    place_at,
    token_of,
    unpinned,
    url_of,
    urls_in,
)
from resplice.core.schema.movie import Movie
from resplice.core.tasks import CaptionsTask, FetchTask, PaintTask, WebPageTask, pinned_task
from resplice.core.time_units import DAY_MS
from resplice.core.tools import Tools

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
TOKEN = "0123456789abcdef" * 2
BASE = "https://movies.example"
URL = f"{BASE}/media/files/{TOKEN}/a/clip.mp4"
VERSIONS = {URL: "v1"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("clip.mp4", "clip.mp4"),
        ("my clip (1).mp4", "my_clip__1_.mp4"),
        ("é\u202e\x00/\\.mp4", "_____.mp4"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "__"),
        (".", "_"),
        (".hidden", ".hidden"),
        ("a\r\nb", "a__b"),
    ],
)
def test_a_name_is_cleaned_and_names_no_folder(said: str, kept: str) -> None:
    assert clean_name(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ""),
        ("/", ""),
        ("//", ""),
        ("a/b", "a/b"),
        ("/a//b/", "a/b"),
        ("../x", "__/x"),
        ("Ünder scored.d", "_nder_scored_d"),
    ],
)
def test_a_folder_is_cleaned(said: str, kept: str) -> None:
    assert clean_folder(said) == kept


@pytest.mark.parametrize("text", ["video/mp4", "image/svg+xml", "text/plain; charset=utf-8"])
def test_media_types(text: str) -> None:
    assert is_content_type(text)


@pytest.mark.parametrize("text", ["", "video", "video/", "a/b\r\nx: y", "a/b\n", "é/x", "a/b; é"])
def test_what_is_no_media_type(text: str) -> None:
    assert not is_content_type(text)


def test_a_file_has_one_place_and_its_url_leads_there() -> None:
    for file, place in (
        (MediaFile("", "x.png", 0), f"files/{TOKEN}/x.png"),
        (MediaFile("a/b", "x.png", 0), f"files/{TOKEN}/a/b/x.png"),
        (MediaFile("temp", "x.png", 0), f"temp/{TOKEN}/x.png"),
        (MediaFile("temp/a", "x.png", 0), f"temp/{TOKEN}/a/x.png"),
        (MediaFile("temporal", "x.png", 0), f"files/{TOKEN}/temporal/x.png"),
    ):
        assert file.place(TOKEN) == place
        assert named_by(url_of(place, BASE), [BASE]) == Named(place, None)
        assert token_of(place) == TOKEN


def test_what_is_temporary_goes_and_what_never_comes_is_stale() -> None:
    kept, temporary = MediaFile("a", "x", 5, "image/png"), MediaFile("temp", "x", 5)
    assert kept.expires_at_ms is None and not kept.is_over(10**15)
    end_ms = 5 + TEMP_DAYS * DAY_MS
    assert temporary.expires_at_ms == end_ms
    assert temporary.is_over(end_ms) and not temporary.is_over(end_ms - 1)
    assert kept.is_stale(5 + PENDING_DAYS * DAY_MS) and not kept.is_stale(5)
    assert not MediaFile("a", "x", 5, status="uploaded").is_stale(10**15)
    assert (kept.type, temporary.type) == ("image", "other")
    assert MediaFile("a", "", 0).is_folder and MediaFile("a", "", 0).path == "a/"


@pytest.mark.parametrize(
    "url",
    [
        f"https://movies.example:443/media/files/{TOKEN}/a/clip.mp4",
        f"HTTPS://Movies.Example/media/files/{TOKEN}/a/clip%2Emp4",
        f"  {URL}?t=1#x ",
    ],
)
def test_a_url_of_ours_is_known_however_it_is_written(url: str) -> None:
    found = named_by(url, ["https://other.example", BASE])
    assert found and found.place == f"files/{TOKEN}/a/clip.mp4"


@pytest.mark.parametrize(
    "url",
    [
        f"http://movies.example/media/files/{TOKEN}/x",
        f"https://movies.example.org/media/files/{TOKEN}/x",
        f"https://movies.example:8443/media/files/{TOKEN}/x",
        "https://movies.example/media/files/abc/x",
        f"https://movies.example/media/other/{TOKEN}/x",
        f"https://movies.example/media/files/{TOKEN}/",
        f"https://movies.example/media/files/{TOKEN}/%00",
        f"https://movies.example:x/media/files/{TOKEN}/x",
        "https://[/media/files/x",
        "movies.example",
        "",
    ],
)
def test_what_is_no_url_of_ours(url: str) -> None:
    assert named_by(url, [BASE]) is None


def test_a_path_leads_to_a_place_or_nowhere() -> None:
    assert place_at(f"/media/temp/{TOKEN}/x.png") == f"temp/{TOKEN}/x.png"
    for path in ("/media/", f"media/temp/{TOKEN}/x", f"/media/files/{TOKEN}", "/movies/x.mp4"):
        assert place_at(path) is None


def test_urls_are_pinned_where_files_are_named_and_not_in_what_is_read() -> None:
    html = f'<img src="{URL}"><p>See {URL}</p><b style="x:url({URL})">{URL}</b>'
    assert urls_in(json.dumps(html)) == (URL,)
    assert pinned(html, VERSIONS) == (
        f'<img src="{URL}?version=v1"><p>See {URL}</p><b style="x:url({URL}?version=v1)">{URL}</b>'
    )
    assert pinned(f"{URL}?cached=no", VERSIONS) == f"{URL}?version=v1"
    assert named_by(f"{URL}?version=v1", [BASE]) == Named(f"files/{TOKEN}/a/clip.mp4", "v1")
    assert unpinned(f"{URL}?version=v1") == URL
    assert pinned(URL, {}) == URL and pinned("https://x.example/y", VERSIONS).endswith("/y")


def test_tasks_that_fetch_are_pinned_and_others_are_not() -> None:
    later = f"{URL}?version=v1"
    assert pinned_task(FetchTask(URL), VERSIONS) == FetchTask(later)
    assert pinned_task(CaptionsTask(URL), VERSIONS) == CaptionsTask(later)
    page = WebPageTask(9, 9, html=f"<img src='{URL}'>", css=f"background:url({URL})")
    wanted = WebPageTask(9, 9, html=f"<img src='{later}'>", css=f"background:url({later})")
    assert pinned_task(page, VERSIONS) == wanted
    shown = PaintTask(9, 9, f'<p title="{URL}">x</p>')
    assert pinned_task(shown, VERSIONS) is shown
    assert pinned_task(FetchTask(URL), {}) == FetchTask(URL)


def test_a_movie_is_keyed_by_the_versions_of_the_files_it_names() -> None:
    element = {"type": "image", "src": URL}
    scene = {"elements": [element], "comment": f"{BASE}/media/files/{TOKEN}/other"}
    movie = Movie.model_validate({"scenes": [scene], "client-data": {"at": f"{URL}2"}})
    assert key_and_media(movie, TOOLS)[1] == (URL,)
    keys = {pinned_key("movies/k", {URL: version}) for version in ("v1", "v2")}
    assert len(keys) == 2 and all(key.startswith("movies/") for key in keys)
    assert pinned_key("movies/k", {}) == "movies/k"
