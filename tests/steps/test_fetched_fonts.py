"""Fonts by name, from a server that answers as Google Fonts does, over real sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from resplice.errors import MakeError
from resplice.wiring.local import Paid
from studio import Studio, movie, studio
from warned_lines import plain
from web_server import Handler, Server, serving

FILES = Path(__file__).resolve().parents[2] / "layers/fonts/node_modules/@fontsource"
PACIFICO = (FILES / "pacifico/files/pacifico-latin-400-normal.woff2").read_bytes()
LOBSTER = (FILES / "lobster/files/lobster-latin-400-normal.woff2").read_bytes()
HAS = {"Grape Nuts": (400,), "Cabin": (400, 500, 700)}
SAID = "scenes[0].elements[0].settings.font-family: the font "


def css(to: Handler) -> None:
    """As https://fonts.googleapis.com/css2 answers whoever is no browser."""
    (family,) = parse_qs(urlsplit(to.path).query)["family"]
    name, _, weight = family.partition(":wght@")
    if int(weight or 400) not in HAS.get(name, ()):
        to.give(400, b"<!DOCTYPE html><title>Error 400 (Bad Request)</title>")
        return
    rule = (
        f"@font-face {{\n  font-family: '{name}';\n  font-style: normal;\n"
        f"  font-weight: {weight or 400};\n"
        f"  src: url({to.server.url('/s/font.woff2')}) format('truetype');\n}}\n"
    )
    to.give(200, rule.encode())


@pytest.fixture
def fonts() -> Iterator[Server]:
    with serving() as server:
        server.answers["/css2"] = css
        server.answers["/s/font.woff2"] = lambda to: to.give(200, PACIFICO)
        yield server


@contextmanager
def lab(
    folder: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch, *, strict: bool = False
) -> Iterator[Studio]:
    monkeypatch.setenv("RESPLICE_FONTS_URL", fonts.url(""))
    with studio(folder, fonts, Paid(strict_fonts=strict)) as made:
        yield made


def titled(family: str, **more: Any) -> dict[str, Any]:
    said = {"font-family": family, "font-size": "20px", **more}
    return movie({"duration": 0.2, "elements": [{"type": "text", "text": "Ann", "settings": said}]})


def asked(fonts: Server) -> list[str]:
    paths = [path for path, _ in fonts.seen]
    fonts.seen.clear()
    return paths


