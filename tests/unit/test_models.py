"""The table of models, and who is asked for which."""

from __future__ import annotations

import pytest
from resplice.core.models import (
    MODELS,
    RATIOS,
    SHAPE_NAMES,
    Chosen,
    Kind,
    NotOffered,
    Shape,
    choose,
    served_as,
    whole_seconds,
)
from resplice.core.providers import PROVIDERS, Access

REPLICATE, FAL = Access("replicate", "my-replicate"), Access("fal", "my-fal")
BFL, OPENAI = Access("black-forest-labs", "my-bfl"), Access("openai", "my-openai")
BEDROCK, PLACEHOLDER = Access("bedrock"), Access("placeholder")
ANYWHERE = Access("openai", "my-box", (("endpoint", "http://box:8080/v1"),))
ELEVENLABS = Access("elevenlabs", "my-elevenlabs")


def chosen(
    name: str | None,
    *offered: Access,
    kind: Kind = "image",
    shape: Shape = "horizontal",
    connection: Access | None = None,
) -> Chosen:
    found = choose(kind, name, shape, offered, connection)
    assert isinstance(found, Chosen), found
    return found


def reason(
    name: str | None, *offered: Access, kind: Kind = "image", connection: Access | None = None
) -> str:
    found = choose(kind, name, "horizontal", offered, connection)
    assert isinstance(found, NotOffered), found
    return found.reason


def test_every_name_is_one_model_and_every_provider_generates() -> None:
    names = [name for model in MODELS for name in (model.name, *model.aliases)]
    assert len(names) == len(set(names))
    for model in MODELS:
        for served in model.served:
            assert "generators" in PROVIDERS[served.provider].services
            assert list(served.lengths) == sorted(served.lengths)
            assert bool(served.lengths) == (model.kind == "video")
            assert served_as(served.provider, served.model) is served


@pytest.mark.parametrize(
    ("name", "replicate", "fal"),
    [
        ("flux-schnell", "black-forest-labs/flux-schnell", "fal-ai/flux/schnell"),
        ("text-to-image-basic", "black-forest-labs/flux-schnell", "fal-ai/flux/schnell"),
        ("flux-dev", "black-forest-labs/flux-dev", "fal-ai/flux/dev"),
        ("flux-pro", "black-forest-labs/flux-1.1-pro", "fal-ai/flux-pro/v1.1"),
        ("gemini-2.5-flash", "google/nano-banana", "fal-ai/nano-banana"),
        ("nano-banana", "google/nano-banana", "fal-ai/nano-banana"),
        ("nano-banana-pro", "google/nano-banana-pro", "fal-ai/nano-banana-pro"),
        ("nano-banana-2", "google/nano-banana-2", "fal-ai/nano-banana-2"),
        *(
            (name, "bytedance/seedream-4", "fal-ai/bytedance/seedream/v4/text-to-image")
            for name in ("seedream-v4", "text-to-image-pro")
        ),
    ],
)
def test_names_of_the_documents_are_asked_for_by_the_providers_names(
    name: str, replicate: str, fal: str
) -> None:
    assert chosen(name, REPLICATE).model == replicate
    assert chosen(name, FAL).model == fal


@pytest.mark.parametrize(
    ("name", "replicate", "fal"),
    [
        (
            "seedance-v1.5-pro",
            "bytedance/seedance-1.5-pro",
            "fal-ai/bytedance/seedance/v1.5/pro/text-to-video",
        ),
        ("wan-v2.5", "wan-video/wan-2.5-t2v", "fal-ai/wan-25-preview/text-to-video"),
        (
            "kling-1-6",
            "kwaivgi/kling-v1.6-standard",
            "fal-ai/kling-video/v1.6/standard/text-to-video",
        ),
    ],
)
def test_models_of_clips_too(name: str, replicate: str, fal: str) -> None:
    assert chosen(name, REPLICATE, kind="video").model == replicate
    assert chosen(name, FAL, kind="video").model == fal


def test_the_first_provider_that_has_the_model_is_asked() -> None:
    assert chosen("flux-dev", REPLICATE, BFL).access == REPLICATE
    assert chosen("flux-dev", BFL, REPLICATE).access == BFL
    assert chosen("seedream-v4", BEDROCK, OPENAI, FAL, REPLICATE).access == FAL
    assert chosen("placeholder", PLACEHOLDER, connection=PLACEHOLDER).model == "placeholder"


def test_without_a_name_the_first_provider_uses_its_first_model() -> None:
    assert chosen(None, FAL, BEDROCK).model == "fal-ai/flux/schnell"
    assert chosen(None, BEDROCK, FAL).model == "stability.stable-image-core-v1:1"
    assert chosen(None, OPENAI).model == "gpt-image-1.5"
    assert chosen(None, BFL).model == "flux-dev"
    clip = chosen(None, BEDROCK, OPENAI, FAL, kind="video")
    assert clip.model == "fal-ai/bytedance/seedance/v1.5/pro/text-to-video"


