"""Wiring on AWS: the ports of one Lambda function, from its environment.

Each function names the ports that it needs; what is missing in its environment is an error at its
cold start, by name. A port that it did not ask for answers nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from resplice.adapters.disk.built_pages import BuiltPages
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.lambda_.audit import LoggedAudit
from resplice.adapters.lambda_.telemetry import Telemetry
from resplice.adapters.lambda_.time_left import TimeLeft
from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.system_clock import SystemClock
from resplice.api.service import Service
from resplice.core.providers import PROVIDERS, Access
from resplice.core.tools import Tools
from resplice.core.workflow import DEADLINE_SECONDS, MAX_INLINE_TASKS
from resplice.errors import RespliceError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.executions import Patience
from resplice.steps.deadline import Deadline
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.executor import functions_of
from resplice.steps.execution.progress import CountedFrames
from resplice.wiring import aws_exports, movie_records, tables
from resplice.wiring.aws_failures import shortened
from resplice.wiring.aws_objects import object_makers
from resplice.wiring.catalog import with_catalog
from resplice.wiring.functions import PORTS, SECRETS
from resplice.wiring.media import downloads, media_makers, own_urls, stores, with_own_media
from resplice.wiring.providers import GENERATORS, TRANSCRIBERS, VOICES, Lazily, fonts_url, offers_of
from resplice.wiring.quotas import quotas
from resplice.wiring.service import LIMITS_ON_AWS, STUDIO, cors_origins
from resplice.wiring.switches import CONTENT_CREDENTIALS, is_on

OPT = Path(__file__).resolve().parents[3]
"""Where the layers are merged: /opt, as Lambda has it."""
FETCHERS = LOOKUPS = 16
TIME_LEFT = TimeLeft()
"""Of the call that this process is at."""
FETCH_SECONDS = 240
"""For one download: the function that does it has five minutes."""
ENDING_SECONDS = 600
"""How long the end of an execution may take to be known, after its deadline."""
LATE_MS = (DEADLINE_SECONDS + ENDING_SECONDS) * 1000
PATIENCE = Patience(
    start_ms=60_000,
    lease_ms=LATE_MS,
    renewed=False,
    execution_ms=DEADLINE_SECONDS * 1000,
    deadline_ms=LATE_MS,
)
CLIENT = Config(
    connect_timeout=3,
    read_timeout=30,
    max_pool_connections=FETCHERS + LOOKUPS + 4,
    retries={"mode": "standard", "total_max_attempts": 5},
    response_checksum_validation="when_required",
)


class SettingMissing(RespliceError):
    """The function's environment lacks what it needs, or holds it in a wrong form."""


@frozen
class Absent:
    """In the place of a port that the function was not given."""

    name: str

    def __getattr__(self, used: str) -> Any:
        raise RuntimeError(f"this function has no {self.name}, so no {used}")


def setting(name: str) -> str:
    """Raises SettingMissing."""
    value = os.environ.get(name)
    if not value:
        raise SettingMissing(f"{name} is not set in the function's environment")
    return value


def tools() -> Tools:
    """RESPLICE_TOOLS: a JSON object with what names each tool. RESPLICE_CONTENT_CREDENTIALS: 1, or
    not set. Raises SettingMissing.
    """
    credentials = is_on(CONTENT_CREDENTIALS)
    try:
        return replace(Tools(**json.loads(setting("RESPLICE_TOOLS"))), credentials=credentials)
    except (TypeError, ValueError):
        names = ", ".join(Tools.__dataclass_fields__)
        raise SettingMissing(f"RESPLICE_TOOLS is no JSON object of {names}") from None


def refresh_after_days() -> dict[str, float]:
    """RESPLICE_REFRESH_AFTER_DAYS: a JSON object, days by the start of a key; none when it is not
    set. Raises SettingMissing.
    """
    try:
        said = json.loads(os.environ.get("RESPLICE_REFRESH_AFTER_DAYS", "{}"))
        return {start: float(days) for start, days in said.items()}
    except (AttributeError, TypeError, ValueError):
        raise SettingMissing("RESPLICE_REFRESH_AFTER_DAYS is no JSON object of days") from None


def at_hand() -> tuple[Access, ...]:
    """RESPLICE_AT_HAND: which of AWS's own, and of what is in our layers, elements may use without
    a connection: a JSON object of provider: build, the best first; none when it is not set.

    Raises SettingMissing.
    """
    try:
        said = json.loads(os.environ.get("RESPLICE_AT_HAND", "{}"))
        return tuple(Access(PROVIDERS[name].name, build=str(said[name])) for name in said)
    except (KeyError, TypeError, ValueError):
        raise SettingMissing("RESPLICE_AT_HAND is no JSON object of providers") from None


