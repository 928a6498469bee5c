"""`resplice connections`: of a data folder and of a stage on AWS; the secret shows nowhere."""

from __future__ import annotations

import io
import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import studio
from cloud import REGION, client, endpoint, new_log_group, new_table
from resplice.adapters.sqlite.connections import SqliteConnections
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.sealing import Sealing
from resplice.cli.connections import CHECKS, SETTINGS
from resplice.cli.main import main
from resplice.core.exports.model import Destination
from resplice.core.providers import Connection
from resplice.errors import NotFound
from resplice.wiring.deployed import deployed

HIDDEN = "sk-qK7hidden9"
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
}


def connections(
    *words: Any, given: str = "", code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """With variables given it knows no others."""
    env = {**ENVIRONMENT, **environment} if environment else None
    done = studio.called("connections", *words, given=given, environment=env)
    assert done.returncode == code and "Traceback" not in done.stderr, (done.stdout, done.stderr)
    assert HIDDEN not in done.stdout + done.stderr
    return done


def stored(folder: Path) -> SqliteConnections:
    sealing = Sealing(folder / "connections.key")
    return SqliteConnections(SqliteFile(folder / "records.sqlite"), sealing)


def test_a_connection_is_entered_listed_replaced_and_removed(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    assert connections("list", *place).stdout == "ID  KIND  DEFAULT  SETTINGS\n"
    add = ("add", "--kind", "elevenlabs", "--name", "my-elevenlabs-apikey", *place)
    said = connections(*add, "--default", given=f"{HIDDEN}\n").stdout
    assert said == (
        "my-elevenlabs-apikey is entered: ElevenLabs speaks and transcribes for elements with "
        '"connection": "my-elevenlabs-apikey", and for those that name none\n'
    )
    where = ("--region", "westeurope", "--endpoint", "http://127.0.0.1:8080/tts")
    azure = ("add", "--kind", "azure", "--name", "Az.1", *where, *place)
    assert "Az.1 is entered: Azure Speech" in connections(*azure, given="  other \r\n").stdout

    lines = [line.split() for line in connections("list", *place).stdout.splitlines()]
    settings = ["region=westeurope", "endpoint=http://127.0.0.1:8080/tts"]
    assert lines == [
        ["ID", "KIND", "DEFAULT", "SETTINGS"],
        ["Az.1", "azure", "no", *sorted(settings)],
        ["my-elevenlabs-apikey", "elevenlabs", "yes"],
    ]
    assert stored(tmp_path).secret("Az.1") == {"key": "other"}
    assert stored(tmp_path).secret("my-elevenlabs-apikey") == {"key": HIDDEN}
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert HIDDEN.encode() not in file.read_bytes()

    assert "is replaced: ElevenLabs" in connections(*add, given="new").stdout
    assert stored(tmp_path).secret("my-elevenlabs-apikey") == {"key": "new"}
    assert "Az.1 is removed" in connections("remove", "Az.1", *place).stdout
    assert [each.id for each in stored(tmp_path).list()] == ["my-elevenlabs-apikey"]
    with pytest.raises(NotFound):
        stored(tmp_path).secret("Az.1")


def called(*words: str) -> Any:
    """The exit code, without a process of its own."""
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code


ADD = "add --name x --kind"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("add --name x", "--kind"),
        ("add --kind fal", "--name"),
        (f"{ADD} elevenlab", "'elevenlab' is none of azure, elevenlabs, openai"),
        (f"{ADD} elevenlab", "did you mean elevenlabs?"),
        (f"{ADD} gopher", "'gopher' is none of azure"),
        (f"{ADD} ftp", "ftp wants --host, --username too"),
        (f"{ADD} ftp --host a\tb --username me", "host must be the name of a server"),
        (f"{ADD} sftp --host h.example --username me --port 0", "port Input should be greater"),
        (f"{ADD} polly", "polly needs no connection"),
        ("add --kind fal --name a/b", "an id has 1 to 64"),
        ("add --kind fal --name é", "an id has 1 to 64"),
        (f"add --kind fal --name {'x' * 65}", "an id has 1 to 64"),
        ("add --kind fal --name ", "an id has 1 to 64"),
        (f"{ADD} fal --region eu", "fal has no --region; it has --endpoint"),
        (f"{ADD} azure", "azure is in many regions: say --region, or --endpoint"),
        (f"{ADD} azure --region evil.example/#", "a region has small letters"),
        (f"{ADD} azure --region West\nEurope", "a region has small letters"),
        (f"{ADD} fal --endpoint ftp://a.example", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint a.example", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://u:{HIDDEN}@a.example", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://a.example?key={HIDDEN}", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://a.example:99999", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://[::1", "an endpoint is like https://"),
        (f"{ADD} fal --endpoint https://a.example/\t", "an endpoint is like https://"),
        (f"{ADD} fal {HIDDEN}", "unrecognized arguments"),
        (f"{ADD} fal --key {HIDDEN}", "unrecognized arguments"),
        ("remove nobody", "there is no connection nobody; there are there"),
        ("list --stage-region eu-west-1", "--stage-region is of a stage: name it with --stage"),
        ("list --stage prod", "not allowed with argument --data"),
        ("", "ACTION"),
    ],
)
def test_a_wrong_call_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    there = Connection("there", "fal")
    stored(tmp_path).add(there, {"key": HIDDEN})
    action, *more = words.split(" ")
    place = ["--data", str(tmp_path)] if action else []
    code = called("connections", *filter(None, [action]), *place, *more)
    told = capsys.readouterr()
    assert code == 2 and said in told.err and not told.out
    assert list(stored(tmp_path).list()) == [there]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "the key is empty: pipe it to this command, or type it when asked"),
        (b" \n\n ", "the key is empty"),
        (f"{HIDDEN}\nmore".encode(), "standard input has 2 lines: fal wants key, each one"),
        (f"{HIDDEN} more".encode(), "the key has other characters than a header may"),
        (f"{HIDDEN}é".encode(), "the key has other characters"),
        (f"{HIDDEN}\0".encode(), "the key has other characters"),
        (HIDDEN.encode() + b"\xff", "standard input is no text"),
        (HIDDEN.encode() * 400, "the key has other characters"),
        (HIDDEN.encode() * 100_000, "the key has other characters"),
        (None, "the key is empty"),
    ],
)
def test_what_is_no_secret_is_told_without_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: bytes | None,
    said: str,
) -> None:
    piped = None if given is None else io.TextIOWrapper(io.BytesIO(given), "utf-8")
    monkeypatch.setattr("sys.stdin", piped)
    add = ("add", "--kind", "fal", "--name", "mine", "--data", str(tmp_path))
    assert called("connections", *add) == 2
    told = capsys.readouterr()
    assert said in told.err and HIDDEN not in told.err + told.out
    assert list(stored(tmp_path).list()) == []


