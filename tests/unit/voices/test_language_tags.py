"""Languages and regions of tags, and the accents that are near."""

from __future__ import annotations

import pytest
from resplice.core.voices.language_tags import accents, language_of, region_of, tagged


@pytest.mark.parametrize(
    ("tag", "language", "region"),
    [
        ("en-US", "en", "US"),
        ("en", "en", ""),
        ("iu-Latn-CA", "iu", "CA"),
        ("zh-CN-liaoning", "zh", "CN"),
        ("zh-HK", "yue", "HK"),
        ("arb", "ar", ""),
        ("cmn-CN", "zh", "CN"),
        ("no", "nb", ""),
        ("es-419", "es", "419"),
        ("", "", ""),
    ],
)
def test_a_tag_names_a_language_and_a_region(tag: str, language: str, region: str) -> None:
    assert (language_of(tag), region_of(tag)) == (language, region)


@pytest.mark.parametrize(
    ("language", "region", "best_first"),
    [
        ("en", "NG", ("NG", "GB", "US")),
        ("en", "US", ("US",)),
        ("es", "AR", ("AR", "MX", "ES")),
        ("en", "", ("US",)),
        ("ka", "GE", ("GE",)),
        ("xx", "", ()),
    ],
)
def test_near_accents_come_before_the_usual_one(
    language: str, region: str, best_first: tuple[str, ...]
) -> None:
    assert accents(language, region) == best_first


def test_a_language_is_tagged_with_its_usual_region() -> None:
    assert tagged("en") == "en-US"
    assert tagged("en", "GB") == "en-GB"
    assert tagged("ka") == "ka"