def settings() -> dict[str, Any]:
    """RESPLICE_STRICT_VOICES, RESPLICE_PLACEHOLDERS, RESPLICE_STRICT_FONTS: set to 1, or not set;
    RESPLICE_FONTS_URL.
    """
    names = ("strict_voices", "placeholders", "strict_fonts")
    flags = {name: os.environ.get(f"RESPLICE_{name.upper()}") == "1" for name in names}
    return {**flags, "fonts_url": fonts_url()}


def whole_number(name: str) -> int | None:
    """None when it is not set. Raises SettingMissing."""
    said = os.environ.get(name)
    try:
        return int(said) if said else None
    except ValueError:
        raise SettingMissing(f"{name} is no whole number") from None


def ports_of(function: str) -> Ports:
    """The ports of a function by its row; clock, tools, scratch and executors always come.

    Raises SettingMissing.
    """
    scratch = ScratchFolder(Path(tempfile.gettempdir()))
    lookups = ThreadPoolExecutor(LOOKUPS, "look up")
    s3, table, bucket = partial(_client, "s3"), cache(_table), partial(setting, "RESPLICE_BUCKET")
    kept = "renderer" in PORTS[function]
    stored = object_makers(s3, bucket, refresh_after_days, scratch, kept)
    makers: dict[str, Callable[[], Any]] = {
        **stored,
        "projects": lambda: _projects(table()),
        "cache_index": lambda: _cache_index(table()),
        "leases": lambda: _leases(table()),
        "api_keys": lambda: _api_keys(table()),
        "connections": lambda: _connections(table(), function),
        "usage": lambda: tables.counters(table()),
        "rates": lambda: tables.counters(table()),
        "templates": lambda: tables.templates(table()),
        **movie_records.makers(table),
        "tallies": lambda: tables.tallies(table()),
        **media_makers(table, bucket, CLIENT),
        "components": _components,
        "checkpoints": lambda: ObjectCheckpoints(stored["objects"](), scratch, lookups),
        "web": _web,
        "browser": _browser,
        "prober": _prober,
        "renderer": _renderer,
        "voices": _voices,
        "aligner": _aligner,
        "transcribers": _transcribers,
        "generators": lambda: Lazily(GENERATORS),
        "outbox": lambda: aws_exports.outbox(table()),
        "senders": lambda: aws_exports.aws_senders(_client, setting("RESPLICE_WEBHOOK_SECRET")),
        "audit": LoggedAudit,
        "signer": lambda: aws_exports.signer(_client, setting("RESPLICE_SIGNING_SECRET")),
        "credentials": partial(aws_exports.credentials, _client, setting),
        "telling": lambda: aws_exports.telling(_client, setting("RESPLICE_DELIVER")),
    }
    wanted = PORTS[function]
    made: dict[str, Any] = {
        name: make() if name in wanted else Absent(name) for name, make in makers.items()
    }
    return Ports(
        **made,
        scratch=scratch,
        clock=SystemClock(),
        tools=tools(),
        fetchers=ThreadPoolExecutor(FETCHERS, "fetch"),
        painters=ThreadPoolExecutor(FETCHERS, "paint"),
        lookups=lookups,
        renderers=ThreadPoolExecutor(1, "render"),
        patience=PATIENCE,
        offered=offers_of(made["connections"], at_hand(), **settings()),
        files_allowed=False,
        own_disk=True,
        max_cost_micro_usd=whole_number("RESPLICE_MAX_COST_MICRO_USD"),
        pieces_at_once=whole_number("RESPLICE_TASKS_AT_ONCE") or MAX_INLINE_TASKS,
        movies_kept_ms=movie_records.kept_ms(refresh_after_days()),
        quotas=quotas(),
        own_urls=own_urls(),
        credentials_lack=aws_exports.credentials_lack(_client, setting, function),
    )


def step(function: str) -> Callable[[Any, Any], Any]:
    """The step of the workflow that the function is, as Lambda calls it."""
    own = ports_of(function)

    def handler(event: Any, context: Any) -> Any:
        deadline = Deadline.of_step(1000 * TIME_LEFT.begin(context), own)
        counted = CountedFrames(event["project"], own)
        with shortened(event["project"], own):
            result = functions_of(own, counted, deadline)[function](event)
            counted.write()
            return result

    return observed(handler)


def coalescer(own: Ports) -> Coalescer:
    """Starts executions of the state machine RESPLICE_WORKFLOW."""
    from resplice.adapters.stepfunctions.executions import SfnExecutions

    executions = SfnExecutions(_client("stepfunctions"), setting("RESPLICE_WORKFLOW"))
    return Coalescer(own, executions)


def service() -> Service:
    """What the API's function works with: keys are always needed."""
    own, base_url = coalescer(ports_of("api")), setting("RESPLICE_BASE_URL")
    # After the clients: what they log when they are made belongs to no project.
    posted = telemetry().posted
    more: dict[str, Any] = {"cors_origins": cors_origins(), "downloads": downloads(CLIENT)}
    more |= {"pages": BuiltPages(OPT / STUDIO), "stores": partial(stores, CLIENT)}
    return Service(own, None, base_url, LIMITS_ON_AWS, keyed=True, posted=posted, **more)


