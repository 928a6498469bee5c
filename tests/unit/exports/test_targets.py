"""Destinations completed by connections, and what can be said against them."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.exports.model import Export
from resplice.core.exports.targets import (
    Target,
    completed,
    connections_named,
    target_problems,
    targets_of,
)
from resplice.core.providers import Connection

FTP = Connection(
    *("mine", "ftp"),
    (("host", "f.example"), ("port", "2121"), ("username", "u"), ("secure", "yes")),
)
HOOK = Connection(
    "hook", "webhook", (("endpoint", "https://h.example/a"), ("content-type", "json"))
)
VOICE = Connection("voice", "elevenlabs")
KNOWN = (FTP, HOOK, VOICE)


def exports(*destinations: dict[str, Any]) -> tuple[Export, ...]:
    return (Export.model_validate({"destinations": list(destinations)}),)


def faults(said: dict[str, Any]) -> list[tuple[str, str]]:
    found = target_problems(exports(said), KNOWN)
    return [(each.path.removeprefix("exports[0].destinations[0]"), each.message) for each in found]


ACCOUNT = {"type": "ftp", "host": "h.example", "username": "u", "password": "p"}


def test_what_a_document_says_alone_is_completed_with_defaults() -> None:
    [target] = targets_of(exports(ACCOUNT))
    complete = completed(target, ())
    own = {"host": "h.example", "username": "u", "password": "p", "port": 21, "remote-path": "./"}
    assert complete.settings == own and complete.connection is None
    assert complete.where == "h.example" and "'p'" not in repr((target, complete))


def test_a_connection_says_what_the_document_does_not() -> None:
    [target] = targets_of(exports({"id": "mine", "file": "a.mp4"}), KNOWN)
    assert target == Target("", {"file": "a.mp4"}, "mine")
    complete = completed(target, KNOWN)
    assert complete.kind.name == "ftp" and complete.connection == "mine"
    assert (complete.settings["port"], complete.settings["secure"]) == (2121, True)
    assert (complete.settings["host"], complete.settings["file"]) == ("f.example", "a.mp4")
    with pytest.raises(ValueError, match="no connection 'mine'"):
        completed(target, ())


def test_an_id_beside_a_type_counts_only_when_it_is_a_connection() -> None:
    mine, other = targets_of(exports({**ACCOUNT, "id": "x7"}, {"type": "ftp", "id": "mine"}), KNOWN)
    assert mine.connection is None and other.connection == "mine"
    assert faults({**ACCOUNT, "id": "x7"}) == []
    assert connections_named(exports({"id": "a"}, {"connection": "b"}, {})) == {"a", "b"}


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ({}, ".type", "required: one of webhook, ftp, sftp, email, s3"),
        ({"type": "webhook"}, ".endpoint", "requires a 'endpoint' property"),
        ({"type": "email", "subject": "a"}, ".to", "requires a 'to' property"),
        ({"type": "ftp", "host": "h", "username": "u"}, ".password", "requires a 'password'"),
        ({"id": "nobody"}, "", "There is no connection 'nobody'"),
        ({"type": "ftp", "connection": "nobody"}, "", "There is no connection 'nobody'"),
        ({"id": "voice"}, "", "no movie is sent there"),
        ({"type": "sftp", "connection": "mine"}, "", "no movie is sent there"),
        ({"id": "mine", "host": "evil.example"}, ".host", "cannot be replaced"),
        ({"id": "mine", "secure": False}, ".secure", "cannot be replaced"),
        ({"id": "mine", "password": "x"}, ".password", "cannot be replaced"),
        ({"id": "hook", "endpoint": "https://evil.example"}, ".endpoint", "cannot be replaced"),
        ({"type": "webhook", "endpoint": "ftp://h/"}, ".endpoint", "must be an https URL"),
        ({"type": "webhook", "endpoint": "https://"}, ".endpoint", "not a valid URL"),
        ({"type": "webhook", "endpoint": "https://u:p@h/"}, ".endpoint", "credentials"),
        ({"type": "webhook", "endpoint": "https://h:99999/"}, ".endpoint", "not a valid URL"),
    ],
)
def test_what_cannot_be_sent_is_told(said: dict[str, Any], path: str, words: str) -> None:
    [(where, message)] = faults(said)
    assert where == path and words in message


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({}, ""),
        ({"type": "webhook", "endpoint": "https://h.example/"}, ""),
        ({"destination": []}, "; 'destination' is not known, did you mean 'destinations'?"),
    ],
)
def test_what_names_no_destinations_is_told_what_it_needs(said: dict[str, Any], hint: str) -> None:
    [problem] = target_problems([Export.model_validate(said)])
    assert problem.path == "exports[0]" and "requires 'destinations', a list" in problem.message
    assert problem.message.endswith(f"]{hint}")
    assert target_problems([Export(destinations=())]) == []


def test_what_a_connection_says_may_be_repeated() -> None:
    said = {"host": "f.example", "port": 2121, "secure": True, "remote-path": "x", "file": "y"}
    assert faults({"id": "mine", **said}) == []


def test_settings_of_a_connection_are_read_as_documents_are() -> None:
    [target] = targets_of(exports({"id": "hook"}), KNOWN)
    assert completed(target, KNOWN).settings["content-type"] == "application/json"


@pytest.mark.parametrize("url", ["https://h.example:8443/a?b=1", "http://127.0.0.1:5678/x"])
def test_which_ports_and_hosts_are_open_is_seen_when_something_is_sent(url: str) -> None:
    assert faults({"type": "webhook", "endpoint": url}) == []


def test_people_are_not_shown_what_could_be_a_key() -> None:
    url = "https://h.example/hook/7?token=hunter2"
    [target] = targets_of(exports({"type": "webhook", "endpoint": url}))
    assert completed(target, ()).where == "https://h.example"


def test_of_a_connections_address_only_the_host_is_shown() -> None:
    """Its path is the secret of many a service, and no document shows it."""
    [target] = targets_of(exports({"id": "hook"}), KNOWN)
    assert completed(target, KNOWN).where == "https://h.example"


def test_a_target_is_kept_as_json() -> None:
    for target in targets_of(exports(ACCOUNT, {"id": "mine"}), KNOWN):
        assert Target.from_json(target.as_json()) == target
