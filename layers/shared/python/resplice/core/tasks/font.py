"""A font of the web, asked for by its name."""

from __future__ import annotations

from dataclasses import field

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class FontTask(Task):
    """A family in the weight that is nearest to the one asked for.

    source    the address that knows it by name, as Google Fonts' does
    instead   says what this element has where it cannot be had; another may have something else
    strict    whether that is an error, instead of a warning
    """

    family: str
    weight: int
    source: str
    instead: str = field(default="", compare=False)
    strict: bool = field(default=False, compare=False)

    def told(self, words: str) -> str:
        from resplice.core.warned import warned  # Late: a font is mostly there.

        return warned("font-missing", f"the font '{self.family}' {words}; {self.instead}")
