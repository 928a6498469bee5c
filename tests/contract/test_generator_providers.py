"""Every provider of generated media is asked once, over real sockets and in its documented form.

Their servers are in provider_servers/. What is asked for is paid, so it is asked for once.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from provider_servers import generating
from provider_servers.generating import HTML, PICTURE, Reply
from provider_servers.generator_stand import HASTY, KINDS, PATIENT, Stand, standing
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused, RightsRefused
from resplice.ports.generators import Generated


@pytest.fixture(params=list(KINDS))
def stand(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stand]:
    with standing(request.param, tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stand]]:
    """One provider by name, for what not all do."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(standing(name, tmp_path, monkeypatch))


def test_what_is_asked_for_is_made(stand: Stand) -> None:
    found = stand.ended()
    if stand.server.is_slow:
        assert found == Generated(stand.server.made)
        assert not stand.into.exists()
    else:
        assert found == Generated()
        assert stand.into.read_bytes() == PICTURE
    assert len(stand.server.starts()) == 1


def test_one_request_says_all_that_is_wanted(stand: Stand) -> None:
    stand.start()
    (request,) = stand.server.seen
    assert (request.method, request.path) == ("POST", stand.kind.path)
    assert request.fields() == stand.kind.body


def test_settings_go_to_the_model(stand: Stand) -> None:
    settings = {"seed": 7}
    if stand.kind.title == "OpenAI":
        settings = {"quality": "low"}
    stand.ended(settings=json.dumps(settings))
    sent = stand.server.starts()[0].fields()
    usual = stand.kind.body
    if "input" in usual:
        assert sent == {**usual, "input": {**usual["input"], **settings}}
    else:
        assert sent == {**usual, **settings}


def test_settings_may_say_another_prompt(stand: Stand) -> None:
    stand.start(settings='{"prompt": "mine"}')
    sent = stand.server.starts()[0].fields()
    assert sent.get("input", sent)["prompt"] == "mine"


def test_settings_that_are_no_object_are_refused_before_anybody_is_asked(stand: Stand) -> None:
    for settings in ("[1]", '"x"', "7", "null", "{", '{"a":'):
        error = stand.error(ProviderRefused, settings=settings)
        assert error.reason == "model-settings must be a JSON object"
    assert stand.server.seen == []


def test_settings_that_the_model_does_not_take_are_the_providers_to_refuse(
    at: Callable[[str], Stand],
) -> None:
    for name in ("replicate", "openai", "bedrock"):
        error = at(name).error(ProviderRefused, settings='{"sparkles": 3}')
        assert "sparkles" in error.reason


def test_a_name_that_no_model_has_asks_nobody(stand: Stand) -> None:
    for model in ("../v1/account", "a//b", "/a", "a/", "a b", "a?b=c", "", "ä"):
        stand.error(ProviderRefused, model=model)
    assert stand.server.seen == []


# What is refused


