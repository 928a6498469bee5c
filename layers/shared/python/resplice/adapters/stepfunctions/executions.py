"""Executions as executions of an AWS Step Functions state machine, named by their projects.

A name is taken for 90 days after its execution ended, far longer than a project may take. What
the steps do is not known here.
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import add_recursion_detection_header

from resplice.errors import StorageError

GOING_ON = frozenset({"RUNNING", "PENDING_REDRIVE"})


class SfnExecutions:
    """Implements ports.executions.Executions. One instance may serve many threads."""

    def __init__(self, client: Any, state_machine_arn: str) -> None:
        """client: of boto3, for Step Functions; the state machine is of type Standard.

        An execution is a trace of its own, if X-Ray samples it: who is not traced itself would
        else say with its header that what it starts is not to be traced either.
        https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
        """
        client.meta.events.unregister("before-call", add_recursion_detection_header)
        self._client, self._arn = client, state_machine_arn

    def start(self, project_id: str) -> bool:
        try:
            return self._start(project_id) or self._goes_on(project_id)
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"cannot start {project_id} on {self._arn}: {error}") from error

    def _start(self, project_id: str) -> bool:
        """False when it has begun before. The same input each time: then one that runs is no
        error to Step Functions.
        """
        execution_input = json.dumps({"project": project_id})
        try:
            self._client.start_execution(
                stateMachineArn=self._arn, name=project_id, input=execution_input
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def cancel(self, project_id: str) -> None:
        """Functions that run go on to their end."""
        try:
            self._client.stop_execution(executionArn=self._execution(project_id), error="Cancelled")
        except self._client.exceptions.ExecutionDoesNotExist:
            return
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"cannot stop {project_id} on {self._arn}: {error}") from error

    def _goes_on(self, project_id: str) -> bool:
        told = self._client.describe_execution(executionArn=self._execution(project_id))
        return told["status"] in GOING_ON

    def _execution(self, project_id: str) -> str:
        machine = self._arn.replace(":stateMachine:", ":execution:", 1)
        return f"{machine}:{project_id}"
