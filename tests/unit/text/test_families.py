"""Which families come with us: what core says, and what the fonts layer holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from resplice.core.text.families import BUNDLED, GENERIC, TWINS, is_bundled, substitute

LAYER = Path(__file__).resolve().parents[3] / "layers/fonts/node_modules"


def test_core_names_the_families_that_the_layer_holds() -> None:
    manifests = LAYER.glob("@fontsource*/*/metadata.json")
    assert sorted(BUNDLED) == sorted(json.loads(each.read_text())["family"] for each in manifests)


def test_stand_ins_are_bundled() -> None:
    assert {*TWINS.values(), *GENERIC.values()} <= {*BUNDLED}


@pytest.mark.parametrize(
    "family",
    [
        *("Inter", "Roboto", "Anton", "Noto Sans", "Noto Serif", "Noto Sans JP", "Noto Sans SC"),
        *("Noto Sans TC", "Noto Sans KR", "Noto Sans Thai", "Noto Sans Hebrew", "arial"),
        *("Noto Sans Arabic", "Times New Roman", "sans-serif", "Oswald", "LUCKIEST GUY"),
    ],
)
def test_what_templates_use_is_there(family: str) -> None:
    assert is_bundled(family)


def test_others_are_not() -> None:
    assert not is_bundled("Grape Nuts")
    assert not is_bundled("")


def test_a_substitute_is_named_and_so_is_what_may_have_been_meant() -> None:
    assert substitute("Robotto", "does not come with us") == (
        "the font 'Robotto' does not come with us; drawn with Inter (did you mean 'Roboto'?)"
    )
    assert substitute("Grape Nuts", "is gone", ["Nope", "Lato"]) == (
        "the font 'Grape Nuts' is gone; drawn with Lato"
    )
