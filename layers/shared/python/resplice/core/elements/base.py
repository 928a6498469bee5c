"""What every element may say. Spec: movie JSON reference, 3.

Only what holds for all of them: what is seen is in `visual`, what plays and is heard in `moving`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from resplice.core.document.values import Duration, Part, Seconds, Start


class ElementBase(Part):
    """What every element may say. start: -1 is the end of what its container holds before it."""

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