def test_a_wrong_key_is_refused(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.key = "sk-wrong-key"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDWRONG")
    ours = stand.kind.title == "Amazon Bedrock"  # Its key is the function's own.
    error = stand.error(RightsRefused if ours else ProviderRefused)
    assert error.reason.startswith(("401", "403", "UnrecognizedClientException"))
    assert stand.key not in str(error)
    assert len(stand.server.seen) == 1


@pytest.mark.parametrize("key", [None, "", "  ", "two\r\nX-Lines: 1", "schlüssel"])
def test_without_a_key_that_can_be_sent_nobody_is_asked(
    at: Callable[[str], Stand], key: str | None
) -> None:
    for name in ("replicate", "fal", "black-forest-labs", "openai"):
        stand = at(name)
        stand.key = key
        assert "key" in stand.error(ProviderRefused).reason
        assert stand.server.seen == []


def test_bedrock_needs_no_key(at: Callable[[str], Stand]) -> None:
    stand = at("bedrock")
    stand.key = None
    assert stand.ended() == Generated()


def test_an_unknown_model_is_refused(stand: Stand) -> None:
    error = stand.error(ProviderRefused, model="nobody/has-this")
    assert error.reason
    assert len(stand.server.seen) == 1


def test_a_prompt_that_is_not_allowed_is_said_to_be_that(stand: Stand) -> None:
    stand.server.mode = "moderated"
    assert stand.error(ProviderRefused).reason.startswith("it refused the prompt: ")
    assert len(stand.server.starts()) == 1


@pytest.mark.parametrize("name", ["replicate", "fal", "black-forest-labs", "bedrock"])
def test_a_result_that_is_not_shown_is_refused_too(at: Callable[[str], Stand], name: str) -> None:
    stand = at(name)
    stand.server.mode = "nsfw"
    assert stand.error(ProviderRefused).reason.startswith("it refused the prompt: ")


def test_want_of_money_is_a_refusal(stand: Stand) -> None:
    stand.server.instead = [stand.kind.no_money] * 9
    words = stand.error(ProviderRefused).reason
    assert any(word in words for word in ("credit", "balance", "quota")), words


def test_videos_are_refused_where_there_are_none(at: Callable[[str], Stand]) -> None:
    for name in ("black-forest-labs", "openai", "bedrock"):
        stand = at(name)
        stand.error(ProviderRefused, kind="video", seconds=5)
        assert stand.server.seen == []


# Who does not answer


def test_nobody_at_the_address_is_busy(stand: Stand) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        stand.place = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        assert stand.error(ProviderBusy).reason == "it could not be reached"


def test_an_overloaded_provider_is_busy(stand: Stand) -> None:
    stand.server.instead = [Reply(503, {"detail": "come back later"})] * 9
    assert "503" in stand.error(ProviderBusy).reason


def test_a_throttled_start_is_asked_again_when_the_provider_says(stand: Stand) -> None:
    throttled = Reply(429, {"detail": "slow down"}, {"Retry-After": "7"})
    stand.server.instead = [throttled, throttled]
    if stand.kind.adapter is None:
        stand.error(ProviderBusy)
        assert len(stand.server.seen) == 1
        return
    stand.ended()
    assert stand.pauses == [7, 7]
    assert len(stand.server.starts()) == 3


def test_long_throttling_is_left_to_the_caller(stand: Stand) -> None:
    stand.server.instead = [Reply(429, {"detail": "slow down"}, {"Retry-After": "3600"})]
    stand.error(ProviderBusy)
    assert stand.pauses == []
    assert len(stand.server.seen) == 1


@pytest.mark.parametrize("badly", [generating.hang_up, generating.half, generating.silent])
def test_a_start_whose_answer_is_lost_is_not_repeated(
    stand: Stand, badly: generating.Badly
) -> None:
    stand.server.instead = [badly]
    stand.read_s = HASTY if badly is generating.silent else PATIENT
    assert "paid" in stand.error(ProviderLost).reason
    assert len(stand.server.seen) == 1


EMPTY: dict[str, list[Any]] = {
    "replicate": [{"id": value} for value in (None, 7, "", [], {}, "x" * 9000)],
    "fal": [{"request_id": value} for value in (None, 7, "", [], {}, "x" * 9000)],
    "black-forest-labs": [{"id": value} for value in (None, 7, "", [], {}, "x" * 9000)],
    "openai": [
        *({"data": value} for value in (None, [], [None], [{}], [{"url": ""}], {}, "AAAA")),
        *({"data": [{"b64_json": value}]} for value in (7, "", "%%%", "AAA", "ä===")),
    ],
    "bedrock": [{"images": value} for value in (None, [], [None], ["%%%"], [""], "AAAA", 7)],
}
"""What each may answer a start with, and yet say nothing."""


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_answer_that_says_nothing_is_lost_and_not_asked_for_again(
    at: Callable[[str], Stand], kind: str
) -> None:
    stand = at(kind)
    nothing = [None, [], "text", 7, {}, b"", b"\xff\xfe\x00", HTML.value, *EMPTY[kind]]
    for count, value in enumerate(nothing, 1):
        stand.server.instead = [Reply(200, value)]
        stand.error(ProviderLost)
        assert len(stand.server.seen) == count, value


@pytest.mark.parametrize("endpoint", ["ftp://host", "host/v1", "file:///etc/passwd", "http://["])
def test_an_endpoint_that_is_none_is_refused(at: Callable[[str], Stand], endpoint: str) -> None:
    for name in ("replicate", "fal", "black-forest-labs", "openai"):
        stand = at(name)
        stand.error(ProviderRefused, options=(("endpoint", endpoint),))
