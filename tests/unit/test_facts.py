"""Facts of stored bytes: what they hold when they are only a digest, and how they are read back."""

from __future__ import annotations

import pytest
from resplice.core.facts import (
    MediaFacts,
    content_key,
    facts_from_json,
    facts_to_json,
    media,
)

STILL = MediaFacts("a" * 64, 9, "image", "png_pipe", 64, 48, has_alpha=True, x=3, y=4)
CLIP = MediaFacts("b" * 64, 9, "video", "mov", 64, 48, 1_500_000, has_audio=True, untagged=True)


@pytest.mark.parametrize("facts", [STILL, CLIP])
def test_facts_are_read_as_they_were_written(facts: MediaFacts) -> None:
    written = facts_to_json(facts)
    assert written["tag"] == "media"
    assert facts_from_json(written) == facts
    assert facts_from_json({**written, "author": "another one's"}) == facts


def test_facts_of_before_lack_what_was_added_since() -> None:
    written = facts_to_json(STILL)
    assert facts_from_json({k: v for k, v in written.items() if k not in ("x", "y")}).digest
    with pytest.raises(ValueError, match="kind"):
        facts_from_json({**written, "kind": "song"})


def test_bytes_lie_under_their_digest() -> None:
    assert content_key("c" * 64) == f"elements/content/{'c' * 64}"
    assert media(CLIP) is CLIP
