"""The state machine, and what makes sure that every execution ends its project."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.functions import Functions
from infra.rights import Rights
from infra.rows import DELIVER
from infra.settings import Settings
from infra.states import Workflow

BAD_ENDS = ("FAILED", "TIMED_OUT", "ABORTED")
SWEEP = {"sweep": True}


class Machine(Construct):
    """machine: the state machine. What finish fails at goes to the queue of the rights."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        rights: Rights,
        functions: Functions,
    ) -> None:
        super().__init__(scope, name)
        self._settings, self._rights = settings, rights
        self.machine = self._machine(functions)
        finish = functions.live["finish"]
        finish.configure_async_invoke(
            on_failure=destinations.SqsDestination(rights.undelivered),
            retry_attempts=2,
            max_event_age=Duration.hours(1),
        )
        # The sweep makes up for what it fails at.
        functions.live[DELIVER].configure_async_invoke(
            retry_attempts=0, max_event_age=Duration.hours(1)
        )
        self._ends_of_executions(finish)
        self._sweep(finish)
        if settings.verify_percent:
            self._prove(finish, settings.verify_percent)

    def _machine(self, functions: Functions) -> sfn.StateMachine:
        called = {name: version.function_arn for name, version in functions.versions.items()}
        bucket = self._rights.storage.bucket.bucket_name
        workflow = Workflow(
            called,
            bucket,
            Stack.of(self).partition,
            self._settings.tasks_at_once,
            fast_lane=self._settings.fast_lane,
        )
        log_group = logs.LogGroup(
            self,
            "Log",
            # CloudWatch lets only logs under this name grow beyond the size of a resource policy.
            log_group_name=f"/aws/vendedlogs/states/{self._settings.name}",
            retention=logs.RetentionDays[self._settings.logs_kept],
            removal_policy=RemovalPolicy.DESTROY,
        )
        machine = sfn.StateMachine(
            self,
            "Workflow",
            state_machine_name=self._settings.name,
            definition_body=sfn.DefinitionBody.from_string(json.dumps(workflow.definition())),
            role=self._role([made.function_arn for made in functions.made.values()]),
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ERROR),
            tracing_enabled=True,
        )
        machine.apply_removal_policy(RemovalPolicy.DESTROY)
        return machine

    def _role(self, functions: list[str]) -> iam.IRole:
        """Every version may be called: an execution that runs stays with those it began with."""
        calls = iam.PolicyStatement(
            actions=["lambda:InvokeFunction"], resources=[f"{arn}:*" for arn in functions]
        )
        may = self._rights
        statements = [calls, *may.run_maps(), *may.deliver_logs(), *may.trace()]
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description=f"What executions of {self._settings.name} may do",
            inline_policies={"workflow": iam.PolicyDocument(statements=statements)},
        ).without_policy_updates()

    def _ends_of_executions(self, finish: lambda_.IFunction) -> None:
        """Call finish from outside too, for ends that the state Failed could not record."""
        events.Rule(
            self,
            "BadEnds",
            description="An execution that ended badly ends its project",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [self._rights.state_machine_arn()],
                    "status": list(BAD_ENDS),
                },
            ),
            targets=[self._target(finish)],
        )

    def _sweep(self, finish: lambda_.IFunction) -> None:
        events.Rule(
            self,
            "Sweep",
            description="Projects that nobody works on are taken up or ended",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[self._target(finish, events.RuleTargetInput.from_object(SWEEP))],
        )

    def _prove(self, finish: lambda_.IFunction, percent: float) -> None:
        events.Rule(
            self,
            "Prove",
            description="Some movies are made anew, and compared with what the cache has",
            schedule=events.Schedule.rate(Duration.hours(1)),
            targets=[self._target(finish, events.RuleTargetInput.from_object({"prove": percent}))],
        )

    def _target(
        self, finish: lambda_.IFunction, said: events.RuleTargetInput | None = None
    ) -> targets.LambdaFunction:
        return targets.LambdaFunction(
            finish,
            event=said,
            dead_letter_queue=self._rights.undelivered,
            retry_attempts=8,
            max_event_age=Duration.hours(1),
        )
