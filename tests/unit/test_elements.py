"""The table of element types: its rows are whole, and one row more is a type more, everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import drawn
import pytest
import resplice
from hypothesis import find
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from resplice.adapters.disk.local_files import located
from resplice.core.composition import FilePicture, Source
from resplice.core.document.expand import expand
from resplice.core.elements import BLANK, TYPES, ElementType, type_of
from resplice.core.elements.files import IMAGES, MASK, Address, Need, downloads
from resplice.core.elements.looks import file_shown
from resplice.core.elements.outcome import Heard, Passage, Shown, Surroundings
from resplice.core.elements.visual import VisualElement
from resplice.core.facts import MediaFacts, media
from resplice.core.plan import plan
from resplice.core.schema.faults import element_schema
from resplice.core.schema.json_schema import json_schema
from resplice.core.schema.movie import Movie, Scene
from resplice.core.schema.unknown import unknown_keys
from resplice.core.schema.validation import validate
from resplice.core.sources import (
    document_path,
    element_tasks,
    kind_problems,
    said_path,
    source_problems,
    unsuitable,
)
from resplice.core.tasks import FetchTask, PaintTask
from resplice.core.timeline import timeline
from resplice.errors import DocumentError
from warned_lines import plainly

PACKAGE = Path(resplice.__file__).parent
ICON = Address(("look", "icon"), ("icon",), IMAGES, lambda badge: badge.look.get("icon"))


class BadgeElement(VisualElement):
    """An element that only this file knows: an icon and words, painted, with a jingle."""

    type: Literal["badge"]
    words: str
    look: dict[str, Any] = {}  # noqa: RUF012


def needs(badge: BadgeElement, around: Surroundings) -> Iterator[Need]:
    """The icon's digest is part of the painting."""
    yield from downloads(badge, (ICON, MASK))
    icon = around.at(ICON.place)
    if icon or "icon" not in badge.look:
        yield (), PaintTask(9, 9, f"{badge.words} {icon.digest if icon else ''}")


def shown(badge: BadgeElement, around: Surroundings, life_frames: int) -> Shown:
    return file_shown(badge, around, life_frames)


def plays(badge: BadgeElement, around: Surroundings) -> Passage | None:
    return Passage(0, 2_000_000, 1)


def heard(badge: BadgeElement, around: Surroundings) -> Heard | None:
    return Heard(Source.of(media(around.own())), 0.5, in_step_with_frames=False)


BADGE = ElementType(
    "badge",
    BadgeElement,
    needs,
    (ICON, MASK),
    shown=shown,
    heard=heard,
    plays=plays,
    has_length=True,
    faults=lambda badge, around: iter([(("words",), "shouts")] if badge.words.isupper() else []),
    unknown=lambda badge: ((("look", name), ["icon"]) for name in badge.look if name != "icon"),
)


def rebuild() -> None:
    """The schema follows the table when it is built, which is at its first use."""
    for model in (Scene, Movie):
        model.model_rebuild(force=True)
    element_schema.cache_clear()


