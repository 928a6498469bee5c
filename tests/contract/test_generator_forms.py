"""What each provider of generated media has of its own: forms of inputs, answers and refusals."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from provider_servers import bedrock, black_forest_labs, fal
from provider_servers.generating import PICTURE, Reply
from provider_servers.generator_stand import PROMPT, Stand, standing
from resplice.adapters.providers.black_forest_labs import ENDPOINT, _is_own
from resplice.errors import (
    ProviderBusy,
    ProviderError,
    ProviderLost,
    ProviderRefused,
    RightsRefused,
)
from resplice.ports.generators import Generated


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stand]]:
    """One provider by name, for what not all do."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(standing(name, tmp_path, monkeypatch))


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


def test_a_model_of_fal_that_breaks_is_not_waited_for(at: Callable[[str], Stand]) -> None:
    stand = at("fal")
    stand.server.mode = "broken"
    assert stand.error(ProviderRefused).reason == "500 Internal Server Error"


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
    assert _is_own("https://api.eu4.bfl.ai/v1/get_result?id=1", ENDPOINT)
    assert _is_own("https://api.bfl.ml/v1/get_result?id=1", "https://api.eu.bfl.ai")
    for url in (
        "http://api.eu4.bfl.ai/v1/get_result?id=1",
        "https://api.eu4.bfl.ai:8443/v1/get_result?id=1",
        "https://bfl.ai.elsewhere.example/v1/get_result?id=1",
        "https://notbfl.ai/v1/get_result?id=1",
        "https://api.eu4.bfl.ai@elsewhere.example/x",
        "https://elsewhere.example\\.bfl.ai/x",
        "https://elsewhere.example\\@api.bfl.ai/x",
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
    (403, "AccessDeniedException", RightsRefused),
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


def test_a_model_that_we_do_not_know_is_no_right_that_we_lack(
    at: Callable[[str], Stand],
) -> None:
    stand = at("bedrock")
    stand.server.instead = [bedrock.error(403, "AccessDeniedException", "no")]
    assert not stand.error(ProviderRefused, model="amazon.not-ours-v9:0").ours


def test_a_model_of_bedrock_may_be_in_another_region(at: Callable[[str], Stand]) -> None:
    stand = at("bedrock")
    stand.start(options=(("region", "eu-central-1"),))
    stand.start()
    regions = [request.headers["authorization"].split("/")[2] for request in stand.server.starts()]
    assert regions == ["eu-central-1", "us-west-2"]


def test_bedrock_without_an_account_is_refused(
    at: Callable[[str], Stand], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand = at("bedrock")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert stand.error(RightsRefused).reason == "Unable to locate credentials"
    assert stand.server.seen == []