@pytest.mark.parametrize(
    ("shape", "usual", "openai", "titan", "clip"),
    [
        ("horizontal", (1344, 768), (1536, 1024), (1408, 768), (1280, 720)),
        ("vertical", (768, 1344), (1024, 1536), (768, 1408), (720, 1280)),
        ("squared", (1024, 1024), (1024, 1024), (1024, 1024), (960, 960)),
    ],
)
def test_a_shape_is_the_size_that_the_model_takes(
    shape: Shape,
    usual: tuple[int, int],
    openai: tuple[int, int],
    titan: tuple[int, int],
    clip: tuple[int, int],
) -> None:
    def size(name: str, access: Access, kind: Kind = "image") -> tuple[int, int]:
        found = chosen(name, access, kind=kind, shape=shape)
        return found.width, found.height

    assert size("flux-schnell", FAL) == size("flux-pro", BFL) == usual
    assert size("nova-canvas", BEDROCK) == usual
    assert size("gpt-image-1", OPENAI) == openai
    assert size("titan-image-v2", BEDROCK) == titan
    assert size("wan-v2.5", REPLICATE, "video") == clip


def test_a_square_has_two_names() -> None:
    assert set(RATIOS) == set(SHAPE_NAMES.values())
    assert SHAPE_NAMES["square"] == SHAPE_NAMES["squared"] == "squared"


def test_a_connection_is_asked_alone() -> None:
    found = chosen("flux-dev", BFL, connection=REPLICATE)
    assert (found.access, found.model) == (REPLICATE, "black-forest-labs/flux-dev")
    assert chosen(None, BFL, connection=FAL).model == "fal-ai/flux/schnell"


def test_a_connection_takes_names_that_are_not_known() -> None:
    found = chosen("someone/their-model:0a1b", connection=REPLICATE, shape="vertical")
    assert found == Chosen(REPLICATE, "someone/their-model:0a1b", 768, 1344)
    assert chosen("any/clip", connection=FAL, kind="video").width == 1280


def test_what_speaks_like_openai_may_have_any_model() -> None:
    assert chosen("flux-schnell", connection=ANYWHERE).model == "flux-schnell"
    assert chosen("gpt-image-1", connection=ANYWHERE).model == "gpt-image-1"
    assert reason("flux-schnell", connection=OPENAI) == (
        "OpenAI is not known to have the model 'flux-schnell'; by these names it has "
        "gpt-image-1.5, gpt-image-2, gpt-image-1, gpt-image-1-mini, dall-e-3"
    )


def test_an_unknown_name_without_a_connection_lists_what_is_known() -> None:
    said = reason("flux-ultra", REPLICATE, FAL)
    assert said.startswith("unknown model 'flux-ultra': known for images are flux-schnell, flux-")
    assert "kling" not in said
    assert said.endswith("can be used with a connection to the provider that has it")
    assert "wan-v2.5, kling-1-6." in reason("x", FAL, kind="video")


@pytest.mark.parametrize("connection", [None, FAL])
def test_a_model_of_the_other_kind_is_said_to_be_one(connection: Access | None) -> None:
    said = reason("kling-1-6", FAL, connection=connection)
    assert said.startswith("the model 'kling-1-6' makes videos; known for images are flux-schnell")
    assert "makes images" in reason("nano-banana", FAL, kind="video", connection=connection)


def test_what_nobody_offers_says_what_to_configure() -> None:
    assert reason("flux-schnell", BEDROCK, OPENAI) == (
        "no provider for the model 'flux-schnell' is configured: Replicate or fal could be; "
        "add a connection to it and name it in `connection`, or make it a default"
    )
    said = reason(None)
    assert said.startswith("no provider for images is configured: OpenAI or Amazon Bedrock or ")
    assert "Replicate or fal could be" in reason(None, BEDROCK, kind="video")


def test_what_no_provider_has_says_what_there_is() -> None:
    said = reason("freepik-classic", REPLICATE, FAL, BEDROCK)
    assert said.startswith("no provider that can be used here has the model 'freepik-classic'; ")
    assert said.endswith("dall-e-3")
    assert "freepik-classic," not in said


def test_a_connection_that_cannot_generate_says_so() -> None:
    assert reason("flux-schnell", FAL, connection=ELEVENLABS) == (
        "the connection 'my-elevenlabs' is to ElevenLabs, which generates no images"
    )
    assert reason(None, connection=BFL, kind="video") == (
        "Black Forest Labs is not known to have videos without a `model`"
    )


def test_a_placeholder_stands_for_anything_that_reaches_it() -> None:
    assert chosen("freepik-classic", FAL, PLACEHOLDER).access == PLACEHOLDER
    assert chosen("flux-schnell", PLACEHOLDER, shape="vertical").height == 1344
    assert chosen(None, PLACEHOLDER, kind="video").access == PLACEHOLDER
    assert "unknown model" in reason("no-such", PLACEHOLDER)


@pytest.mark.parametrize(
    ("model", "wanted", "length"),
    [
        ("kwaivgi/kling-v1.6-standard", 3.2, 5),
        ("kwaivgi/kling-v1.6-standard", 5, 5),
        ("kwaivgi/kling-v1.6-standard", 5.04, 10),
        ("kwaivgi/kling-v1.6-standard", 60, 10),
        ("bytedance/seedance-1.5-pro", 6.5, 7),
        ("kwaivgi/kling-v1.6-standard", 0, None),
        ("black-forest-labs/flux-schnell", 5, None),
        ("someone/their-model", 5, None),
    ],
)
def test_a_length_is_the_shortest_that_is_enough(
    model: str, wanted: float, length: int | None
) -> None:
    assert whole_seconds("replicate", model, wanted) == length
