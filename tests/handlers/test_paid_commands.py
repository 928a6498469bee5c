"""What users are told of costs and of voices before and after, and what they can forbid: by the
command line and by the API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from paid import KEY, Account, account, stored_keys
from resplice.cli.main import main
from served import KEY as API_KEY
from served import running
from studio import called, movie, written

LINE, OTHER = "A line that is paid for.", "Another line."
GERMAN = {"type": "voice", "text": "Guten Tag, wie geht es?", "voice": "de-DE-KatjaNeural"}
INSTEAD = "speaks instead"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Account]:
    with account(tmp_path / "data", "elevenlabs") as desk:
        yield desk


@pytest.fixture
def render(desk: Account, tmp_path: Path) -> Any:
    """(document, options…) → exit code, what is printed, what is complained of."""

    def call(document: dict[str, Any], *words: str) -> tuple[int, str, str]:
        file, out = written(tmp_path / "movie.json", document), tmp_path / "out.mp4"
        done = called("render", file, "--data", tmp_path / "data", "-o", out, *words)
        assert KEY not in done.stdout + done.stderr
        return done.returncode, done.stdout, done.stderr

    return call


Render = Callable[..., tuple[int, str, str]]


def test_more_than_max_cost_is_refused(desk: Account, render: Render, tmp_path: Path) -> None:
    document = movie({"elements": [desk.line(LINE)]})
    code, _, told = render(document, "--max-cost", "0.001")
    assert (code, desk.server.asked) == (1, [])
    first, second = told.splitlines()
    assert first == (
        "resplice: At most $0.001 may be paid for this movie: by list prices $0.0019 would have "
        "been paid"
    )
    assert second == (
        "resplice: scenes[0].elements[0]: Scene #1, element #1: ElevenLabs, 24 characters, $0.0019"
    )
    assert not (tmp_path / "out.mp4").exists()
    code, told, _ = render(document, "--max-cost", "0.002")
    assert code == 0 and "paid     $0.0019, and $0.00 spared by the cache" in told
    code, told, _ = render(document, "--max-cost", "0")
    assert code == 0 and "paid     $0.00, and $0.0019 spared by the cache" in told


@pytest.mark.parametrize("said", ["a lot", "-1", "nan", "inf", "1e400", "1e999999999", ""])
def test_what_is_no_amount_is_refused(
    said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["render", "movie.json", "--data", str(tmp_path), f"--max-cost={said}"])
    assert ended.value.code == 2
    assert "not a number of dollars" in capsys.readouterr().err


def test_a_plan_tells_each_cost_and_pays_nothing(desk: Account, render: Render) -> None:
    document = movie({"elements": [desk.line(LINE)]}, {"elements": [desk.line(OTHER)]})
    code, told, _ = render(document, "--plan")
    assert (code, desk.server.asked) == (0, [])
    assert told.splitlines() == [
        "what would be paid to providers, by their list prices:",
        "  Scene #1, element #1: ElevenLabs, 24 characters, $0.0019",
        "  Scene #2, element #1: ElevenLabs, 13 characters, $0.001",
        "  in all $0.003",
        "how long the movie is, and so its plan, is known once these are made",
    ]
    assert render(document)[0] == 0
    desk.characters()
    code, told, _ = render({**document, "fps": 12}, "--plan")
    assert code == 0 and "elements 2 from the cache, 0 made" in told
    assert "paid     $0.00, and $0.003 spared by the cache" in told
    assert desk.characters() == 0


def test_a_plan_of_a_movie_whose_elements_are_gone_pays_nothing_either(
    desk: Account, render: Render
) -> None:
    document = movie({"elements": [desk.line(LINE)]})
    assert render(document)[0] == 0
    for key in stored_keys(desk.lab.ports):
        desk.lab.ports.objects.delete(key)
    code, told, _ = render(document, "--plan")
    assert (code, told) == (0, "the movie is in the cache: nothing would be made or paid\n")
    code, told, _ = render({**document, "fps": 12}, "--plan")
    assert code == 0 and "ElevenLabs, 24 characters, $0.0019" in told


def test_another_voice_is_told_of_once(render: Render, tmp_path: Path) -> None:
    document, report = movie({"elements": [GERMAN, GERMAN]}), tmp_path / "report.json"
    for _ in range(2):
        code, told, _ = render(document, "--report", str(report))
        warnings = [line for line in told.splitlines() if INSTEAD in line]
        assert code == 0 and len(warnings) == 2, told
        assert warnings[0].startswith("warning: scenes[0].elements[0].voice: ")
        assert warnings[1].startswith("warning: scenes[0].elements[1].voice: ")
        assert sum(INSTEAD in each for each in json.loads(report.read_text())["warnings"]) == 2


def test_another_voice_is_an_error_where_that_is_asked_for(render: Render) -> None:
    code, _, told = render(movie({"elements": [GERMAN]}), "--strict-voices")
    assert code == 2
    assert told.startswith("resplice: scenes[0].elements[0].voice: ")
    assert "is not set up" in told


def test_another_font_is_an_error_where_that_is_asked_for(render: Render) -> None:
    title = {"type": "text", "text": "Ann", "settings": {"font-family": "Grape Nuts"}}
    code, told, _ = render(movie({"duration": 0.2, "elements": [title]}))
    place = "scenes[0].elements[0].settings.font-family"
    assert code == 0
    assert f"warning: {place}: the font 'Grape Nuts' does not come with us" in told
    code, _, told = render(movie({"duration": 0.2, "elements": [title]}), "--strict-fonts")
    assert code == 2
    assert told.startswith(f"resplice: {place}: ")


def test_the_api_keeps_to_the_budget_and_tells_of_voices(desk: Account, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, "--api-key", API_KEY, "--max-cost", "0.001") as served:
        refused = served.ended(served.post(movie({"elements": [desk.line(LINE)]})))
        assert refused["status"] == "error"
        assert refused["message"].startswith("At most $0.001 may be paid for this movie: ")
        assert "Scene #1, element #1: ElevenLabs, 24 characters, $0.0019" in refused["message"]
        assert desk.server.asked == []
        done = served.ended(served.post(movie({"elements": [GERMAN, desk.line("Hello.")]})))
        assert done["status"] == "done", done["message"]
        (warning,) = (each for each in done["cache"]["warnings"] if INSTEAD in each)
        assert warning.startswith("scenes[0].elements[0].voice: ")
        assert done["cache"]["costs"] == {"spent_usd": 0.00048, "saved_usd": 0, "unpriced": 0}
        assert KEY not in json.dumps([refused, done])
