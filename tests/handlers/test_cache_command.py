"""`resplice cache`: what an edit will cost is what it then costs; numbers of the last days."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from resplice.cli.main import main
from studio import CANVAS, Studio, clip, movie, picture, studio, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edits")
    for name in ("red", "blue", "logo"):
        (folder / f"{name}.png").write_bytes(picture("red" if name == "red" else "blue"))
    clip(folder / "card.mp4", 0.8)
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Studio]:
    with studio(folder / "data") as lab:
        yield lab


TEXT = {"type": "text", "text": "one", "width": 60, "height": 30}
A = movie(
    {"duration": 0.4, "elements": [{"type": "image", "src": "red.png"}]},
    {"elements": [{"type": "video", "src": "card.mp4"}]},
    {"duration": 0.6, "elements": [TEXT], "transition": {"duration": 0.2}},
)


def edited(path: str, value: Any, of: dict[str, Any] = A) -> dict[str, Any]:
    document = copy.deepcopy(of)
    *outer, last = (int(p) if p.isdigit() else p for p in path.split())
    part: Any = document
    for key in outer:
        part = part[key]
    part[last] = value
    return document


def explained(
    folder: Path, later: Any, data: Path, capsys: Any, *more: str, earlier: Any = A
) -> str:
    files = written(folder / "a.json", earlier), written(folder / "b.json", later)
    assert main(["cache", "explain", *map(str, files), "--data", str(data), *more]) == 0
    return str(capsys.readouterr().out)


def cost(folder: Path, later: Any, data: Path, capsys: Any, **more: Any) -> dict[str, Any]:
    return dict(json.loads(explained(folder, later, data, capsys, "--json", **more)))


def results(told: dict[str, Any]) -> tuple[list[str], list[str]]:
    cache = told["cache"]
    return [s["result"] for s in cache["scenes"]], [t["result"] for t in cache["transitions"]]


EDITS: list[tuple[str, Any, list[str], list[str], str, float]] = [
    (*("scenes 2 elements 0 text", "two", ["hit", "hit", "miss"], ["miss"]),
     "scenes[2].elements[0].text changed", 0.6),
    (*("scenes 0 elements 0 zoom", 2, ["miss", "hit", "hit"], ["hit"]),
     "scenes[0].elements[0].zoom changed", 0.4),
    (*("scenes 2 transition style", "wipeup", ["hit", "hit", "hit"], ["miss"]),
     "scenes[2].transition.style changed", 0.2),
    (*("scenes 0 duration", 0.5, ["hit", "hit", "hit"], ["hit"]),
     "scenes[0].duration changed", 0.0),
    ("comment", "new", ["hit"] * 3, ["hit"], "", 0.0),
    (*("scenes 1 cache", False, ["hit", "bypass", "hit"], ["bypass"]),
     "cache: false on scenes[1]", 0.8),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "scenes", "into", "why", "seconds"), EDITS)
def test_what_an_edit_costs_offline(
    path: str,
    value: Any,
    scenes: list[str],
    into: list[str],
    why: str,
    seconds: float,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With nothing in the data folder: lengths of clips are assumed, and that is said."""
    told = cost(folder, edited(path, value), tmp_path, capsys)
    if path == "comment":
        assert told["cache"]["movie"]["result"] == "hit" and told["rendered_seconds"] == 0
        return
    assert results(told) == (scenes, into)
    assert told["cache"]["movie"]["why"] == [why]
    assert told["unknown"] == ["scenes[1].elements[0]: how long it is; 5 s are assumed"]
    assert told["work_ms"] == (None if seconds else 0)
    if path != "scenes 1 cache":
        assert told["rendered_seconds"] == seconds


@pytest.fixture(scope="module")
def rendered(lab: Studio, folder: Path) -> Path:
    main(["render", str(written(folder / "first.json", A)), "-o", str(folder / "a.mp4"),
          "--data", str(folder / "data"), "--quiet"])  # fmt: skip
    return folder / "data"


