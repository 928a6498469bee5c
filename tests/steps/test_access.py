"""Who may do what: keys that are missing, wrong, too old, or good for looking only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from resplice.api.errors import status_of
from resplice.core.quotas import Bounds, KeyBounds
from resplice.errors import AccessRefused
from resplice.ports import Ports
from resplice.ports.api_keys import Role
from resplice.steps import access
from resplice.steps.access import Caller
from studio import studio

EXPIRES_AT_MS = 1_700_000_000_000


@dataclass
class SetClock:
    at_ms: int = EXPIRES_AT_MS - 1

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ports(tmp_path: Path, clock: SetClock) -> Iterator[Ports]:
    with studio(tmp_path) as lab:
        yield replace(lab.ports, clock=clock)


def refusal(given: str, ports: Ports, needed: Role = "render") -> str:
    with pytest.raises(AccessRefused) as caught:
        access.check(given, ports, needed)
    return f"{status_of(caught.value)} {caught.value}"


def test_a_key_must_be_shown(ports: Ports) -> None:
    assert refusal("", ports) == "400 Error: API Key not provided"


@pytest.mark.parametrize("given", ["wrong", "ключ", "\0", "x" * 100_000, " "])
def test_a_wrong_key_is_refused(ports: Ports, given: str) -> None:
    access.new_key("one", "render", None, ports)
    assert refusal(given, ports) == "400 Error: Invalid API Key"


def test_neither_a_part_of_a_key_nor_its_digest_is_a_key(ports: Ports) -> None:
    text = access.new_key("one", "render", None, ports)
    for given in (text[:-1], text + "a", text.swapcase(), access.digest_of(text)):
        assert refusal(given, ports) == "400 Error: Invalid API Key"


def test_the_programs_own_key_is_the_one_it_was_given() -> None:
    assert access.is_own("own", "own")
    for given, own in (("own", None), ("", None), ("", ""), ("ow", "own"), ("ключ", "own")):
        assert not access.is_own(given, own)


ROLES: tuple[Role, ...] = ("viewer", "render", "editor", "manager", "admin")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_those_before_it_may(ports: Ports, role: Role) -> None:
    text = access.new_key("one", role, None, ports)
    own = ROLES.index(role)
    for needed in ROLES[: own + 1]:
        assert access.check(text, ports, needed) == Caller(
            "self", role, "one", None, access.digest_of(text)[:12]
        )
    for needed in ROLES[own + 1 :]:
        assert refusal(text, ports, needed) == "403 Insufficient permissions"


def test_a_key_opens_what_its_owner_has(ports: Ports) -> None:
    text = access.new_key("one", "render", None, ports, "acme")
    assert access.check(text, ports, "render") == Caller(
        "acme", "render", "one", None, access.digest_of(text)[:12]
    )


def test_who_shows_a_key_with_bounds_is_bounded(ports: Ports) -> None:
    bounds = Bounds(movies=3)
    text = access.new_key("one", "render", None, ports, "acme", bounds)
    bounded = KeyBounds(access.digest_of(text), bounds)
    assert access.check(text, ports, "render") == Caller(
        "acme", "render", "one", bounded, access.digest_of(text)[:12]
    )


def test_a_key_ends_at_its_millisecond(ports: Ports, clock: SetClock) -> None:
    text = access.new_key("one", "render", EXPIRES_AT_MS, ports)
    access.check(text, ports, "render")
    clock.at_ms = EXPIRES_AT_MS
    assert refusal(text, ports) == "400 Error: Invalid API Key"
    clock.at_ms = EXPIRES_AT_MS + 1
    assert refusal(text, ports, "viewer") == "400 Error: Invalid API Key"


def test_an_expired_viewer_is_told_no_more_than_a_stranger(ports: Ports, clock: SetClock) -> None:
    text = access.new_key("one", "viewer", EXPIRES_AT_MS, ports)
    clock.at_ms = EXPIRES_AT_MS
    assert refusal(text, ports) == "400 Error: Invalid API Key"


def test_a_removed_key_is_refused(ports: Ports) -> None:
    text = access.new_key("one", "render", None, ports)
    assert ports.api_keys.remove(access.digest_of(text))
    assert refusal(text, ports) == "400 Error: Invalid API Key"


def test_keys_are_long_and_kept_nowhere(ports: Ports, tmp_path: Path) -> None:
    texts = {access.new_key("one", "render", None, ports) for _ in range(20)}
    assert len(texts) == 20
    assert {len(text) for text in texts} == {access.KEY_CHARS}
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(text.encode() in stored for text in texts)
