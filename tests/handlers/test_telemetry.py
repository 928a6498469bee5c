"""Logs and traces of a function that fails. Its own process: telemetry takes all loggers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

FUNCTION = """
import logging, os
from types import SimpleNamespace
from resplice.adapters.lambda_.telemetry import Telemetry
from resplice.errors import RenderError, SourceMissing
from resplice.steps.messages import log_failure

URL = "https://me:pass@x.example/a.png?sig=secret#secret"

def handler(event, context):
    logging.getLogger("resplice.steps").error("seen %s", URL)
    log_failure(SourceMissing(URL, "404"), "p1")
    try:
        raise RenderError("failed", evidence=f"opening {URL}\\nno such file")
    except RenderError as error:
        raised = SourceMissing(URL, "404")
        raised.evidence = error.evidence
        raise raised from ValueError(URL)

context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn", aws_request_id="r"
)
try:
    Telemetry().observed(handler)({"project": "p1"}, context)
except SourceMissing as error:
    print(json.dumps({"raised": str(error), "url": error.url}))
"""


LATER = """
import logging, sys
logging.root.addHandler(logging.StreamHandler(sys.stdout))  # As Lambda's own runtime does.
from resplice.adapters.lambda_.telemetry import Telemetry
Telemetry()
said = logging.getLogger("imported.later")
try:
    raise ValueError("https://x.example/a.png?sig=secret")
except ValueError as error:
    said.exception("'%s' failed", "https://me:secret@x.example/b.png?sig=secret")
print(json.dumps({"ended": True}))
"""


FAULTS = """
import json
from types import SimpleNamespace
from resplice import errors
from resplice.adapters.lambda_.telemetry import Telemetry

telemetry = Telemetry()
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn", aws_request_id="r"
)
for error in (
    *(errors.DocumentError([errors.Problem("", "bad")]), errors.MakeError([]), KeyError("x")),
    *(errors.SourceMissing("u", "404"), errors.SourceUnavailable("u", "503")),
    *(errors.ProviderRefused("Polly", "no"), errors.ProviderBusy("Polly", "later")),
    *(errors.LimitReached("late"), errors.NotFound("gone"), errors.Ended("over")),
    *(errors.MakeFault([]), errors.PaintError("slow"), errors.BrowserBroken("none")),
    *(errors.RightsRefused("Polly", "no"), errors.SecretUnread("Polly", "denied")),
    *(errors.StorageError("denied"), errors.RenderError("FFmpeg ended"), MemoryError()),
):
    def handler(event, context):
        raise error
    print(json.dumps({"raising": type(error).__name__}))
    try:
        telemetry.observed(handler)({"project": "p1"}, context)
    except type(error):
        pass
"""


def test_a_fault_is_counted_and_what_users_bring_about_is_none() -> None:
    counted: dict[str, set[str]] = {}
    raising = ""
    for line in _run("127.0.0.1:9", FAULTS):
        raising = line.get("raising", raising)
        counted.setdefault(raising, set()).update(line.keys() & {"Faults", "StoreFaults"})
    assert {name: each for name, each in counted.items() if each} == {
        "BrowserBroken": {"Faults"},
        "KeyError": {"Faults"},
        "MakeFault": {"Faults"},
        "MemoryError": {"Faults"},
        "RenderError": {"Faults"},
        "RightsRefused": {"Faults"},
        "SecretUnread": {"StoreFaults"},
        "StorageError": {"StoreFaults"},
    }
    assert len(counted) == 18


def test_no_log_and_no_trace_holds_what_is_secret_in_a_url() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(5)
        lines = _run(f"127.0.0.1:{daemon.getsockname()[1]}")
        traced = daemon.recv(65_536).decode()
    *logged, last = lines
    assert last["raised"] == "Failed to download 'https://x.example/a.png?… (404)"
    assert last["url"].endswith("#secret")
    text = json.dumps([logged, last["raised"]]) + traced
    assert "secret" not in text and "me:pass" not in text
    assert '"project": "p1"' in traced.replace('":"', '": "') and '"fault"' in traced
    failed = next(line for line in logged if line["message"] == "failed")
    assert failed["evidence"] == "opening https://x.example/a.png?…\nno such file"
    assert failed["exception_name"] == "SourceMissing" and failed["project"] == "p1"
    assert failed["exception"].count("https://x.example/a.png?…") == 2
    messages = [line["message"] for line in logged]
    assert "seen https://x.example/a.png?…" in messages
    assert any(message.startswith("project p1 failed: ") for message in messages)


def test_a_logger_that_is_made_after_it_tells_none_either() -> None:
    said = _said("127.0.0.1:9", LATER)
    assert "secret" not in said and "Traceback" in said
    assert "'https://x.example/b.png?…" in said and "https://x.example/a.png?…" in said


def _run(daemon: str, function: str = FUNCTION) -> list[dict[str, str]]:
    return [json.loads(line) for line in _said(daemon, function).splitlines()]


def _said(daemon: str, function: str) -> str:
    environment = {
        **os.environ,
        "POWERTOOLS_SERVICE_NAME": "resplice",
        "POWERTOOLS_METRICS_NAMESPACE": "Resplice",
        "LAMBDA_TASK_ROOT": "/var/task",
        "AWS_XRAY_DAEMON_ADDRESS": daemon,
        "_X_AMZN_TRACE_ID": f"Root=1-5759e988-{'b' * 24};Parent=53995c3f42cd8ad8;Sampled=1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", f"import json\n{function}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
