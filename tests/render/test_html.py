"""Html elements in movies: where their pages are seen, what is cached of them, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.core.report import Report
from resplice.errors import MakeError
from stage import Document, Frames, Stage, extent, near, shot
from studio import Studio, asked, give, movie, studio
from warned_lines import plainly
from web_pages import plain
from web_server import Server, serving

RED, LIME, BLUE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)
PRIVATE = ("http://127.0.0.1:9/", "http://[::1]/", "http://169.254.169.254/")
CARD = "<div style='width:40px;height:20px;background:red'></div>"


def html(written: str = CARD, **more: Any) -> Document:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"type": "html", "html": written, "wait": 0, **named}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def lab(server: Server, tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path / "data", server) as lab:
        yield lab


PLACES: list[tuple[dict[str, Any], tuple[int, ...]]] = [
    ({}, (0, 0, 40, 20)),
    ({"x": 20, "y": 10}, (20, 10, 60, 30)),
    ({"position": "center-center"}, (60, 35, 100, 55)),
    ({"position": "bottom-right"}, (112, 66, 152, 86)),
    ({"position": "top-center", "y": 6}, (60, 10, 100, 30)),
    ({"position": "bottom-right", "width": 60, "height": 30}, (92, 56, 132, 76)),
    ({"capture": {"width": 80, "height": 60}, "width": 160}, (0, 0, 80, 40)),
    ({"capture": {"width": 80, "height": 60}, "resize": "contain"}, (20, 0, 80, 30)),
    ({"dpi": 2, "x": 20}, (20, 0, 60, 20)),
    ({"flip-horizontal": True, "x": 20}, (20, 0, 60, 20)),
    ({"width": 80, "height": 40, "zoom": 5}, (0, 0, 50, 25)),
]


@pytest.fixture(scope="module")
def placed(stage: Stage) -> Frames:
    """The last frame of a scene for each of them."""
    scenes = [shot(html(**said)) for said, _ in PLACES]
    return stage.frames({"fps": 10, "width": 160, "height": 90, "scenes": scenes})[9::10]


@pytest.mark.parametrize("number", range(len(PLACES)), ids=[str(said) for said, _ in PLACES])
def test_a_page_is_seen_where_its_element_is(placed: Frames, number: int) -> None:
    assert len(placed) == len(PLACES)
    last, box = placed[number], PLACES[number][1]
    assert near(extent(last), box, 1)
    assert near(last[(box[1] + box[3]) // 2, (box[0] + box[2]) // 2], RED, 4)


def test_a_page_is_clear_where_nothing_is(stage: Stage) -> None:
    below = html("<body style='background:blue'>")
    seen = stage.picture(below, html("<div style='height:45px;background:#f008'></div>"))
    assert near(seen[20, 80], (136, 0, 119), 4)
    assert near(seen[60, 80], BLUE, 4)


def test_the_page_of_a_tutorial(stage: Stage) -> None:
    """A label of Tailwind CSS in the middle of the top."""
    label = "<div class='inline-flex px-6 py-4 rounded-xl bg-[#ff0000] text-4xl'>X</div>"
    element = html(label, tailwindcss=True, position="top-center", y=20, settings={"color": "red"})
    left, top, right, bottom = extent(stage.picture(element))
    assert top == 24 and bottom == 90, "72 pixels high, of which the canvas has 66"
    assert abs((160 - right) - left) <= 1 and 60 < right - left < 90


def test_recorded_animations_move_and_stay(stage: Stage) -> None:
    page = """<style>@keyframes k { from { left: 0 } to { left: 100px } } div { width: 20px;
    height: 20px; position: absolute; background: red; animation: k 1s linear both }</style><div>"""
    element = html(page, capture={"width": 160, "height": 90, "duration": 1.2})
    frames = stage.frames(
        {"fps": 10, "width": 160, "height": 90, "scenes": [shot(element, duration=2)]}
    )
    lefts = [extent(frame)[0] for frame in frames]
    assert near(lefts[:11], range(0, 101, 10), 1)
    assert near(lefts[11:], [100] * 9, 1)


def test_a_page_behind_a_url_with_what_it_loads(server: Server, lab: Studio) -> None:
    give(server, "/style.css", b"body{margin:0} div{height:25px;background:lime}")
    give(server, "/red.png", plain("red", (64, 25)))
    url = give(
        server, "/card.html", b"<link rel=stylesheet href=style.css><div></div><img src=red.png>"
    )
    document = movie({"duration": 0.5, "elements": [{"type": "html", "src": url + "?title=Hi"}]})
    stage = Stage(lab, None)  # type: ignore[arg-type]
    first = stage.frames(document)[0]
    assert near(first[10, 30], LIME, 4) and near(first[35, 30], RED, 4)
    assert asked(server) == ["/card.html?title=Hi", "/red.png", "/style.css"]
    stage.frames({**document, "comment": "again"})
    assert asked(server) == []


def result(report: Report) -> tuple[list[str], list[str]]:
    return [s.result for s in report.scenes], [e.result for e in report.elements]


def test_a_page_is_painted_again_when_asked_and_what_is_the_same_is_not_rendered(
    server: Server, lab: Studio
) -> None:
    url = give(server, "/a.png", plain("red", (64, 50)))
    scene = {"duration": 0.5, "elements": [html(f"<img src={url}>")]}
    kept = {**scene, "cache": True}
    lab.render(movie(scene))
    asked(server)
    assert result(lab.render(movie(kept, cache=False)).report) == (["hit"], ["hit"])
    assert asked(server) == ["/a.png"], "loaded again, and the same"
    give(server, "/a.png", plain("blue", (64, 50)))
    assert result(lab.render(movie(scene)).report)[1] in ([], ["hit"])
    assert asked(server) == []
    assert result(lab.render(movie(kept, cache=False)).report) == (["miss"], ["miss"])
    forced = {**scene, "elements": [{**scene["elements"][0], "cache": False}]}  # type: ignore[index]
    assert result(lab.render(movie(forced)).report) == (["bypass"], ["bypass"])
    assert asked(server) == ["/a.png"] * 2


def test_a_page_that_loads_nothing_is_not_painted_again(lab: Studio) -> None:
    scene = {"duration": 0.5, "elements": [html()], "cache": True}
    lab.render(movie(scene))
    key = lab.ports.browser.build()
    lab.ports.browser.close()
    assert result(lab.render(movie(scene, cache=False)).report) == (["hit"], ["hit"])
    assert lab.ports.browser.build() == key


def test_what_is_missing_is_told_and_tried_again_if_it_may_heal(
    server: Server, lab: Studio
) -> None:
    server.answers["/gone.png"] = lambda to: to.give(404)
    server.answers["/ill.png"] = lambda to: to.give(503)
    page = f"{CARD}<img src={server.url('/gone.png')}><img src={server.url('/ill.png')}>"
    document = movie({"duration": 0.5, "elements": [html(page)]})
    warnings = lab.render(document).report.warnings
    assert plainly(warnings) == (
        f"scenes[0].elements[0]: a page goes without '{server.url('/gone.png')}' (404)",
        f"scenes[0].elements[0]: a page goes without '{server.url('/ill.png')}' (503)",
    )
    ill = lab.decoded(document)
    give(server, "/ill.png", plain("blue"))
    asked(server)
    again = lab.render(document).report
    assert (again.result, again.warnings) == ("miss", warnings[:1])
    assert [e.result for e in again.elements] == ["miss"]
    assert asked(server) == ["/gone.png", "/ill.png"]
    assert lab.decoded(document) != ill
    assert lab.render(document).report.result == "hit"
    asked(server)
    settled = lab.render(movie({"duration": 0.7, "elements": [html(page)]})).report
    assert [e.result for e in settled.elements] == ["hit"]
    assert asked(server) == []
    server.answers["/ill.png"] = lambda to: to.give(503)
    worse = {**document, "cache": False}
    assert lab.render(worse).report.warnings == warnings
    give(server, "/ill.png", plain("blue"))
    assert lab.render(document).report.warnings == warnings[:1]


def test_private_addresses_are_not_loaded(lab: Studio, server: Server) -> None:
    pages = []
    for number, private in enumerate(PRIVATE):
        server.answers[f"/{number}"] = lambda to, at=private: to.give(302, Location=at)
        pages.append(html(f"<img src={private}a.png><img src={server.url(f'/{number}')}>"))
    report = lab.render(movie({"duration": 0.5, "elements": pages})).report
    told = [str(warning) for warning in report.warnings]
    assert len(told) == 2 * len(PRIVATE)
    assert all("not public" in each or "not allowed" in each for each in told)


def problem(lab: Studio, *elements: Document) -> tuple[str, str]:
    with pytest.raises(MakeError) as caught:
        lab.render(movie({"duration": 0.5, "elements": list(elements)}))
    (found,) = caught.value.problems
    return found.path, found.message


def test_a_page_that_cannot_be_had_is_an_error_of_its_source(server: Server, lab: Studio) -> None:
    server.answers["/gone"] = lambda to: to.give(404)
    url = server.url("/gone")
    path, message = problem(lab, {"type": "html", "src": url})
    assert path == "scenes[0].elements[0].src"
    assert f"Failed to download '{url}' (404)" in message
    give(server, "/picture", plain("red"))
    server.answers["/json"] = lambda to: to.give(200, b"{}<", Content_Type="application/json")
    for name in ("/picture", "/json"):
        path, message = problem(lab, {"type": "html", "src": server.url(name)})
        assert path == "scenes[0].elements[0].src"
        assert "The URL provided is not an html file" in message


def test_a_page_that_loads_too_much_is_an_error_and_the_others_are_kept(
    server: Server, lab: Studio
) -> None:
    server.answers["/many"] = lambda to: to.give(200, b"x")
    greedy = "".join(f"<img src={server.url('/many')}?{number}>" for number in range(300))
    path, message = problem(lab, html(), html(greedy))
    assert path == "scenes[0].elements[1]"
    assert "The page loads more than 200 files" in message
    kept = lab.render(movie({"duration": 0.5, "elements": [html()]})).report
    assert [element.result for element in kept.elements] == ["hit"]


def test_a_local_page_is_read_beside_the_movie_and_loads_no_file(
    lab: Studio, tmp_path: Path
) -> None:
    (tmp_path / "red.png").write_bytes(plain("lime", (64, 50)))
    file = tmp_path / "card.html"
    pictures = f"<img src='{(tmp_path / 'red.png').as_uri()}'><img src=red.png>"
    file.write_text(f"<body style='margin:0;background:red'>{pictures}")
    document = movie({"duration": 0.5, "elements": [{"type": "html", "src": file.as_uri()}]})
    frame = Stage(lab, None).frames(document)[0]  # type: ignore[arg-type]
    assert near(frame[40, 60], RED, 4)
    assert LIME not in {tuple(pixel) for pixel in frame.reshape(-1, 3)}
