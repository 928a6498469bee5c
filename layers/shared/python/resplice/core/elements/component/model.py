"""What a component element may say; and what `template` elements, its name of 2022, may."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from resplice.core.document.values import Duration
from resplice.core.elements.visual import VisualElement


def _object(value: Any) -> Any:
    """PHP writes an empty object as []."""
    return {} if value == [] else value


Name = Annotated[str, Field(min_length=1, max_length=200)]


class Configured(VisualElement):
    """What both say.

    settings  by the names of the component's groups: CSS, and what the component says of each
    """

    settings: Annotated[dict[str, Any], BeforeValidator(_object)] = Field(default_factory=dict)
    duration: Duration = -2


class ComponentElement(Configured):
    """A page of the catalog, or of the user's own, with settings.

    component  which one: pack/number
    """

    type: Literal["component"]
    component: Name


class TemplateElement(Configured):
    """A component, as it was written in 2022.

    template  which one: pack/number
    """

    type: Literal["template"]
    template: Name

    @property
    def component(self) -> str:
        """The component's name."""
        return self.template