def test_a_font_is_fetched_once_and_drawn(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lab(tmp_path, fonts, monkeypatch) as here:
        fetched = here.decoded(titled("Grape Nuts"))
        assert asked(fonts) == [
            "/css2?family=Grape+Nuts",
            "/css2?family=Grape+Nuts:wght@400",
            "/s/font.woff2",
        ]
        assert fetched == here.decoded(titled("Pacifico")) != here.decoded(titled("Inter"))
        report = here.render({**titled("Grape Nuts"), "comment": "once more"}).report
        assert (report.result, report.warnings) == ("hit", ())
        other = titled("Grape Nuts", color="red")
        results = {each.path: each.result for each in here.render(other).report.elements}
        assert results["scenes[0].elements[0].settings.font-family"] == "hit"
        assert asked(fonts) == []


def test_a_font_may_be_another_by_now_where_nothing_is_taken_from_the_cache(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = {**titled("Grape Nuts"), "cache": False}
    with lab(tmp_path, fonts, monkeypatch) as here:
        here.render(titled("Grape Nuts"))
        asked(fonts)
        assert here.render(anew).report.elements[0].result == "hit"
        assert asked(fonts)[-1] == "/s/font.woff2"
        fonts.answers["/s/font.woff2"] = lambda to: to.give(200, LOBSTER)
        assert here.render(anew).report.elements[0].result == "miss"
        assert (
            here.decoded(anew) == here.decoded(titled("Lobster")) != here.decoded(titled("Inter"))
        )


def carded(family: str) -> dict[str, Any]:
    said = {"headline": {"text": "Ann", "font-family": family, "font-size": "20px"}}
    card = {"type": "component", "component": "basic/000", "settings": said}
    return movie({"duration": 1.5, "elements": [card]})


def test_a_group_of_a_component_has_its_font(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lab(tmp_path, fonts, monkeypatch) as here:
        fetched = here.decoded(carded("Grape Nuts"))
        assert asked(fonts)[-1] == "/s/font.woff2"
        assert fetched == here.decoded(carded("Pacifico")) != here.decoded(carded("Inter"))
    with lab(tmp_path / "strict", fonts, monkeypatch, strict=True) as here:
        with pytest.raises(MakeError) as caught:
            here.render(carded("Nobody Has This"))
        (problem,) = caught.value.problems
        assert problem.path == "scenes[0].elements[0].settings.headline.font-family"


@pytest.mark.parametrize(
    ("wanted", "got"), [(500, 500), (600, 700), (800, 700), (300, 400), ("bold", 700)]
)
def test_the_nearest_weight_is_fetched(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch, wanted: Any, got: int
) -> None:
    with lab(tmp_path, fonts, monkeypatch) as here:
        report = here.render(titled("Cabin", **{"font-weight": wanted})).report
        assert report.warnings == ()
    *_, last, file = asked(fonts)
    assert (last, file) == (f"/css2?family=Cabin:wght@{got}", "/s/font.woff2")


def broken(to: Handler) -> None:
    to.give(200, b"\xff\x00 no style sheet {{{ src: url(")


def elsewhere(to: Handler) -> None:
    to.give(200, b"@font-face{src: url(http://10.0.0.1/font.ttf)}")


def a_file(to: Handler) -> None:
    to.give(200, b"@font-face{src: url(file:///etc/passwd)}")


def a_page(to: Handler) -> None:
    to.give(200, f"@font-face{{src: url({to.server.url('/page')})}}".encode())


def endless(to: Handler) -> None:
    to.give(200, b"/*" + b"x" * (1 << 19) + b"*/ @font-face{src: url(/s/font.woff2)}")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (css, "no family of that name"),
        (lambda to: to.give(404), "no family of that name"),
        (lambda to: to.give(403), "403"),
        (broken, "no style sheet that names a font"),
        (endless, "no style sheet that names a font"),
        (elsewhere, "the address is not public: on one machine, --allow-source HOST:PORT opens it"),
        (a_file, ""),
        (a_page, "an HTML page"),
        (
            lambda to: to.give(302, Location="http://192.168.0.1/css2"),
            "the address is not public: on one machine, --allow-source HOST:PORT opens it",
        ),
    ],
)
def test_what_cannot_be_had_is_told_and_another_is_drawn(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch, answer: Any, reason: str
) -> None:
    fonts.answers["/css2"] = answer
    fonts.answers["/page"] = lambda to: to.give(200, b"<!doctype html><p>No font")
    with lab(tmp_path, fonts, monkeypatch) as here:
        made = here.render(titled("Nunitto, Lato"))
        (told,) = made.report.warnings
        assert told.startswith(f"{SAID}'Nunitto' cannot be had (")
        assert reason in told
        assert plain(told).endswith("; drawn with Lato (did you mean 'Nunito'?)")
        assert here.decoded(titled("Nunitto, Lato")) == here.decoded(titled("Lato"))
        again = here.render(titled("Nunitto, Lato")).report
        assert (again.result, again.warnings) == ("hit", (told,))


def test_each_element_says_what_it_has_instead(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = [titled(f"Nope, {other}")["scenes"][0] for other in ("Lato", "Anton")]
    with lab(tmp_path, fonts, monkeypatch) as here:
        told = here.render(movie(*shots)).report.warnings
    assert [plain(words).rpartition("; ")[2] for words in told] == [
        "drawn with Lato",
        "drawn with Anton",
    ]


def test_where_that_is_asked_for_it_is_an_error(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lab(tmp_path, fonts, monkeypatch, strict=True) as here:
        with pytest.raises(MakeError) as caught:
            here.render(titled("Nope"))
        (problem,) = caught.value.problems
        assert problem.path == "scenes[0].elements[0].settings.font-family"
        assert "no family of that name" in problem.message


def test_what_was_made_leniently_is_no_answer_to_who_is_strict(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lab(tmp_path, fonts, monkeypatch) as here:
        assert len(here.render(titled("Nope")).report.warnings) == 1
    with (
        lab(tmp_path, fonts, monkeypatch, strict=True) as here,
        pytest.raises(MakeError, match="no family of that name"),
    ):
        here.render(titled("Nope"))


def test_a_trouble_that_passes_is_not_kept(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts.answers["/css2"] = lambda to: to.give(503)
    with lab(tmp_path, fonts, monkeypatch) as here:
        here = Studio(replace(here.ports, web=fonts.http()))
        assert "503" in here.render(titled("Grape Nuts")).report.warnings[0]
        fonts.answers["/css2"] = css
        healed = here.render(titled("Grape Nuts"))
        assert (healed.report.result, healed.report.warnings) == ("miss", ())
        assert here.render(titled("Grape Nuts")).report.result == "hit"
        assert here.decoded(titled("Grape Nuts")) == here.decoded(titled("Pacifico"))


def test_a_letter_that_no_font_has_is_told_also_by_the_cache(
    tmp_path: Path, fonts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = {"type": "text", "text": "a\ue000 \ua9c5", "settings": {"font-size": "20px"}}
    high = {"type": "text", "text": "high " * 40, "settings": {"font-size": "20px"}}
    document = movie({"duration": 0.2, "elements": [text, high]})
    with lab(tmp_path, fonts, monkeypatch) as here:
        missing, cut = here.render(document).report.warnings
        assert missing.startswith("scenes[0].elements[0]: no font that is here has U+E000: ")
        assert re.match(r"scenes\[0\]\.elements\[1\]: the text is cut off by its canvas: ", cut)
        assert here.render(document).report.warnings == (missing, cut)
        again = {**document, "scenes": [{**document["scenes"][0], "duration": 0.4}]}
        report = here.render(again).report
        assert {each.result for each in report.elements} == {"hit"}
        assert report.warnings == (missing, cut)
