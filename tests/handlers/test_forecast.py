"""POST /v2/movies?dry-run=forecast: what a render would do is told, and then it does that."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from resplice.core.addresses import AllowedSource
from resplice.core.providers import Access, Offers
from resplice.ports import Ports
from resplice.steps.earlier_pieces import pieces_of
from resplice.steps.projects import status as status_of
from resplice.wiring.local import local
from studio import clip, give, picture, still
from web_server import Server, serving

CANVAS = {"width": 64, "height": 64, "fps": 10, "quality": "low"}
REUSED, RENDERED, WAITING = "reused", "rendered", "waiting"
FADE = {"transition": {"style": "fade", "duration": 0.5}}
NO_SCENE = {"elements": [], "condition": "{{ false }}"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def ports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    folder = tmp_path_factory.mktemp("data")
    with local(folder, allowed=[AllowedSource("127.0.0.1", server.server_port)]) as made:
        yield made


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return f"{request.node.originalname}"


@pytest.fixture(autouse=True)
def workflow(ports: Ports, owner: str) -> Noted:
    noted = Noted()
    use(ports, noted, owner)
    return noted


def film(*scenes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**CANVAS, "scenes": list(scenes), **more}


def plain(colour: str, seconds: float = 1, **more: Any) -> dict[str, Any]:
    return {"duration": seconds, "background-color": f"#{colour}", **more}


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "settings": {"font-size": "12px"}, **more}


def forecast(document: Any) -> dict[str, Any]:
    status, answer = call("POST", "/v2/movies?dry-run=forecast", document)
    assert status == 200, answer
    assert answer.keys() == {"success", "forecast"} and answer["success"] is True
    return dict(answer["forecast"])


def states(told: dict[str, Any], of: str = "scenes") -> list[str]:
    return [each["state"] for each in told[of]]


def made(document: dict[str, Any], ports: Ports) -> dict[str, Any]:
    """The report of its render."""
    project = posted(document)
    play(project, ports)
    movie = movie_of(project)
    assert movie["status"] == "done", movie["message"]
    return dict(movie["cache"])


def true(document: dict[str, Any], ports: Ports) -> dict[str, Any]:
    """What is told of it, which then comes true."""
    told = forecast(document)
    report = made(document, ports)
    assert (told["movie"]["result"] == "hit") == (report["movie"]["result"] == "hit")
    if report["movie"]["result"] != "hit":
        reused = [state == REUSED for state in states(told)]
        assert reused == [scene["result"] == "hit" for scene in report["scenes"]]
        joins = [each["transition"] for each in told["scenes"] if "transition" in each]
        assert [each["state"] == REUSED for each in joins] == [
            each["result"] == "hit" for each in report["transitions"]
        ]
    return told


def test_it_tells_what_an_edit_renders_and_makes_nothing(ports: Ports, workflow: Noted) -> None:
    before = [each.key for each in ports.objects.list("")]
    first = forecast(film(plain("210000"), plain("220000", 2, **FADE)))
    assert first["movie"] == {
        **{"result": "miss", "width": 64, "height": 64, "fps": 10, "frames": 25},
        "duration": 2.5,
    }
    assert first["renders"] == {
        **{"scenes": 2, "of": 2, "seconds": 2.5, "takes": 1.0, "cost_usd": 0, "unpriced": 0},
        "takes_from": "20 ns a pixel, as measured with a movie that is hard to encode",
    }
    assert [each.key for each in ports.objects.list("")] == before and workflow.started == []
    made(film(plain("210000"), plain("220000", 2, **FADE)), ports)
    told = true(film(plain("230000"), plain("220000", 2, **FADE)), ports)
    assert told["scenes"] == [
        {
            **{"path": "scenes[0]", "from": "scenes[0]", "start": 0, "duration": 1},
            **{"state": RENDERED, "reason": "not made before: picture", "renders": 0.5},
        },
        {
            **{"path": "scenes[1]", "from": "scenes[1]", "start": 0.5, "duration": 2},
            **{"state": REUSED, "reason": "all of it was made before", "renders": 0.5},
            "transition": {"style": "fade", "duration": 0.5, "state": RENDERED},
        },
    ]
    assert told["renders"]["seconds"] == 1 and told["renders"]["scenes"] == 1


def test_a_movie_that_is_there_takes_nothing(ports: Ports) -> None:
    document = film(plain("310000", elements=[words("hit")]))
    made(document, ports)
    told = true({**document, "client-data": {"a": 1}}, ports)
    assert told["movie"]["result"] == "hit" and states(told) == states(told, "elements") == [REUSED]
    assert told["renders"] == {
        **{"scenes": 0, "of": 1, "seconds": 0, "takes": 0, "takes_from": "the movie is there"},
        **{"cost_usd": 0, "unpriced": 0},
    }


def test_equal_scenes_are_rendered_once(ports: Ports) -> None:
    told = true(film(plain("320000"), plain("320000"), plain("320000", 2)), ports)
    assert states(told) == [RENDERED] * 3 and told["renders"]["seconds"] == 2


def test_scenes_whose_elements_are_not_made_wait_for_them(ports: Ports, server: Server) -> None:
    source = give(server, "/waits.png", picture("red"))
    server.seen.clear()
    document = film(still(source, 1, id="a"), plain("330000"))
    told = forecast(document)
    assert states(told) == [WAITING, RENDERED] and states(told, "elements") == [WAITING]
    assert server.seen == [] and told["assumed"] == []
    assert told["renders"]["takes_from"].endswith("; what making its elements takes is not in it")
    made(document, ports)
    document["scenes"][1]["elements"] = [words("seldom")]
    told = true(document, ports)
    assert states(told) == [REUSED, WAITING] and states(told, "elements") == [REUSED, WAITING]


def test_a_text_that_is_edited_back_is_there(ports: Ports) -> None:
    document = film(plain("340000", elements=[words("one")]), plain("340001"))
    made(document, ports)
    other = copy.deepcopy(document)
    other["scenes"][0]["elements"][0]["text"] = "two"
    assert states(true(other, ports)) == [WAITING, REUSED]
    assert states(true({**document, "comment": "back"}, ports)) == [REUSED, REUSED]


def test_bytes_that_come_out_as_others_did_make_it_less_than_was_told(
    ports: Ports, server: Server
) -> None:
    body = picture("blue")
    made(film(still(give(server, "/here.png", body), 1)), ports)
    document = film(still(give(server, "/there.png", body), 1))
    assert states(forecast(document)) == [WAITING]
    assert [each["result"] for each in made(document, ports)["scenes"]] == ["hit"]
    assert states(forecast(document)) == [REUSED]


def test_what_asks_to_be_made_again_is_told_of(ports: Ports) -> None:
    again, seldom = {"cache": False}, words("again")
    scenes = [plain("350000", elements=[seldom]), plain("350001"), plain("350002", cache=True)]
    made(film(*scenes), ports)
    all_again = true(film(*scenes, **again), ports)
    assert states(all_again) == [RENDERED, RENDERED, REUSED]
    assert states(all_again, "elements") == [REUSED]
    assert all_again["scenes"][0]["reason"] == "cache is false on the movie"
    assert states(true(film(scenes[0], {**scenes[1], **again}), ports)) == [REUSED, RENDERED]
    forced = plain("350000", elements=[{**seldom, **again}])
    told = true(film(forced, scenes[1]), ports)
    assert states(told) == [WAITING, REUSED] and states(told, "elements") == [WAITING]
    told = true(film(scenes[0], scenes[1], elements=[{**seldom, **again, "z-index": -1}]), ports)
    assert states(told) == [REUSED, REUSED]
    assert states(told, "elements") == [WAITING, WAITING], "one makes it again for both"


def test_another_poster_renders_nothing(ports: Ports) -> None:
    made(film(plain("360000")), ports)
    told = true(film(plain("360000"), **{"thumbnail-at": 0.5}), ports)
    assert told["movie"]["result"] == "miss" and states(told) == [REUSED]
    assert told["renders"]["takes_from"] == "nothing has to be rendered"


def test_scenes_of_no_whole_number_of_frames_are_rendered_where_they_move(
    ports: Ports, server: Server
) -> None:
    source = give(server, "/moves.png", picture("red"))
    parts = [still(source, 0.25, zoom=2 + n) for n in range(4)]
    made(film(*parts), ports)
    found = [states(true(film(*order), ports)) for order in (parts[::-1], [*parts[1:], parts[0]])]
    assert RENDERED in found[0]


def test_what_lies_over_all_is_told_of(ports: Ports) -> None:
    scenes = [plain("380000"), plain("380001")]
    made(film(*scenes), ports)
    over = words("over", start=1, duration=2)
    told = true(film(*scenes, elements=[over]), ports)
    assert states(told) == [REUSED, WAITING] and told["elements"][0]["start"] == 1
    assert told["over"] == {"start": 2, "duration": 1, "state": RENDERED, "renders": 1}
    assert told["renders"]["seconds"] == 2 and told["movie"]["duration"] == 3
    again = forecast(film(*scenes, elements=[over], comment="again", quality="medium"))
    assert again["renders"]["seconds"] == 3
    assert true(film(scenes[0], plain("380002"), elements=[over]), ports)["over"]["state"] == REUSED


def test_a_scene_that_others_cover_whole_has_no_picture_of_its_own(ports: Ports) -> None:
    cover = {"transition": {"style": "fade", "duration": 1}}
    told = true(film(plain("390000"), plain("390001", 2, **cover), plain("390002", **cover)), ports)
    assert told["scenes"][0]["renders"] == 0 and told["renders"]["seconds"] == 2


def test_it_says_where_in_the_document_all_of_it_is_written() -> None:
    rows = {"iterate": "rows", "elements": [words("{{ name }}")]}
    own = [words("no", condition="{{ false }}"), words("s")]
    shared = {"id": "shared", "duration": 1, "elements": own}
    told = forecast(
        film(NO_SCENE, rows, shared, {"import": "shared"}, variables={"rows": [{"name": "a"}, {}]})
    )
    assert [each["from"] for each in told["scenes"]] == [
        *("scenes[1]", "scenes[1]", "scenes[2]", "scenes[3]")
    ]
    assert [each["from"] for each in told["elements"]] == [
        *("scenes[1].elements[0]", "scenes[1].elements[0]"),
        *("scenes[2].elements[1]", "scenes[2].elements[1]"),
    ]


def test_what_is_not_known_is_assumed_and_said(ports: Ports, server: Server) -> None:
    at = server.url
    server.seen.clear()
    late = {"type": "video", "src": at("/none.mp4"), "seek": 42}
    captions = {"type": "subtitles", "captions": at("/none.srt")}
    told = forecast(film({"elements": [late]}, plain("400000"), elements=[captions]))
    assert told["assumed"] == ["scenes[0].elements[0]: how long it is; 47 s are assumed"]
    assert told["scenes"][0]["duration"] == 5 and server.seen == []
    made(film(plain("400000")), ports)
    told = forecast(film(plain("400000"), elements=[captions]))
    assert states(told) == [WAITING], "words may be written over it"


def test_what_would_be_paid_is_told_and_what_is_there_costs_nothing(
    ports: Ports, workflow: Noted, owner: str
) -> None:
    use(replace(ports, offered=lambda of: Offers((Access("polly", build="1"),))), workflow, owner)
    spoken = {"type": "voice", "text": "x" * 100, "voice": "Joanna"}
    told = forecast(film({"elements": [spoken]}, {"elements": [spoken]}, plain("410000")))
    assert states(told) == ["paid", "paid", RENDERED]
    assert told["renders"]["cost_usd"] == pytest.approx(200 * 16e-6) and len(told["assumed"]) == 2


def test_a_file_of_another_kind_is_refused_as_a_render_would(ports: Ports, server: Server) -> None:
    source = give(server, "/kind.png", picture("red"))
    made(film(still(source, 1)), ports)
    status, answer = call(
        "POST",
        "/v2/movies?dry-run=forecast",
        film({"elements": [{"type": "audio", "src": source}]}),
    )
    assert status == 400 and "is not an audio file" in answer["message"]


def test_reasons_are_what_is_otherwise_than_in_an_earlier_project(ports: Ports) -> None:
    before = posted(film(plain("000001"), plain("000002"), plain("000003")))
    play(before, ports)
    document = film(plain("000001"), plain("000009"), plain("000003", 2))
    asked = {"dry-run": "forecast", "since": before}
    status, answer = call("POST", "/v2/movies", document, query=asked)
    assert status == 200
    assert [scene["reason"] for scene in answer["forecast"]["scenes"]] == [
        "all of it was made before",
        "scenes[1].background-color changed",
        "all of it was made before",
    ]
    unknown = {**asked, "since": "A" * 16}
    assert call("POST", "/v2/movies", document, query=unknown)[0] == 400


def test_what_is_wrong_with_the_earlier_movie_refuses_no_other(
    ports: Ports, server: Server, tmp_path: Path
) -> None:
    def has(name: str, seconds: float) -> str:
        return give(server, "/since.mp4", clip(tmp_path / name, seconds).read_bytes())

    late = {"type": "video", "src": has("long.mp4", 0.8), "seek": 0.5}
    before = posted(film({"elements": [late]}))
    play(before, ports)
    has("short.mp4", 0.4)
    made(film({"elements": [{**late, "seek": 0, "cache": False}]}), ports)
    asked = {"dry-run": "forecast", "since": before}
    status, answer = call("POST", "/v2/movies", film(plain("440000")), query=asked)
    assert (status, states(answer["forecast"])) == (200, [RENDERED])


def test_a_large_earlier_movie_is_not_planned_again(ports: Ports, owner: str) -> None:
    document = film(plain("450000", elements=[words("large")]))
    before = posted(document)
    play(before, ports)
    own = ports.of(owner)
    project = status_of(before, owner, own)
    assert len(pieces_of(replace(project, id="plain"), own)) == 1 and project.report
    many = {**project.report, "elements": [*project.report["elements"]] * 301}
    long = json.dumps({**document, "comment": " " * 200_000})
    assert pieces_of(replace(project, id="many", report=many), own) == ()
    assert pieces_of(replace(project, id="long", document=long), own) == ()


def test_what_is_no_movie_is_refused_as_ever() -> None:
    for document in (
        b"{",
        {"scenes": "none"},
        {"scenes": [{"elements": [{"type": "image"}]}]},
        {"template": "0123456789abcdef"},
        film({"iterate": "nothing", "elements": []}),
    ):
        refused = call("POST", "/v2/movies?dry-run=forecast", document)
        assert refused == call("POST", "/v2/movies?dry-run=true", document) and refused[0] >= 400


def test_nobody_is_told_what_others_have_made(ports: Ports, workflow: Noted) -> None:
    document = film(plain("420000", elements=[words("mine")]))
    made(document, ports)
    use(ports, workflow, "somebody-else")
    told = forecast(document)
    assert told["movie"]["result"] == "miss" and states(told) == [WAITING]


def test_a_clip_tells_its_length_once_it_is_there(
    ports: Ports, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = clip(tmp_path_factory.mktemp("clip") / "a.mp4", 0.6)
    video = {"type": "video", "src": give(server, "/length.mp4", file.read_bytes())}
    assert forecast(film({"elements": [video]}))["movie"]["duration"] == 5
    made(film({"elements": [video]}), ports)
    told = forecast(film({"elements": [video]}, plain("430000")))
    assert (told["movie"]["duration"], told["assumed"]) == (1.6, [])
    assert states(told) == [REUSED, RENDERED]
