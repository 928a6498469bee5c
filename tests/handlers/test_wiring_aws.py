"""A function's environment: what is missing is told at its cold start, by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from types import SimpleNamespace

import pytest
from resplice.core.tools import Tools
from resplice.ports import Ports
from resplice.steps.deadline import Deadline
from resplice.wiring import aws, aws_exports
from resplice.wiring.functions import PORTS

from infra.rows import OFFERED, ROWS, variables_of

TOOLS = Tools("ffmpeg", "resampler", "browser", "core")
WHOLE = {
    "RESPLICE_BUCKET": "a-bucket",
    "RESPLICE_TABLE": "a-table",
    "RESPLICE_WORKFLOW": "arn:aws:states:us-east-1:123456789012:stateMachine:resplice",
    "RESPLICE_BASE_URL": "https://movies.example",
    "RESPLICE_TOOLS": json.dumps(asdict(TOOLS)),
    "RESPLICE_SECRETS": "Resplice-dev/connections/",
    "RESPLICE_DELIVER": "arn:aws:lambda:us-east-1:123456789012:function:resplice-dev-deliver",
    "RESPLICE_WEBHOOK_SECRET": "Resplice-dev/webhook",
    "RESPLICE_SIGNING_SECRET": "Resplice-dev/signing",
    "RESPLICE_CREDENTIALS_SECRET": "Resplice-dev/credentials",
    "AWS_DEFAULT_REGION": "us-east-1",
}
OPTIONAL = {
    *("REFRESH_AFTER_DAYS", "MAX_COST_MICRO_USD", "QUOTAS", "CORS_ORIGINS", "EMAIL_FROM"),
    *("TASKS_AT_ONCE", "SERVES_FILES", "REQUIRE_SANDBOX"),
    *OFFERED,
}

ANSWERING = ("api", "deliver")
"""Those that tell where files are; to others it only says which addresses are our own."""
REFRESH = "RESPLICE_REFRESH_AFTER_DAYS"


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    # It takes over the logging, and botocore, of the process that is a function.
    monkeypatch.setattr(aws, "telemetry", lambda: SimpleNamespace(posted=None))


def test_a_whole_environment_will_do() -> None:
    ports = aws.ports_of("plan")
    assert ports.tools == TOOLS
    service = aws.service()
    assert (service.keyed, service.base_url) == (True, "https://movies.example")


@pytest.mark.parametrize(
    "name", [f"RESPLICE_{name}" for name in sorted({*variables_of("api")} - OPTIONAL)]
)
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
        aws.ports_of("plan")


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
        aws.ports_of("plan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESPLICE_MAX_COST_MICRO_USD", "3.5"),
        ("RESPLICE_MAX_COST_MICRO_USD", "much"),
        ("RESPLICE_TASKS_AT_ONCE", "many"),
        *(("RESPLICE_AT_HAND", said) for said in ("", "7", '{"pollyy":""}', "[[]]")),
    ],
)
def test_what_providers_may_do_is_said_in_a_form_that_is_read(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(aws.SettingMissing, match=name):
        aws.ports_of("plan")


def test_how_long_a_movie_should_take_is_reckoned_with_the_tasks_that_run_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESPLICE_TASKS_AT_ONCE", "7")
    assert aws.ports_of("api").pieces_at_once == 7


def test_a_step_has_to_end_before_lambda_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so has whatever it waits for: all of that asks how long it may."""
    seen: list[Deadline] = []

    def functions_of(own: Ports, counted: object, deadline: Deadline) -> dict[str, object]:
        return {"plan": lambda event: seen.append(deadline)}

    monkeypatch.setattr(aws, "functions_of", functions_of)
    monkeypatch.setattr(aws, "observed", lambda handler: handler)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 120_000)
    aws.step("plan")({"project": "p1"}, context)
    assert 95 < seen[0].left_s() < 100.1 and 95 < aws.TIME_LEFT() <= 100
    assert "within the 100 seconds" in seen[0].words()
    assert aws.ports_of("plan").own_disk


def test_a_port_that_was_not_asked_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESPLICE_TABLE")
    ports = aws.ports_of("movie")
    with pytest.raises(RuntimeError, match="this function has no cache_index, so no pointer"):
        ports.cache_index.pointer("movies/a")


def test_who_only_lists_connections_has_no_way_to_their_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for function in ("api", "prepare"):
        with pytest.raises(RuntimeError, match="this function has no secrets, so no get"):
            aws.ports_of(function).connections.secret("mine")
    monkeypatch.setattr(aws, "SECRETS", {"prepare"})
    monkeypatch.delenv("RESPLICE_SECRETS")
    with pytest.raises(aws.SettingMissing, match="RESPLICE_SECRETS"):
        aws.ports_of("prepare")


@pytest.mark.parametrize("function", sorted(ROWS))
def test_a_function_is_given_what_its_wiring_reads(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own variables it can be made; without any one of them it says which."""
    given = {f"RESPLICE_{name}" for name in set(variables_of(function)) - OPTIONAL}
    if function not in ANSWERING:
        given -= {"RESPLICE_BASE_URL"}
    for name in WHOLE.keys() - given - {"AWS_DEFAULT_REGION"}:
        monkeypatch.delenv(name)
    made: dict[str, Callable[[], object]] = {
        "api": aws.service,
        "finish": lambda: aws.coalescer(aws.ports_of("finish")),
        "deliver": aws_exports.deliverer,
    }
    make = made.get(function, lambda: aws.ports_of(function))
    make()
    for name in given:
        with monkeypatch.context() as without, pytest.raises(aws.SettingMissing, match=name):
            without.delenv(name)
            make()


def test_every_function_has_a_row_of_ports_and_one_of_rights() -> None:
    assert PORTS.keys() == ROWS.keys()
    known = {field.name for field in fields(Ports)}
    for names in PORTS.values():
        assert set(names) <= known and len(names) == len(set(names))
