"""`resplice keys`: of a data folder, of a stage on AWS, and what the API makes of the keys."""

from __future__ import annotations

import json
import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import studio
from cloud import REGION, client, endpoint, new_log_group, new_table
from resplice.adapters.dynamodb.api_keys import DynamoApiKeys
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.file import SqliteFile
from resplice.cli.main import main
from resplice.core.quotas import UNBOUNDED, Bounds
from resplice.ports.api_keys import ApiKey
from resplice.steps.access import digest_of
from served import Served, running

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
KEY = re.compile(r"[A-Za-z0-9]{40}")
MOVIE = {"width": 64, "height": 64, "scenes": [{"duration": 1, "background-color": "#012345"}]}


def keys(*words: Any, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """With variables given it knows no others."""
    env = {**ENVIRONMENT, **environment} if environment else None
    done = studio.called("keys", *words, environment=env)
    assert done.returncode == code, done
    return done


def started(*words: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    command, env = [*studio.COMMAND, "keys", *map(str, words)], {**ENVIRONMENT, **environment}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)
    assert "Traceback" not in done.stderr, (done.stdout, done.stderr)
    return done


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    made = keys("create", "--role", "render", "--expires", "90d", *place)
    text = made.stdout.strip()
    assert KEY.fullmatch(text) and text not in made.stderr and "shown this once" in made.stderr
    keys("create", "--role", "viewer", "--expires", "2999-12-31", "--name", "tv", *place)
    keys("create", "--role", "render", "--expires", "never", *place)
    listed = keys("list", *place).stdout
    lines = [line.split() for line in listed.splitlines()]
    end = datetime.now(UTC) + timedelta(days=90)
    assert lines[0] == ["NAME", "OWNER", "ROLE", "CREATED", "EXPIRES", "DIGEST", "LIMITS"]
    assert [(name, role) for name, _, role, *_ in lines[1:]] == [
        ("render-1", "render"),
        ("tv", "viewer"),
        ("render-2", "render"),
    ]
    assert lines[1][4][:10] == f"{end:%Y-%m-%d}" and lines[1][5] == digest_of(text)[:12]
    assert (lines[2][4], lines[3][4]) == ("3000-01-01T00:00Z", "never")
    assert text not in listed and text.encode() not in (tmp_path / "records.sqlite").read_bytes()

    assert keys("revoke", "tv", *place).stdout.startswith("tv (")
    assert keys("revoke", digest_of(text)[:8], *place).stdout.startswith("render-1 (")
    assert len(keys("list", *place).stdout.splitlines()) == 2


def test_a_key_is_made_with_limits_and_they_are_listed(tmp_path: Path) -> None:
    place = ("--data", tmp_path, "--role", "render", "--expires", "never")
    limits = ("--movies-per-day", 5, "--seconds-per-day", 1_000_000, "--usd-per-day", "0.5")
    keys("create", *limits, *place)
    keys("create", "--usd-per-day", 0, *place)
    keys("create", *place)
    _, *lines = keys("list", "--data", tmp_path).stdout.splitlines()
    assert lines[0].endswith("  movies-per-day 5, seconds-per-day 1000000, usd-per-day 0.5")
    assert lines[1].endswith("  usd-per-day 0") and "per-day" not in lines[2]
    kept = [key.bounds for key in SqliteApiKeys(SqliteFile(tmp_path / "records.sqlite")).list()]
    assert kept == [Bounds(5, 1_000_000, 500_000), Bounds(micro_usd=0), UNBOUNDED]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("create --role render --expires never --movies-per-day -1", "whole number"),
        ("create --role render --expires never --usd-per-day much", "not a number of dollars"),
        ("create --role render", "--expires"),
        ("create --role king --expires never", "king"),
        ("create --role render --expires soon", "'soon' is neither days"),
        ("create --role render --expires 0d", "'0d' is over"),
        ("create --role render --expires 2020-01-31", "'2020-01-31' is over"),
        ("create --role render --expires 99999999999d", "neither days"),
        ("create --role render --expires 9999-12-31", "neither days"),
        ("create --role render --expires never --name a\nb", "a name has 1 to 64"),
        ("create --role render --expires never --name there", "called there already"),
        ("revoke nobody", "no key with the name or digest 'nobody'"),
        ("revoke 0123", "no key with the name or digest '0123'"),
        ("revoke 00000000", "could be any of 000000000001, 000000000002"),
        ("list --region eu-west-1", "name it with --stage"),
        ("list --stage prod", "not allowed with argument --data"),
        ("", "ACTION"),
    ],
)
def test_a_wrong_call_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    stored = SqliteApiKeys(SqliteFile(tmp_path / "records.sqlite"))
    for name, digest in (("there", "f" * 64), ("a", "1".zfill(12)), ("b", "2".zfill(12))):
        stored.add(ApiKey(digest, name, "render", 1))
    action, *more = words.split(" ")
    place = ["--data", str(tmp_path)] if action else []
    code = called("keys", *filter(None, [action]), *place, *more)
    told = capsys.readouterr()
    assert code == 2 and said in told.err and not told.out
    assert len(stored.list()) == 3


def called(*words: str) -> Any:
    """The exit code, without a process of its own."""
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code


