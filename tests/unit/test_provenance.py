"""Manifests: what they tell of a movie, what they tell nobody, and how they are read again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from resplice.core.provenance import (
    FORMAT,
    MadeMovie,
    Signature,
    Signed,
    is_public_key,
    manifest,
    origin_of,
    said_address,
    signed_of,
)
from resplice.core.report import ElementReport, Origin, Report, SceneReport, TransitionReport
from resplice.core.tasks import (
    CaptionsTask,
    FetchTask,
    FontTask,
    GenerateTask,
    PaintTask,
    SpeakTask,
    Task,
    WebPageTask,
)
from resplice.core.tools import Tools

NAME, BYTES = "a" * 64, "b" * 64
FACTS = {"width": 64, "height": 50, "fps": 10, "frames": 5, "duration": 0.5, "render_ms": 7}
MADE = MadeMovie(f"{NAME}.mp4", 1000, BYTES, FACTS)
TOOLS = Tools("ff", "re", "br", "co", "an-owner")
PICTURE = Origin("https://e.com/a.png")
VOICE = Origin("", (("provider", "kokoro"), ("voice", "af_heart")))
ELEMENTS = (
    ElementReport("scenes[0].elements[0]", "image", "miss", "elements/fetch/1", None, False, "d1"),
    ElementReport("scenes[0].elements[1]", "voice", "hit", "elements/speak/2", None, False, "d2"),
    ElementReport("scenes[0].elements[2]", "text", "miss", "elements/paint/3", None, True, "d3"),
    ElementReport("scenes[1].elements[0]", "image", "miss", "elements/fetch/1", None, False, "d1"),
)
ORIGINS = (PICTURE, VOICE, Origin(), PICTURE)
REPORT = Report(
    "miss",
    "movies/k",
    (SceneReport(1, "miss", "s1", "new", {}), SceneReport(2, "hit", "s2", "", {})),
    (TransitionReport(2, "hit"),),
    tuple(replace(each, origin=own) for each, own in zip(ELEMENTS, ORIGINS, strict=True)),
    {"movie": 12},
)
PIECES = [("scenes/segment/1", "miss"), ("scenes/segment/2", "hit"), ("scenes/segment/1", "miss")]
SIGNATURE = Signature("1" * 64, "2" * 128)


def said(made: MadeMovie = MADE, report: Report = REPORT) -> dict[str, Any]:
    return manifest(made, report, PIECES, TOOLS, "2026-11-30T10:00:00.000Z", "resplice 1")  # type: ignore[arg-type]


def test_a_manifest_tells_all() -> None:
    at_first = "scenes[0].elements[0]"
    assert said() == {
        "format": FORMAT,
        "made": {"at": "2026-11-30T10:00:00.000Z", "by": "resplice 1"},
        "movie": {
            **{"key": "movies/k", "name": f"{NAME}.mp4", "bytes": 1000, "sha256": BYTES},
            **{"width": 64, "height": 50, "fps": 10, "frames": 5, "duration": 0.5},
        },
        "tools": {"ffmpeg": "ff", "resampler": "re", "browser": "br", "core": "co"},
        "sources": [
            {
                **{"at": [at_first, "scenes[1].elements[0]"], "type": "image", "kind": "fetch"},
                **{"result": "miss", "from": "https://e.com/a.png", "sha256": "d1"},
            }
        ],
        "generated": [
            {
                **{"at": ["scenes[0].elements[1]"], "type": "voice", "kind": "speak"},
                **{"result": "hit", "provider": "kokoro", "voice": "af_heart", "sha256": "d2"},
            }
        ],
        "painted": [
            {
                **{"at": ["scenes[0].elements[2]"], "type": "text", "kind": "paint"},
                **{"result": "miss", "sha256": "d3", "stands_in": True},
            }
        ],
        "scenes": [
            {"scene": 1, "key": "s1", "result": "miss"},
            {"scene": 2, "key": "s2", "result": "hit"},
        ],
        "transitions": [{"into_scene": 2, "result": "hit"}],
        "pieces": [
            {"key": "scenes/segment/1", "result": "miss"},
            {"key": "scenes/segment/2", "result": "hit"},
        ],
    }


def test_it_names_no_owner_and_tells_no_time_that_work_took() -> None:
    """Nor the keys of elements: who has one could try what was left out of an address."""
    text = json.dumps(said())
    assert "an-owner" not in text and "elements/" not in text
    later = replace(REPORT, timings_ms={"movie": 99}, rendered_ms=5, saved_ms=6)
    assert said(report=later) == said()


def test_where_nobody_saw_the_bytes_it_gives_no_digest_of_them() -> None:
    told = said(replace(MADE, sha256=None))["movie"]
    assert told["spans"] == NAME and "sha256" not in told


def test_an_element_of_an_earlier_version_is_told_without_its_origin() -> None:
    old = replace(REPORT, elements=ELEMENTS)
    assert not said(report=old)["sources"] and len(said(report=old)["painted"]) == 3


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://e.com/a/b.png", "https://e.com/a/b.png"),
        ("https://me:secret@e.com:8443/a.png", "https://e.com:8443/a.png"),
        ("https://e.com/a.png?X-Amz-Signature=secret#secret", "https://e.com/a.png"),
        ("https://e.com/a.png;jsessionid=secret", "https://e.com/a.png"),
        ("  HTTP://E.com", "http://e.com"),
        ("http://me:secret@[2001:db8::1]:81/a", "http://[2001:db8::1]:81/a"),
        ("file:///home/secret/my%20cat.png?size=3", "file:my cat.png"),
        ("data:image/png;base64,secret", "data:"),
        ("https://e.com:secret/a.png", "https:"),
        ("https://[secret/a.png", "https:"),
        (
            f"https://m.example/media/files/{'c' * 32}/a/b.png",
            "https://m.example/media/files/a/b.png",
        ),
        (
            f"https://m.example/media/temp/{'c' * 32}/b.png?version=x",
            "https://m.example/media/temp/b.png",
        ),
    ],
)
def test_an_address_says_where_and_not_with_which_rights(url: str, told: str) -> None:
    assert said_address(url) == told
    assert "secret" not in said_address(url) and "c" * 32 not in said_address(url)


def test_an_address_is_no_longer_than_who_reads_it_wants() -> None:
    assert len(said_address("https://e.com/" + "a" * 9000)) == 300


@pytest.mark.parametrize(
    ("task", "origin"),
    [
        (FetchTask("https://a:b@e.com/x?t=1"), Origin("https://e.com/x")),
        (CaptionsTask("https://e.com/x.srt?t=1"), Origin("https://e.com/x.srt")),
        (
            FontTask("Grape Nuts", 400, "https://fonts.e.com/css?key=1"),
            Origin("https://fonts.e.com/css", (("family", "Grape Nuts"), ("weight", "400"))),
        ),
        (
            SpeakTask("fal", "v", "", "en-US", "Hi", options=(("endpoint", "https://in.e"),)),
            Origin("", (("provider", "fal"), ("voice", "v"), ("language", "en-US"))),
        ),
        (
            GenerateTask("image", "fal", "fal-ai/x", "a cat", "squared", 64, 64, connection="me"),
            Origin("", (("provider", "fal"), ("model", "fal-ai/x"))),
        ),
        (WebPageTask(64, 50, url="https://e.com/p?q=1"), Origin("https://e.com/p")),
        (WebPageTask(64, 50, html="<p>"), Origin()),
        (PaintTask(64, 50, "<p>"), Origin()),
    ],
)
def test_of_work_it_tells_who_and_of_what(task: Task, origin: Origin) -> None:
    assert origin_of(task) == origin


@pytest.mark.parametrize("signature", [SIGNATURE, None])
def test_what_is_written_is_canonical_and_is_read_again(signature: Signature | None) -> None:
    signed = Signed(said(), signature)
    assert signed.written() == rfc8785.dumps(signed.as_json()) + b"\n"
    assert signed.said() == rfc8785.dumps(signed.manifest)
    read = signed_of(json.loads(signed.written()))
    assert read == signed and read.said() == signed.said()
    answer = {"success": True, "project": "p", "made_for": None, "timestamp": "t"}
    assert signed_of({**answer, **signed.as_json()}) == signed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signaturf": None}, "'signaturf' is not"),
        ({"manifest": 3}, "no manifest of the format"),
        ({"manifest": {"format": "other"}}, "no manifest of the format"),
        ({"manifest": {"format": FORMAT}}, "of no movie"),
        ({"signature": 3}, "signature is none of Ed25519"),
        ({"signature": {"algorithm": "none", "key": "", "value": ""}}, "is none of Ed25519"),
        ({"signature": {"algorithm": "Ed25519", "key": "1" * 64}}, "is none of Ed25519"),
        ({"signature": {"algorithm": "Ed25519", "key": "G" * 64, "value": ""}}, "not whole"),
    ],
)
def test_what_is_no_manifest_is_refused_in_words(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        signed_of({**Signed(said(), SIGNATURE).as_json(), **changed})


def test_who_leaves_the_signature_out_is_refused() -> None:
    with pytest.raises(ValueError, match="does not say whether"):
        signed_of({"manifest": said()})


def test_a_public_key_is_32_bytes_in_hex() -> None:
    assert is_public_key("0" * 64) and not is_public_key("0" * 63) and not is_public_key("G" * 64)
