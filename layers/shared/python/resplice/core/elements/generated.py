"""What an element may say of a picture or a clip that is generated, and what is needed for it.

A `src` comes first: with one, nothing is generated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from resplice.core.document.values import lower
from resplice.core.elements.files import Need, lacks_source
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.placeholder import card
from resplice.core.elements.provided import (
    Fault,
    Provided,
    connection_faults,
    named_access,
    settings_text,
)
from resplice.core.models import (
    PLACEHOLDER,
    SHAPE_NAMES,
    Chosen,
    Kind,
    NotOffered,
    Shape,
    choose,
    whole_seconds,
)
from resplice.core.providers import Access, Service
from resplice.core.tasks import GenerateTask, PaintTask
from resplice.core.warned import warned

MAX_PROMPT_CHARS = 10_000
VIDEO_SECONDS = 5.0
"""The length that is asked for when the element does not say how long it is to last."""


def _shape(name: str) -> Shape:
    return SHAPE_NAMES[name]


AspectRatio = Annotated[
    Literal["horizontal", "vertical", "squared", "square"],
    BeforeValidator(lower),
    AfterValidator(_shape),
]


class Generated(Provided):
    """An element that shows a file, or what a model makes of its prompt.

    src           the URL of a file; nothing is generated where there is one
    prompt        what a model is to make, in words
    aspect_ratio  of what is generated
    """

    makes: ClassVar[Kind]
    """What a model makes of its prompt."""

    src: str | None = None
    prompt: Annotated[str, Field(max_length=MAX_PROMPT_CHARS)] | None = None
    aspect_ratio: AspectRatio = "horizontal"

    def asks(self) -> bool:
        """Whether something is to be generated for it."""
        return self.src is None and bool(self.prompt and self.prompt.strip())


def services(element: Generated) -> tuple[Service, ...]:
    """Generators, when there is something to generate."""
    return ("generators",) if element.asks() else ()


def needs(element: Generated, around: Surroundings) -> Iterator[Need]:
    """What is generated, where there is no file; or a card in its place."""
    if not element.asks():
        return
    chosen = _chosen(element, around)
    if isinstance(chosen, Chosen):
        if chosen.access.provider == PLACEHOLDER:
            yield (), _card(element, chosen)
        else:
            yield (), generate_task(element, chosen)


def generate_task(element: Generated, chosen: Chosen) -> GenerateTask:
    """A clip is as long as its element is to last, as far as its model can have it."""
    access, kind, seconds = chosen.access, element.makes, 0.0
    if kind == "video":
        wanted_s = element.duration if element.duration > 0 else VIDEO_SECONDS
        seconds = float(whole_seconds(access.provider, chosen.model, wanted_s) or wanted_s)
    return GenerateTask(
        kind,
        access.provider,
        chosen.model,
        element.prompt or "",
        SHAPE_NAMES[element.aspect_ratio],
        chosen.width,
        chosen.height,
        seconds,
        settings_text(element.model_settings),
        access.settings,
        access.connection,
    )


def lacks(element: Generated) -> Iterator[Fault]:
    """What it needs to have a file, when it is not generated either."""
    if not element.asks():
        yield from lacks_source(element)


def faults(element: Generated, around: Surroundings) -> Iterator[Fault]:
    """What keeps it from being generated."""
    if not element.asks():
        return
    unknown = list(connection_faults(element, "generators", around.offers))
    yield from unknown
    chosen = _chosen(element, around)
    if isinstance(chosen, NotOffered) and not unknown:
        yield ("model" if element.model else "prompt",), chosen.reason


def notes(element: Generated, around: Surroundings) -> Iterator[Fault]:
    """Says that a card stands for what is not generated, or that a prompt does nothing."""
    if element.src is not None and element.prompt:
        yield ("prompt",), warned("prompt-ignored", "it has a 'src', so nothing is generated")
    chosen = _chosen(element, around) if element.asks() else None
    if isinstance(chosen, Chosen) and chosen.access.provider == PLACEHOLDER:
        words = "a placeholder stands for what is to be generated"
        yield ("prompt",), warned("placeholder", words)


def _chosen(element: Generated, around: Surroundings) -> Chosen | NotOffered:
    offers, shape = around.offers, SHAPE_NAMES[element.aspect_ratio]
    usual = list(offers.by_default("generators"))
    if offers.placeholders:
        usual = [Access(PLACEHOLDER)]
    named = None if offers.placeholders else named_access(element, offers)
    return choose(element.makes, element.model, shape, usual, named)


def _card(element: Generated, chosen: Chosen) -> PaintTask:
    return PaintTask(chosen.width, chosen.height, card(element.prompt or "", element.model or ""))
