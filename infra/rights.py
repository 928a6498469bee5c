"""The rights of roles, as statements that name what they are for.

Nothing here uses CDK's grants, which give more than a row of the table says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from resplice.adapters.providers.amazon_transcribe import FOLDER

from infra.rows import LIVE
from infra.storage import Storage

Statements = Sequence[iam.PolicyStatement]
MAKERS_OF_MODELS = ("amazon", "stability")
"""On Bedrock."""


@dataclass(frozen=True)
class Rights:
    """Statements about the things of one stack.

    undelivered  the queue of events that a function failed at
    workflow     the name of the state machine
    secrets      what the names of connections' secrets begin with
    webhook_secret  the name of what webhooks are signed with
    attested        the names of what movies and their manifests are signed with
    certificate     the one of these that a movie may ask for
    """

    stack: Stack
    storage: Storage
    undelivered: sqs.Queue
    workflow: str
    secrets: str
    webhook_secret: str
    attested: tuple[str, ...]
    certificate: str

    def state_machine_arn(self) -> str:
        """Made from the name: functions and the state machine would else wait for each other."""
        return self._states_arn("stateMachine", self.workflow)

    def write_logs(self, group: logs.LogGroup) -> Statements:
        return [_may(["logs:CreateLogStream", "logs:PutLogEvents"], group.log_group_arn)]

    def trace(self) -> Statements:
        actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        sampling = ["xray:GetSamplingRules", "xray:GetSamplingTargets"]
        return [_may([*actions, *sampling], "*")]

    def use_objects(
        self, reads: Sequence[str], writes: Sequence[str], removes: Sequence[str]
    ) -> Statements:
        bucket = self.storage.bucket
        rows = [
            (["s3:GetObject"], reads),
            (["s3:PutObject", "s3:AbortMultipartUpload"], writes),
            (["s3:DeleteObject"], removes),
        ]
        objects = [
            _may(actions, *(bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes))
            for actions, prefixes in rows
            if prefixes
        ]
        # To whom may not list, S3 says of a key that is not there 403 and not 404. Such a
        # question carries no prefix, and a condition without "if exists" would be false for it.
        listing = _may(["s3:ListBucket"], bucket.bucket_arn)
        seen = sorted({*reads, *writes})
        listing.add_condition("StringLikeIfExists", {"s3:prefix": [f"{each}*" for each in seen]})
        return [*objects, listing]

    def use_table(
        self, verbs: Sequence[str], keys: Sequence[str], indexes: Sequence[str]
    ) -> Statements:
        """keys: what the partition keys begin with; any, when there is none."""
        arn = self.storage.table.table_arn
        if not verbs:
            return []
        items = _may([f"dynamodb:{verb}" for verb in verbs], arn)
        if keys:
            beginnings = {"dynamodb:LeadingKeys": [f"{key}*" for key in keys]}
            items.add_condition("ForAllValues:StringLike", beginnings)
        queried = [f"{arn}/index/{index}" for index in indexes]
        return [items, *([_may(["dynamodb:Query"], *queried)] if queried else ())]

    def secrets_arn(self) -> str:
        """Of all secrets of the stack's connections."""
        made: str = self.stack.format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{self.secrets}*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return made

    def use_services(self, providers: Sequence[str]) -> Statements:
        """What each of AWS's own providers of speech and pictures is asked with."""
        rights = {
            "polly": self._speak,
            "amazon-transcribe": self._transcribe,
            "bedrock": self._generate,
        }
        return [statement for each in providers for statement in rights[each]()]

    def _speak(self) -> Statements:
        """https://docs.aws.amazon.com/polly/latest/dg/api-permissions-reference.html"""
        return [_may(["polly:SynthesizeSpeech"], "*")]

    def _transcribe(self) -> Statements:
        """Jobs have names, but none yet when they are started: then the place of the result tells
        them apart. Transcribe reads and writes the bucket with the rights of who starts a job.
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontranscribe.html
        """
        bucket = self.storage.bucket.bucket_name
        starting = _may(["transcribe:StartTranscriptionJob"], "*")
        results = {"transcribe:OutputBucketName": bucket, "transcribe:OutputKey": f"{FOLDER}*"}
        starting.add_condition("StringLike", results)
        jobs = self.stack.format_arn(
            service="transcribe", resource="transcription-job", resource_name=f"{bucket}-*"
        )
        verbs = ("Get", "Delete")
        return [starting, _may([f"transcribe:{verb}TranscriptionJob" for verb in verbs], jobs)]

    def _generate(self) -> Statements:
        """Of the makers whose models we know to ask. A profile spreads requests over regions.
        https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
        """
        return [_may(["bedrock:InvokeModel"], *self._models())]

    def _models(self) -> Sequence[str]:
        """ARNs of all models that may be asked. Profiles are the stack's; what they choose among
        lies in other regions too.
        """
        arn = self.stack.format_arn
        return [
            arn(
                service="bedrock",
                region=region,
                account=account,
                resource=resource,
                resource_name=f"{prefix}{maker}.*",
            )
            for resource, region, account, prefix in (
                ("foundation-model", "*", "", ""),
                ("inference-profile", self.stack.region, None, "*."),
            )
            for maker in MAKERS_OF_MODELS
        ]

    def read_secrets(self) -> Statements:
        return [_may(["secretsmanager:GetSecretValue"], self.secrets_arn())]

    def live_arn(self, function: str) -> str:
        """Of the alias. Made from the name: who calls it would else wait for it."""
        return self._function_arn(f"{function}:{LIVE}")

    def _function_arn(self, name: str) -> str:
        made: str = self.stack.format_arn(
            service="lambda",
            resource="function",
            resource_name=f"{self.workflow}-{name}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return made

    def tell(self, function: str) -> Statements:
        """By the alias: the right to it is none to the function, nor to its versions."""
        return [_may(["lambda:InvokeFunction"], self.live_arn(function))]

    def call(self, functions: Sequence[str]) -> Statements:
        """Any version of them: who began before a deployment calls those that it began with."""
        versions = [self._function_arn(f"{each}:*") for each in functions]
        return [_may(["lambda:InvokeFunction"], *versions)] if versions else []

    def sign(self) -> Statements:
        """Whoever needs the secret first makes it."""
        actions = ["secretsmanager:GetSecretValue", "secretsmanager:CreateSecret"]
        return [_may(actions, *self._secret_arns(self.webhook_secret))]

    def attest(self) -> Statements:
        """The operator makes the secrets, who may."""
        arns = [arn for name in self.attested for arn in self._secret_arns(name)]
        return [_may(["secretsmanager:GetSecretValue"], *arns)]

    def foresee(self) -> Statements:
        """Whether there is one to read; not what it says."""
        arns = self._secret_arns(self.certificate)
        return [_may(["secretsmanager:DescribeSecret"], *arns)]

    def _secret_arns(self, name: str) -> list[str]:
        """AWS puts six characters after names, and none as long as there is no such secret."""
        return [
            self.stack.format_arn(
                service="secretsmanager",
                resource="secret",
                resource_name=each,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            for each in (f"{name}-??????", name)
        ]

    def send_mail(self, sender: str) -> Statements:
        """In the name of that identity; nothing where there is none."""
        if not sender:
            return []
        name = parseaddr(sender)[1]
        identities = [
            self.stack.format_arn(service="ses", resource="identity", resource_name=each)
            for each in (name, name.rpartition("@")[2])
        ]
        return [_may(["ses:SendEmail"], *identities)]

    def start_executions(self) -> Statements:
        """Also to ask what became of one that has begun before."""
        executions = self._states_arn("execution", f"{self.workflow}:*")
        return [
            _may(["states:StartExecution"], self.state_machine_arn()),
            _may(["states:DescribeExecution"], executions),
        ]

    def stop_executions(self) -> Statements:
        return [_may(["states:StopExecution"], self._states_arn("execution", f"{self.workflow}:*"))]

    def queue_events(self) -> Statements:
        return [_may(["sqs:SendMessage"], self.undelivered.queue_arn)]

    def run_maps(self) -> Statements:
        """What the state machine needs for maps over more tasks than one execution holds. The
        documentation names children by the machine alone; their ARNs have the map's label as well.
        https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
        """
        children = [self._states_arn("execution", f"{self.workflow}{each}*") for each in (":", "/")]
        tasks = self.storage.bucket.arn_for_objects("runs/*")
        return [
            _may(["states:StartExecution"], self.state_machine_arn()),
            _may(["states:DescribeExecution", "states:StopExecution"], *children),
            _may(["s3:GetObject"], tasks),
        ]

    def deliver_logs(self) -> Statements:
        """CloudWatch has no ARNs for deliveries."""
        verbs = ("Create", "Get", "Update", "Delete", "List")
        deliveries = [f"logs:{verb}LogDelivery" for verb in verbs[:4]] + ["logs:ListLogDeliveries"]
        policies = ["logs:PutResourcePolicy", "logs:DescribeResourcePolicies"]
        return [_may([*deliveries, *policies, "logs:DescribeLogGroups"], "*")]

    def _states_arn(self, resource: str, name: str) -> str:
        made: str = self.stack.format_arn(
            service="states",
            resource=resource,
            resource_name=name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return made


def _may(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))
