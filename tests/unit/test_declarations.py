"""What a component says of itself is read strictly, and each slip is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.declarations import MAX_DECLARATION_CHARS, DeclarationRefused, read_declaration
from resplice.core.elements.component.settings import Frame, read

BARE: dict[str, Any] = {
    "title": "Shapes",
    "intro-ms": 5000,
    "groups": {
        "card": {"settings": {"text": {"type": "text"}, "src": {"type": "image"}}},
        "shape": {"many": 3, "animate": True},
    },
    "synonyms": {"board": "card"},
}


def declared(**more: Any) -> Any:
    return read_declaration(json.dumps({**BARE, **more}))


def test_groups_have_the_names_that_documents_use() -> None:
    found = declared()
    assert list(found.by_name()) == ["board", "card", "shape1", "shape2", "shape3"]
    assert found.by_name()["board"] is found.groups["card"]
    assert found.intro_ms == 5000 and found.groups["shape"].animate


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ('{"title": ' + "[" * 100_000, f"is longer than {MAX_DECLARATION_CHARS} characters"),
        ("[" * 90_000, "is no JSON"),
        ('{"title": "a"}', "groups: field required"),
        ("[]", "input should be a valid dictionary"),
    ],
)
def test_what_is_no_declaration_is_told(text: str, words: str) -> None:
    with pytest.raises(DeclarationRefused, match=words):
        read_declaration(text)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"groups": {}}, "groups: dictionary should have at least 1 item"),
        ({"intro": 3}, "intro: extra inputs are not permitted"),
        ({"intro-ms": -1}, "intro-ms: input should be greater than or equal to 0"),
        ({"groups": {"card": {"mani": 3}}}, "groups.card.mani: extra inputs"),
        ({"groups": {"Card": {}}}, r"groups.Card.\[key\]: string should match pattern"),
        ({"groups": {"each": {}}}, "groups.each: templates know that name as something else"),
        ({"synonyms": {"lead": "body"}}, "synonyms.lead: body: there is no such group"),
        (
            {"groups": {"card": {"settings": {"a": {"type": "size"}}}}},
            "groups.card.settings.a.type: input should be 'text', 'number'",
        ),
        (
            {"groups": {"card": {"settings": {"logo": {"type": "image"}}}}},
            "groups.card: settings.logo: of type image are the settings named src",
        ),
        (
            {"groups": {"card": {"settings": {"src": {"type": "text"}}}}},
            "groups.card: settings.src: of type image",
        ),
        (
            {"groups": {"card": {"settings": {"drawing": {"type": "markup"}}}}},
            "groups.card: settings.drawing: of type markup are the settings named html",
        ),
    ],
)
def test_each_slip_is_told_with_its_place(more: dict[str, Any], words: str) -> None:
    with pytest.raises(DeclarationRefused, match=words):
        declared(**more)


@pytest.mark.parametrize("folder", ComponentFolders(CATALOG).all(), ids=lambda each: each.name)
def test_all_of_the_catalog_says_well_what_it_is(folder: Any) -> None:
    found = read_declaration(folder.declaration)
    assert found.title and found.description and found.section
    assert read(found, {}, Frame(640, 360)).faults == ()
    assert folder.page and "</" not in folder.style