@pytest.fixture
def stage() -> Iterator[tuple[str, str]]:
    """The name of a stage whose stack names a table, and that table."""
    name, table = f"t{uuid.uuid4().hex[:8]}", new_table()
    topic = {"Type": "AWS::SNS::Topic"}
    outputs = {"TableName": {"Value": table}, "AuditLogGroup": {"Value": new_log_group()}}
    template = {"Resources": {"T": topic}, "Outputs": outputs}
    stacks = client("cloudformation")
    stacks.create_stack(StackName=f"Resplice-{name}", TemplateBody=json.dumps(template))
    yield name, table
    stacks.delete_stack(StackName=f"Resplice-{name}")


def aws(url: str) -> dict[str, str]:
    credentials = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    return {"AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": REGION, **credentials}


def test_keys_of_a_stage_are_in_its_table(stage: tuple[str, str]) -> None:
    name, table = stage
    there = aws(endpoint())
    place = ("--stage", name, "--region", REGION)
    made = keys("create", "--role", "admin", "--expires", "never", *place, **there)
    found = DynamoApiKeys(DynamoTable(client("dynamodb"), table)).get(
        digest_of(made.stdout.strip())
    )
    assert found and (found.name, found.role, found.expires_at_ms) == ("admin-1", "admin", None)
    assert "admin-1" in started("list", *place, **there).stdout
    assert "is revoked" in keys("revoke", "admin-1", *place, **there).stdout
    assert DynamoApiKeys(DynamoTable(client("dynamodb"), table)).list() == []


def test_what_aws_refuses_is_one_line() -> None:
    words = ("list", "--stage", "nowhere")
    there = aws(endpoint())
    assert "Resplice-nowhere does not exist" in one_line(*words, **there)
    assert "does not exist" not in one_line(*words, **{**there, "AWS_DEFAULT_REGION": ""})
    nowhere = {name: value for name, value in there.items() if "REGION" not in name}
    assert one_line(*words, **nowhere).startswith(
        "resplice: stage nowhere: You must specify a region"
    )
    elsewhere = {**there, "AWS_REGION": "eu-west-3"}
    assert one_line(*words, **elsewhere).startswith("resplice: stage nowhere in eu-west-3: ")
    named = one_line(*words, "--region", "eu-north-1", **elsewhere)
    assert named.startswith("resplice: stage nowhere in eu-north-1: ")
    unknown = {name: value for name, value in there.items() if "KEY" not in name}
    assert "credentials" in one_line(*words, **unknown)
    # In a process of its own: boto3 would keep the number for those who ask after it.
    gone = started(*words, **aws("http://127.0.0.1:9"), AWS_MAX_ATTEMPTS="1")
    assert gone.returncode == 1 and "connect" in the_line(gone)
    assert "region" in one_line(*words, "--region", "no region", **there)


def one_line(*words: str, **environment: str) -> str:
    return the_line(keys(*words, code=1, **environment))


def the_line(done: subprocess.CompletedProcess[str]) -> str:
    said = done.stderr
    assert said.count("\n") == 1 and said.startswith("resplice: stage nowhere")
    return said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Keys of a data folder, by role; one that has expired; and where the folder is."""
    data = tmp_path_factory.mktemp("keyed")
    texts = {
        role: keys("create", "--role", role, "--expires", "1d", "--data", data).stdout.strip()
        for role in ("viewer", "render")
    }
    stored, now_ms = SqliteApiKeys(SqliteFile(data / "records.sqlite")), int(time.time() * 1000)
    stored.add(ApiKey(digest_of("late"), "late", "admin", now_ms - 2000, now_ms - 1000))
    assert "(expired)" in keys("list", "--data", data).stdout
    return {**texts, "expired": "late", "data": str(data)}


@pytest.fixture(scope="module")
def served(made: dict[str, str]) -> Iterator[Served]:
    with running(Path(made["data"])) as server:
        yield server


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    assert body.keys() == {"success", "message"} and body["success"] is False
    return status, body["message"]


def test_the_api_asks_for_keys_once_there_is_one(served: Served, made: dict[str, str]) -> None:
    assert refused(served.json("GET", "/v2/movies", key=None))[0] == 400
    for wrong in ("guess", made["expired"]):
        for call in (("GET", "/v2/movies"), ("POST", "/v2/movies", MOVIE)):
            assert refused(served.json(*call, key=wrong)) == (400, "Error: Invalid API Key")


def test_a_viewer_looks_and_does_not_render(served: Served, made: dict[str, str]) -> None:
    assert served.json("GET", "/v2/movies", key=made["viewer"])[0] == 200
    answer = served.json("POST", "/v2/movies", MOVIE, key=made["viewer"])
    assert refused(answer) == (403, "Insufficient permissions")
    assert served.json("POST", "/v2/movies", MOVIE, key=made["render"])[0] == 200


def test_a_revoked_key_is_good_for_nothing_at_once(served: Served, made: dict[str, str]) -> None:
    place = ("--data", made["data"])
    text = keys("create", "--role", "editor", "--expires", "never", *place).stdout.strip()
    assert served.json("GET", "/v2/movies", key=text)[0] == 200
    keys("revoke", "editor-1", *place)
    assert refused(served.json("GET", "/v2/movies", key=text)) == (400, "Error: Invalid API Key")
