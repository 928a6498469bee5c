"""Telemetry of a Lambda function: JSON logs with the project in every line, traces, metrics.

The queries of signed URLs are keys to other people's files: no log and no trace holds one.
Configured by powertools' own environment variables.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers
from aws_lambda_powertools.metrics import MetricUnit

from resplice.adapters.bare_logs import keep_bare
from resplice.adapters.bare_urls import without_secrets
from resplice.adapters.lambda_.prices import DOLLARS_A_GIB_SECOND, MAX_FUNCTION_MB
from resplice.core.prices import FREE
from resplice.core.proof import Proof
from resplice.core.report import Report
from resplice.errors import RespliceError

RENDERER_GIB = MAX_FUNCTION_MB / 1024
"""Memory of the function that renders."""


class Telemetry:
    """One for each process."""

    def __init__(self) -> None:
        self._logger = Logger(json_serializer=_line)
        self._tracer = Tracer(patch_modules=["botocore"])
        self._metrics = Metrics()
        copy_config_to_registered_loggers(self._logger)
        # Loggers that are made later are not registered: theirs are the runtime's own lines.
        keep_bare(logging.root.handlers)

    def observed(self, handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """The handler as Lambda calls it."""

        @self._tracer.capture_lambda_handler(capture_response=False, capture_error=False)
        @self._logger.inject_lambda_context(clear_state=True)
        def lambda_handler(event: Mapping[str, Any], context: Any) -> Any:
            self.about(_project_of(event))
            try:
                answer = handler(event, context)
                self._logger.info("done")
                return answer
            except Exception as error:
                self._logger.exception("failed", evidence=getattr(error, "evidence", ""))
                self._count(error)
                error.args = tuple(without_secrets(error.args))  # The runtime logs it once more.
                raise
            finally:
                if self._metrics.metric_set:
                    self._metrics.flush_metrics()

        called: Callable[[Any, Any], Any] = lambda_handler
        return called

    def about(self, project_id: str) -> None:
        """From now on, in this call, every line names the project."""
        self._logger.append_keys(project=project_id)
        self._tracer.put_annotation("project", project_id)

    def fault(self) -> None:
        """Count what is no caller's fault, nor that of somebody whom a caller named."""
        self._add("Faults", 1)

    def posted(self, project_id: str, report: Report | None) -> None:
        """A project was accepted; report: of one that came from the cache at once."""
        self.about(project_id)
        self._logger.info("accepted", done=report is not None)
        if report:
            self.saved(report)

    def ended(self, status: str, report: Report | None, wall_ms: int) -> None:
        """Count a project that an execution brought to its end."""
        if report is None:
            self._add("Timeout" if status == "timeout" else "Failed", 1)
            return
        if report.result:
            self._add("MovieSeconds", wall_ms / 1000, MetricUnit.Seconds)
        self._add("RenderSeconds", report.rendered_ms / 1000, MetricUnit.Seconds)
        self._layer("Scene", Counter(scene.result for scene in report.scenes))
        self._layer("Element", Counter(element.result for element in report.elements))
        self.saved(report)
        if report.spent != FREE:
            self._add("ProviderDollars", report.spent.micro_usd / 1e6)
            self._logger.info("paid", costs=report.as_json()["costs"])

    def proven(self, proof: Proof) -> None:
        """Count a proof of the cache, and tell what explains a difference."""
        self._add(f"Proof{proof.verdict.capitalize()}", 1)
        tell = self._logger.error if proof.verdict == "differs" else self._logger.info
        tell("proven", proof=asdict(proof))

    def saved(self, report: Report) -> None:
        """Count a movie, and what the cache saved on it."""
        self._layer("Movie", Counter([report.result] if report.result else []))
        seconds = report.saved_ms / 1000
        self._add("SavedSeconds", seconds, MetricUnit.Seconds)
        rendering = seconds * RENDERER_GIB * DOLLARS_A_GIB_SECOND
        self._add("SavedDollars", rendering + report.spared.micro_usd / 1e6)

    def _count(self, error: Exception) -> None:
        """AWS counts whatever a function raises, a bad document and a dead source too."""
        if not isinstance(error, RespliceError):
            self.fault()
        elif error.ours:
            self._add("StoreFaults" if error.retry else "Faults", 1)

    def _layer(self, layer: str, results: Counter[str]) -> None:
        for result, count in results.items():
            self._add(f"{layer}{result.capitalize()}", count)

    def _add(self, name: str, value: float, unit: MetricUnit = MetricUnit.Count) -> None:
        self._metrics.add_metric(name=name, unit=unit, value=value)


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(without_secrets(record), ensure_ascii=False, separators=(",", ":"))


def _project_of(event: Mapping[str, Any]) -> str:
    """The project that an event is about, as steps, EventBridge and requests have it."""
    detail, query = event.get("detail") or {}, event.get("queryStringParameters") or {}
    return str(event.get("project") or detail.get("name") or query.get("project") or "-")
