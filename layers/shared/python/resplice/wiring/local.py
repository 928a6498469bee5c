"""Wiring on one machine: a data folder, processes of its own, no account anywhere."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resplice.adapters.bare_logs import keep_bare
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import ChromiumFiles, build, find_chromium
from resplice.adapters.disk.cache_words import freed_text, stats_text, verified_text
from resplice.adapters.disk.component_folders import ComponentFolders
from resplice.adapters.disk.local_files import local_path, located
from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.parts import WholeParts
from resplice.adapters.ffmpeg.executable import ffmpeg_executable
from resplice.adapters.ffmpeg.remembered import remembered
from resplice.adapters.memory.checkpoints import MemoryCheckpoints
from resplice.adapters.memory.counters import MemoryCounters
from resplice.adapters.sqlite.agenda import SqliteAgenda
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.bulks import SqliteBulks
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.adapters.sqlite.connections import SqliteConnections
from resplice.adapters.sqlite.counters import SqliteCounters
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.file_users import SqliteFileUsers
from resplice.adapters.sqlite.idempotency import SqliteIdempotency
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.adapters.sqlite.media import SqliteMedia
from resplice.adapters.sqlite.progress import SqliteProgress
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.adapters.sqlite.sealing import Sealing
from resplice.adapters.sqlite.tallies import SqliteTallies
from resplice.adapters.sqlite.templates import SqliteTemplates
from resplice.adapters.system_clock import SystemClock
from resplice.adapters.web.any_source import AnySource
from resplice.adapters.web.own_media import OwnMedia
from resplice.core.addresses import AllowedSource
from resplice.core.tools import Tools
from resplice.core.workflow import DEADLINE_SECONDS
from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.components import Components
from resplice.ports.executions import Patience
from resplice.ports.media import OwnUrls
from resplice.ports.trace import Trace, Untraced
from resplice.wiring.catalog import with_catalog
from resplice.wiring.exports import local_exports
from resplice.wiring.late import late
from resplice.wiring.library import with_library
from resplice.wiring.pools import Pools, renders_at_once
from resplice.wiring.providers import GENERATORS, TRANSCRIBERS, VOICES, Lazily, fonts_url, offers_of
from resplice.wiring.quotas import quotas
from resplice.wiring.speech import Speech
from resplice.wiring.switches import CONTENT_CREDENTIALS, is_on
from resplice.wiring.tools import resizer, tools_named

if TYPE_CHECKING:
    from resplice.adapters.ffmpeg.process import Ffmpeg
    from resplice.ports.aligner import Aligner
    from resplice.ports.browser import Browser
    from resplice.ports.credentials import Credentials
    from resplice.ports.prober import Prober
    from resplice.ports.renderer import Renderer
    from resplice.ports.signer import Signer
    from resplice.ports.splicer import Splicer
    from resplice.ports.web import Web

__all__ = ["cache_report", "data_folder", "local", "local_path", "located"]

LAYERS = Path(__file__).resolve().parents[4]
GIB = 1 << 30
CACHE_LIMIT_BYTES = 20 * GIB
IDLE_SECONDS = {True: 1.0, False: 60.0}
"""The browser is kept for the next text; where one movie is made, there is seldom a later one."""
PATIENCE = Patience(
    start_ms=2_000,
    lease_ms=6_000,
    renewed=True,
    execution_ms=DEADLINE_SECONDS * 1000,
    deadline_ms=24 * DEADLINE_SECONDS * 1000,
)
"""A movie may wait for many others on one machine."""


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


@frozen
class Paid:
    """What may be asked of providers: see Ports.max_cost_micro_usd, and Offers for the others."""

    max_cost_micro_usd: int | None = None
    strict_voices: bool = False
    placeholders: bool = False
    strict_fonts: bool = False


UNLIMITED = Paid()


@contextmanager
def local(
    folder: Path,
    *,
    allowed: Iterable[AllowedSource] = (),
    files_allowed: bool = False,
    one_run: bool = True,
    paid: Paid = UNLIMITED,
    components: Path | None = None,
    pools: Pools | None = None,
    trace: Trace | None = None,
) -> Iterator[Ports]:
    """All ports on this machine, on one data folder. allowed: HOST:PORT sources to open.

    one_run: keep from eviction what is used in this context; else each render says so itself.
    paid: what may be asked of providers. components: a folder of the user's own. pools: of which
    others have shares too.
    """
    keep_bare()
    signed = is_on(CONTENT_CREDENTIALS)
    objects = DiskObjects(folder, cache_limit_bytes(), protects=one_run)
    rows, opened = SqliteFile(folder / "records.sqlite"), frozenset(allowed)
    executable = ffmpeg_executable()
    ffmpeg = late(lambda: _ffmpeg(executable))
    named = remembered(lambda: ffmpeg.tools_digest(), executable, folder / "ffmpeg")
    fonts, found = BundledFonts(LAYERS / "fonts"), cache(chromium_files)
    browser = late(lambda: _browser(found, fonts, IDLE_SECONDS[one_run]))
    tools = _tools(named, build(found, fonts), credentials=signed)
    pools, speech = pools or Pools(), Speech(ffmpeg, LAYERS / "voices/built")
    web = AnySource(lambda: _web(opened), files_allowed=files_allowed)
    media_bytes, own_urls = DiskMedia(folder / "media"), OwnUrls()
    connections = SqliteConnections(rows, Sealing(folder / "connections.key"))
    offered = offers_of(connections, speech.at_hand(), **_offering(paid))
    try:
        yield Ports(
            **_records(rows, SqliteFile(folder / "records.sqlite", lasting=False)),
            **_stored_in(objects),
            connections=connections,
            rates=MemoryCounters(),
            media_bytes=media_bytes,
            own_urls=own_urls,
            components=components_in(components),
            checkpoints=MemoryCheckpoints(),
            web=OwnMedia(web, media_bytes, own_urls),
            browser=browser,
            prober=late(lambda: _prober(ffmpeg)),
            renderer=late(lambda: _renderer(ffmpeg)),
            voices=Lazily({**VOICES, **speech.voices()}),
            aligner=late(lambda: _aligner(ffmpeg)),
            transcribers=Lazily({**TRANSCRIBERS, **speech.transcribers()}),
            generators=Lazily(GENERATORS),
            offered=offered,
            clock=SystemClock(),
            tools=tools,
            patience=PATIENCE,
            pieces_at_once=renders_at_once(),
            files_allowed=files_allowed,
            max_cost_micro_usd=paid.max_cost_micro_usd,
            quotas=quotas(),
            trace=trace or Untraced(),
            audit=late(lambda: _audit(folder)),
            **_attesting(folder),
            **pools.shares(),
            **local_exports(rows, folder, opened),
        )
    finally:
        # Work is left only when the run was interrupted, and then nobody waits for it.
        pools.shutdown()
        speech.close()
        browser.close()
        objects.close()


@contextmanager
def own_run(
    ports: Ports,
    folder: Path,
    pools: Pools,
    owner: str = "",
    most_bytes: float = math.inf,
    waits: Callable[[], bool] = lambda: True,
) -> Iterator[Ports]:
    """Ports for one of several runs in a process: what it uses is kept from eviction while it
    lasts, it takes turns with the others, and when it has ended nothing of it goes on.

    most_bytes: that it may store. waits: asked at its end, whether for what has begun.
    """
    objects, shares = (
        DiskObjects(folder, cache_limit_bytes(), most_bytes=most_bytes),
        pools.shares(owner),
    )
    try:
        yield replace(
            ports,
            **_stored_in(objects),
            checkpoints=MemoryCheckpoints(),
            **shares,
        )
    finally:
        for share in shares.values():
            share.shutdown(wait=waits(), cancel_futures=True)
        objects.close()


def _tools(ffmpeg: str, browser: str, *, credentials: bool) -> Tools:
    named = tools_named(ffmpeg=ffmpeg, resizer=resizer(), browser=browser)
    return replace(named, credentials=credentials)


def _offering(paid: Paid) -> dict[str, Any]:
    """What offers are made by."""
    return {
        "strict_voices": paid.strict_voices,
        "placeholders": paid.placeholders,
        "strict_fonts": paid.strict_fonts,
        "fonts_url": fonts_url(),
    }


def _attesting(folder: Path) -> dict[str, Any]:
    """The ports that sign movies and their manifests."""
    credentials = late(lambda: _credentials(folder))
    return {
        "signer": late(lambda: _signer(folder)),
        "credentials": credentials,
        "credentials_lack": lambda: credentials.lacks(),
    }


def _stored_in(objects: DiskObjects) -> dict[str, Any]:
    """The ports on what lies in the data folder."""
    parts, splicer = WholeParts(objects), late(lambda: _splicer(objects))
    return {"objects": objects, "parts": parts, "splicer": splicer, "scratch": objects}


def _records(rows: SqliteFile, quick: SqliteFile) -> dict[str, Any]:
    """The ports that keep rows in the one file. quick: the same, where a loss costs nothing, or
    where what counts is written after it: a change that lasts has all before it last.
    """
    return {
        "projects": SqliteProjects(rows),
        "agenda": SqliteAgenda(rows),
        "cache_index": SqliteCacheIndex(rows),
        "leases": SqliteLeases(rows),
        "api_keys": SqliteApiKeys(rows),
        "usage": SqliteCounters(rows),
        "media": SqliteMedia(rows),
        "templates": with_library(SqliteTemplates(rows)),
        "file_users": SqliteFileUsers(quick),
        "progress": SqliteProgress(quick),
        "idempotency": SqliteIdempotency(rows),
        "bulks": SqliteBulks(rows),
        "tallies": SqliteTallies(quick),
    }


def components_in(own: Path | None) -> Components:
    """The user's own folder, before what is built in."""
    folder = components_folder(own)
    return with_catalog(*([ComponentFolders(folder)] if folder else []))


