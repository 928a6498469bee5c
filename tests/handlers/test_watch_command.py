"""resplice watch: what a save makes of the film, of the page and of the terminal."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from held_ffmpeg import held_ffmpeg
from paid import account
from resplice.cli.watch_screen import Screen
from resplice.cli.watched_files import WatchedFiles
from studio import called, decoded, movie, picture, resplice, still, written
from watched import Watched, opened, watched

ON_SCREEN = """
(film.readyState >= 2 && !film.seeking && !wanted) ? (() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 50});
  const drawn = canvas.getContext("2d");
  drawn.drawImage(film, 0, 0, 64, 50);
  return [film.currentTime, !film.paused, ...drawn.getImageData(50, 25, 1, 1).data.slice(0, 3)];
})() : null
"""
"""[seconds, whether it plays, red, green, blue] of what is seen."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A movie of two scenes, a second each."""
    for colour in ("red", "blue", "lime"):
        (tmp_path / f"{colour}.png").write_bytes(picture(colour))
    save(tmp_path, "red.png")
    return tmp_path


def save(desk: Path, second: str, **more: Any) -> None:
    """As editors do it: a new file in the place of the old one."""
    shown = movie(still("red.png", 1.0), still(second, 1.0), **more)
    written(desk / "new.json", shown).replace(desk / "movie.json")


def becomes(page: Callable[[str], Any], expression: str, holds: Callable[[Any], Any]) -> Any:
    until_s = time.monotonic() + 30
    while not holds(found := page(expression)):
        assert time.monotonic() < until_s, found
        time.sleep(0.02)
    return found


def is_blue(seen: Any) -> bool:
    return bool(seen) and seen[4] > 200 and max(seen[2:4]) < 60


def test_a_save_is_seen_in_place_and_a_wrong_one_over_the_film(desk: Path) -> None:
    with watched(desk, "-o", "out.mp4") as watch, opened(watch.url) as page:
        first = watch.after(None)
        assert first["line"].startswith("the first film: rendered 2 of 2 scenes, made 1 element")
        red = becomes(page, ON_SCREEN, lambda seen: seen and seen[2] > 200)
        assert red[:2] == [0, False]
        page("film.muted = film.loop = true; film.currentTime = 1.5")
        becomes(page, ON_SCREEN, lambda seen: seen and seen[0] == 1.5)

        save(desk, "blue.png")
        second = watch.after(first["film"])
        assert second["line"].startswith(
            "scenes[1].elements[0].src changed: rendered 1 of 2 scenes, made 1 element, reused 1 "
        )
        assert becomes(page, ON_SCREEN, is_blue)[:2] == [1.5, False]
        assert page("document.getElementById('line').textContent") == second["line"]
        assert decoded(desk / "out.mp4")

        (desk / "movie.json").write_text('{"scenes": [')
        wrong = watch.until(lambda told: told["problems"])
        (desk / "movie.json").write_text(json.dumps(movie(still("red.png", -3))))
        wrong = watch.until(lambda told: told["problems"] and told["problems"] != wrong["problems"])
        assert wrong["film"] == second["film"]
        said = f"scenes[0].duration: {wrong['problems'][0]['message']}"
        shown = "document.getElementById('wrong').hidden ? '' : problems.textContent"
        becomes(page, shown, lambda words: words == said)
        assert is_blue(page(ON_SCREEN))

        page("film.play().then(() => true)")
        (desk / "blue.png").write_bytes(picture("lime"))
        save(desk, "blue.png")
        third = watch.after(second["film"])
        assert third["line"].startswith("scenes[1].elements[0].src names a file that was written")
        assert becomes(page, ON_SCREEN, bool)[1] and becomes(page, "film.currentTime > 0", bool)
        assert page("document.getElementById('wrong').hidden")
        code, out, err = watch.interrupted()
    assert code == 130
    assert [line[9:] for line in out.splitlines()] == [
        each["line"] for each in (first, second, third)
    ]
    assert err.splitlines()[-1] == f"resplice: {said}" and "Traceback" not in err
    nothing_is_left(desk, "out.mp4")


def is_under_way(desk: Path) -> None:
    until_s = time.monotonic() + 60
    while not [*desk.rglob("segment.mp4")]:
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_the_newest_save_ends_the_render_before_it_and_an_interrupt_the_newest(desk: Path) -> None:
    """A film of ten minutes is on its way when a short one is saved, letter by letter."""
    zoomed = {"type": "image", "src": "red.png", "zoom": 3, "duration": -2}
    long = movie({"duration": 600, "elements": [zoomed]}, width=1280, height=720)
    written(desk / "movie.json", long)
    with watched(desk, "-o", "out.mp4") as watch:
        is_under_way(desk)
        began_s = time.monotonic()
        for length in range(1, 8):
            (desk / "movie.json").write_text(json.dumps(long)[: length * 20])
            time.sleep(0.02)
        save(desk, "blue.png")
        told = watch.after(None)
        assert not told["problems"] and time.monotonic() - began_s < 20
        assert not [*desk.rglob("segment.mp4")]
        written(desk / "movie.json", long)
        is_under_way(desk)
        began_s = time.monotonic()
        code, out, err = watch.interrupted()
        assert time.monotonic() - began_s < 5
    assert (code, err) == (130, "") and out.count("\n") == 1
    nothing_is_left(desk, "out.mp4")


