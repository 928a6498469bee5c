"""The functions as the stack has them: one builder, for each row of infra.rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct
from resplice.wiring.functions import FORESEEING, SECRETS

from infra import layers
from infra.rights import Rights
from infra.rows import (
    CALLED,
    DELIVER,
    LIVE,
    METRICS,
    ROWS,
    Row,
    all_of,
    layers_of,
    removed_by,
    rows_of,
    variables_of,
)
from infra.settings import Settings

FUNCTIONS = layers.ROOT / "functions"
LEFT_TO_RUN = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""What becomes of a version that is followed by another: it stays for the executions that call it,
until infra.prune. When its own deployment fails it goes, because Lambda publishes nothing that is
like the last version: the next try would fail.
https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
"""


class Functions(Construct):
    """made: each function. versions: what the workflow calls, so that an execution which began
    before a deployment ends with the code that it began with. live: what all others call, under
    names that stay, so that each has its permission before and after a deployment.
    https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        rights: Rights,
        variables: Mapping[str, str],
        code: Path = FUNCTIONS,
    ) -> None:
        """variables: the values of all RESPLICE_ variables; a row says which go where. Raises
        ValueError for one that goes nowhere: what a stage sets with it would do nothing.
        """
        super().__init__(scope, name)
        if idle := variables.keys() - {each for row in ROWS for each in variables_of(row)}:
            raise ValueError(f"no function has {', '.join(sorted(idle))}")
        self._settings, self._rights, self._variables, self._code = (
            settings,
            rights,
            variables,
            code,
        )
        self._runtime = lambda_.Runtime(f"python{settings.python}", lambda_.RuntimeFamily.PYTHON)
        self._layers = {layer: self._layer(layer) for layer in layers.RECIPES}
        self.made = {function: self._function(function, row) for function, row in ROWS.items()}
        self.versions = {function: made.current_version for function, made in self.made.items()}
        self.live = {function: self.made[function].add_alias(LIVE) for function in CALLED}

    def _layer(self, name: str) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            f"{name.title()}Layer",
            code=lambda_.Code.from_asset(str(layers.build(name, self._settings.python))),
            compatible_runtimes=[self._runtime],
            compatible_architectures=[lambda_.Architecture.X86_64],
            description=f"Resplice: {name}",
        )

    def _function(self, name: str, row: Row) -> lambda_.Function:
        log_group = logs.LogGroup(
            self,
            f"{name.title()}Log",
            retention=logs.RetentionDays[self._kept(name)],
            removal_policy=RemovalPolicy.DESTROY,
        )
        return lambda_.Function(
            self,
            name.title(),
            function_name=f"{self._settings.name}-{name}",
            description=self._settings.deployment or None,
            code=lambda_.Code.from_asset(str(self._code / name), exclude=["__pycache__", "*.pyc"]),
            handler="handler.handler",
            runtime=self._runtime,
            architecture=lambda_.Architecture.X86_64,
            memory_size=row.memory_mb,
            timeout=Duration.seconds(row.timeout_s),
            ephemeral_storage_size=Size.mebibytes(row.tmp_mb),
            layers=[self._layers[layer] for layer in layers_of(name)],
            environment=self._environment(name),
            role=self._role(name, row, log_group),
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if row.traced else lambda_.Tracing.PASS_THROUGH,
            reserved_concurrent_executions=self._settings.reserved_concurrency.get(name),
            current_version_options=lambda_.VersionOptions(removal_policy=LEFT_TO_RUN),
        )

    def _kept(self, function: str) -> str:
        """How long its log is kept: what the API does is told there, in lines for auditors."""
        return self._settings.audit_kept if function == "api" else self._settings.logs_kept

    def _environment(self, function: str) -> dict[str, str]:
        ours = {f"RESPLICE_{each}": self._variables[each] for each in variables_of(function)}
        return {
            **ours,
            "POWERTOOLS_SERVICE_NAME": self._settings.name,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS,
            "POWERTOOLS_LOG_LEVEL": "INFO",
            **({} if ROWS[function].traced else {"POWERTOOLS_TRACE_DISABLED": "1"}),
        }

    def _role(self, name: str, row: Row, log_group: logs.LogGroup) -> iam.IRole:
        may = self._rights
        statements = [
            *may.write_logs(log_group),
            *(may.trace() if row.traced else ()),
            *self._stores(name),
            *may.call(row.calls),
            *(may.start_executions() if row.starts else ()),
            *(may.stop_executions() if row.stops else ()),
            *(may.queue_events() if row.events else ()),
            *(may.read_secrets() if name in SECRETS else ()),
            *(may.tell(DELIVER) if row.tells else ()),
            *(may.sign() if row.signs else ()),
            *(may.attest() if row.attests else ()),
            *(may.foresee() if name in FORESEEING else ()),
            *(may.send_mail(self._settings.email_from) if row.signs else ()),
            *may.use_services([each for each in row.services if each in self._settings.at_hand]),
        ]
        return self._role_of(name, statements)

    def _stores(self, name: str) -> Iterator[iam.PolicyStatement]:
        """On records it may do what each of its rows says, and no more."""
        reads, writes, removes = (
            all_of(name, column)
            for column in (lambda row: row.reads, lambda row: row.writes, removed_by)
        )
        yield from self._rights.use_objects(reads, writes, removes)
        for row in rows_of(name):
            yield from self._rights.use_table(row.records, row.keys, row.indexes)

    def _role_of(self, name: str, statements: Sequence[iam.PolicyStatement]) -> iam.IRole:
        """Ours alone: CDK may not add to it."""
        return iam.Role(
            self,
            f"{name.title()}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {name} of {self._settings.name} may do",
            inline_policies={name: iam.PolicyDocument(statements=statements)},
        ).without_policy_updates()
