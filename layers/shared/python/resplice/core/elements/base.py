"""What every element may say. Spec: movie JSON reference, 3.

Only what holds for all of them: what is seen is in `visual`, what plays and is heard in `moving`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from resplice.core.document.values import Duration, Part, Seconds, Start


class ElementBase(Part):
    """What every element may say.

    type        what the element is; it decides which other properties there are
    id          your own name for it; it changes nothing
    comment     a note for whoever reads the document; it changes nothing
    cache       false: it is fetched or made again, and its scene is rendered again
    start       seconds from the beginning of its scene, or of the movie; -1: when what is before it
                in the list has ended
    duration    seconds; -1: its own length (of a clip, a spoken text, an animation), -2: as long as
                its scene, or the movie
    extra_time  seconds for which its scene goes on after it has ended; what is seen stays visible
    z_index     -99 to 99; higher ones lie above lower ones, whatever their order. Below 0, an
                element of the movie lies under the scenes
    fade_in     seconds in which it appears, or its sound rises
    fade_out    seconds in which it disappears, or its sound falls
    """

    type: str
    id: str | None = None
    comment: Any = None
    cache: bool = True
    start: Start = 0
    duration: Duration = -1
    extra_time: Seconds = 0
    z_index: Annotated[int, Field(ge=-99, le=99)] = 0
    fade_in: Seconds = 0
    fade_out: Seconds = 0

    def said_place(self) -> tuple[int, int, int, int] | None:
        """Where on the canvas it says that it is; None for what is in no place there."""
        return None
