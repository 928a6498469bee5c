"""What an html element may say. Spec: movie JSON reference, 6.6."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from resplice.core.document.values import Part, whole
from resplice.core.elements.visual import VisualElement

MAX_HTML_CHARS = 1_000_000
MAX_DENSITY = 4
USUAL_WAIT_S = 2


class Capture(Part):
    """The viewport as it was said in 2022; duration: seconds of its motion, 0 for a still."""

    width: Annotated[int, BeforeValidator(whole), Field(ge=50, le=1920)] = 640
    height: Annotated[int, BeforeValidator(whole), Field(ge=50, le=1080)] = 360
    duration: Annotated[float, Field(ge=0, le=10)] = 0


class HtmlElement(VisualElement):
    """A page. dpi: pixels painted for each of its own.

    wait: seconds before it is painted; when it is not said, 2, and none before motion is recorded.
    """

    type: Literal["html"]
    html: Annotated[str, Field(max_length=MAX_HTML_CHARS)] | None = None
    src: str | None = None
    tailwindcss: bool = False
    tailwind: bool = False
    wait: Annotated[float, Field(ge=0, le=5)] | None = None
    dpi: Annotated[float, Field(ge=1, le=MAX_DENSITY)] = 1
    settings: dict[str, Any] = Field(default_factory=dict)
    capture: Capture | None = None

    def waited_s(self) -> float:
        """Seconds before it is painted."""
        if self.wait is None:
            return 0 if self.recorded_s() else USUAL_WAIT_S
        return self.wait

    def recorded_s(self) -> float:
        """Seconds of its motion that are shown; 0 for a still."""
        return self.capture.duration if self.capture else 0