@pytest.fixture
def badge(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setitem(TYPES, "badge", BADGE)
        rebuild()
        yield
    rebuild()


def movie(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"scenes": [{"elements": list(elements)}], **more}


PICTURE = MediaFacts("b" * 64, 9, "image", "png_pipe", 64, 48, has_alpha=True)
BARE = {"type": "badge", "words": "Ann", "comment": {"of": "mine"}}


@pytest.mark.usefixtures("badge")
def test_a_row_more_is_a_type_more() -> None:
    document = movie({**BARE, "words": "{{who}}", "look": {"icon": "https://e.com/1"}, "x": 3})
    whole = validate(expand({**document, "variables": {"who": "Bea"}}))
    path = ("scenes", 0, "elements", 0)
    (icon,) = element_tasks(whole, {})
    assert (icon.path, icon.type, icon.forced) == ((*path, "icon"), "badge", False)
    assert icon.task == FetchTask("https://e.com/1")
    known = {(*path, "icon"): MediaFacts("a" * 64, 9, "image", "png_pipe")}
    (painting,) = element_tasks(whole, known)
    assert (painting.path, painting.task) == (path, PaintTask(9, 9, f"Bea {'a' * 64}"))
    facts = {**known, path: PICTURE}
    assert element_tasks(whole, facts) == []
    assert kind_problems(whole, facts) == []
    scene = timeline(whole, facts).scenes[0]
    assert scene.frames == 2 * 25
    assert [layer.look.x for layer in scene.layers] == [3]
    assert [(sound.volume, sound.end_s) for sound in scene.sounds] == [(0.5, 2)]
    pictures = {
        layer.picture for layer in plan(timeline(whole, facts), "high").segments[0].task.layers()
    }
    assert pictures == {FilePicture(Source.of(PICTURE))}


@pytest.mark.usefixtures("badge")
def test_all_that_is_said_against_a_type_is_its_rows() -> None:
    told = movie({"type": "badge"}, {"type": "budge"})
    with pytest.raises(DocumentError) as caught:
        validate(told)
    words, unknown = (problem.message for problem in caught.value.problems)
    assert words.endswith("The element type 'badge' requires a 'words' property.")
    assert unknown.endswith(f"known: {', '.join(TYPES)}")
    loud = validate(movie({**BARE, "words": "ANN", "look": {"icon": "ftp://e.com", "icno": 1}}))
    icon, shouts = source_problems(loud, files_allowed=False)
    assert icon.path == "scenes[0].elements[0].look.icon"
    assert shouts.message == "Scene #1, element #1: shouts"
    assert [*plainly(unknown_keys(loud))] == [
        "scenes[0].elements[0].look.icno is not known and does nothing; did you mean 'icon'?"
    ]
    path = ("scenes", 0, "elements", 0)
    sound = MediaFacts("c" * 64, 9, "audio", "mp3", has_audio=True)
    (problem,) = kind_problems(loud, {(*path, "icon"): sound})
    assert "is not an image file and cannot be used as a source for a badge" in problem.message
    assert problem.path == "scenes[0].elements[0].look.icon"


@pytest.mark.usefixtures("badge")
def test_local_files_of_a_type_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a")
    found = located(movie({**BARE, "look": {"icon": "a.png", "glow": "a.png"}}), tmp_path)
    look = found["scenes"][0]["elements"][0]["look"]
    assert look["icon"].startswith(f"file://{tmp_path}/a.png?size=1")
    assert look["glow"] == "a.png"


@pytest.mark.usefixtures("badge")
def test_a_type_is_drawn_by_its_own_strategy(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="badge"):
        drawn.elements(drawn.PLANNED)
    strategy = drawn.element("badge", {"words": st.just("Ann")}, {})
    monkeypatch.setitem(drawn.STRATEGIES, "badge", lambda ranges: strategy)
    found = find(drawn.elements(drawn.PLANNED), lambda each: each["type"] == "badge")
    assert found == {"type": "badge", "words": "Ann"}


@pytest.mark.usefixtures("badge")
def test_json_schema_lists_a_type_more() -> None:
    assert "badge" in element_types(json_schema())


def test_a_made_up_type_is_gone_afterwards() -> None:
    with pytest.raises(DocumentError):
        validate(movie(BARE))


def element_types(schema: dict[str, Any]) -> set[str]:
    choices = schema["$defs"]["Element"]["properties"]["type"]["anyOf"]
    return {each["const"] for each in choices if "const" in each}


def test_json_schema_lists_all_types() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert element_types(schema) == TYPES.keys()
    for bad in ({"type": "budge"}, {"type": "text"}, {"type": "image", "src": "a", "zoom": {}}):
        assert list(Draft202012Validator(schema).iter_errors(movie(bad))), bad


@pytest.mark.parametrize("name", TYPES)
def test_a_row_is_whole(name: str) -> None:
    row = TYPES[name]
    assert row.name == name
    assert row.model.model_fields["type"].annotation == Literal[name]  # type: ignore[valid-type]
    seen_over = row.shown_over is not BADGE.shown_over
    assert row.shown or row.heard or seen_over, "nobody would notice it"
    assert len({address.place for address in row.addresses}) == len(row.addresses)


def test_a_blank_shows_and_needs_nothing() -> None:
    blank = validate(movie(BLANK))
    assert source_problems(blank, files_allowed=False) == []
    assert not list(type_of(blank.scenes[0].elements[0]).unknown(blank.scenes[0].elements[0]))


def test_a_path_is_where_the_document_says_it() -> None:
    path = ("scenes", 0, "elements", 1)
    assert document_path(path, "image") == (*path, "src")
    assert document_path((*path, "mask"), "image") == (*path, "mask")
    assert document_path(path, "text") == path
    font = (*path, "settings", "font-url")
    assert document_path(font, "text") == font
    captions = (*path, "captions")
    assert document_path(captions, "subtitles") == said_path(captions, "subtitles") == captions
    assert said_path((*path, "transcript", "a" * 64), "subtitles") == path
    assert said_path((*path, "line", 3), "subtitles") == path
    assert said_path(path, "image") == path and said_path((*path, "mask"), "image")[-1] == "mask"
    words = unsuitable("text", ("settings", "font-url"), "https://e.com/a", "a video")
    assert (
        "is not a font file and cannot be used as a source for a text element's font-url" in words
    )


OUTSIDE = [path for path in PACKAGE.rglob("*.py") if "core/elements" not in path.as_posix()]
SHARED = list(PACKAGE.glob("core/elements/*.py"))
"""What types share knows none of them by its name."""
MODELS = {row.model.__name__ for row in TYPES.values()} | {"VisualElement", "Sounding", "Playing"}


def asks_for_a_type(tree: ast.AST) -> Iterator[ast.AST]:
    """Where a module decides by the type of an element."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
                names = {n.id for n in ast.walk(kinds) if isinstance(n, ast.Name)}
                names |= {n.attr for n in ast.walk(kinds) if isinstance(n, ast.Attribute)}
                if names & MODELS:
                    yield node
            case ast.Compare() if any(map(is_type, [node.left, *node.comparators])):
                if any(map(names_a_type, [node.left, *node.comparators])):
                    yield node
            case ast.Match(subject=subject) if any(map(is_type, ast.walk(subject))):
                yield node


def is_type(node: ast.AST) -> bool:
    """`x.type`, `x["type"]`, `x.get("type")`."""
    match node:
        case ast.Attribute(attr="type") | ast.Subscript(slice=ast.Constant(value="type")):
            return True
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value="type"), *_]):
            return True
    return False


def names_a_type(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Constant) and n.value in TYPES for n in ast.walk(node))


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("isinstance(x, TextElement)", True),
        ("isinstance(x, model.TextElement | str)", True),
        ("x.type == 'image'", True),
        ("'image' != x['type']", True),
        ("x.get('type') in ('image', 'video')", True),
        ("match x.type:\n  case 'image': pass", True),
        ("x.kind == 'image'", False),
        ("detail['type'] == 'missing'", False),
        ("TYPES[x.type]", False),
    ],
)
def test_a_question_for_a_type_is_found(code: str, asks: bool) -> None:
    assert bool(list(asks_for_a_type(ast.parse(code)))) == asks


def test_nobody_else_asks_for_an_elements_type() -> None:
    assert len(OUTSIDE) > 80
    asking = [
        f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
        for path in [*OUTSIDE, *SHARED]
        for node in asks_for_a_type(ast.parse(path.read_text()))
    ]
    assert asking == []


def test_nobody_else_knows_a_types_folder() -> None:
    folders = {f"resplice.core.elements.{name}" for name in TYPES}
    naming = (text for path in OUTSIDE if "core.elements." in (text := path.read_text()))
    knowing = [
        node.module
        for text in naming
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        and ".".join((node.module or "").split(".")[:4]) in folders
    ]
    assert knowing == []
