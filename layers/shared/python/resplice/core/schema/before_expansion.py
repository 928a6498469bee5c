"""What a document may say before it is expanded, beside the movie that it becomes. Pure.

Nothing is validated by these parts: expanding reads the names, and takes them away. They say what
the JSON Schema is to know of them. Which names there are is in document.fields.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from resplice.core.document.values import Part


class OfElement(Part):
    """What every part may say.

    variables  values for {{name}} in it; they count before those of what it is in. Names are of
               letters, digits and underscores
    condition  an expression: where it is false, empty or unknown, the part is left out
    """

    variables: dict[str, Any] = Field(
        default_factory=dict, examples=[{"headline": "For sale", "price": 450000}]
    )
    condition: Annotated[str | None, Field(examples=["{{ price > 1000 }}"])] = None


class OfScene(OfElement):
    """What scenes may say beside.

    iterate     the name of a variable of the movie that is a list: the scene is there once for each
                of its items, whose fields are variables
    iterate_as  the name of the variable that is the item
    import_     the id of another scene, whose elements come after this one's
    """

    iterate: Annotated[str | None, Field(examples=["slides"])] = None
    iterate_as: str = "item"
    import_: str | None = None


class OfMovie(OfElement):
    """What movies may say beside.

    schema_   the JSON Schema that an editor is to complete and check with; it changes nothing
    template  the id of a stored template: its scenes and elements are shown, these are ignored
    settings  without effect
    """

    schema_: Annotated[str | None, Field(alias="$schema")] = None
    template: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