def nothing_is_left(desk: Path, *besides: str) -> None:
    pictures = ("red.png", "blue.png", "lime.png")
    assert {each.name for each in desk.iterdir()} == {*pictures, "movie.json", "data", *besides}
    assert not [*(desk / "data/tmp").iterdir()] and not [*(desk / "data/runs").iterdir()]


def test_what_was_superseded_is_never_shown(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both go on at the same moment: an FFmpeg that says nothing hears of no newer save."""
    with held_ffmpeg(desk) as held:
        monkeypatch.setenv("PYTHONPATH", str(held.folder))
        with watched(desk, "-o", "out.mp4") as watch:
            runs = desk / "data/runs"
            watch.until(lambda told: told["renders"] and len([*runs.glob("*")]) == 2)
            save(desk, "blue.png")
            watch.until(lambda told: len([*runs.glob("*")]) == 3)
            held.let()
            watch.after(None)
            code, out, err = watch.interrupted()
    assert (code, err) == (130, "") and out.count("\n") == 1
    monkeypatch.undo()
    resplice("render", "movie.json", "-o", "alone.mp4", "--data", "other", cwd=desk)
    assert decoded(desk / "out.mp4") == decoded(desk / "alone.mp4")


def test_what_cannot_be_is_refused_before_anything_is_served(desk: Path) -> None:
    def refused(*words: Any) -> str:
        done = called("watch", *words, "--data", "data", "--no-open", cwd=desk)
        assert (done.returncode, done.stdout) == (2, ""), done
        return done.stderr

    assert refused("none.json") == "resplice: none.json: there is no such file\n"
    assert "v.json: there is no such file" in refused("movie.json", "--variables", "v.json")
    assert "the folder does not exist" in refused("movie.json", "-o", "no/out.mp4")
    assert "is a folder" in refused("movie.json", "-o", ".")
    assert "not a port: 70000" in refused("movie.json", "--port", "70000")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        done = called("watch", "movie.json", "--port", port, "--data", "data", cwd=desk)
    assert done.returncode == 1 and f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_nothing_is_written_over_what_the_film_is_made_of_and_variables_are_watched(
    desk: Path,
) -> None:
    written(desk / "v.json", {"second": "lime.png"})
    save(desk, "{{second}}")
    before = (desk / "lime.png").read_bytes()
    with watched(desk, "-o", "lime.png", "--variables", "v.json") as watch:
        told = watch.until(lambda told: told["problems"])
        assert told["problems"] == [{"path": "", "message": "lime.png: is read by this render"}]
        assert told["line"] == "1 problem in this save: there is no film yet"
        written(desk / "v.json", {"second": "missing.png"})
        told = watch.until(lambda told: "missing.png" in str(told["problems"]))
        assert told["problems"][0]["path"] == "scenes[1].elements[0].src"
        assert (desk / "lime.png").read_bytes() == before
        (desk / "missing.png").write_bytes(picture("blue"))  # What was missing is watched for.
        assert not watch.after(None)["problems"]
        hosts_are_checked(watch)


def hosts_are_checked(watch: Watched) -> None:
    port = int(watch.url.rstrip("/").rpartition(":")[2])
    for path in ("/", "/player.js", "/changes", watch.told()["film"]):
        with socket.create_connection(("127.0.0.1", port), 5) as asked:
            asked.sendall(f"GET {path} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n".encode())
            assert asked.recv(100).startswith(b"HTTP/1.1 400 "), path


@pytest.fixture
def until(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """When it is set, a watch in this process is interrupted."""
    reached = threading.Event()

    def saved(files: WatchedFiles) -> bool:
        if reached.is_set():
            raise KeyboardInterrupt
        return False

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(WatchedFiles, "saved", saved)
    monkeypatch.setattr(os, "_exit", leave)
    return reached


def test_the_browser_is_opened_when_it_is_asked_for(
    desk: Path, until: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = list[str]()

    def open_(url: str) -> None:
        urls.append(url)
        until.set()

    monkeypatch.setattr(webbrowser, "open", open_)
    done = called("watch", "movie.json", "--open", "--data", "data", cwd=desk)
    assert done.returncode == 130
    assert done.stdout.splitlines()[0] == f"Watching movie.json: {urls[0]}"


def test_nobody_is_paid_unless_it_is_said_how_much(
    tmp_path: Path, until: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Seen(Screen):
        def _tell(self, **changed: Any) -> None:
            super()._tell(**changed)
            if changed.get("renders") is False:
                until.set()

    monkeypatch.setattr("resplice.cli.watch.Screen", Seen)
    with account(tmp_path / "data", "elevenlabs") as desk:
        line = desk.line("A line that is paid for.")
        file = written(tmp_path / "movie.json", movie({"elements": [line]}))
        watch = ("watch", file, "--data", tmp_path / "data", "--no-open")
        told = called(*watch)
        assert (told.returncode, desk.server.asked) == (130, [])
        assert "At most $0.00 may be paid for this movie" in told.stderr
        until.clear()
        told = called(*watch, "--max-cost", "0.01")
        assert desk.characters() == 24 and "the first film: rendered 1 of 1" in told.stdout