def test_a_terminal_is_asked_and_does_not_show_what_is_typed(tmp_path: Path) -> None:
    words = ["connections", "add", "--kind", "fal", "--name", "mine", "--data", str(tmp_path)]
    terminal, theirs = os.openpty()
    given = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    process = subprocess.Popen(
        [*studio.COMMAND, *words], env=ENVIRONMENT, start_new_session=True, **given
    )
    os.close(theirs)
    shown = b""
    while b"fal key: " not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, f"{HIDDEN}\n".encode())
    with suppress(OSError):  # So a terminal ends.
        while more := os.read(terminal, 1024):
            shown += more
    os.close(terminal)
    assert process.wait(60) == 0, shown
    assert b"mine is entered: fal generates" in shown and HIDDEN.encode() not in shown
    assert stored(tmp_path).secret("mine") == {"key": HIDDEN}


def test_a_lost_key_file_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    add = ("add", "--kind", "fal", "--data", tmp_path, "--name")
    connections(*add, "mine", given=HIDDEN)
    (tmp_path / "connections.key").unlink()
    said = connections(*add, "yours", given=HIDDEN, code=1).stderr
    assert said == (
        f"resplice: {tmp_path}/connections.key is gone: put the right one back, "
        "or remove the connections and enter them again\n"
    )
    connections("remove", "mine", "--data", tmp_path)
    connections(*add, "yours", given=HIDDEN)


@pytest.fixture
def stage() -> Iterator[str]:
    """The name of a stage whose stack names a table."""
    name = f"t{uuid.uuid4().hex[:8]}"
    outputs = {"TableName": {"Value": new_table()}, "AuditLogGroup": {"Value": new_log_group()}}
    template = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs}
    stacks = client("cloudformation")
    stacks.create_stack(StackName=f"Resplice-{name}", TemplateBody=json.dumps(template))
    yield name
    stacks.delete_stack(StackName=f"Resplice-{name}")


def test_connections_of_a_stage_are_in_its_table_and_in_secrets_manager(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    there = {"AWS_ENDPOINT_URL": endpoint(), "AWS_DEFAULT_REGION": "eu-west-1", **credentials}
    place = ("--stage", stage, "--stage-region", REGION)
    add = ("add", "--kind", "azure", "--name", "mine", "--region", "westeurope", *place)
    assert "mine is entered" in connections(*add, given=HIDDEN, **there).stdout
    assert "mine  azure  no       region=westeurope" in connections("list", *place, **there).stdout
    name = f"Resplice-{stage}/connections/mine"
    held = client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    assert json.loads(held) == {"key": HIDDEN}
    for variable, value in there.items():
        monkeypatch.setenv(variable, value)
    assert deployed(stage, REGION).connections.secret("mine") == {"key": HIDDEN}
    assert "mine is removed" in connections("remove", "mine", *place, **there).stdout
    assert "no connection mine" in connections("remove", "mine", *place, code=2, **there).stderr
    with pytest.raises(NotFound):
        deployed(stage, REGION).connections.secret("mine")


def test_every_setting_of_a_provider_is_checked() -> None:
    """By a check of its own, or as documents that say it are."""
    fields = {each.alias or name for name, each in Destination.model_fields.items()}
    assert set(SETTINGS) <= CHECKS.keys() | fields
