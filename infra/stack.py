"""The stack of one stage: the constructs of the other files, put together."""

from __future__ import annotations

import json
from pathlib import Path

from aws_cdk import Annotations, CfnOutput, Duration, Stack
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from resplice.wiring.functions import (
    credentials_secret,
    secrets_prefix,
    signing_secret,
    webhook_secret,
)

from infra import tools
from infra.accepted import accept
from infra.alarms import Alarms
from infra.api import Api, Movies
from infra.budget import Budget
from infra.functions import FUNCTIONS, Functions
from infra.rights import Rights
from infra.rows import DELIVER
from infra.settings import Settings
from infra.storage import Storage
from infra.workflow import Machine


class RespliceStack(Stack):
    """Everything of a stage, for any account and region."""

    def __init__(self, scope: Construct, settings: Settings, *, code: Path = FUNCTIONS) -> None:
        """code: the folder of the functions' own files."""
        name = f"Resplice-{settings.stage}"
        super().__init__(
            scope,
            name,
            description="Resplice: a serverless movie renderer",
            termination_protection=settings.retain,
        )
        self._advise(settings)
        storage = Storage(
            self,
            "Storage",
            retain=settings.retain,
            days_kept=settings.days_kept,
            sent_from=settings.cors_origins,
            bucket=settings.bucket,
            table=settings.table,
            shown=not settings.cdn,
        )
        undelivered = self._undelivered()
        secrets, webhooks, signing = self._secrets(name)
        named = secrets, webhooks, tuple(signing.values()), signing["CREDENTIALS_SECRET"]
        rights = Rights(self, storage, undelivered, settings.name, *named)
        api = Api(self, "Api", settings=settings)
        movies = Movies(self, "Movies", bucket=storage.bucket) if settings.cdn else api
        variables = {
            "BUCKET": storage.bucket.bucket_name,
            "TABLE": storage.table.table_name,
            "WORKFLOW": rights.state_machine_arn(),
            "BASE_URL": movies.url,
            "SERVES_FILES": str(int(not settings.cdn)),
            "SECRETS": secrets,
            "TOOLS": json.dumps(tools.named(settings.python), separators=(",", ":")),
            **self._allowed(settings),
            "CORS_ORIGINS": ",".join(settings.cors_origins),
            "QUOTAS": json.dumps(dict(settings.quotas), separators=(",", ":")),
            "TASKS_AT_ONCE": str(settings.tasks_at_once),
            "DELIVER": rights.live_arn(DELIVER),
            "WEBHOOK_SECRET": webhooks,
            **signing,
            "EMAIL_FROM": settings.email_from,
            "REFRESH_AFTER_DAYS": json.dumps(settings.refresh_after_days, separators=(",", ":")),
        }
        functions = Functions(
            self, "Functions", settings=settings, rights=rights, variables=variables, code=code
        )
        workflow = Machine(self, "Workflow", settings=settings, rights=rights, functions=functions)
        api.ask(functions.live["api"])
        alarms = Alarms(
            self,
            "Alarms",
            settings=settings,
            functions=functions.made,
            machine=workflow.machine,
            api=api.api,
            undelivered=undelivered,
        )
        if settings.has_budget:
            Budget(self, "Budget", settings=settings, topic=alarms.topic)
        self._say(
            ApiUrl=api.url,
            MoviesUrl=movies.url,
            BucketName=storage.bucket.bucket_name,
            TableName=storage.table.table_name,
            StateMachineArn=workflow.machine.state_machine_arn,
            AuditLogGroup=functions.made["api"].log_group.log_group_name,
            DashboardUrl=self._console(alarms.dashboard.dashboard_name),
        )
        accept(self, settings)

    def _advise(self, settings: Settings) -> None:
        for number, said in enumerate(settings.advice, 1):
            Annotations.of(self).add_warning_v2(f"resplice:advice-{number}", said)

    def _secrets(self, name: str) -> tuple[str, str, dict[str, str]]:
        """The names of secrets: what those of connections begin with, what webhooks are signed
        with, and what movies and their manifests are, as variables.
        """
        signing = {
            "SIGNING_SECRET": signing_secret(name),
            "CREDENTIALS_SECRET": credentials_secret(name),
        }
        return secrets_prefix(name), webhook_secret(name), signing

    def _allowed(self, settings: Settings) -> dict[str, str]:
        """What may be asked of whom, and whether behind fewer walls. A build: of what is in our
        layers.
        """
        builds = {"espeak": tools.espeak_build(settings.python)}
        most = settings.max_cost_micro_usd
        return {
            "AT_HAND": json.dumps({each: builds.get(each, "") for each in settings.at_hand}),
            "STRICT_VOICES": str(int(settings.strict_voices)),
            "STRICT_FONTS": str(int(settings.strict_fonts)),
            "FONTS_URL": settings.fonts_url or "off",
            "PLACEHOLDERS": str(int(settings.placeholders)),
            "CONTENT_CREDENTIALS": str(int(settings.content_credentials)),
            "REQUIRE_SANDBOX": str(int(settings.require_sandbox)),
            "MAX_COST_MICRO_USD": "" if most is None else str(most),
        }

    def _undelivered(self) -> sqs.Queue:
        return sqs.Queue(
            self,
            "Undelivered",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(14),
        )

    def _console(self, dashboard: str) -> str:
        console = f"https://console.aws.amazon.com/cloudwatch/home?region={self.region}"
        return f"{console}#dashboards:name={dashboard}"

    def _say(self, **outputs: str) -> None:
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
