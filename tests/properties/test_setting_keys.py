"""Every setting that a component of the catalog declares, and every text style's, is in the key.

Nothing is painted: the declarations are walked, so that a new setting is tested from birth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from drawn import OFFERS, file_facts
from resplice.core.declarations import Setting, read_declaration
from resplice.core.document.paths import DocumentPath
from resplice.core.elements.component.settings import unknown
from resplice.core.facts import Facts
from resplice.core.keys import element_key
from resplice.core.schema.validation import validate
from resplice.core.sources import element_tasks
from resplice.core.tasks import AnimateTask, FetchTask, PaintTask
from resplice.core.text.settings import SETTINGS
from resplice.core.text.styles import STYLES
from resplice.core.tools import Tools

TOOLS = Tools("f", "r", "b", "c")
Said = dict[str, Any]

OF_TYPE: Mapping[str, tuple[Any, Any]] = {
    "text": ("One", ["One", "two"]),
    "number": (1, "2.5"),
    "integer": (1, 2),
    "milliseconds": (700, "800"),
    "easing": ("linear", "easeInSine"),
    "colour": ("red", "blue"),
    "angle": (10, "0.5turn"),
    "css": ("31%", "33%"),
    "image": ("https://e.com/1", "https://e.com/2"),
    "boolean": (True, False),
    "markup": ("<b>a</b>", "<i>a</i>"),
    "points": ("0,0 9,0 9,9", "0,0 9,0 5,9"),
    "list": (["a", "b"], ["a", ["c"]]),
}
"""Two values of each type of a setting."""
OWN: Mapping[str, tuple[Any, Any]] = {
    "vertical-align": ("top", "bottom"),
    "horizontal-align": ("left", "right"),
    "text-align": ("left", "right"),
    "font-family": ("Roboto", "Anton"),
    "font-weight": ("300", "800"),
    "color": ("red", "blue"),
    "min-font-size": ("5px", "6px"),
    "max-font-size": ("50px", "60px"),
    "columns": (["a", "b"], ["c", "d"]),
    "rows": ([["a", "b"]], [["c", "d"]]),
}
SHAPES = {"cx": "circle", "cy": "circle", "r": "circle", "rx": "ellipse", "ry": "ellipse"}
SHAPES |= dict.fromkeys(("x", "y", "width", "height"), "rect") | {"points": "polygon"}
"""Which form of a hole each of its sizes is of."""


def two_values(key: str, setting: Setting | None) -> tuple[Any, Any]:
    if key in OWN:
        return OWN[key]
    if setting and setting.kind == "choice":
        return setting.choices[0], setting.choices[1]
    return OF_TYPE[setting.kind if setting else "css"]


def declared() -> Iterator[tuple[str, str, str, Setting | None]]:
    for folder in OFFERS.components:
        for name, group in read_declaration(folder.declaration).groups.items():
            for key in [*group.defaults, *group.settings]:
                yield folder.name, group.names(name)[0], key, group.settings.get(key)


def full(name: str) -> Said:
    """Settings that show all of a component's groups, and whatever they may say."""
    said: Said = {}
    folder = OFFERS.component(name)
    assert folder
    for group, each in read_declaration(folder.declaration).groups.items():
        own = {key: OF_TYPE[s.kind][0] for key, s in each.settings.items() if s.kind in SHOWN}
        said[each.names(group)[0]] = own | {"font-size": "20px"} if "text" in own else own
    if "data" in said:
        said["data"] = {"columns": ["a", "b"], "rows": [["c", "d"]]}
    return said


SHOWN = ("text", "image", "markup", "points")


def key_of(element: Said) -> str:
    """Of the painting, its files being what they are by their URLs."""
    movie = validate({"scenes": [{"duration": 2, "elements": [element]}]})
    known: dict[DocumentPath, Facts] = {}
    while tasks := element_tasks(movie, known, OFFERS):
        for each in tasks:
            if isinstance(each.task, PaintTask | AnimateTask):
                return element_key(each.task, TOOLS)
            assert isinstance(each.task, FetchTask)
            known[each.path] = file_facts(each.task.url, "image")
    raise AssertionError("nothing is painted")


def component(name: str, settings: Said) -> Said:
    return {"type": "component", "component": name, "settings": settings}


@pytest.mark.parametrize(
    ("name", "group", "key", "setting"),
    list(declared()),
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_declared_setting_is_in_the_key(
    name: str, group: str, key: str, setting: Setting | None
) -> None:
    said = full(name)
    if key in SHAPES and group == "cutout":
        said[group] |= {"shape": SHAPES[key]}
    if key in ("min-font-size", "max-font-size"):
        said[group] |= {"font-size": "auto"}
    values = two_values(key, setting)
    keys = {key_of(component(name, {**said, group: {**said[group], key: v}})) for v in values}
    assert len(keys) == 2


GROUPS = [
    (folder.name, group.names(name)[0])
    for folder in OFFERS.components
    for name, group in read_declaration(folder.declaration).groups.items()
    if group.css
]


@pytest.mark.parametrize(("name", "group"), GROUPS)
@pytest.mark.parametrize("key", ["opacity", "letter-spacing", "background-color"])
def test_any_css_of_a_group_is_in_the_key(name: str, group: str, key: str) -> None:
    said = full(name)
    keys = {key_of(component(name, {**said, group: {**said[group], key: v}})) for v in (0.25, 0.5)}
    assert len(keys) == 2


def test_css_of_a_group_that_has_none_does_nothing_and_is_told() -> None:
    for folder in OFFERS.components:
        declaration = read_declaration(folder.declaration)
        for name in (name for name, group in declaration.groups.items() if not group.css):
            said = {**full(folder.name), name: {**full(folder.name)[name], "opacity": 0.5}}
            assert key_of(component(folder.name, said)) == key_of(
                component(folder.name, full(folder.name))
            )
            assert [*unknown(declaration, said)] == [("settings", name, "opacity")]


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_of_a_text_is_in_the_key(key: str) -> None:
    one, other = OWN.get(key.replace("position", "align").replace("font-color", "color"), (2, 5))
    for style in STYLES:
        text = {"type": "text", "text": "Ann", "style": style}
        said = [{**text, "settings": {key: value}} for value in (one, other)]
        assert key_of(said[0]) != key_of(said[1])
