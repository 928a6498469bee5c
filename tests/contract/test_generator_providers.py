"""Every provider of generated media holds the contract, over real sockets and its documented form.

Their servers are in provider_servers/. What is asked for is paid: it is asked for once.
"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from provider_servers import bedrock, black_forest_labs, fal, generating, openai, replicate
from provider_servers.generating import HTML, KEY, PICTURE, ProviderServer, Reply
from resplice.adapters.providers import bedrock as bedrock_adapter
from resplice.adapters.providers.bedrock import Bedrock
from resplice.adapters.providers.black_forest_labs import BlackForestLabs
from resplice.adapters.providers.fal import Fal
from resplice.adapters.providers.http import Asking
from resplice.adapters.providers.openai_images import OpenAIImages
from resplice.adapters.providers.replicate import Replicate
from resplice.errors import ProviderBusy, ProviderError, ProviderLost, ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, GeneratorProvider, Started

PROMPT = "a red fox — “in snow”, 狐"
PATIENT, HASTY = 20.0, 0.3
"""Seconds that are waited for an answer: while a machine is busy, and where none will come."""


@dataclass(frozen=True)
class Kind:
    """A provider under test. body: what is sent for a wide picture, whole."""

    title: str
    server: Callable[[], ProviderServer]
    adapter: Callable[[Asking], GeneratorProvider] | None
    model: str
    body: dict[str, Any]
    path: str
    no_money: Reply
    sizes: tuple[int, int] = (1344, 768)


KINDS = {
    "replicate": Kind(
        "Replicate",
        replicate.ReplicateServer,
        Replicate,
        "black-forest-labs/flux-schnell",
        {
            "version": "black-forest-labs/flux-schnell",
            "input": {"prompt": PROMPT, "aspect_ratio": "16:9"},
        },
        "/v1/predictions",
        Reply(402, {"title": "Insufficient credit", "detail": "You have insufficient credit"}),
    ),
    "fal": Kind(
        "fal",
        fal.FalServer,
        Fal,
        "fal-ai/flux/schnell",
        {"prompt": PROMPT, "image_size": {"width": 1344, "height": 768}, "num_images": 1},
        "/fal-ai/flux/schnell",
        Reply(403, {"detail": "User is locked. Reason: Exhausted balance."}),
    ),
    "black-forest-labs": Kind(
        "Black Forest Labs",
        black_forest_labs.BlackForestLabsServer,
        BlackForestLabs,
        "flux-dev",
        {"prompt": PROMPT, "width": 1344, "height": 768},
        "/v1/flux-dev",
        Reply(402, {"detail": "Insufficient credits. Visit our site to add more."}),
    ),
    "openai": Kind(
        "OpenAI",
        openai.OpenAIServer,
        OpenAIImages,
        "gpt-image-2",
        {"model": "gpt-image-2", "prompt": PROMPT, "n": 1, "size": "1536x1024"},
        "/v1/images/generations",
        openai.refusal(429, "You exceeded your current quota, please check your billing details."),
        (1536, 1024),
    ),
    "bedrock": Kind(
        "Amazon Bedrock",
        bedrock.BedrockServer,
        None,
        bedrock.STABILITY,
        {"prompt": PROMPT, "aspect_ratio": "16:9"},
        "/model/stability.stable-image-core-v1%3A1/invoke",
        bedrock.error(400, "ServiceQuotaExceededException", "Your account is over its quota"),
    ),
}


@dataclass
class Stand:
    """A provider's server, and adapters that ask it.

    place   an address that is asked instead of the server's
    pauses  seconds that were slept, in order
    """

    kind: Kind
    server: ProviderServer
    into: Path
    read_s: float = PATIENT
    key: str | None = KEY
    place: str = ""
    pauses: list[float] = field(default_factory=list)

    def adapter(self) -> GeneratorProvider:
        """A new one, which knows nothing of what others did."""
        if self.kind.adapter is None:
            return self.bedrock
        return self.kind.adapter(Asking(self.kind.title, self.read_s, self.pauses.append))

    @cached_property
    def bedrock(self) -> Bedrock:
        """One for all, as it has no jobs and a client takes long to make."""
        url, read_s = self.place or self.server.url(), self.read_s
        return Bedrock(lambda region: bedrock_adapter.client(region, url, read_s))

    def secret(self) -> Secret | None:
        return None if self.key is None else Secret(key=self.key)

    def wanted(self, **changed: Any) -> Generation:
        usual = Generation(
            *("image", self.kind.model, PROMPT, "horizontal", *self.kind.sizes),
            options=(("endpoint", self.place or self.server.url()),),
        )
        return replace(usual, **changed)

    def start(self, **changed: Any) -> Started:
        return self.adapter().start(self.wanted(**changed), self.secret(), self.into)

    def collect(self, job: str, **changed: Any) -> Generated | None:
        return self.adapter().collect(job, self.wanted(**changed), self.secret(), self.into)

    def ended(self, **changed: Any) -> Generated:
        """What comes of it. Each time it is asked for by who knows nothing but the job."""
        started = self.start(**changed)
        if not started.job:
            return Generated()
        for _ in range(5):
            if found := self.collect(started.job, **changed):
                return found
        raise AssertionError("it did not end")

    def error(self, kind: type[ProviderError], /, **changed: Any) -> ProviderError:
        """The error of the start, or of asking for what it began."""
        with pytest.raises(ProviderError) as caught:
            self.ended(**changed)
        error = caught.value
        assert type(error) is kind, error
        assert error.provider == self.kind.title
        assert KEY not in str(error)
        assert not self.into.exists()
        return error


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": bedrock.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.delenv(name, raising=False)


def stand_of(kind: Kind, into: Path) -> Iterator[Stand]:
    with generating.running(kind.server) as server:
        yield Stand(kind, server, into / "made")
        for request in server.seen:
            assert KEY not in request.path


@pytest.fixture(params=list(KINDS))
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    yield from stand_of(KINDS[request.param], tmp_path)


@pytest.fixture(params=["replicate", "fal", "black-forest-labs"])
def slow(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    """Those whose work is a job."""
    yield from stand_of(KINDS[request.param], tmp_path)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Callable[[str], Stand]]:
    """One provider by name, for what only it does."""
    opened = list[Iterator[Stand]]()

    def open_(name: str) -> Stand:
        opened.append(stand_of(KINDS[name], tmp_path))
        return next(opened[-1])

    yield open_
    for each in opened:
        assert next(each, None) is None


# What is asked for


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


def test_a_wrong_key_is_refused(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand.key = "sk-wrong-key"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDWRONG")
    error = stand.error(ProviderRefused)
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


def test_a_result_that_is_not_shown_is_refused_too(stand: Stand) -> None:
    if "nsfw" in stand.server.endings:
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
    "replicate": [{"id": value} for value in (None, 7, "", [], {}, "x" * 5000)],
    "fal": [{"request_id": value} for value in (None, 7, "", [], {}, "x" * 5000)],
    "black-forest-labs": [{"id": value} for value in (None, 7, "", [], {}, "x" * 5000)],
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


# Jobs


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


# Replicate


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("canceled", "the prediction was canceled"),
        ("aborted", "the prediction was aborted"),
        ("removed", "it has removed the result, which it keeps for an hour"),
    ],
)
def test_a_prediction_that_gives_nothing(
    at: Callable[[str], Stand], mode: str, reason: str
) -> None:
    stand = at("replicate")
    stand.server.mode = mode
    assert stand.error(ProviderRefused).reason == reason


@pytest.mark.parametrize("form", ["{}", "[{}]", '["x://", "{}"]', "video", "nested"])
def test_an_output_of_any_form_has_an_address(at: Callable[[str], Stand], form: str) -> None:
    stand = at("replicate")
    made = stand.server.made
    forms: dict[str, Any] = {
        "{}": made,
        "[{}]": [made, "http://second"],
        '["x://", "{}"]': [None, made],
        "video": {"video": made},
        "nested": {"files": [{"url": made}]},
    }
    stand.server.output = forms[form]
    assert stand.ended() == Generated(made)


@pytest.mark.parametrize(
    ("model", "seconds", "asked"),
    [
        ("wan-video/wan-2.5-t2v", 6.0, {"size": "1280*720", "duration": 10}),
        ("kwaivgi/kling-v1.6-standard", 3.0, {"aspect_ratio": "16:9", "duration": 5}),
        ("kwaivgi/kling-v1.6-standard", 0.0, {"aspect_ratio": "16:9"}),
    ],
)
def test_a_clip_of_replicate(
    at: Callable[[str], Stand], model: str, seconds: float, asked: dict[str, Any]
) -> None:
    stand = at("replicate")
    clip = {"kind": "video", "model": model, "seconds": seconds, "width": 1280, "height": 720}
    stand.ended(**clip)
    (start,) = stand.server.starts()
    assert start.fields() == {"version": model, "input": {"prompt": PROMPT, **asked}}


@pytest.mark.parametrize(("shape", "ratio"), [("vertical", "9:16"), ("squared", "1:1")])
def test_a_shape_is_a_ratio(at: Callable[[str], Stand], shape: str, ratio: str) -> None:
    for name in ("replicate", "bedrock"):
        stand = at(name)
        stand.start(shape=shape)
        sent = stand.server.starts()[0].fields()
        assert sent.get("input", sent)["aspect_ratio"] == ratio


def test_one_picture_is_wanted_whatever_the_settings_say(at: Callable[[str], Stand]) -> None:
    many = '{"num_outputs": 4, "num_images": 4, "n": 4}'
    for name, count in {"replicate": "num_outputs", "fal": "num_images", "openai": "n"}.items():
        stand = at(name)
        stand.start(settings=json.dumps({count: json.loads(many)[count]}))
        sent = stand.server.starts()[0].fields()
        assert sent.get("input", sent)[count] == 1


# fal


def test_a_clip_of_fal(at: Callable[[str], Stand]) -> None:
    stand = at("fal")
    stand.server.made = stand.server.url("/files/made.mp4")
    model = "fal-ai/kling-video/v1.6/standard/text-to-video"
    found = stand.ended(kind="video", model=model, seconds=7, shape="vertical")
    assert found == Generated(stand.server.made)
    fields = stand.server.starts()[0].fields()
    assert fields == {"prompt": PROMPT, "aspect_ratio": "9:16", "duration": "10"}


def test_a_model_of_fal_that_takes_a_ratio(at: Callable[[str], Stand]) -> None:
    stand = at("fal")
    stand.ended(model="fal-ai/nano-banana")
    fields = stand.server.starts()[0].fields()
    assert fields == {"prompt": PROMPT, "aspect_ratio": "16:9", "num_images": 1}


def test_a_request_of_fal_is_under_its_app(at: Callable[[str], Stand]) -> None:
    stand = at("fal")
    stand.ended()
    stand.ended(model="workflows/someone/theirs")
    places = [request.path for request in stand.server.seen if request.method == "GET"]
    flux = f"/fal-ai/flux/requests/{fal.ID}"
    theirs = f"/workflows/someone/theirs/requests/{fal.ID}"
    assert places == [*[f"{flux}/status"] * 2, flux, f"{theirs}/status", theirs]


def test_what_a_model_of_fal_refuses_is_no_matter_of_the_prompt(
    at: Callable[[str], Stand],
) -> None:
    stand = at("fal")
    stand.server.mode = "invalid"
    assert stand.error(ProviderRefused).reason == "422 value is not a valid integer"


# Black Forest Labs


def test_a_task_that_is_not_known_any_more(at: Callable[[str], Stand]) -> None:
    stand = at("black-forest-labs")
    stand.server.mode = "unknown"
    reason = "it does not know the task, or knows it no longer"
    assert stand.error(ProviderRefused).reason == reason


def test_why_a_task_was_moderated_is_said(at: Callable[[str], Stand]) -> None:
    stand = at("black-forest-labs")
    stand.server.mode = "moderated"
    reason = "it refused the prompt: Request Moderated (Derivative Works Filter)"
    assert stand.error(ProviderRefused).reason == reason


@pytest.mark.parametrize(
    "polling",
    [
        "https://elsewhere.example/v1/get_result?id=1",
        "https://api.bfl.ai.elsewhere.example/v1/get_result?id=1",
        "https://api.eu4.bfl.ai/v1/get_result?id=1",
        "http://127.0.0.1/v1/get_result?id=1",
        "http://[",
        "",
    ],
)
def test_no_key_goes_to_an_address_that_is_not_the_endpoints(
    at: Callable[[str], Stand], polling: str
) -> None:
    stand = at("black-forest-labs")
    stand.server.polling = polling
    assert stand.start().job == black_forest_labs.ID


def test_the_providers_own_hosts_may_be_asked_when_it_is_the_endpoint() -> None:
    from resplice.adapters.providers.black_forest_labs import ENDPOINT, _is_own

    assert _is_own("https://api.eu4.bfl.ai/v1/get_result?id=1", ENDPOINT)
    assert _is_own("https://api.bfl.ml/v1/get_result?id=1", "https://api.eu.bfl.ai")
    for url in (
        "http://api.eu4.bfl.ai/v1/get_result?id=1",
        "https://api.eu4.bfl.ai:8443/v1/get_result?id=1",
        "https://bfl.ai.elsewhere.example/v1/get_result?id=1",
        "https://notbfl.ai/v1/get_result?id=1",
        "https://api.eu4.bfl.ai@elsewhere.example/x",
        "a-job",
    ):
        assert not _is_own(url, ENDPOINT), url


def test_a_model_of_flux_that_takes_a_ratio(at: Callable[[str], Stand]) -> None:
    stand = at("black-forest-labs")
    stand.ended(model="flux-pro-1.1-ultra", shape="squared")
    assert stand.server.starts()[0].fields() == {"prompt": PROMPT, "aspect_ratio": "1:1"}


# OpenAI


def test_an_address_instead_of_a_picture_is_the_job(at: Callable[[str], Stand]) -> None:
    stand = at("openai")
    dall_e = {"model": "dall-e-3", "width": 1792, "height": 1024}
    job = stand.start(**dall_e).job
    assert job
    assert stand.collect(job, **dall_e) == Generated(stand.server.made)
    assert len(stand.server.seen) == 1
    assert not stand.into.exists()


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/"])
def test_an_endpoint_may_be_said_with_its_path_or_without(
    at: Callable[[str], Stand], base: str
) -> None:
    stand = at("openai")
    stand.ended(options=(("endpoint", stand.server.url(base)),))
    assert stand.into.read_bytes() == PICTURE


def test_settings_say_no_other_model(at: Callable[[str], Stand]) -> None:
    stand = at("openai")
    stand.start(settings='{"model": "dall-e-3"}')
    assert stand.server.starts()[0].fields()["model"] == "gpt-image-2"


@pytest.mark.parametrize("form", ["data:image/png;base64,{}", "{}", "lines"])
def test_a_picture_of_who_speaks_like_openai_may_come_in_lines(
    at: Callable[[str], Stand], form: str
) -> None:
    stand = at("openai")
    plain = base64.b64encode(PICTURE).decode()
    lines = base64.encodebytes(PICTURE).decode()
    said = lines if form == "lines" else form.format(plain)
    stand.server.instead = [Reply(200, {"data": [{"b64_json": said, "url": None}]})]
    assert stand.ended() == Generated()
    assert stand.into.read_bytes() == PICTURE


# Bedrock


def test_a_picture_of_nova(at: Callable[[str], Stand]) -> None:
    stand = at("bedrock")
    settings = '{"imageGenerationConfig": {"quality": "premium", "numberOfImages": 5}}'
    stand.ended(model=bedrock.NOVA, settings=settings)
    assert stand.into.read_bytes() == PICTURE
    size = {"width": 1344, "height": 768, "numberOfImages": 1, "quality": "premium"}
    assert stand.server.starts()[0].fields() == {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": PROMPT},
        "imageGenerationConfig": size,
    }


@pytest.mark.parametrize("mode", ["moderated", "nsfw"])
def test_what_nova_does_not_show(at: Callable[[str], Stand], mode: str) -> None:
    stand = at("bedrock")
    stand.server.mode = mode
    error = stand.error(ProviderRefused, model=bedrock.NOVA)
    assert error.reason.startswith("it refused the prompt: ")


ERRORS: list[tuple[int, str, type[ProviderError]]] = [
    (429, "ThrottlingException", ProviderBusy),
    (429, "ModelNotReadyException", ProviderBusy),
    (503, "ServiceUnavailableException", ProviderBusy),
    (500, "InternalServerException", ProviderBusy),
    (408, "ModelTimeoutException", ProviderLost),
    (403, "AccessDeniedException", ProviderRefused),
    (404, "ResourceNotFoundException", ProviderRefused),
    (424, "ModelErrorException", ProviderRefused),
    (400, "ValidationException", ProviderRefused),
]


def test_errors_of_bedrock(at: Callable[[str], Stand]) -> None:
    stand = at("bedrock")
    for status, code, kind in ERRORS:
        stand.server.instead = [bedrock.error(status, code, "these are its words")]
        assert stand.error(kind).reason == f"{code}: these are its words"
    assert len(stand.server.seen) == len(ERRORS), "none is repeated"


def test_a_model_of_bedrock_may_be_in_another_region(at: Callable[[str], Stand]) -> None:
    stand = at("bedrock")
    stand.start(options=(("region", "eu-central-1"),))
    stand.start()
    regions = [request.headers["authorization"].split("/")[2] for request in stand.server.starts()]
    assert regions == ["eu-central-1", "us-west-2"]


def test_bedrock_without_an_account_is_refused(
    at: Callable[[str], Stand], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    stand = at("bedrock")
    assert stand.error(ProviderRefused).reason == "Unable to locate credentials"
    assert stand.server.seen == []
