"""What a provider bills for: how much of what. What that costs is said in core.prices."""

from __future__ import annotations

from typing import Literal

from resplice.frozen import frozen

Unit = Literal["characters", "seconds", "pictures"]
"""Characters that are spoken; seconds that are transcribed, or of a generated clip; pictures."""


@frozen
class Bill:
    """What somebody bills for.

    provider    a name of core.providers
    model       as the provider prices it, empty for its usual one
    megapixels  of one picture, or of a frame of a clip
    listed      whether the provider's own list says the price: not of who only speaks like it
    """

    provider: str
    model: str
    unit: Unit
    units: float
    megapixels: float = 1
    listed: bool = True
