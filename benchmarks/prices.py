"""What AWS asks for, and what a stage costs that nobody uses. Plain numbers, no measurement.

Dollars, us-east-1, x86, first tier, without any free tier, as of November 2026. Look at
aws.amazon.com/{lambda,step-functions,api-gateway,s3,dynamodb,cloudfront}/pricing and
…/{cloudwatch,xray,eventbridge}/pricing before you rely on them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resplice.adapters.lambda_.prices import DOLLARS_A_GIB_SECOND

LAMBDA_REQUEST = 0.20e-6
TMP_GB_SECOND = 0.0000000309
TMP_FREE_MB = 512
MB_PER_VCPU = 1769
STATE_TRANSITION = 0.025e-3
API_REQUEST = 1.00e-6
S3_PUT, S3_GET = 0.005e-3, 0.0004e-3
TABLE_WRITE_UNIT, TABLE_READ_UNIT = 0.625e-6, 0.125e-6
TRACE = 5.00e-6
LOGS_GB = 0.50
CLOUDFRONT_GB = 0.085
ALARM_METRIC_MONTH, DASHBOARD_MONTH = 0.10, 3.00

LOG_BYTES_A_CALL = 1_500
"""Assumed: what Lambda and the function write of one call, and the access log."""
WRITE_UNITS = 3
"""Assumed for a write of a record: it has up to two indexes, or a report of a few kilobytes."""
SWEEPS_A_MONTH = 60 * 24 * 30.4
SWEEP_SECONDS = 0.05
"""Assumed: one query over the network."""

Template = Mapping[str, Any]


def function_dollars(seconds: float, memory_mb: int, tmp_mb: int) -> float:
    """Of one call."""
    tmp_gb = max(0, tmp_mb - TMP_FREE_MB) / 1024
    per_second = memory_mb / 1024 * DOLLARS_A_GIB_SECOND + tmp_gb * TMP_GB_SECOND
    return seconds * per_second + LAMBDA_REQUEST


def log_dollars(calls: float) -> float:
    return calls * LOG_BYTES_A_CALL / 1e9 * LOGS_GB


def idle_rows(cdk_out: Path, finish_memory_mb: int, finish_tmp_mb: int) -> list[tuple[str, float]]:
    """What each thing in the synthesized template costs a month though nobody renders."""
    template = json.loads(next(cdk_out.glob("*.template.json")).read_text())
    alarms = _of(template, "AWS::CloudWatch::Alarm")
    dashboards = _of(template, "AWS::CloudWatch::Dashboard")
    watched = sum(_metrics(alarm) for alarm in alarms)
    clocks = sum("ScheduleExpression" in rule for rule in _of(template, "AWS::Events::Rule"))
    sweeps = clocks * SWEEPS_A_MONTH
    looking = function_dollars(SWEEP_SECONDS, finish_memory_mb, finish_tmp_mb) + TABLE_READ_UNIT
    return [
        (f"{len(alarms)} alarms on {watched} metrics", watched * ALARM_METRIC_MONTH),
        (f"{len(dashboards)} dashboard", len(dashboards) * DASHBOARD_MONTH),
        ("looking each minute for projects that nobody works on", sweeps * looking),
        ("its logs and traces", log_dollars(sweeps) + sweeps * TRACE),
    ]


def _of(template: Template, kind: str) -> list[Mapping[str, Any]]:
    resources = template["Resources"].values()
    return [resource["Properties"] for resource in resources if resource["Type"] == kind]


def _metrics(alarm: Mapping[str, Any]) -> int:
    """An alarm is paid for by the metrics that it reads."""
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1
