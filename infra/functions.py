"""The functions: one builder, and a table that says how each differs.

A row is all that a function gets: memory, time, room, layers, environment and rights. What is not
in its row it may not do. Who may read secrets is said with the ports, in resplice.wiring.functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct
from resplice.adapters.lambda_.prices import MAX_FUNCTION_MB
from resplice.core import lane
from resplice.core.quotas import KEYS, TOGETHER
from resplice.steps.deliver.rounds import ROUND_SECONDS
from resplice.wiring.functions import PORTS, RECORDS, SECRETS

from infra import layers
from infra.rights import LIVE, Rights
from infra.settings import Settings

FUNCTIONS = layers.ROOT / "functions"
METRICS = "Resplice"
"""The namespace of what the functions count; its one dimension is `service`."""

ELEMENTS, SCENES, MOVIES, RUNS = "elements/", "scenes/", "movies/", "runs/"
MEDIA = "media/"
"""The owners' files: callers send them straight there, with URLs that the API has signed."""
COMPONENTS = "components/"
"""The user's own: nothing of ours writes there, and nothing there grows old."""
REPAIRS = (ELEMENTS, SCENES, RUNS)
POINTERS = f"pointer#{ELEMENTS}"
"""What the keys of records begin with that lead to elements."""
PROGRESS = "progress#"
"""What the keys of records begin with that count what is rendered."""
BOUNDED = (f"counter#{TOGETHER}#", f"counter#{KEYS}")
"""The same, that count what all owners together use in a day, and what is used with a key."""
LEFT_TO_RUN = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""What becomes of a version that is followed by another: it stays for the executions that call it,
until infra.prune. When its own deployment fails it goes, because Lambda publishes nothing that is
like the last version: the next try would fail.
https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
"""
PAID = ("AT_HAND", "STRICT_VOICES", "PLACEHOLDERS")
"""What may be asked of providers: for those that accept a document."""
DELIVER = "deliver"
"""Who tells of ends."""
CALLED = ("api", "finish", DELIVER)
"""Who is called by others than an execution: by its alias."""
LANE_SECONDS = 300
"""As long as the slowest of what it makes itself, a download, may take alone."""
ALONE = f"lease#make/{ELEMENTS}"
"""What the keys of leases begin with, on elements that are paid for."""


@dataclass(frozen=True)
class Row:
    """One function.

    layers     beside `shared` and `deps`, which all functions have, and those that its ports need
    variables  which of RESPLICE_… it has, beside those that its ports need
    reads      prefixes of keys in the bucket
    writes     the same; of all but MOVIES it may also remove damaged objects. A function that only
               looks things up writes too: a use makes an object new for the bucket's lifecycle
    removes    the same, of what it takes out of the cache when it is told to
    records    what it does with records of the table
    keys       what the keys of those records begin with; any, when it has none here
    indexes    of the table, which it queries
    parts      functions whose work it does too: it has what their rows say, beside its own
    calls      functions whose versions it may call
    services   AWS's own speech and pictures that it may ask for, by the names of core.providers,
               where the stage has them at hand
    starts     whether it may start executions, and ask for their state; stops: and stop them
    events     whether it handles events; those it fails at go to the queue
    tells      whether it may call who tells of ends
    signs      whether it signs webhooks, and sends mail where the stage has a sender
    traced     whether each of its calls is a trace, or a part of one. Of those that ask whether a
               movie is there the log says as much, and the trace would be most of what they cost
    """

    memory_mb: int
    timeout_s: int
    tmp_mb: int
    variables: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    starts: bool = False
    stops: bool = False
    events: bool = False
    tells: bool = False
    signs: bool = False
    traced: bool = True


LAYERS_OF_PORTS: Mapping[str, tuple[str, ...]] = {
    "prober": ("ffmpeg",),
    "renderer": ("ffmpeg",),
    "browser": ("pillow", "chromium", "fonts"),
    "voices": ("espeak",),
    "aligner": ("aligner",),
    "senders": ("sftp",),
}
"""What else a function runs on that has the port."""


def _maker(
    memory_mb: int, timeout_s: int, tmp_mb: int, *, paid: str = "", fetches: bool = True
) -> Row:
    """Of a function that makes elements. paid: the service it asks, which is asked once for all.
    fetches: also from where owners' files lie.
    """
    return Row(
        memory_mb,
        timeout_s,
        tmp_mb,
        reads=(ELEMENTS, RUNS, *((MEDIA,) if fetches else ())),
        writes=(ELEMENTS, RUNS),
        records=("GetItem", "PutItem", "UpdateItem") if paid else ("GetItem", "PutItem"),
        keys=(POINTERS, ALONE) if paid else (POINTERS,),
        services=(paid,) if paid else (),
    )


ROWS: Mapping[str, Row] = {
    "api": Row(
        memory_mb=1024,
        timeout_s=29,
        tmp_mb=512,
        variables=(
            "WORKFLOW",
            "BASE_URL",
            "SERVES_FILES",
            "REFRESH_AFTER_DAYS",
            "QUOTAS",
            "CORS_ORIGINS",
            "TASKS_AT_ONCE",
            *PAID,
            "DELIVER",
        ),
        reads=(ELEMENTS, SCENES, MOVIES, COMPONENTS, MEDIA),
        writes=(MOVIES, MEDIA),
        removes=(ELEMENTS, SCENES, MOVIES, MEDIA),
        records=("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem"),
        indexes=("by_owner",),
        starts=True,
        stops=True,
        tells=True,
        traced=False,
    ),
    "prepare": Row(
        memory_mb=1024,
        timeout_s=120,
        tmp_mb=4096,
        variables=("REFRESH_AFTER_DAYS", "QUOTAS", *PAID, "MAX_COST_MICRO_USD"),
        reads=(ELEMENTS, RUNS, COMPONENTS, MEDIA),
        writes=(ELEMENTS, RUNS),
        records=("GetItem", "UpdateItem", "Query"),
    ),
    "element": _maker(memory_mb=1769, timeout_s=300, tmp_mb=4096),
    "speak": _maker(memory_mb=1769, timeout_s=600, tmp_mb=2048, paid="polly", fetches=False),
    "transcribe": _maker(
        memory_mb=1024, timeout_s=900, tmp_mb=4096, paid="amazon-transcribe", fetches=False
    ),
    "generate": _maker(memory_mb=1024, timeout_s=900, tmp_mb=4096, paid="bedrock", fetches=False),
    "paint": _maker(memory_mb=2048, timeout_s=420, tmp_mb=2048),
    "plan": Row(
        memory_mb=1769,
        timeout_s=120,
        tmp_mb=512,
        variables=("REFRESH_AFTER_DAYS", "QUOTAS"),
        reads=(SCENES, RUNS),
        writes=(SCENES, RUNS),
        records=("UpdateItem",),
        keys=(PROGRESS, *BOUNDED),
    ),
    "scene": Row(
        memory_mb=MAX_FUNCTION_MB,
        timeout_s=900,
        tmp_mb=10240,
        layers=("pillow",),
        reads=(ELEMENTS, SCENES, RUNS),
        writes=(SCENES,),
        records=("UpdateItem",),
        keys=(PROGRESS,),
    ),
    "movie": Row(
        memory_mb=MAX_FUNCTION_MB,
        timeout_s=900,
        tmp_mb=10240,
        variables=("REFRESH_AFTER_DAYS",),
        reads=(ELEMENTS, SCENES, MOVIES, RUNS),
        writes=(SCENES, MOVIES, RUNS),
    ),
    lane.FUNCTION: Row(
        memory_mb=MAX_FUNCTION_MB,
        timeout_s=LANE_SECONDS,
        tmp_mb=10240,
        variables=("TASKS_AT_ONCE",),
        parts=lane.PARTS,
        calls=lane.CALLED,
    ),
    "finish": Row(
        memory_mb=512,
        timeout_s=60,
        tmp_mb=512,
        variables=("WORKFLOW", "REFRESH_AFTER_DAYS", "QUOTAS", "DELIVER"),
        reads=(MOVIES, RUNS),
        writes=(MOVIES,),
        records=("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
        indexes=("open",),
        removes=(MOVIES,),
        starts=True,
        events=True,
        tells=True,
    ),
    "deliver": Row(
        memory_mb=1024,
        timeout_s=ROUND_SECONDS + 60,
        tmp_mb=4096,
        variables=("BASE_URL", "WEBHOOK_SECRET", "EMAIL_FROM"),
        reads=(MOVIES,),
        records=("GetItem", "UpdateItem", "Query"),
        keys=("project#", "outbox#", "connections"),
        signs=True,
    ),
}


def rows_of(function: str) -> tuple[Row, ...]:
    """Its own, and those of its parts."""
    own = ROWS[function]
    return (own, *(ROWS[part] for part in own.parts))


def _all(function: str, column: Callable[[Row], tuple[str, ...]]) -> tuple[str, ...]:
    """What its rows say in a column, each once."""
    return tuple(dict.fromkeys(each for row in rows_of(function) for each in column(row)))


def _removed(row: Row) -> tuple[str, ...]:
    """What it may remove: what it writes and finds damaged, and what its row says."""
    repaired = [prefix for prefix in row.writes if prefix in REPAIRS]
    return (*repaired, *row.removes)


def variables_of(function: str) -> tuple[str, ...]:
    """Which of RESPLICE_… the function has: those of its row, and those of its ports."""
    ports = set(PORTS[function])
    stores = ("BUCKET",) * bool(ports & {"objects", "checkpoints", "components"}) + (
        "TABLE",
    ) * bool(ports & RECORDS)
    secrets = ("SECRETS",) * (function in SECRETS)
    own_urls = ("BASE_URL",) * bool(ports & {"media_bytes", "web"})
    named = (*stores, *secrets, "TOOLS", *own_urls, *_all(function, lambda row: row.variables))
    return tuple(dict.fromkeys(named))


def layers_of(function: str) -> tuple[str, ...]:
    """Those of its row, and those of its ports."""
    needed = [layer for port in PORTS[function] for layer in LAYERS_OF_PORTS.get(port, ())]
    return tuple(
        dict.fromkeys(["shared", "deps", *_all(function, lambda row: row.layers), *needed])
    )


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
        """variables: the values of all RESPLICE_ variables; a row says which go where."""
        super().__init__(scope, name)
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
            retention=self._settings.log_retention,
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
            *(may.send_mail(self._settings.email_from) if row.signs else ()),
            *may.use_services([each for each in row.services if each in self._settings.at_hand]),
        ]
        return self._role_of(name, statements)

    def _stores(self, name: str) -> Iterator[iam.PolicyStatement]:
        """On records it may do what each of its rows says, and no more."""
        reads, writes, removes = (
            _all(name, column)
            for column in (lambda row: row.reads, lambda row: row.writes, _removed)
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
