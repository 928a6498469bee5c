"""Movies with content credentials: strangers' readers find them good, and nothing else changes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath
from threading import Barrier
from typing import Any, cast

import certificates
import encypher_c2pa
import pytest
from c2pa import Reader
from far_apart import FarApart, emptied
from resplice.core.boxes import boxes
from resplice.core.credentials import FACT, WANTED
from resplice.errors import DocumentError, RespliceError
from resplice.ports.objects import StoredObject
from resplice.ports.splicer import Splicer
from resplice.steps.deleting import CANCELLED, delete
from resplice.steps.execution.call import Called
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.stages import join_run
from resplice.steps.manifests import said, tell_of
from resplice.steps.movie_cache import Outcome, forget
from resplice.steps.signed_movies import credentialed
from resplice.wiring.signing import credentials, signing_key
from studio import Studio, decoded, give, movie, picture, studio
from web_server import Server, serving

VOICE = {"type": "voice", "text": "Hello.", "model": "espeak"}
ASKED = {"content-credentials": True}


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, web: Server) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("lab")
    chain, key = certificates.signing_chain(folder / "own")
    credentials(folder).keep(chain.read_bytes(), key.read_bytes())
    signing_key(folder).make()
    with studio(folder, web) as lab:
        yield lab


def content(outcome: Outcome, lab: Studio) -> bytes:
    with lab.ports.objects.open(outcome.stored.key) as path:
        return path.read_bytes()


def frames(outcome: Outcome, lab: Studio) -> str:
    with lab.ports.objects.open(outcome.stored.key) as path:
        return decoded(path)


def told(outcome: Outcome, lab: Studio) -> dict[str, Any]:
    """What the manifest in the file says, as the signer's own reader has it."""
    with Reader("video/mp4", io.BytesIO(content(outcome, lab))) as reader:
        found = json.loads(reader.json())
    return dict(found["manifests"][found["active_manifest"]])


def judged(file: bytes, at: Path) -> dict[str, Any]:
    """What a reader says that has nothing in common with who signed it."""
    at.write_bytes(file)
    return dict(encypher_c2pa.verify(at, "video/mp4", telemetry=False, online=False))


def of_voice(web: Server) -> dict[str, Any]:
    url = give(web, "/a.png", picture("red"))
    web.answers["/a.png?token=hush"] = web.answers["/a.png"]
    image = {"type": "image", "src": f"{url}?token=hush", "duration": -2}
    return {"elements": [image, VOICE]}


