"""A document as it is kept and shown: no secret of its destinations is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.core.document.expand import expand
from resplice.core.exports.secrecy import MASK, tells_secrets, without_secrets
from resplice.core.schema.validation import validate

SECRET = "hunter2-hidden"


def kept(document: dict[str, Any]) -> dict[str, Any]:
    return without_secrets(document, validate(expand(document)).exports)


def document(password: Any, **more: Any) -> dict[str, Any]:
    ftp = {"type": "ftp", "host": "h", "username": "u", "password": password}
    return {"scenes": [{}], "exports": [{"destinations": [ftp]}], **more}


def test_a_secret_is_masked_and_all_else_stays() -> None:
    sent = document(SECRET, comment="a password", variables={"a": 1})
    shown = kept(sent)
    assert shown == document(MASK, comment="a password", variables={"a": 1})
    assert sent == document(SECRET, comment="a password", variables={"a": 1})


def test_a_secret_that_comes_through_a_variable_is_masked_there() -> None:
    variables = {"pw": SECRET, "deep": {"list": [SECRET, "else"]}, "h": "hi", "n": 7}
    shown = kept(document("{{ pw }}", variables=variables))
    wanted = {"pw": MASK, "deep": {"list": [MASK, "else"]}, "h": "hi", "n": 7}
    assert shown == document("{{ pw }}", variables=wanted)


def test_parts_of_a_secret_are_masked_too() -> None:
    variables = {"first": SECRET[:7], "second": SECRET[7:], "short": "hun"}
    shown = kept(document("{{first}}{{second}}", variables=variables))
    assert shown["variables"] == {"first": MASK, "second": MASK, "short": "hun"}
    assert SECRET not in json.dumps(shown)


@pytest.mark.parametrize("said", [SECRET + "{{ none }}", "{{ 'hunter2-' }}{{ pw }}"])
def test_what_stands_beside_a_variable_is_masked(said: str) -> None:
    shown = kept(document(said, variables={"pw": "hidden", "none": ""}))
    assert shown["exports"][0]["destinations"][0]["password"] == MASK
    assert "hunter2" not in json.dumps(shown)


def test_numbers_are_secrets_too_and_one_destination_may_stand_alone() -> None:
    one = {"type": "s3", "bucket": "bbb", "access-key": "a", "secret-key": 1234567}
    sent = {"scenes": [{}], "exports": {"destinations": one}}
    assert kept(sent)["exports"]["destinations"] == {**one, "secret-key": MASK}


def test_a_document_without_secrets_is_the_same() -> None:
    sent = {"scenes": [{}], "exports": [{"destinations": [{"type": "webhook"}]}]}
    assert kept(sent) is sent
    masked = document(MASK)
    assert kept(masked) is masked


@pytest.mark.parametrize(
    ("password", "variables", "told"),
    [
        (SECRET, {}, True), (7, {}, True), ("{{ pw }}", {"pw": SECRET}, True),
        ("a{{ pw }}", {}, True), ("{{ pw }}", {}, False), ("{{ pw }}", {"pw": ""}, False),
        ("", {}, False), (MASK, {}, False),
    ],
)  # fmt: skip
def test_whether_who_reads_a_document_reads_a_secret(
    password: Any, variables: dict[str, Any], told: bool
) -> None:
    assert tells_secrets(document(password, variables=variables)) is told
    assert not tells_secrets({"scenes": [{}], "variables": []})
