"""Names of several owners, told apart where they lie together."""

from __future__ import annotations

import pytest
from resplice.core.owners import FIRST_OWNER, OWNER, name_of, owned


def test_what_the_first_owner_has_is_called_as_before_there_were_others() -> None:
    assert owned(FIRST_OWNER, "mine") == "mine" and name_of(FIRST_OWNER, "mine") == "mine"


def test_an_owner_sees_the_own_names_only() -> None:
    stored = owned("acme", "mine")
    assert stored == "acme/mine" and name_of("acme", stored) == "mine"
    assert name_of("acme", "mine") is name_of(FIRST_OWNER, stored) is name_of("acm", stored) is None


@pytest.mark.parametrize("text", ["", "Acme", "a/b", ".a", "-a", "a" * 65, "é", "a b", "a\n"])
def test_what_no_owner_is_called(text: str) -> None:
    assert not OWNER.fullmatch(text)