def test_a_strangers_reader_finds_them_good_and_a_changed_byte(
    lab: Studio, web: Server, tmp_path: Path
) -> None:
    file = content(lab.render(movie(of_voice(web), **ASKED)), lab)
    found = judged(file, tmp_path / "movie.mp4")
    assert (found["validation_state"], found["hard_binding"]) == ("Valid", "match")
    for at in (len(file) // 2, len(file) - 1, file.index(b"moov") + 60):
        changed = bytearray(file)
        changed[at] ^= 1
        found = judged(bytes(changed), tmp_path / "changed.mp4")
        assert (found["validation_state"], found["hard_binding"]) == ("Invalid", "mismatch"), at


def test_they_say_what_was_generated_and_from_what_but_no_secret(lab: Studio, web: Server) -> None:
    outcome = lab.render(movie(of_voice(web), **ASKED))
    found = told(outcome, lab)
    (actions,) = (e["data"] for e in found["assertions"] if e["label"] == "c2pa.actions.v2")
    kinds = [each.get("digitalSourceType", "").rpartition("/")[2] for each in actions["actions"]]
    assert kinds == ["compositeSynthetic", "", "algorithmicMedia"]
    (ingredient,) = found["ingredients"]
    sha256 = ingredient["instance_id"].rpartition(":")[2]
    with lab.ports.objects.open(f"elements/content/{sha256}") as path:
        assert path.read_bytes() == picture("red")
    assert b"hush" not in content(outcome, lab)


def test_frames_and_sound_are_as_they_were_and_what_is_played_lies_in_front(
    lab: Studio, web: Server
) -> None:
    plain = lab.render(movie(of_voice(web)))
    lab.runs()
    signed = lab.render(movie(of_voice(web), **ASKED))
    assert lab.runs() == 0, "scenes and sound are those of the movie without"
    assert frames(signed, lab) == frames(plain, lab)
    kinds = [kind for kind, _ in boxes(content(signed, lab))]
    assert kinds[:3] == [b"ftyp", b"uuid", b"moov"]
    assert b"uuid" not in [kind for kind, _ in boxes(content(plain, lab))]


def test_the_manifest_and_the_record_tell_of_the_file_as_it_is(lab: Studio, web: Server) -> None:
    outcome = lab.render(movie(of_voice(web), **ASKED))
    file = content(outcome, lab)
    assert outcome.manifest and outcome.stored.facts["size"] == len(file)
    with lab.ports.objects.open(outcome.manifest) as path:
        manifest = json.loads(path.read_bytes())
    assert manifest["manifest"]["movie"]["sha256"] == outcome.stored.digest
    assert manifest["manifest"]["movie"]["name"] == PurePosixPath(outcome.stored.key).name
    assert told(outcome, lab)["title"] == PurePosixPath(outcome.stored.key).name
    assert manifest["manifest"]["movie"]["bytes"] == len(file) and manifest["signature"]


def test_an_equal_movie_is_a_hit_and_one_without_is_another(lab: Studio) -> None:
    document = movie({"duration": 0.3})
    signed, plain = lab.render({**document, **ASKED}), lab.render(document)
    assert plain.report.key != signed.report.key and plain.stored.key != signed.stored.key
    assert lab.render({**document, **ASKED}).stored == signed.stored
    again = lab.render({**document, "content-credentials": False})
    assert (again.report.result, again.stored.key) == ("hit", plain.stored.key)
    assert signed.thumbnail and plain.thumbnail and signed.thumbnail != plain.thumbnail


def test_made_again_it_is_another_file_of_the_same_frames(lab: Studio) -> None:
    document = movie({"duration": 0.4}, **ASKED)
    first = lab.render(document)
    forget(first.report.key, first.stored.key, lab.ports)
    again = lab.render(document)
    assert again.stored.key != first.stored.key and frames(again, lab) == frames(first, lab)


class Seen:
    """A splicer whose last call is kept. stored: what it gave."""

    def __init__(self, splicer: Splicer) -> None:
        self.splicer = splicer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.splicer, name)

    def splice(self, *given: Any) -> StoredObject:
        self.given, self.stored = given, self.splicer.splice(*given)
        return self.stored


def watched(lab: Studio) -> tuple[Studio, Seen]:
    seen = Seen(lab.ports.splicer)
    own = Studio(lab.ports)
    own.ports = replace(lab.ports, splicer=cast(Any, seen))
    return own, seen


def test_put_in_again_changes_nothing(lab: Studio) -> None:
    own, seen = watched(lab)
    outcome = own.render(movie({"duration": 0.5}, **ASKED))
    before = content(outcome, lab)
    again = credentialed(replace(outcome, stored=seen.stored), lab.ports)
    assert again.stored == outcome.stored and content(again, lab) == before
    assert lab.ports.objects.head(seen.stored.key) is None, "the file without is not kept"


