"""Where templates lie: those of the owners, and the library that is built in, which all see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from resplice.adapters.disk.template_files import library
from resplice.ports.templates import Template, Templates


class WithLibrary:
    """Implements ports.templates.Templates: nobody owns what is built in, so nobody changes it."""

    def __init__(self, own: Templates) -> None:
        self._own = own
        self.add, self.replace, self.remove = own.add, own.replace, own.remove
        self.list = own.list

    def get(self, owner: str, template_id: str) -> Template | None:
        return library().get(template_id) or self._own.get(owner, template_id)

    def shared(self, owner: str) -> Sequence[Template]:
        built_in = (replace(each, movie="") for each in library().values())
        return [*self._own.shared(owner), *built_in]


def with_library(own: Templates) -> Templates:
    """These, then what is built in."""
    return WithLibrary(own)
