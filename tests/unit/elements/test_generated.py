"""Pictures and clips of a prompt: who is asked, what is refused, and cards in their place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resplice.core.composition import Canvas
from resplice.core.elements.generated import faults, lacks, needs, notes, services
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.video.model import VideoElement
from resplice.core.providers import NO_OFFERS, Connection, Offers
from resplice.core.tasks import GenerateTask, PaintTask

FAL = Offers(connections=(Connection("pictures", "fal", default=True),))
CARDS = replace(NO_OFFERS, placeholders=True)


def image(**more: Any) -> ImageElement:
    return ImageElement.model_validate({"type": "image", **more})


def video(**more: Any) -> VideoElement:
    return VideoElement.model_validate({"type": "video", **more})


def around(offers: Offers) -> Surroundings:
    return Surroundings(Canvas(1920, 1080, 25), ("elements", 0), {}, offers)


def task(element: Any, offers: Offers = FAL) -> Any:
    ((place, made),) = needs(element, around(offers))
    assert place == ()
    return made


def refused(element: Any, offers: Offers = FAL) -> dict[str, str]:
    return {str(keys[0]): words for keys, words in faults(element, around(offers))}


def test_a_prompt_becomes_a_task_of_who_is_configured() -> None:
    made = task(image(prompt="a boat", model="flux-schnell", **{"aspect-ratio": "Square"}))
    assert isinstance(made, GenerateTask)
    assert (made.kind, made.provider, made.model) == ("image", "fal", "fal-ai/flux/schnell")
    assert (made.shape, made.width, made.height) == ("squared", 1024, 1024)
    assert (made.connection, made.settings, made.seconds) == ("pictures", "{}", 0)


def test_a_clip_is_asked_for_as_long_as_its_element_lasts() -> None:
    assert task(video(prompt="waves", model="kling-1-6", duration=7)).seconds == 10
    assert task(video(prompt="waves", model="kling-1-6")).seconds == 5


def test_settings_reach_the_model() -> None:
    made = task(image(prompt="a boat", **{"model-settings": {"seed": 7}}))
    assert made.settings == '{"seed":7}'


def test_a_file_comes_before_a_prompt() -> None:
    both = image(src="https://e.example/a.png", prompt="a boat")
    assert list(needs(both, around(FAL))) == [] and services(both) == ()
    assert [keys for keys, _ in notes(both, around(FAL))] == [("prompt",)]


def test_neither_file_nor_prompt_is_told_in_the_formats_words() -> None:
    words = "The element type 'video' requires a 'src' property."
    assert [*lacks(video())] == [*lacks(video(prompt=" "))] == [(("src",), words)]
    assert not [*lacks(image(src="https://e.example/a.png"))]
    assert not [*lacks(image(prompt="a boat"))] and not refused(video())


def test_without_a_provider_it_says_what_to_configure() -> None:
    assert "connection" in refused(image(prompt="a boat"), NO_OFFERS)["prompt"]
    assert "unknown model" in refused(image(prompt="a boat", model="crayons"))["model"]
    assert "connection" in refused(image(prompt="a boat", connection="nobody"))


def test_a_card_stands_for_it_only_where_that_is_wanted() -> None:
    boat = image(prompt="a boat", model="flux-pro")
    card = task(boat, CARDS)
    assert isinstance(card, PaintTask) and "a boat" in card.html
    assert (card.width, card.height) == (1344, 768)
    ((_, words),) = notes(boat, around(CARDS))
    assert "placeholder" in words
