"""A picture or a clip that is generated."""

from __future__ import annotations

import json
from dataclasses import field
from typing import Literal

from resplice.core.bill import Bill
from resplice.core.prices import MEGAPIXEL, is_listed, picture_model
from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class GenerateTask(Task):
    """What a model makes of a prompt.

    kind           `image` or `video`
    provider       a name of core.providers; model its own name of the model
    shape          `horizontal`, `vertical`, `squared`
    width, height  pixels asked for
    seconds        the length asked for of a video, 0 for an image
    settings       JSON object as text: what goes to the model beside
    options, connection  as those of SpeakTask
    """

    kind: Literal["image", "video"]
    provider: str
    model: str
    prompt: str
    shape: Literal["horizontal", "vertical", "squared"]
    width: int
    height: int
    seconds: float = 0
    settings: str = "{}"
    options: tuple[tuple[str, str], ...] = ()
    connection: str | None = field(default=None, compare=False)

    def bill(self) -> Bill:
        """For a picture, or for the seconds of a clip."""
        size = self.width * self.height / MEGAPIXEL
        listed = is_listed(self.provider, self.options)
        if self.kind == "video":
            return Bill(self.provider, self.model, "seconds", self.seconds, size, listed)
        quality = json.loads(self.settings).get("quality")
        model = picture_model(self.provider, self.model, quality)
        return Bill(self.provider, model, "pictures", 1, size, listed)
