"""The bundled fonts, as the fonts layer has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from resplice.adapters.chromium.bundled_fonts import ORIGIN, BundledFonts
from resplice.core.text import FALLBACK_FAMILY
from resplice.errors import PaintError

LAYER = Path(__file__).resolve().parents[2] / "layers" / "fonts"
FONTS = BundledFonts(LAYER)


def files(families: list[str], text: str) -> list[str]:
    rules = FONTS.rules(families, text)
    return re.findall(re.escape(ORIGIN) + r"([^)]+)", rules)


@pytest.mark.parametrize(
    "family",
    [
        *("Inter", "Roboto", "Anton", "Oswald", "Bebas Neue", "Montserrat", "Open Sans", "Lato"),
        *("Poppins", "Playfair Display", "Roboto Mono", "PT Sans", "Luckiest Guy", "Lobster"),
        *("Pacifico", "Nunito", "Arial", "nanum pen script", "Katibeh", "Lalezar", "Comic Neue"),
        *("Libre Baskerville", "Orelega One", "Shrikhand", "Fredericka the Great"),
    ],
)
def test_families_have_files(family: str) -> None:
    assert FONTS.has(family)
    found = files([family], "Hello")
    assert found
    assert all(FONTS.file(address) for address in found)


def test_only_the_subsets_that_a_text_needs() -> None:
    latin, cyrillic = files(["Inter"], "Hello"), files(["Inter"], "Привет")
    assert all("-latin-wght" in name for name in latin)
    assert {"-cyrillic-" in name for name in cyrillic} == {True, False}


def test_every_weight_of_a_static_family() -> None:
    assert len(files(["Lato"], "Hello")) == 10


def test_the_fallback_covers_scripts_and_puts_the_own_han_shapes_on_top() -> None:
    for text, package in [("今日は", "-jp/"), ("안녕 世", "-kr/"), ("世界", "-sc/")]:
        han = [name for name in files([FALLBACK_FAMILY], text) if re.search("-(jp|kr|sc)/", name)]
        assert package in han[-1]
    for text, package in [
        ("مرحبا", "arabic"),
        ("שלום", "hebrew"),
        ("😀", "emoji"),
        ("ไทย", "thai"),
    ]:
        assert any(package in name for name in files([FALLBACK_FAMILY], text))


def test_unknown_families_have_no_rules() -> None:
    assert not FONTS.has("Grape Nuts")
    assert FONTS.rules(["Grape Nuts"], "Hello") == ""


@pytest.mark.parametrize(
    "address",
    [
        *("", "../package.json", "@fontsource/lato/package.json", "/etc/passwd"),
        *("@fontsource/lato/files/../../anton/files/a.woff2", "@fontsource/no/files/a.woff2"),
        "@fontsource/lato/files/none.woff2",
    ],
)
def test_no_other_file_can_be_had(address: str) -> None:
    assert FONTS.file(address) is None


def test_the_digest_names_the_versions(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "@fontsource" / "one"
    package.mkdir(parents=True)
    (package / "metadata.json").write_text('{"family": "One"}')
    digests = []
    for version in "1.0.0", "1.0.0", "1.0.1":
        (package / "package.json").write_text(f'{{"name": "one", "version": "{version}"}}')
        digests.append(BundledFonts(tmp_path).digest())
    assert digests[0] == digests[1] != digests[2]
    assert re.fullmatch("[0-9a-f]{64}", FONTS.digest())


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[]", b"\xff"])
def test_fonts_that_cannot_be_read_are_an_error_of_painting(
    tmp_path: Path, manifest: bytes
) -> None:
    package = tmp_path / "node_modules" / "@fontsource" / "inter"
    package.mkdir(parents=True)
    (package / "metadata.json").write_bytes(manifest)
    with pytest.raises(PaintError, match="metadata"):
        BundledFonts(tmp_path).digest()


def test_no_fonts_are_an_error_of_painting(tmp_path: Path) -> None:
    with pytest.raises(PaintError, match="installed"):
        BundledFonts(tmp_path).rules([FALLBACK_FAMILY], "x")
