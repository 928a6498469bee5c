"""What a provider of generated media began is collected by whoever knows its id, at any time."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from provider_servers import generating
from provider_servers.generating import HTML, KEY, PICTURE, Reply
from provider_servers.generator_stand import HASTY, KINDS, PATIENT, Stand, standing
from resplice.errors import ProviderBusy, ProviderError, ProviderRefused
from resplice.ports.generators import Generated


@pytest.fixture(params=[name for name, kind in KINDS.items() if kind.server.is_slow])
def slow(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stand]:
    with standing(request.param, tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stand]]:
    """One provider by name, for what not all do."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(standing(name, tmp_path, monkeypatch))


def test_a_job_that_never_ends_is_worked_on(slow: Stand) -> None:
    slow.server.mode = "never"
    job = slow.start().job
    assert job
    assert [slow.collect(job) for _ in range(4)] == [None] * 4
    assert len(slow.server.starts()) == 1
    assert not slow.into.exists()


def test_a_job_is_collected_by_who_knows_nothing_but_its_id(slow: Stand) -> None:
    job = slow.start().job
    del slow.server.seen[:]
    slow.server.pending = 0
    assert slow.collect(job) == Generated(slow.server.made)
    assert slow.collect(job) == Generated(slow.server.made), "as often as it is asked for"
    assert slow.server.starts() == []


def test_a_failed_job_says_why(slow: Stand) -> None:
    slow.server.mode = "failed"
    why = {
        "Replicate": "CUDA out of memory",
        "fal": "Runner disconnected",
        "Black Forest Labs": '{"error": "the worker died"}',
    }
    assert slow.error(ProviderRefused).reason == why[slow.kind.title]


def test_no_key_that_is_echoed_gets_into_an_error(slow: Stand) -> None:
    said = {"status": "failed", "error": f"no {KEY}", "details": f"no {KEY}"}
    if slow.kind.title == "Black Forest Labs":
        said["status"] = "Error"
    job = slow.start().job
    slow.server.instead = [Reply(200, said)]
    with pytest.raises(ProviderRefused) as caught:
        slow.collect(job)
    assert caught.value.reason == "no ***"


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"output":' + "[" * 900 + "]" * 900 + "}"])
def test_an_answer_however_deep_is_no_end(slow: Stand, deep: str) -> None:
    job = slow.start().job
    slow.server.instead = [Reply(200, deep.encode())]
    try:
        assert slow.collect(job) is None
    except ProviderError as error:
        assert isinstance(error, ProviderBusy)


def test_an_output_however_deep_has_no_address(at: Callable[[str], Stand]) -> None:
    stand = at("replicate")
    stand.server.output = json.loads("[" * 900 + '"http://deep"' + "]" * 900)
    stand.error(ProviderRefused)


def test_a_job_without_a_result_is_refused(slow: Stand) -> None:
    slow.server.mode = "nothing"
    assert slow.error(ProviderRefused).reason == "it is done, but its answer names no result"


@pytest.mark.parametrize("job", ["no-such-job", "../../account", "a?b#c", "http://[", "ä"])
def test_a_job_that_is_not_known_is_refused(slow: Stand, job: str) -> None:
    with pytest.raises(ProviderRefused):
        slow.collect(job)
    (request,) = slow.server.seen
    assert "/../" not in request.path
    assert "#" not in request.path


@pytest.mark.parametrize(
    "badly",
    [
        *(generating.hang_up, generating.half, generating.silent),
        *(HTML, Reply(200, []), Reply(503, {}), Reply(429, {}, {"Retry-After": "900"})),
    ],
)
def test_a_lost_answer_about_a_job_is_asked_for_again(
    slow: Stand, badly: generating.Badly | Reply
) -> None:
    job = slow.start().job
    slow.server.pending = 0
    slow.server.instead = [badly] * 4
    slow.read_s = HASTY if badly is generating.silent else PATIENT
    with pytest.raises(ProviderBusy):
        slow.collect(job)
    slow.server.instead, slow.read_s = [], PATIENT
    assert slow.collect(job) == Generated(slow.server.made)
    assert len(slow.server.starts()) == 1


@pytest.mark.parametrize("made", ["ftp://host/x", "file:///etc/passwd", "x.png", "", "http://["])
def test_a_result_that_is_no_address_is_refused(slow: Stand, made: str) -> None:
    slow.server.made = made
    slow.error(ProviderRefused)


def test_a_result_within_its_address_is_written(slow: Stand) -> None:
    slow.server.made = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    assert slow.ended() == Generated()
    assert slow.into.read_bytes() == PICTURE


@pytest.mark.parametrize("rest", ["image/png;base64,", "image/png;base64,%%%", "image/png,a-b", ""])
def test_a_broken_result_within_its_address_is_refused(slow: Stand, rest: str) -> None:
    slow.server.made = f"data:{rest}"
    slow.error(ProviderRefused)


def test_who_has_no_jobs_is_asked_for_none(at: Callable[[str], Stand]) -> None:
    for name in ("openai", "bedrock"):
        stand = at(name)
        with pytest.raises(ProviderRefused):
            stand.collect("a-job")
        assert stand.server.seen == []
