"""Movies of the cache are made anew: the same comes of it, or what explains the difference is told,
and the cache has the right one afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from paid import gallery
from resplice.core.proof import Proof, project_proven, run_of
from resplice.core.time_units import HOUR_MS
from resplice.errors import DocumentError, Ended, RenderError
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps import manifests, projects
from resplice.steps.deleting import delete
from resplice.steps.execution import proving
from resplice.steps.execution.beginning import HIT, keep_hit
from resplice.steps.execution.local import prove
from resplice.steps.movie_cache import Outcome
from studio import Studio, asked, clip, give, movie, picture, studio
from web_server import Server, serving

TEXT = {"type": "text", "text": "one", "width": 60, "height": 30}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return clip(tmp_path_factory.mktemp("card") / "card.mp4", 0.6).read_bytes()


@pytest.fixture
def lab(tmp_path: Path, server: Server, card: bytes) -> Iterator[Studio]:
    server.seen.clear()
    give(server, "/card.mp4", card)
    give(server, "/red.png", picture("red"))
    with studio(tmp_path / "data", server) as lab:
        yield lab


@pytest.fixture
def document(server: Server) -> dict[str, Any]:
    return movie(
        {"duration": 0.4, "elements": [{"type": "image", "src": server.url("/red.png")}, TEXT]},
        {"elements": [{"type": "video", "src": server.url("/card.mp4")}]},
        {"duration": 0.4, "elements": [TEXT], "transition": {"duration": 0.2}},
        elements=[{**TEXT, "text": "over all", "y": 20, "duration": -2}],
    )


def proof_of(document: dict[str, Any], lab: Studio) -> Proof:
    return prove(lambda: lab.accepted(document), None, lab.ports)


def pieces(lab: Studio, document: dict[str, Any]) -> list[str]:
    """The keys of its pieces of video, in order."""
    manifest = lab.render(document).manifest
    assert manifest
    return [each["key"] for each in manifests.said(manifest, lab.ports)["pieces"]]


def forget(document: dict[str, Any], lab: Studio) -> None:
    """The movie alone: what it is made of stays."""
    lab.ports.cache_index.drop(lab.accepted(document).key)


def test_what_is_made_anew_is_the_same_and_nothing_is_downloaded_or_left(
    lab: Studio, document: dict[str, Any], server: Server
) -> None:
    first = lab.render(document)
    asked(server), lab.runs()
    assert proof_of(document, lab) == Proof("same", first.report.key)
    assert asked(server) == []
    assert lab.runs() >= 4, "pictures and sound are rendered again"
    again = lab.render(document)
    assert (again.report.result, again.files) == ("hit", first.files)


def test_a_movie_of_a_piece_that_is_not_what_its_key_says_is_found_and_mended(
    lab: Studio, document: dict[str, Any], server: Server, tmp_path: Path
) -> None:
    right = lab.decoded(document)
    other = movie({"duration": 0.4, "elements": [{**TEXT, "text": "two"}]})
    (wrong, *_), (first, *_) = pieces(lab, other), pieces(lab, document)
    stored = lab.ports.objects.head(first)
    assert stored
    with lab.ports.objects.open(wrong) as path:
        copied = shutil.copyfile(path, tmp_path / "wrong.mp4")
    lab.ports.objects.put(first, copied, {**stored.facts, "run": "somebody"})
    forget(document, lab)
    assert lab.decoded(document) != right, "the movie is joined of the wrong piece"
    proof = proof_of(document, lab)
    assert proof.verdict == "differs"
    (cause,) = proof.causes
    assert (cause.field, cause.at) == ("piece", first)
    (span,) = proof.spans
    assert (span.of, span.first) == ("frames", 0)
    assert 0 < span.last < 5
    assert lab.decoded(document) == right
    assert proof_of(document, lab).verdict == "same"


def test_a_painted_text_that_is_not_what_its_key_says_is_named_with_its_place(
    lab: Studio, server: Server, tmp_path: Path
) -> None:
    document = movie({"duration": 0.3, "elements": [TEXT]})
    right = lab.decoded(document)
    (element,) = [each for each in lab.planned(document).elements if each.type == "text"][-1:]
    other = movie({"duration": 0.3, "elements": [{**TEXT, "text": "two"}]})
    (painted,) = [each for each in lab.planned(other).elements if each.type == "text"][-1:]
    assert element.path == painted.path and element.content != painted.content
    pointer = lab.ports.cache_index.pointer(painted.key)
    assert pointer
    lab.ports.cache_index.point(element.key, pointer)
    forget(document, lab)
    assert lab.decoded(document) != right
    proof = proof_of(document, lab)
    assert proof.verdict == "differs"
    (cause,) = proof.causes
    assert cause.field == f"element {element.key}"
    assert cause.at == element.path
    assert (cause.was, cause.now) == (painted.content, element.content)
    assert lab.decoded(document) == right


def test_a_source_that_was_downloaded_anew_since_explains_a_difference(
    lab: Studio, server: Server
) -> None:
    url = server.url("/red.png")
    document = movie({"duration": 0.3, "elements": [{"type": "image", "src": url}]})
    old = lab.decoded(document)
    give(server, "/red.png", picture("blue"))
    lab.render(
        movie({"duration": 0.2, "elements": [{"type": "image", "src": url, "cache": False}]})
    )
    assert lab.decoded(document) == old, "the document is the same"
    proof = proof_of(document, lab)
    assert proof.verdict == "renewed"
    assert [(each.field, each.ours) for each in proof.causes] == [("sources.fetch", False)]
    assert lab.decoded(document) == old, "it comes back as it was made"


def test_sound_that_differs_is_told_by_its_place(lab: Studio, server: Server, card: bytes) -> None:
    url = server.url("/card.mp4")
    document = movie({"elements": [{"type": "video", "src": url, "volume": 0.5}]})
    quiet = lab.render(document).stored.key
    louder = movie({"elements": [{"type": "video", "src": url, "volume": 1}]})
    key, loud = lab.accepted(document).key, lab.render(louder).stored.key
    pointer = lab.ports.cache_index.pointer(key)
    assert pointer
    lab.ports.cache_index.point(key, {**pointer, "object": loud})
    proof = proof_of(document, lab)
    assert proof.verdict == "differs"
    assert [span.of for span in proof.spans] == ["sound"]
    assert lab.render(document).stored.key == quiet


def test_what_would_have_to_be_bought_again_is_not(tmp_path: Path) -> None:
    with gallery(tmp_path / "data", "openai") as rooms:
        document = movie({"duration": 0.2, "elements": [rooms.image()]})
        rooms.lab.render(document)
        assert rooms.asked() == 1
        assert proof_of(document, rooms.lab).verdict == "same"
        assert rooms.asked() == 0
        (bought,) = rooms.lab.planned(document).elements
        rooms.lab.ports.cache_index.drop(bought.key)
        proof = proof_of(document, rooms.lab)
        assert (proof.verdict, rooms.asked()) == ("unproven", 0)
        assert proof.reason == (
            "scenes[0].elements[0]: what it is made of is not in the cache any more"
        )


def test_a_movie_that_is_not_there_any_more_is_not_proven(
    lab: Studio, document: dict[str, Any]
) -> None:
    proof = proof_of(document, lab)
    assert (proof.verdict, proof.reason) == (
        "unproven",
        "The movie is not in the cache any more",
    )


def test_a_sample_is_of_movies_that_were_asked_for_each_once(
    lab: Studio, tmp_path: Path, server: Server
) -> None:
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    red, text = ({"duration": 0.2, "elements": [each]} for each in (image(server), TEXT))
    two = movie(red), movie(text)
    for document in (*two, two[0], {**two[0], "id": "the same"}):
        far.made(document)
    far.post(movie(red, text), elements_only=True)
    far.post({"scenes": [{"duration": 0.1, "elements": [{**TEXT, "text": "not made"}]}]})
    until_ms = far.ports.clock.now_ms() + 1
    found, every = proving.sampled(1, 0, until_ms, "now", far.ports)
    assert {each.key for each in found} == {lab.accepted(document).key for document in two}
    assert found == every
    of_each = [len(proving.sampled(0.5, 0, until_ms, str(n), far.ports)[0]) for n in range(40)]
    assert {0, 1, 2} == {*of_each}
    assert proving.sampled(1, until_ms, until_ms + 1, "now", far.ports) == ([], [])
    assert proving.sampled(1, 0, 1, "now", far.ports) == ([], [])


def test_a_proof_whose_steps_are_far_apart_comes_to_the_same(
    lab: Studio, document: dict[str, Any], tmp_path: Path, server: Server
) -> None:
    """And is no project: nobody lists it."""
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    told = far.made(document)
    asked(server)
    (run,) = started(far)
    far.render(run)
    proof = proving.ended(run, {}, far.ports)
    assert (proof.verdict, proof.project) == ("same", told["project"])
    assert asked(server) == []
    assert proving.ended(run, {}, far.ports) == proof
    listed = projects.newest_first("self", 0, 1 << 60, 10, None, far.ports)
    assert [each.id for each in listed] == [told["project"]]
    assert far.told(told["project"]) == told


def test_a_proof_far_apart_mends_and_tells_why_one_failed(
    lab: Studio, tmp_path: Path, server: Server
) -> None:
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    document = movie({"duration": 0.2, "elements": [TEXT]})
    other = movie({"duration": 0.2, "elements": [{**TEXT, "text": "two"}]})
    (project, wrong), key = (
        (far.made(each) for each in (document, other)),
        lab.accepted(document).key,
    )
    pointer = far.ports.cache_index.pointer(lab.accepted(other).key)
    assert pointer
    far.ports.cache_index.point(key, pointer)
    runs = started(far)
    proofs = {}
    for run in runs:
        far.render(run)
        proof = proving.ended(run, {}, far.ports)
        proofs[proof.project] = proof
    assert proofs[wrong["project"]].verdict == "same"
    assert proofs[project["project"]].verdict == "differs"
    assert far.made(document)["url"] == project["url"]
    (run, *_) = started(far)
    error = {"Error": "Ended", "Cause": '{"errorMessage": "gone"}'}
    failed = proving.ended(run, {"error": error}, far.ports)
    assert (failed.verdict, failed.reason) == ("unproven", "gone")
    assert failed.project == project_proven(run)


def started(far: FarApart) -> list[str]:
    """Proofs of all that was made in this hour and the one before, which may just have ended."""
    before, hour = {*far.executions.started}, far.ports.clock.now_ms() // HOUR_MS
    for each in (hour - 1, hour):
        proving.begin(1, far.ports, far.executions, each)
    return [each for each in far.executions.started if each not in before]


def image(server: Server) -> dict[str, Any]:
    return {"type": "image", "src": server.url("/red.png")}


def test_a_document_that_cannot_be_taken_is_not_proven(lab: Studio) -> None:
    def refused() -> Any:
        raise DocumentError([])

    assert prove(refused, None, lab.ports).verdict == "unproven"


def test_what_is_derived_from_a_source_that_is_new_is_no_fault(lab: Studio, server: Server) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>{}</svg>"
    url = give(server, "/a.svg", drawing.format("<rect width='9' height='9' fill='red'/>").encode())
    image = {"type": "image", "src": url}
    document = movie({"duration": 0.3, "elements": [image]})
    lab.render(document)
    give(server, "/a.svg", drawing.format("<circle r='9' fill='red'/>").encode())
    lab.render(movie({"duration": 0.2, "elements": [{**image, "cache": False}]}))
    assert proof_of(document, lab).verdict == "renewed"


def test_no_source_is_asked_whatever_a_document_says_or_lacks(lab: Studio, server: Server) -> None:
    url = server.url("/red.png")
    again = movie({"duration": 0.3, "elements": [{**image(server), "cache": False}]})
    lab.render(again)
    lab.render({**movie({"duration": 0.3, "elements": [image(server)]}), "cache": False})
    asked(server)
    give(server, "/red.png", picture("blue"))
    for document in (again, {**again, "cache": False}):
        assert proof_of(document, lab).verdict == "same"
    (fetched,) = [each.key for each in lab.planned(again).elements if "fetch" in each.key]
    asked(server)
    lab.ports.cache_index.drop(fetched)
    assert proof_of(again, lab).verdict == "unproven"
    assert asked(server) == [], url


def test_other_bytes_under_the_name_of_the_movie_are_found(lab: Studio, server: Server) -> None:
    """As if it had been put together wrong: its digest is of what was put."""
    document = movie({"duration": 0.3, "elements": [TEXT]})
    hit = lab.render(document).stored
    other = lab.render(movie({"duration": 0.3, "elements": [{**TEXT, "text": "two"}]})).stored
    with lab.ports.objects.open(other.key) as path, lab.ports.scratch.scratch() as folder:
        lab.ports.objects.put(hit.key, shutil.copyfile(path, folder / "a.mp4"), hit.facts)
    proof = proof_of(document, lab)
    assert (proof.verdict, proof.causes) == ("differs", ())


def test_a_movie_that_cannot_be_played_is_not_the_same_and_is_made_anew(
    lab: Studio, server: Server, tmp_path: Path
) -> None:
    document = movie({"duration": 0.3, "elements": [TEXT]})
    right = lab.decoded(document)
    hit = lab.render(document).stored
    (tmp_path / "a.mp4").write_bytes(b"no movie")
    lab.ports.objects.put(hit.key, tmp_path / "a.mp4", hit.facts)
    proof = proof_of(document, lab)
    assert proof.verdict == "differs"
    assert proof.reason.startswith("the movie in the cache cannot be played")
    assert lab.decoded(document) == right


class Broken:
    """A renderer that cannot read what it is to compare, from that time on."""

    def __init__(self, renderer: Any, first: int, error: type[BaseException]) -> None:
        self._renderer, self._left, self._error = renderer, first, error

    def run(self, invocation: Any, into: Path, on_frames: Any = None) -> int:
        if "framehash" in invocation.argv:
            self._left -= 1
            if self._left <= 0:
                raise self._error("no memory")
        return int(self._renderer.run(invocation, into, on_frames))

    def run_together(self, *args: Any) -> None:
        self._renderer.run_together(*args)


@pytest.mark.parametrize("first", [1, 2])
def test_trouble_in_comparing_is_no_difference(
    first: int, lab: Studio, document: dict[str, Any]
) -> None:
    made = lab.render(document)
    ports = replace(lab.ports, renderer=Broken(lab.ports.renderer, first, RenderError))
    proof = prove(lambda: lab.accepted(document), None, ports)
    assert (proof.verdict, proof.reason) == ("unproven", "no memory")
    assert lab.render(document).files == made.files
    assert movies(lab.ports) == {*made.files}, "nothing is left"


def test_one_that_is_interrupted_leaves_nothing(lab: Studio, document: dict[str, Any]) -> None:
    made = lab.render(document)
    ports = replace(lab.ports, renderer=Broken(lab.ports.renderer, 2, KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        prove(lambda: lab.accepted(document), None, ports)
    assert movies(lab.ports) == {*made.files}


def test_the_sound_of_all_that_is_not_what_its_key_says_is_named(
    lab: Studio, server: Server, tmp_path: Path
) -> None:
    url = server.url("/card.mp4")
    document = movie({"elements": [{"type": "video", "src": url}]})
    right = lab.decoded(document)
    (first,) = mixes(lab.ports)
    lab.render(movie({"elements": [{"type": "video", "src": url, "volume": 0.2}]}))
    (quiet,) = [each for each in mixes(lab.ports) if each.key != first.key]
    with lab.ports.objects.open(quiet.key) as path:
        copied = shutil.copyfile(path, tmp_path / "wrong.m4a")
    lab.ports.objects.put(first.key, copied, {**first.facts, "run": "somebody"})
    forget(document, lab)
    lab.render(document)
    proof = proof_of(document, lab)
    assert proof.verdict == "differs"
    assert [(each.field, each.at) for each in proof.causes] == [("piece", first.key)]
    assert lab.decoded(document) == right


def test_a_movie_that_would_have_another_key_is_not_proven(lab: Studio) -> None:
    document = movie({"duration": 0.2, "elements": [TEXT]})
    key = lab.render(document).report.key
    other = lab.accepted(movie({"duration": 0.3, "elements": [TEXT]}))
    proof = prove(lambda: other, proving.Sampled("abc", key), lab.ports)
    assert (proof.verdict, proof.project) == ("unproven", "abc")
    assert "has another key" in proof.reason


def mixes(ports: Ports) -> list[StoredObject]:
    return [*ports.objects.list("scenes/mix/")]


def movies(ports: Ports) -> set[str]:
    return {each.key for each in ports.objects.list("movies/")}


def test_a_project_that_is_deleted_meanwhile_stays_deleted(
    lab: Studio, document: dict[str, Any], tmp_path: Path
) -> None:
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    project = far.made(document)["project"]
    (run,) = started(far)
    before_it, after_it = f"{run}a", run
    keep_hit(before_it, lab.accepted(document).key, far.ports)
    far.render(after_it)
    delete(project, "self", far.coalescer)
    for _ in range(2):
        assert proving.ended(after_it, {}, far.ports).verdict == "same"
    assert movies(far.ports) == set()
    with pytest.raises(Ended):
        far.render(before_it)


def test_a_proof_that_was_begun_before_does_not_go_on(
    lab: Studio, document: dict[str, Any], tmp_path: Path
) -> None:
    """What it made then would be taken for what was there."""
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    far.made(document)
    (run,) = started(far)
    far.render(run)
    with pytest.raises(Ended, match="begun before"):
        far.render(run)


def test_a_schedule_that_comes_twice_begins_nothing_twice(
    lab: Studio, document: dict[str, Any], tmp_path: Path
) -> None:
    far = FarApart(emptied(lab.ports, tmp_path / "far"))
    now_ms = far.ports.clock.now_ms()
    far.made(document)
    (run,) = started(far)
    hit = far.ports.checkpoints.load(run, HIT, Outcome)
    far.ports.cache_index.drop(lab.accepted(document).key)
    assert started(far) == []
    assert far.ports.checkpoints.load(run, HIT, Outcome) == hit
    proving.begin(1, far.ports, far.executions)
    if far.ports.clock.now_ms() // HOUR_MS == now_ms // HOUR_MS:
        assert far.executions.started[-1] == run, "this hour is not over"


def test_how_an_execution_ended_from_outside_is_told(lab: Studio) -> None:
    event = {"detail": {"name": run_of("abc", "1"), "status": "TIMED_OUT"}}
    run = proving.about(event)
    proof = proving.ended(run, event, lab.ports)
    assert (proof.verdict, proof.project) == ("unproven", "abc")
    assert "TIMED_OUT" in proof.reason
    assert proving.about({"detail": {"name": "abc", "status": "TIMED_OUT"}}) == ""
    assert proving.about({"project": "abc"}) == ""
