"""What documents may say of destinations, and what is said to those that say something else."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.exports.model import MOST_DESTINATIONS, Destination, Export, fault_of
from resplice.core.schema.validation import checked
from resplice.errors import Problem

BLANK = {"type": "webhook", "endpoint": "https://example.com/"}


def problems(**said: Any) -> list[Problem]:
    document = {"scenes": [{}], "exports": [{"destinations": [said]}]}
    return checked(document)[1]


@pytest.mark.parametrize(
    "given",
    [
        [{"destinations": [{"type": "webhook"}]}], {"destinations": {"type": "WebHook "}},
        [{"destinations": {"type": "webhook"}, "more": 1}],
    ],
)  # fmt: skip
def test_one_may_stand_for_a_list_of_one(given: Any) -> None:
    movie, wrong = checked({"scenes": [{}], "exports": given})
    assert not wrong and movie
    [export] = movie.exports
    assert [each.type for each in export.destinations] == ["webhook"]


@pytest.mark.parametrize("nothing", [None, [], "", [{"destinations": []}]])
def test_nothing_is_sent_nowhere(nothing: Any) -> None:
    movie, wrong = checked({"scenes": [{}], "exports": nothing})
    assert not wrong and movie and not [each for e in movie.exports for each in e.destinations]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("json", "application/json"), ("JSON", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("urlencoded", "application/x-www-form-urlencoded"),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
def test_short_and_full_names_of_content_types(written: str, meant: str) -> None:
    assert Destination.model_validate({"content-type": written}).content_type == meant


def test_numbers_and_lists_come_as_they_are_written() -> None:
    said = {"port": "2121", "password": 12345, "to": ["a@b.co", "c@d.co"], "secure": "true"}
    read = Destination.model_validate(said).said()
    assert read == {"port": 2121, "password": "12345", "to": "a@b.co, c@d.co", "secure": True}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("type", "youtube", "'type' must be one of webhook, ftp, sftp, email, s3, not 'youtube'"),
        ("host", "a b", "'host' must be the name of a server"),
        ("host", "ftp.example.com/dir", "'host' must be the name of a server"),
        ("port", 70_000, "'port'"), ("port", "x", "'port' must be a whole number"),
        ("username", "a\r\nDELE b", "'username' must be one line"),
        ("remote-path", "a\x00b", "'remote-path' must be one line"),
        ("file", "x" * 3_000, "'file' must be one line"),
        ("subject", "a\nBcc: all@example.com", "'subject' must be one line"),
        ("to", "nobody", "'to' must be e-mail addresses"), ("to", "", "'to' must be e-mail"),
        ("to", ", ".join(["a@b.co"] * 21), "'to' must have at most 20 e-mail addresses"),
        ("to", "a@b.co>, <c@d.co", "'to' must be e-mail addresses"),
        ("from", "a@b.co\nBcc: c@d.co", "'from' must be e-mail addresses"),
        ("content-type", "xml", "'content-type' must be one of json, urlencoded"),
        ("region", "evil.example/#", "'region' must be a region"),
        ("bucket", "a/b", "'bucket' must be the name of a bucket"),
        ("message", "x" * 30_000, "'message' must have at most 20000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_is(field: str, value: Any, words: str) -> None:
    [problem] = problems(**{field: value})
    assert problem.path == f"exports[0].destinations[0].{field}" and words in problem.message


@pytest.mark.parametrize("field", ["password", "secret-key"])
@pytest.mark.parametrize("value", ["hunter2\n", ["hunter2"], {"a": "hunter2"}, "hunter2" * 900])
def test_a_secret_is_in_no_message(field: str, value: Any) -> None:
    [problem] = problems(**{field: value})
    assert problem.path.endswith(field) and "hunter2" not in problem.message


def test_more_than_anybody_needs_is_refused() -> None:
    many = [{"password": "hunter2"}] * (MOST_DESTINATIONS + 1)
    _, [problem] = checked({"scenes": [{}], "exports": [{"destinations": many}]})
    assert problem == Problem("exports[0].destinations", "This list must have at most 20 items")


def test_there_are_no_more_of_all_lists_together() -> None:
    one = {"destinations": [{"type": "webhook"}]}
    _, wrong = checked({"scenes": [{}], "exports": [one] * MOST_DESTINATIONS})
    assert not wrong
    pair = {"destinations": one["destinations"] * 2}
    _, [problem] = checked({"scenes": [{}], "exports": [one] * (MOST_DESTINATIONS - 1) + [pair]})
    assert problem.path == "exports"
    assert problem.message == "There may be at most 20 destinations, all together"


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"destinations": {"type": "pigeon", "id": "a"}}, [[{"id": "a"}]]),
        ([{"destinations": [7, {"port": "x", "host": "h"}]}, 7], [[BLANK, {"host": "h"}], []]),
        ([{"destinations": 7}, {"destinations": {"type": "ftp"}}], [[], [{"type": "ftp"}]]),
        (7, []),
    ],
)
def test_what_is_well_is_looked_at_though_something_is_not(given: Any, left: list[Any]) -> None:
    movie, wrong = checked({"scenes": [{}], "exports": given})
    assert movie and wrong
    read = [[each.model_dump(exclude_unset=True) for each in e.destinations] for e in movie.exports]
    assert read == left


def test_a_value_is_checked_alone_too() -> None:
    assert fault_of("port", "21") is None and fault_of("host", "h.example") is None
    assert "server" in str(fault_of("host", "a b")) and fault_of("port", "x")


def test_what_it_says_is_only_what_it_knows() -> None:
    export = Export.model_validate({"destinations": [{"type": "ftp", "id": "x", "odd": 1}]})
    assert export.destinations[0].said() == {}
