"""Wiring of the HTTP API on one machine, and of the stand-in for the whole stack."""

from __future__ import annotations

import gc
import importlib.util
import logging
import os
import re
import resource
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from resplice.adapters.disk.built_pages import BuiltPages
from resplice.adapters.http_server.front import HttpFront
from resplice.adapters.processes.elsewhere import Elsewhere
from resplice.adapters.threads.executions import ThreadExecutions
from resplice.api import app
from resplice.api.service import Service
from resplice.api.timestamps import timestamp
from resplice.core.addresses import AllowedSource
from resplice.core.components import ComponentFolder
from resplice.core.elements import TYPES
from resplice.core.providers import Offers
from resplice.core.quotas import UNBOUNDED, Bounds
from resplice.core.tools import Tools
from resplice.errors import RespliceError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps import bulks, projects
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.submit import Submission
from resplice.wiring import exports, local_media
from resplice.wiring.limits import machine_limits
from resplice.wiring.local import LAYERS, UNLIMITED, Paid, local
from resplice.wiring.pools import Pools
from resplice.wiring.running import Runs, limited
from resplice.wiring.server_key import VARIABLE
from resplice.wiring.service import LIMITS, STUDIO

GRACE_SECONDS = 8.0
MOST_OPEN_FILES = 8192
SWEEP_SECONDS = 3.0
SWITCH_SECONDS = 0.001
"""How long a thread may compute while others wait: Python's own 5 ms, several times in a request,
are long for a poll.
"""
MAX_READ_HERE_BYTES = 32 * 1024
"""Larger documents go to a child process, which costs more than most movies take."""
GROWS = re.compile(rb'"iterate"|\\u00[67]')
"""So does what may repeat scenes: a few KB can stand for as many elements as a movie may have. The
numbers are those of its letters, which nobody writes so but to hide them.
"""

Accepted = Submission | projects.TemplateCall

log = logging.getLogger(__name__)


@frozen
class Address:
    """Where the API is reached.

    port        of this machine; 0: any free one
    public_url  how others reach it, through a proxy that speaks TLS; None: they do not
    origins     of web pages whose scripts may call; `*` for all
    """

    port: int
    public_url: str | None = None
    origins: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Those that a Host header may say because of the public URL."""
        return (urlsplit(self.public_url).netloc,) if self.public_url else ()


def serve(
    folder: Path,
    place: Address,
    api_key: str | None,
    allowed: Iterable[AllowedSource],
    paid: Paid = UNLIMITED,
    components: Path | None = None,
    bounds: Bounds = UNBOUNDED,
) -> int:
    """The HTTP API on this machine until SIGINT or SIGTERM; the exit code.

    bounds: of a day, before what RESPLICE_QUOTAS says of them.
    What is not finished then is taken up at the next start, as after a crash.
    Raises StorageError, and RespliceError when the port cannot be had.
    """
    os.umask(0o077)
    sys.setswitchinterval(SWITCH_SECONDS)
    open_many_files()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())

    limits, pools = machine_limits(), Pools()
    runs = Runs(folder, pools, limits, stopping.is_set)
    runs.tidy()
    with local(
        folder, allowed=allowed, one_run=False, paid=paid, components=components, pools=pools
    ) as own:
        ports = bounded(limited(own, folder, limits), bounds)
        executions = ThreadExecutions(
            lambda project: runs.execute(project, coalescer), partial(exports.owner_of, ports)
        )
        coalescer = Coalescer(ports, executions)
        tuple(TYPES.values())  # Rows are imported late: here no request waits for them.
        gc.collect()
        gc.freeze()  # What is loaded by now stays: no collection looks through it again.
        with _serving(place, api_key, coalescer) as greeting:
            coalescer.resume()
            print(greeting, flush=True)
            while not stopping.wait(SWEEP_SECONDS):
                if not ports.not_ready():
                    sweep(coalescer, executions.going_on())
                exports.sweep(ports)
        if not (executions.stop(GRACE_SECONDS) & exports.stop(ports)):
            sys.stdout.flush()
            os._exit(0)
    return 0


def open_many_files() -> None:
    """As many as this process may: each connection is one, and shells give few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MOST_OPEN_FILES), most))


def sweep(coalescer: Coalescer, going_on: Collection[str]) -> None:
    """What fails now may succeed the next time."""
    try:
        coalescer.sweep(going_on)
    except Exception:
        log.exception("The sweep failed")


