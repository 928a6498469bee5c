"""Captions from elsewhere: files by URL in every form and state, and the file that a movie comes
with.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.errors import RespliceError
from served import KEY, running
from studio import Studio, asked, called, give, movie, studio, written
from warned_lines import plainly
from web_server import Server, serving

SRT = "1\n00:00:00,100 --> 00:00:00,900\nSmörgåsbord – „ja“\n"
VTT = "WEBVTT\n\n00:00.100 --> 00:00.900\nHello\n"
ASS = """[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.10,0:00:00.90,Default,,0,0,0,,{\\k30}Hello {\\k50}you
"""
OVERLAPPING = "".join(
    f"{n}\n00:00:00,{n}00 --> 00:00:00,{n}90\nline {n}\n\n" for n in range(1, 9)
).replace("90\n", "99\n")
Document = dict[str, Any]


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, web: Server) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("captions"), web) as opened:
        yield opened


def film(captions: str | None, **more: Any) -> Document:
    said = {} if captions is None else {"captions": captions}
    over = {"type": "subtitles", **said, "settings": {"font-size": 12}}
    return movie({"duration": 1, "background-color": "#204060"}, elements=[over], **more)


def file_of(lab: Studio, document: Document) -> str:
    """The captions that go with the movie."""
    outcome = lab.render(document)
    assert outcome.ass
    with lab.ports.objects.open(outcome.ass) as path:
        return path.read_text("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_encoding_of_unicode_is_the_same(
    lab: Studio, web: Server, encoding: str, ends: str
) -> None:
    url = give(
        web, f"/{encoding}-{len(ends)}-{ord(ends[0])}", SRT.replace("\n", ends).encode(encoding)
    )
    assert "Smörgåsbord – „ja“" in file_of(lab, film(url))
    assert lab.render(film(url)).report.warnings == ()


@pytest.mark.parametrize("text", [SRT, VTT, ASS, OVERLAPPING])
def test_every_form_is_read_by_what_it_holds(lab: Studio, web: Server, text: str) -> None:
    url = give(web, f"/form-{len(text)}.txt", text.encode())
    assert file_of(lab, film(url)) == file_of(lab, film(text))


def test_a_western_file_is_read_with_a_warning_that_stays(lab: Studio, web: Server) -> None:
    url = give(web, "/western.srt", SRT.encode("cp1252"))
    assert "Smörgåsbord – „ja“" in file_of(lab, film(url))
    for more in ({}, {"quality": "medium"}):
        (warning,) = lab.render(film(url, **more)).report.warnings
        assert "not UTF-8" in warning


def problem(lab: Studio, captions: str) -> tuple[str, str]:
    began = time.monotonic()
    with pytest.raises(RespliceError) as caught:
        lab.render(film(captions))
    assert time.monotonic() - began < 30
    (found,) = caught.value.problems  # type: ignore[attr-defined]
    return found.path, found.message


MANY = "".join(
    f"00:{n // 60 % 60:02}:{n % 60:02},000 --> 00:{n // 60 % 60:02}:{n % 60:02},900\nline {n}\n\n"
    for n in range(100_000)
)
BAD: dict[str, tuple[bytes, str]] = {
    "binary": (bytes(range(256)) * 40, "no text"),
    "html": (b"<!DOCTYPE html><html><body>Not here</body></html>", "web page"),
    "prose": (b"Once upon a time", "neither SRT, VTT nor ASS"),
    "empty": (b"", "neither SRT, VTT nor ASS"),
    "times": (b"1\n00:00:xx --> 00:00:02,000\nHello\n", "line 2"),
    "backwards": (b"1\n00:00:03,000 --> 00:00:02,000\nHello\n", "ends before it begins"),
    "many": (MANY.encode(), "more than 20000 captions"),
    "huge": (SRT.encode() * 200_000, "larger than 10 MB"),
    "no lines": (b"WEBVTT\n\n00:00.100 --> 00:00.900\n\n", "no captions"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_told_with_its_place(lab: Studio, web: Server, name: str) -> None:
    content, words = BAD[name]
    path, message = problem(lab, give(web, f"/bad-{name.replace(' ', '-')}", content))
    assert path == "elements[0].captions"
    assert words in message and "Traceback" not in message


@pytest.mark.parametrize("name", ["prose", "times", "backwards"])
def test_the_same_in_the_document_is_told_alike(lab: Studio, name: str) -> None:
    content, words = BAD[name]
    path, message = problem(lab, content.decode())
    assert path == "elements[0].captions" and words in message


def test_a_document_holds_no_more_of_them_than_can_be_read(lab: Studio) -> None:
    path, message = problem(lab, MANY)
    assert path == "elements[0].captions" and "at most 2000000 characters" in message
    path, message = problem(lab, MANY[: MANY.index("line 30000")] + "end")
    assert path == "elements[0].captions" and "more than 20000 captions" in message


def test_a_file_that_is_not_there_is_told_like_any_other(lab: Studio, web: Server) -> None:
    web.answers["/gone.srt"] = lambda to: to.give(404)
    url = web.url("/gone.srt")
    path, message = problem(lab, url)
    assert path == "elements[0].captions"
    assert f"Failed to download '{url}' (404)" in message


def test_a_file_is_asked_for_again_only_where_the_movie_says_so(lab: Studio, web: Server) -> None:
    url = give(web, "/lines.srt", SRT.encode())
    assert "Smörgåsbord" in file_of(lab, film(url))
    assert asked(web) and not asked(web)
    assert "Smörgåsbord" in file_of(lab, film(url, quality="medium"))
    assert asked(web) == []
    assert "Smörgåsbord" in file_of(lab, film(url, cache=False))
    assert asked(web) == ["/lines.srt?"]
    give(web, "/lines.srt", SRT.replace("Smörgåsbord", "Knäckebröd").encode())
    outcome = lab.render(film(url, cache=False))
    assert asked(web) == ["/lines.srt?"]
    assert {each.result for each in outcome.report.elements if "line" in each.path} == {"miss"}
    assert "Knäckebröd" in file_of(lab, film(url, quality="high"))


def test_captions_need_no_sound_and_a_movie_no_words(lab: Studio) -> None:
    assert lab.render(film(VTT)).ass
    silent = lab.render(film(None))
    assert silent.ass is None
    assert plainly(silent.report.warnings) == (
        "elements[0] has nothing to write: no words were found",
    )
    again = lab.render(film(None))
    assert (again.report.result, again.report.warnings) == ("hit", silent.report.warnings)


def test_a_movie_whose_captions_have_gone_is_joined_again(lab: Studio) -> None:
    document = film(VTT, fps=11)
    first = lab.render(document)
    assert first.ass and lab.render(document).report.result == "hit"
    lab.ports.objects.delete(first.ass)
    again = lab.render(document)
    assert (again.report.result, again.ass) != ("hit", None)
    assert file_of(lab, document)


def test_the_command_line_takes_and_writes_files(tmp_path: Path) -> None:
    (tmp_path / "lines.vtt").write_text(VTT)
    document = written(tmp_path / "movie.json", film("lines.vtt"))
    render = ("render", document, "-o", tmp_path / "movie.mp4", "--data", tmp_path / "data")
    done = called(*render, "--subtitles", tmp_path / "lines.ass")
    assert done.returncode == 0, done.stderr
    first = (tmp_path / "lines.ass").read_text()
    assert "[Script Info]" in first and "Hello" in first
    (tmp_path / "lines.vtt").write_text(VTT.replace("Hello", "Goodbye"))
    assert called(*render, "--subtitles", tmp_path / "lines.ass").returncode == 0
    assert "Goodbye" in (tmp_path / "lines.ass").read_text()
    (tmp_path / "lines.vtt").write_bytes(b"\0\1\2\3" * 99)
    broken = called(*render)
    assert broken.returncode == 1 and "elements[0].captions" in broken.stderr
    assert "no text" in broken.stderr


def test_the_command_line_writes_over_nothing_that_it_reads(tmp_path: Path) -> None:
    (tmp_path / "lines.vtt").write_text(VTT)
    document = written(tmp_path / "movie.json", film("lines.vtt"))
    render = ("render", document, "-o", tmp_path / "movie.mp4", "--data", tmp_path / "data")
    for kept in ("lines.vtt", "movie.json"):
        before = (tmp_path / kept).read_text()
        done = called(*render, "--subtitles", tmp_path / kept)
        assert done.returncode == 2 and kept in done.stderr
        assert (tmp_path / kept).read_text() == before
    assert called(*render, "--subtitles", tmp_path / "movie.mp4").returncode == 2


def test_the_reply_leads_to_the_file_or_says_false(tmp_path: Path, web: Server) -> None:
    bad = give(web, "/api-bad.srt", BAD["times"][0])
    with running(
        tmp_path, "--api-key", KEY, "--allow-source", f"127.0.0.1:{web.server_port}"
    ) as api:
        told = api.ended(api.post(film(SRT)))
        assert told["status"] == "done"
        path = told["ass"].removeprefix(f"http://127.0.0.1:{api.port}")
        answer, content = api.call("GET", path)
        assert answer.status == 200 and "Smörgåsbord" in content.decode()
        assert "text/" in str(answer.getheader("Content-Type"))
        silent = api.ended(api.post(film(None)))
        assert (silent["status"], silent["ass"]) == ("done", False)
        broken = api.ended(api.post(film(bad)))
        assert (broken["status"], broken["ass"]) == ("error", False)
        assert "line 2" in broken["message"] and "captions" in broken["message"]
        refused, answered = api.json("POST", "/v2/movies", film("Once upon a time"))
        assert refused == 400 and "neither SRT" in answered["message"]
        hidden, answered = api.json("POST", "/v2/movies", film("file:///etc/passwd"))
        assert hidden == 400 and "must be an http" in answered["message"]
