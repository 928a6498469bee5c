"""What a component says of itself in its component.json: groups, their settings and defaults.

Read strictly: who writes a component is told each slip. Nothing of a document is read here.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from resplice.core.text.css_urls import holds_markup, names_file

SettingType = Literal[
    "text", "number", "integer", "milliseconds", "easing", "colour", "angle", "css", "image",
    "choice", "boolean", "markup", "points", "list",
]  # fmt: skip
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-zA-Z0-9_-]{0,63}$")]
OFFERED = frozenset(
    {"canvas", "each", "animated", "letters", "words", "filled"}
    | {"easing", "ms", "path", "range", "loop"}
)
"""What templates know beside groups."""
MAX_DECLARATION_CHARS = 100_000


class DeclarationRefused(ValueError):
    """A component.json that cannot be used; what is wrong with it, in one line."""


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        defer_build=True,
    )


class Setting(_Strict):
    """What a group may say beside CSS. The default is a value as documents write it."""

    kind: Annotated[SettingType, Field(alias="type")]
    description: str = ""
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


class Group(_Strict):
    """A part of the component that a document can set.

    defaults  its CSS, and places (`vertical-align`), where the document does not say
    many      how many there may be: `rectangle1` … `rectangle10`; 0: it is one, without a number
    animate   whether it may say an `animate` object
    css       whether it may say CSS beside its settings
    """

    description: str = ""
    defaults: dict[str, str | float] = Field(default_factory=dict)
    settings: dict[Identifier, Setting] = Field(default_factory=dict)
    many: Annotated[int, Field(ge=0, le=50)] = 0
    animate: bool = False
    css: bool = True

    @model_validator(mode="after")
    def _files_are_found(self) -> Group:
        """Files are found by how keys are called: see text.css_urls."""
        for name, setting in self.settings.items():
            if (setting.kind == "image") != names_file(name):
                raise ValueError(
                    f"settings.{name}: of type image are the settings named src, and those that "
                    "end in -src or -image, and no others"
                )
            if (setting.kind == "markup") != holds_markup(name):
                raise ValueError(
                    f"settings.{name}: of type markup are the settings named html, and those that "
                    "end in -html, and no others"
                )
        return self

    def names(self, name: str) -> list[str]:
        """The names that documents use for it."""
        return [f"{name}{number}" for number in range(1, self.many + 1)] if self.many else [name]


class Declaration(_Strict):
    """All of a component.json. synonyms: other names of groups that documents use."""

    title: str
    description: str = ""
    section: str = ""
    intro_ms: Annotated[float, Field(ge=0, le=600_000)] = 0
    groups: Annotated[dict[Identifier, Group], Field(min_length=1, max_length=50)]
    synonyms: dict[Identifier, Identifier] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_are_free(self) -> Declaration:
        taken = [name for name in self.groups if name in OFFERED]
        if taken:
            raise ValueError(f"groups.{taken[0]}: templates know that name as something else")
        known = {each for name, group in self.groups.items() for each in group.names(name)}
        astray = [f"{other}: {name}" for other, name in self.synonyms.items() if name not in known]
        if astray:
            raise ValueError(f"synonyms.{astray[0]}: there is no such group")
        return self

    def by_name(self) -> dict[str, Group]:
        """Each name of a group that a document may use, to what is declared of it."""
        found = {each: group for name, group in self.groups.items() for each in group.names(name)}
        also = {other: found[name] for other, name in self.synonyms.items() if name in found}
        return also | found


@lru_cache(maxsize=256)
def read_declaration(text: str) -> Declaration:
    """Raises DeclarationRefused."""
    if len(text) > MAX_DECLARATION_CHARS:
        raise DeclarationRefused(f"is longer than {MAX_DECLARATION_CHARS} characters")
    try:
        return Declaration.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DeclarationRefused(": ".join(filter(None, [place, _words(first["msg"])]))) from None
    except (ValueError, RecursionError) as error:
        raise DeclarationRefused(f"is no JSON: {error}") from None


def _words(said: str) -> str:
    said = said.removeprefix("Value error, ")
    return said[:1].lower() + said[1:]