def test_a_movie_that_is_there_is_a_hit_whatever_was_edited(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = cost(folder, A, rendered, capsys, earlier=edited("scenes 0 elements 0 zoom", 2))
    assert told["cache"]["movie"]["result"] == "hit" and told["rendered_seconds"] == 0


def test_what_the_data_folder_knows_is_used(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, value, scenes, into, why, seconds = EDITS[0]
    told = cost(folder, edited(path, value), rendered, capsys)
    assert results(told) == (scenes, into) and told["unknown"] == []
    assert told["rendered_seconds"] == seconds and told["movie_seconds"] == 1.6
    assert told["work_ms"] > 0
    made = [e["path"] for e in told["cache"]["elements"] if e["result"] == "miss"]
    assert made == ["scenes[2].elements[0]"]
    said = explained(folder, edited(path, value), rendered, capsys)
    assert "scene 1  kept" in said and f"scene 3  made again: {why}" in said
    assert f"into 3   made again: {why}" in said and "0.60 of 1.60 s are rendered again" in said
    assert "elements 2 kept, 1 made again" in said and "not known" not in said


def test_what_was_said_is_what_the_render_does(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = edited("scenes 0 elements 0 zoom", 3)
    told = cost(folder, later, rendered, capsys)
    report = folder / "report.json"
    main(["render", str(folder / "b.json"), "-o", str(folder / "b.mp4"), "--data", str(rendered),
          "--quiet", "--report", str(report)])  # fmt: skip
    done = json.loads(report.read_text())
    for part in ("scenes", "transitions", "elements"):
        assert [e["result"] for e in done[part]] == [e["result"] for e in told["cache"][part]]
    assert [e.get("key") for e in done["scenes"]] == [e["key"] for e in told["cache"]["scenes"]]


def test_a_file_that_was_edited_is_another_file(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = cost(folder, edited("scenes 0 elements 0 src", "logo.png"), rendered, capsys)
    assert told["cache"]["scenes"][0]["why"] == ["scenes[0].elements[0].src changed"]


def test_an_inserted_scene_is_all_that_is_new(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = copy.deepcopy(A)
    later["scenes"].insert(1, {"duration": 0.3, "background-color": "#123456"})
    told = cost(folder, later, rendered, capsys)
    assert results(told) == (["hit", "miss", "hit", "hit"], ["hit"])
    assert told["cache"]["scenes"][1]["why"] == ["scenes[1] is new"]


def test_what_will_be_paid(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voice = {"type": "voice", "text": "One two three."}
    before = movie({"elements": [voice]}, elements=[{"type": "subtitles"}])
    after = edited("scenes 0 elements 0 text", "One two three four.", before)
    said = explained(folder, after, tmp_path, capsys, earlier=before)
    assert "scenes[0].elements[0] (voice): scenes[0].elements[0].text changed" in said
    assert "not known here: scenes[0].elements[0]: how long it is" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["explain"], "takes two documents"),
        (["explain", "a.json"], "takes two documents"),
        (["stats", "a.json"], "takes no documents"),
        (["explain", "a.json", "nowhere.json"], "nowhere.json: No such file"),
        (["explain", "a.json", "bad.json"], "bad.json: "),
    ],
)
def test_a_wrong_call(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "a.json", movie({"duration": 1}))
    written(tmp_path / "bad.json", {"scenes": [{"elements": [{"type": "nothing"}]}]})
    assert main(["cache", *words, "--data", str(tmp_path / "data")]) == 2
    assert told in capsys.readouterr().err


def test_numbers_of_the_last_days(rendered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "stats", "--data", str(rendered)]) == 0
    said = capsys.readouterr().out
    assert "scenes" in said and "in the last 7 days" in said and "s of work" in said


def verified(data: Path, capsys: Any, *words: str) -> tuple[int, str]:
    code = main(["cache", "verify", *words, "--data", str(data)])
    return code, str(capsys.readouterr().out)


def test_a_movie_that_is_named_is_made_anew_and_compared(
    folder: Path, rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = {**A, "variables": {"what": "nothing"}}
    named["scenes"] = [
        *A["scenes"][:2],
        {**A["scenes"][2], "elements": [{**TEXT, "text": "{{what}}"}]},
    ]
    file = str(written(folder / "proven.json", named))
    said_by = ("--variables", str(written(folder / "v.json", {"what": "one"})))
    code, said = verified(rendered, capsys, file, *said_by)
    assert (code, said.splitlines()[-1]) == (0, "1 movie made anew: 1 the same")
    told = json.loads(verified(rendered, capsys, file, *said_by, "--json")[1])
    assert (told["count"], told["proofs"][0]["of"]) == ({"same": 1}, file)
    code, said = verified(rendered, capsys, file)
    assert code == 1, "one that is named is to be proven"
    assert f"{file}: not proven: The movie is not in the cache any more" in said
    other = str(written(folder / "wrong.json", {"scenes": 1}))
    code, said = verified(rendered, capsys, other)
    assert code == 1 and f"{other}: " in said


def test_a_sample_is_of_what_a_server_was_asked_for(
    lab: Studio, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = folder / "served"
    far = FarApart(emptied(lab.ports, data))
    project = far.made(movie({"duration": 0.2, "elements": [TEXT]}))["project"]
    code, said = verified(data, capsys, "--sample", "1%")
    assert (code, said.splitlines()[-1]) == (
        0,
        "1 movie made anew, of 1 that were asked for: 1 the same",
    )
    (proof,) = json.loads(verified(data, capsys, "--sample", "100%", "--json")[1])["proofs"]
    assert (proof["of"], proof["project"]) == (f"project {project}", project)
    code, said = verified(folder / "data", capsys, "--sample", "1%")
    assert (code, said.splitlines()[-1]) == (
        0,
        "0 movies made anew, of 0 that were asked for: there is none",
    )


def test_what_is_not_the_same_is_told_and_the_command_fails(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another movie lies where the cache has this one."""
    data = tmp_path / "data"
    with studio(data) as lab:
        document, other = ({"scenes": [{"duration": 0.2, "background-color": each}], **CANVAS}
                           for each in ("#102030", "#302010"))  # fmt: skip
        wrong = lab.render(other).stored.key
        lab.render(document)
        key = lab.accepted(document).key
        pointer = lab.ports.cache_index.pointer(key)
        assert pointer
        lab.ports.cache_index.point(key, {**pointer, "object": wrong})
    file = str(written(tmp_path / "a.json", document))
    code, said = verified(data, capsys, file)
    assert code == 1 and f"{file}: not the same\n  2 frames differ, from 0 to 1\n" in said
    assert "whoever asks for it next gets it anew" in said
    with studio(data) as lab:
        assert lab.render(document).report.result == "miss"
    assert verified(data, capsys, file)[0] == 0


@pytest.mark.parametrize("text", ["0", "101%", "some", "-1%", "nan"])
def test_a_sample_is_a_part_of_all(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cache", "verify", f"--sample={text}"])
    assert "is no part of the movies, such as 1%" in capsys.readouterr().err