@contextmanager
def _serving(place: Address, api_key: str | None, coalescer: Coalescer) -> Iterator[str]:
    """Serve in the background; what to tell whoever started it."""
    ports = coalescer.ports
    keyed, now_ms = bool(api_key or ports.api_keys.list()), ports.clock.now_ms
    with (
        closing(Elsewhere()) as children,
        # Nobody's movie waits while others are compared.
        closing(Elsewhere(1)) as comparing,
        # It comes before what answers: only now is its URL known.
        HttpFront(
            place.port,
            lambda *call: respond(*call),
            ports.objects,
            lambda: timestamp(now_ms()),
            admit=lambda *asked: admit(*asked),
            locate=local_media.located(ports),
            uploads=local_media.uploads(ports),
            origins=place.origins,
            names=place.names,
        ) as front,
    ):
        service = Service(
            coalescer,
            api_key,
            place.public_url or front.base_url,
            LIMITS,
            keyed=keyed,
            read=partial(_read, children=children),
            ask=partial(_ask, children=children),
            away=comparing.call,
            cors_origins=place.origins,
            pages=BuiltPages(LAYERS / STUDIO),
        )
        respond, admit = app.handler(service), app.gate(service)
        ports.own_urls.are(*front.own_urls, service.base_url)
        exports.begin(ports, service.base_url)
        front.start()
        yield _greeting(front.base_url, keyed)


def _read(
    body: bytes,
    tools: Tools,
    offered: Callable[[], Offers],
    components: projects.Components,
    keeps: bool,
    template: str | None,
    children: Elsewhere,
) -> Accepted:
    """Accept a movie here or, when that could take long, where it holds up nobody."""
    whole = body + (template or "").encode()
    if len(whole) <= MAX_READ_HERE_BYTES and not GROWS.search(whole):
        return projects.accepted(body, tools, offered, components, keeps, template)
    return children.call(_accepted, body, tools, offered(), components(), keeps, template)


def _accepted(
    body: bytes,
    tools: Tools,
    offers: Offers,
    components: tuple[ComponentFolder, ...],
    keeps: bool,
    template: str | None,
) -> Accepted:
    """As `projects.accepted`, of values that can go to another process."""
    return projects.accepted(body, tools, lambda: offers, lambda: components, keeps, template)


def _ask(
    body: bytes, template: str | None, children: Elsewhere
) -> bulks.Asked | projects.TemplateCall:
    """The same of a request for many movies."""
    if len(body) + len(template or "") <= MAX_READ_HERE_BYTES:
        return bulks.asked(body, template)
    return children.call(bulks.asked, body, template)


def bounded(ports: Ports, bounds: Bounds) -> Ports:
    """The same, where no more is done in a day."""
    quotas = ports.quotas
    return replace(ports, quotas=replace(quotas, together=bounds.over(quotas.together)))


def serve_stack(
    port: int,
    api_key: str | None,
    opened: Iterable[str],
    origins: Iterable[str],
    bounds: Bounds = UNBOUNDED,
) -> NoReturn:
    """Become the stack itself, its functions behind moto, in a checkout that is set up.

    opened: HOST:PORT sources. origins: see Address. Raises RespliceError when that is not at hand.
    """
    checkout = LAYERS.parent
    needed = (checkout / "infra/local", LAYERS / "chromium/browser", LAYERS / "fonts/node_modules")
    if not all(path.is_dir() for path in needed) or not importlib.util.find_spec("moto"):
        raise RespliceError("--stack needs a checkout of Resplice, after `make setup`")
    if api_key:  # Others see arguments.
        os.environ[VARIABLE] = api_key
    words = ["--port", str(port)]
    words += [word for source in opened for word in ("--allow-source", source)]
    words += [word for origin in origins for word in ("--cors-origin", origin)]
    said = {name: each for name, each in bounds.as_json().items() if each is not None}
    words += [word for name, each in said.items() for word in (f"--{name}", str(each))]
    os.chdir(checkout)
    os.execv(sys.executable, [sys.executable, "-m", "infra.local", *words])


def _greeting(base_url: str, asked: bool) -> str:
    header = f" -H 'x-api-key: {'…' if asked else 'any'}'"
    open_to = "" if asked else " (no keys are stored, so none is asked for)"
    return f"""Resplice serves {base_url}/v2{open_to}
Try: curl {base_url}/v2/movies{header} --data-binary @movie.json"""