@cache
def telemetry() -> Telemetry:
    return Telemetry()


def observed(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The handler as Lambda calls it: logged, traced and counted."""
    return telemetry().observed(handler)


def _client(name: str) -> Any:
    return boto3.client(name, config=CLIENT)


def _table() -> Any:
    from resplice.adapters.dynamodb.table import DynamoTable

    return DynamoTable(_client("dynamodb"), setting("RESPLICE_TABLE"))


def _projects(table: Any) -> Any:
    from resplice.adapters.dynamodb.projects import DynamoProjects

    return DynamoProjects(table, SystemClock())


def _cache_index(table: Any) -> Any:
    from resplice.adapters.dynamodb.cache_index import DynamoCacheIndex

    return DynamoCacheIndex(table, SystemClock())


def _leases(table: Any) -> Any:
    from resplice.adapters.dynamodb.leases import DynamoLeases

    return DynamoLeases(table, SystemClock())


def _api_keys(table: Any) -> Any:
    from resplice.adapters.dynamodb.api_keys import DynamoApiKeys

    return DynamoApiKeys(table)


def _connections(table: Any, function: str) -> Any:
    """RESPLICE_SECRETS: what the names of secrets begin with, for functions that read them."""
    from resplice.adapters.dynamodb.connections import DynamoConnections

    return DynamoConnections(table, _secrets() if function in SECRETS else Absent("secrets"))


def _components() -> Any:
    from resplice.adapters.s3.components import S3Components

    return with_catalog(S3Components(_client("s3"), setting("RESPLICE_BUCKET")))


def _secrets() -> Any:
    from resplice.adapters.secrets_manager.secrets import SecretsManager

    return SecretsManager(_client("secretsmanager"), setting("RESPLICE_SECRETS"))


def _web() -> Any:
    """RESPLICE_ALLOWED_SOURCES: HOST:PORT, by commas, to open beside public addresses."""
    from resplice.adapters.web.any_source import AnySource
    from resplice.adapters.web.fetch import SafeHttp
    from resplice.adapters.web.limits import HttpLimits
    from resplice.core.addresses import AllowedSource

    named = os.environ.get("RESPLICE_ALLOWED_SOURCES", "").split(",")
    allowed = frozenset(AllowedSource.parse(each) for each in named if each)
    limits = HttpLimits(total_s=FETCH_SECONDS)
    web = AnySource(lambda: SafeHttp(allowed, limits, left_s=TIME_LEFT), files_allowed=False)
    return with_own_media(web, setting("RESPLICE_BUCKET"), CLIENT)


def _browser() -> Any:
    from resplice.adapters.chromium.browser import TAILWIND, Chromium
    from resplice.adapters.chromium.bundled_fonts import BundledFonts
    from resplice.adapters.chromium.packed import unpacked

    return Chromium(
        partial(unpacked, OPT / "chromium", Path(tempfile.gettempdir())),
        BundledFonts(OPT / "fonts"),
        tailwind=OPT / "chromium" / TAILWIND,
        left_s=TIME_LEFT,
    )


def _ffmpeg() -> Any:
    from resplice.adapters.ffmpeg.process import Ffmpeg

    return Ffmpeg(OPT / "bin/ffmpeg", left_s=TIME_LEFT)


def _prober() -> Any:
    from resplice.adapters.ffmpeg.probe import FfmpegProber

    return FfmpegProber(_ffmpeg())


def _renderer() -> Any:
    from resplice.adapters.ffmpeg.renderer import FfmpegRenderer

    return FfmpegRenderer(_ffmpeg())


def _voices() -> Any:
    return Lazily({**VOICES, "polly": _polly, "espeak": _espeak})


def _polly() -> Any:
    from resplice.adapters.providers.polly import PollyVoices

    return PollyVoices(lambda config: boto3.client("polly", config=CLIENT.merge(config)))


def _espeak() -> Any:
    from resplice.adapters.espeak.library import EspeakLibrary
    from resplice.adapters.espeak.voices import EspeakVoices

    return EspeakVoices(EspeakLibrary(OPT / "espeak"))


def _aligner() -> Any:
    from resplice.adapters.pocketsphinx.aligner import PocketSphinxAligner

    return PocketSphinxAligner(_ffmpeg(), TIME_LEFT)


def _transcribers() -> Any:
    return Lazily({**TRANSCRIBERS, "amazon-transcribe": _amazon})


def _amazon() -> Any:
    from resplice.adapters.providers.amazon_transcribe import AmazonTranscriber

    clients = _client("transcribe"), _client("s3")
    return AmazonTranscriber(*clients, setting("RESPLICE_BUCKET"), left_s=TIME_LEFT)
