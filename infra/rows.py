"""What each function gets, as a table: memory, time, room, layers, environment and rights.

What is not in a function's row it may not do. Who may read secrets, or ask for one, is said with
the ports, in resplice.wiring.functions. Nothing here knows CDK: who only reads the table loads no
Node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resplice.adapters.lambda_.prices import MAX_FUNCTION_MB
from resplice.core import lane
from resplice.core.quotas import KEYS, TOGETHER
from resplice.steps.deliver.rounds import ROUND_SECONDS
from resplice.wiring.functions import FORESEEING, PORTS, RECORDS, SECRETS

METRICS = "Resplice"
"""The namespace of what the functions count; its one dimension is `service`."""

ONE_PROCESSOR_MB = 1769
"""It buys one processor: a new environment loads Python and its modules in a third of a second."""
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
OFFERED = (
    *("AT_HAND", "STRICT_VOICES", "STRICT_FONTS", "FONTS_URL", "PLACEHOLDERS"),
    "CONTENT_CREDENTIALS",
)
"""What is done for movies here, and by whom: for those that accept a document."""
STARTING = frozenset({"prober", "renderer", "browser", "voices", "aligner", "transcribers"})
"""Ports whose adapters start programs: who has one is told whether less than all walls will do."""
DELIVER = "deliver"
"""Who tells of ends."""
CALLED = ("api", "finish", DELIVER)
"""Who is called by others than an execution: by its alias."""
LIVE = "live"
"""The alias under which a function is called: it leads to the version of the last deployment."""
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
    attests    whether it signs manifests of movies: it runs nothing on strangers' bytes
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
    attests: bool = False
    traced: bool = True


LAYERS_OF_PORTS: Mapping[str, tuple[str, ...]] = {
    "prober": ("ffmpeg",),
    "renderer": ("ffmpeg",),
    "browser": ("pillow", "chromium", "fonts"),
    "voices": ("espeak",),
    "aligner": ("aligner",),
    "senders": ("sftp",),
    "signer": ("sftp",),
    "credentials": ("sftp", "credentials"),
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
        memory_mb=ONE_PROCESSOR_MB,
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
            *OFFERED,
            "DELIVER",
        ),
        layers=("studio",),
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
        variables=(
            "REFRESH_AFTER_DAYS",
            "QUOTAS",
            *OFFERED,
            "MAX_COST_MICRO_USD",
            "REQUIRE_SANDBOX",  # It refuses before others begin.
        ),
        reads=(ELEMENTS, RUNS, COMPONENTS, MEDIA),
        writes=(ELEMENTS, RUNS),
        records=("GetItem", "UpdateItem", "Query"),
    ),
    "element": _maker(memory_mb=ONE_PROCESSOR_MB, timeout_s=300, tmp_mb=4096),
    "speak": _maker(
        memory_mb=ONE_PROCESSOR_MB, timeout_s=600, tmp_mb=2048, paid="polly", fetches=False
    ),
    "transcribe": _maker(
        memory_mb=1024, timeout_s=900, tmp_mb=4096, paid="amazon-transcribe", fetches=False
    ),
    "generate": _maker(memory_mb=1024, timeout_s=900, tmp_mb=4096, paid="bedrock", fetches=False),
    "paint": _maker(memory_mb=2048, timeout_s=420, tmp_mb=2048),
    "plan": Row(
        memory_mb=ONE_PROCESSOR_MB,
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
        memory_mb=ONE_PROCESSOR_MB,
        timeout_s=900,
        tmp_mb=10240,
        variables=(
            *("WORKFLOW", "REFRESH_AFTER_DAYS", "QUOTAS", "DELIVER"),
            *("SIGNING_SECRET", "CREDENTIALS_SECRET"),
        ),
        reads=(MOVIES, RUNS),
        writes=(MOVIES, RUNS),
        records=("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem"),
        indexes=("open", "by_owner"),
        removes=(MOVIES,),
        starts=True,
        events=True,
        tells=True,
        attests=True,
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


def all_of(function: str, column: Callable[[Row], tuple[str, ...]]) -> tuple[str, ...]:
    """What its rows say in a column, each once."""
    return tuple(dict.fromkeys(each for row in rows_of(function) for each in column(row)))


def removed_by(row: Row) -> tuple[str, ...]:
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
    foreseen = ("CREDENTIALS_SECRET",) * (function in FORESEEING)
    own_urls = ("BASE_URL",) * bool(ports & {"media_bytes", "web"})
    held = ("REQUIRE_SANDBOX",) * bool(ports & STARTING)
    named = (
        *stores,
        *secrets,
        *foreseen,
        "TOOLS",
        *own_urls,
        *held,
        *all_of(function, lambda row: row.variables),
    )
    return tuple(dict.fromkeys(named))


def layers_of(function: str) -> tuple[str, ...]:
    """Those of its row, and those of its ports."""
    needed = [layer for port in PORTS[function] for layer in LAYERS_OF_PORTS.get(port, ())]
    return tuple(
        dict.fromkeys(["shared", "deps", *all_of(function, lambda row: row.layers), *needed])
    )
