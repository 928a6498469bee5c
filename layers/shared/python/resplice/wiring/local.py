"""Wiring on one machine: a data folder, processes of its own, no account anywhere."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import imageio_ffmpeg
import PIL

from resplice.adapters.chromium.browser import Chromium, find_chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.disk.cache_words import freed_text, stats_text, verified_text
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.ffmpeg.probe import FfmpegProber
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.ffmpeg.renderer import FfmpegRenderer
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.adapters.system_clock import SystemClock
from resplice.adapters.web.any_source import AnySource
from resplice.core.addresses import AllowedSource
from resplice.core.keys import Tools
from resplice.errors import RespliceError, StorageError
from resplice.ports import Ports
from resplice.ports.web import Web
from resplice.wiring.service import OWNER, Service, use

LAYERS = Path(__file__).resolve().parents[4]
CORE, ADAPTERS = (LAYERS / "shared/python/resplice" / name for name in ("core", "adapters"))
GIB = 1 << 30
CACHE_LIMIT_BYTES = 20 * GIB
FETCHERS = 8
GRACE_SECONDS = 8.0


def data_folder() -> Path:
    """Where caches and projects live unless told otherwise: RESPLICE_DATA or ~/.resplice."""
    return Path(os.environ.get("RESPLICE_DATA") or Path.home() / ".resplice")


def cache_limit_bytes() -> int:
    """RESPLICE_CACHE_LIMIT_GB, or 20 GiB."""
    limit = os.environ.get("RESPLICE_CACHE_LIMIT_GB")
    try:
        return int(float(limit) * GIB) if limit else CACHE_LIMIT_BYTES
    except (ValueError, OverflowError):
        raise StorageError(f"RESPLICE_CACHE_LIMIT_GB is not a number: {limit}") from None


@contextmanager
def local(
    folder: Path,
    *,
    allowed: Iterable[AllowedSource] = (),
    files_allowed: bool = False,
    one_run: bool = True,
) -> Iterator[Ports]:
    """All ports on this machine, on one data folder. allowed: HOST:PORT sources to open.

    one_run: keep from eviction what is used in this context; else each render says so itself.
    """
    objects = DiskObjects(folder, cache_limit_bytes(), protects=one_run)
    rows, opened = SqliteFile(folder / "records.sqlite"), frozenset(allowed)
    ffmpeg = Ffmpeg(Path(imageio_ffmpeg.get_ffmpeg_exe()))
    browser = Chromium(
        lambda: find_chromium(os.environ.get("RESPLICE_CHROMIUM"), LAYERS / "chromium"),
        BundledFonts(LAYERS / "fonts"),
    )
    tools = Tools(ffmpeg.tools_digest(), _resampler(), browser.build(), _digest(CORE.rglob("*.py")))
    fetchers = ThreadPoolExecutor(FETCHERS, "fetch")
    cores = os.cpu_count() or 2
    renderers = ThreadPoolExecutor(cores, "render")
    try:
        yield Ports(
            objects=objects,
            projects=SqliteProjects(rows),
            cache_index=SqliteCacheIndex(rows),
            leases=SqliteLeases(rows),
            api_keys=SqliteApiKeys(rows),
            web=AnySource(lambda: _web(opened), files_allowed=files_allowed),
            browser=browser,
            prober=FfmpegProber(ffmpeg),
            renderer=FfmpegRenderer(ffmpeg),
            scratch=objects,
            clock=SystemClock(),
            tools=tools,
            fetchers=fetchers,
            renderers=renderers,
            renders_at_once=cores + 1,
        )
    finally:
        # Work is left only when the run was interrupted, and then nobody waits for it.
        for pool in (fetchers, renderers):
            pool.shutdown(wait=False, cancel_futures=True)
        browser.close()
        objects.close()


def _resampler() -> str:
    """What moves a view: Pillow, and our code around it."""
    return (
        f"pillow {PIL.__version__} {_digest([CORE / 'motion.py', ADAPTERS / 'ffmpeg/motion.py'])}"
    )


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()


def _web(allowed: frozenset[AllowedSource]) -> Web:
    """Imported late: a movie that comes from the cache needs no web."""
    from resplice.adapters.web.fetch import SafeHttp

    return SafeHttp(allowed)


def cache_report(folder: Path, action: str, layer: str | None) -> str:
    """Do `stats`, `verify` or `clear` (of one layer, or of all) and say what was found."""
    objects = DiskObjects(folder, cache_limit_bytes())
    try:
        match action:
            case "clear":
                return freed_text(objects.clear(layer))
            case "verify":
                return verified_text(objects.verify())
        return stats_text(objects.stats())
    finally:
        objects.close()


def serve(folder: Path, port: int, api_key: str | None, allowed: Iterable[AllowedSource]) -> int:
    """The HTTP API on this machine until SIGINT or SIGTERM; the exit code.

    What is not finished then is taken up at the next start, as after a crash. port: 0 for any.
    Raises StorageError, and RespliceError when the port cannot be had.
    """
    # Imported late: rendering needs no server.
    from resplice.adapters.http_server.front import HttpFront
    from resplice.adapters.threads.workflow import LocalWorkflow
    from resplice.steps.api import timestamp
    from resplice.steps.execution.play import play

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    handler = _api_handler()

    def run(project: str) -> None:
        with _own_run(folder, ports) as own:
            play(project, own, stopping.is_set)

    with local(folder, allowed=allowed, one_run=False) as ports:
        workflow = LocalWorkflow(run)
        clock = ports.clock
        with HttpFront(port, handler, ports.objects, lambda: timestamp(clock.now_ms())) as front:
            key = api_key or os.environ.get("RESPLICE_API_KEY") or None
            asked = bool(key or ports.api_keys.list())
            use(Service(ports, workflow, OWNER, key, front.base_url, asked))
            workflow.resume(ports.projects.unfinished())
            threading.Thread(target=front.serve_forever, daemon=True).start()
            print(_greeting(front.base_url, asked), flush=True)
            stopping.wait()
            front.shutdown()
        if not workflow.stop(GRACE_SECONDS):
            sys.stdout.flush()
            os._exit(0)
    return 0


def serve_stack(port: int, api_key: str | None, opened: Iterable[str]) -> NoReturn:
    """Become the stack itself, its functions behind moto, in a checkout that is set up.

    opened: HOST:PORT sources. Raises RespliceError when that is not at hand.
    """
    checkout = LAYERS.parent
    needed = (checkout / "infra/local", LAYERS / "chromium/browser", LAYERS / "fonts/node_modules")
    if not all(path.is_dir() for path in needed) or not importlib.util.find_spec("moto"):
        raise RespliceError("--stack needs a checkout of Resplice, after `make setup`")
    words = ["--port", str(port), *(["--api-key", api_key] if api_key else [])]
    words += [word for source in opened for word in ("--allow-source", source)]
    os.chdir(checkout)
    os.execv(sys.executable, [sys.executable, "-m", "infra.local", *words])


@contextmanager
def _own_run(folder: Path, ports: Ports) -> Iterator[Ports]:
    """The ports for one render, which keeps what it uses from eviction while it lasts."""
    objects = DiskObjects(folder, cache_limit_bytes())
    try:
        yield replace(ports, objects=objects, scratch=objects)
    finally:
        objects.close()


def _api_handler() -> Any:
    """The function's handler, loaded from its file as Lambda does."""
    path = LAYERS.parent / "functions" / "api" / "handler.py"
    spec = importlib.util.spec_from_file_location("resplice_api_handler", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def _greeting(base_url: str, asked: bool) -> str:
    header = f" -H 'x-api-key: {'…' if asked else 'any'}'"
    open_to = "" if asked else " (no keys are stored, so none is asked for)"
    return f"""Resplice serves {base_url}/v2{open_to}
Try: curl {base_url}/v2/movies{header} --data-binary @movie.json"""
