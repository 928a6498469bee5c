"""What an html element may say. Spec: movie JSON reference, 6.6."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from resplice.core.document.values import Part, Pixels
from resplice.core.elements.visual import VisualElement

MAX_HTML_CHARS = 1_000_000
MAX_DENSITY = 4
USUAL_WAIT_S = 2


class Capture(Part):
    """The viewport as it was said in 2022, and how long it is recorded.

    width     pixels
    height    pixels
    duration  seconds of its motion; 0: a still
    """

    width: Annotated[Pixels, Field(ge=50, le=1920)] = 640
    height: Annotated[Pixels, Field(ge=50, le=1080)] = 360
    duration: Annotated[float, Field(ge=0, le=10)] = 0


class HtmlElement(VisualElement):
    """A web page, transparent where it has no background.

    html         the page; it counts before a src
    src          the URL of a page
    tailwindcss  whether Tailwind CSS is there
    tailwind     another name of tailwindcss
    wait         0 to 5 seconds before it is painted; when it is not said 2, and none before motion
                 is recorded
    dpi          1 to 4 pixels that are painted for each of its own: 2 is twice as sharp
    settings     CSS of the page's body
    capture      how the page is recorded in motion
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