def components_folder(own: Path | None) -> Path | None:
    """The user's own: RESPLICE_COMPONENTS when none is named."""
    said = own or os.environ.get("RESPLICE_COMPONENTS")
    return Path(said) if said else None


def chromium_files() -> ChromiumFiles:
    """RESPLICE_CHROMIUM, the bundled one, or one of the system's. Raises BrowserBroken."""
    return find_chromium(os.environ.get("RESPLICE_CHROMIUM"), LAYERS / "chromium")


# What follows is imported late: a movie that comes from the cache needs none of it.


def _ffmpeg(executable: Path) -> Ffmpeg:
    from resplice.adapters.ffmpeg.process import Ffmpeg

    return Ffmpeg(executable)


def _browser(found: Callable[[], ChromiumFiles], fonts: BundledFonts, idle_s: float) -> Browser:
    from resplice.adapters.chromium.browser import Chromium

    return Chromium(found, fonts, idle_s=idle_s)


def _web(allowed: frozenset[AllowedSource]) -> Web:
    from resplice.adapters.web.fetch import SafeHttp

    return SafeHttp(allowed)


def _splicer(objects: DiskObjects) -> Splicer:
    from resplice.adapters.disk.splicer import DiskSplicer

    return DiskSplicer(objects)


def _audit(folder: Path) -> Any:
    from resplice.adapters.disk.audit import AuditFile

    return AuditFile(folder)


def _signer(folder: Path) -> Signer:
    from resplice.wiring.signing import signing_key

    return signing_key(folder)


def _credentials(folder: Path) -> Credentials:
    from resplice.wiring.signing import credentials

    return credentials(folder)


def _prober(ffmpeg: Ffmpeg) -> Prober:
    from resplice.adapters.ffmpeg.probe import FfmpegProber

    return FfmpegProber(ffmpeg)


def _renderer(ffmpeg: Ffmpeg) -> Renderer:
    from resplice.adapters.ffmpeg.renderer import FfmpegRenderer

    return FfmpegRenderer(ffmpeg)


def _aligner(ffmpeg: Ffmpeg) -> Aligner:
    from resplice.adapters.pocketsphinx.aligner import PocketSphinxAligner

    return PocketSphinxAligner(ffmpeg)


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
