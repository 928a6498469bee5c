"""A function's environment: what is missing is told at its cold start, by name."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest
from resplice.core.keys import Tools
from resplice.wiring import aws

from infra.functions import FUNCTIONS, ROWS

TOOLS = Tools("ffmpeg", "resampler", "browser", "core")
WHOLE = {
    "RESPLICE_BUCKET": "a-bucket",
    "RESPLICE_TABLE": "a-table",
    "RESPLICE_WORKFLOW": "arn:aws:states:us-east-1:123456789012:stateMachine:resplice",
    "RESPLICE_BASE_URL": "https://movies.example",
    "RESPLICE_TOOLS": json.dumps(asdict(TOOLS)),
    "AWS_DEFAULT_REGION": "us-east-1",
}

REFRESH = "RESPLICE_REFRESH_AFTER_DAYS"


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_a_whole_environment_will_do() -> None:
    ports = aws.ports("objects", "projects", "api_keys")
    assert ports.tools == TOOLS
    service = aws.service()
    assert (service.keyed, service.base_url) == (True, "https://movies.example")


@pytest.mark.parametrize("name", [name for name in WHOLE if name.startswith("RESPLICE_")])
@pytest.mark.parametrize("value", ["", None])
def test_what_is_missing_is_named(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    if value is not None:
        monkeypatch.setenv(name, value)
    with pytest.raises(aws.SettingMissing, match=name):
        aws.service()


@pytest.mark.parametrize("value", ["{", "[]", "{}", '{"ffmpeg": "x"}', '"text"', "7"])
def test_tools_that_are_none_are_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPLICE_TOOLS", value)
    with pytest.raises(aws.SettingMissing, match="RESPLICE_TOOLS"):
        aws.ports("objects")


def test_what_is_used_is_made_new_when_the_environment_says_after_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert aws.refresh_after_days() == {}
    monkeypatch.setenv(REFRESH, '{"scenes/":7.5,"movies/":15}')
    assert aws.refresh_after_days() == {"scenes/": 7.5, "movies/": 15}


@pytest.mark.parametrize("value", ["", "7", "[]", '{"scenes/":"soon"}', '{"scenes/":null}'])
def test_refreshing_that_is_none_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REFRESH, value)
    with pytest.raises(aws.SettingMissing, match=REFRESH):
        aws.ports("objects")


def test_a_port_that_was_not_asked_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESPLICE_TABLE")
    ports = aws.ports("objects")
    with pytest.raises(RuntimeError, match="this function has no cache_index, so no pointer"):
        ports.cache_index.pointer("movies/a")


OPTIONAL = {"REFRESH_AFTER_DAYS"}
ROWS_PORTS = ("projects", "cache_index", "leases", "api_keys")
READ_BY = {"objects": "BUCKET", "flights": "WORKFLOW", **dict.fromkeys(ROWS_PORTS, "TABLE")}


@pytest.mark.parametrize("function", sorted(ROWS.keys() - {"api"}))
def test_a_function_is_given_what_its_wiring_reads(function: str) -> None:
    text = (FUNCTIONS / function / "handler.py").read_text()
    (asked,) = re.findall(r"aws\.ports\((.*)\)", text)
    used = {READ_BY[name] for name in READ_BY if f'"{name}"' in asked or f"aws.{name}(" in text}
    assert used | {"TOOLS"} == set(ROWS[function].variables) - OPTIONAL


def test_the_api_is_given_what_its_service_reads() -> None:
    needed = {f"RESPLICE_{name}" for name in set(ROWS["api"].variables) - OPTIONAL}
    assert needed == WHOLE.keys() - {"AWS_DEFAULT_REGION"}