def test_an_operator_may_say_it_for_every_movie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for one that says no; it is found by the same key as one that says yes."""
    document = movie({"duration": 0.2})
    monkeypatch.setenv("RESPLICE_CONTENT_CREDENTIALS", "1")
    with studio(tmp_path) as lab:
        with pytest.raises(DocumentError, match="resplice sign certificate CHAIN KEY"):
            lab.render(document)
        with pytest.raises(DocumentError, match="content-credentials"):
            lab.accepted({**document, "content-credentials": "sometimes"})
        chain, key = certificates.signing_chain(tmp_path / "own")
        credentials(tmp_path).keep(chain.read_bytes(), key.read_bytes())
        made = lab.render(document)
        assert told(made, lab)["title"] == PurePosixPath(made.stored.key).name
        for said in (True, False):
            again = lab.render({**document, "content-credentials": said})
            assert (again.report.result, again.stored) == ("hit", made.stored)
    monkeypatch.setenv("RESPLICE_CONTENT_CREDENTIALS", "0")
    with studio(tmp_path) as lab:
        asked = lab.accepted({**document, **ASKED}).key
        assert asked == made.report.key != lab.accepted(document).key
    monkeypatch.setenv("RESPLICE_CONTENT_CREDENTIALS", "yes")
    with pytest.raises(RespliceError, match="is 1 or 0, not 'yes'"), studio(tmp_path):
        raise AssertionError


def test_who_joins_it_late_lays_nothing_over_the_signed_file(lab: Studio) -> None:
    """A call whose time was over, and which goes on all the same."""
    own, seen = watched(lab)
    document = movie({"duration": 0.8}, **ASKED)
    outcome = own.render(document)
    before = content(outcome, lab)
    late = seen.splice(*seen.given)
    assert late.facts[FACT] == WANTED
    hit = lab.render(document)
    assert (hit.report.result, hit.stored) == ("hit", outcome.stored)
    assert content(hit, lab) == before


def test_who_joins_it_late_leaves_no_other_file(lab: Studio, tmp_path: Path) -> None:
    far = FarApart(emptied(lab.ports, tmp_path))
    project = far.made(movie({"duration": 0.3}, **ASKED))["project"]
    there = {each.key for each in far.ports.objects.list("movies/")}
    join_run(project, far.ports)
    assert {each.key for each in far.ports.objects.list("movies/")} == there


def test_without_a_certificate_it_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with studio(tmp_path) as lab:
        with pytest.raises(DocumentError, match="resplice sign certificate CHAIN KEY") as refused:
            lab.render(movie({"duration": 0.2}, **ASKED))
        assert [each.path for each in refused.value.problems] == ["content-credentials"]
        assert lab.runs() == 0


def test_of_two_that_are_called_at_the_same_time_one_signs(lab: Studio) -> None:
    own, seen = watched(lab)
    own.render(movie({"duration": 0.6}, **ASKED))
    outcome = own.render(movie({"duration": 0.6}, cache=False, **ASKED))
    unsigned = replace(outcome, stored=seen.splice(*seen.given))
    lab.ports.objects.delete(outcome.stored.key)
    signed, both = list[Path](), Barrier(2)

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(lab.ports.credentials, name)

        def sign(self, movie: Path, into: Path, definition: Any) -> None:
            signed.append(into)
            lab.ports.credentials.sign(movie, into, definition)

    def call() -> Outcome:
        both.wait()
        return credentialed(unsigned, replace(lab.ports, credentials=Counting()))

    with ThreadPoolExecutor() as pool:
        first, second = (call.result() for call in [pool.submit(call) for _ in range(2)])
    assert first.stored == second.stored == lab.ports.objects.head(first.stored.key)
    assert len(signed) == 1


def test_one_that_is_deleted_while_it_is_signed_ends_as_others_do(lab: Studio) -> None:
    """Nothing is left of it, and no fault of ours is told."""
    ports, files = lab.ports, {each.key for each in lab.ports.objects.list("movies/")}

    class Deleting:
        def __getattr__(self, name: str) -> Any:
            return getattr(ports.credentials, name)

        def sign(self, *given: Any) -> None:
            ports.credentials.sign(*given)
            (project,) = (ports.projects.peek(each) for each in ports.projects.unfinished())
            assert project
            delete(project.id, project.owner, Coalescer(ports, Called(), call=project.owner))

    own = Studio(ports)
    own.ports = replace(own.ports, credentials=Deleting())
    with pytest.raises(RespliceError, match=CANCELLED) as raised:
        own.render(movie({"duration": 0.9}, **ASKED))
    assert type(raised.value) is RespliceError
    assert {each.key for each in ports.objects.list("movies/")} == files


def test_a_manifest_that_tells_of_other_bytes_is_put_right(lab: Studio) -> None:
    own, seen = watched(lab)
    outcome = own.render(movie({"duration": 0.7}, **ASKED))
    assert outcome.manifest
    tell_of(outcome.manifest, replace(outcome.stored, digest="0" * 64), lab.ports)
    assert said(outcome.manifest, lab.ports)["movie"]["sha256"] == "0" * 64
    credentialed(replace(outcome, stored=seen.stored), lab.ports)
    assert said(outcome.manifest, lab.ports)["movie"]["sha256"] == outcome.stored.digest
