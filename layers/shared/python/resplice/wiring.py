"""Where adapters are picked and the environment is read. The only such place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import imageio_ffmpeg
import PIL

from resplice.adapters.any_source import AnySource
from resplice.adapters.bundled_fonts import BundledFonts
from resplice.adapters.chromium import Chromium, find_chromium
from resplice.adapters.fetch import SafeHttp
from resplice.adapters.ffmpeg import Ffmpeg
from resplice.adapters.local_files import located
from resplice.adapters.objects_disk import DiskObjects
from resplice.adapters.probe import FfmpegProber
from resplice.adapters.records_sqlite import SqliteRecords
from resplice.adapters.renderer import FfmpegRenderer
from resplice.adapters.system_clock import SystemClock
from resplice.core.addresses import AllowedSource
from resplice.core.keys import Tools
from resplice.ports import Ports

__all__ = ["cache_report", "data_folder", "local", "located"]

LAYERS = Path(__file__).resolve().parents[3]
GIB = 1 << 30
CACHE_LIMIT_BYTES = 20 * GIB
FETCHERS = 8


def data_folder() -> Path:
    """Where caches and projects live unless told otherwise: RESPLICE_DATA or ~/.resplice."""
    return Path(os.environ.get("RESPLICE_DATA") or Path.home() / ".resplice")


def cache_limit_bytes() -> int:
    """RESPLICE_CACHE_LIMIT_GB, or 20 GiB."""
    limit = os.environ.get("RESPLICE_CACHE_LIMIT_GB")
    return int(float(limit) * GIB) if limit else CACHE_LIMIT_BYTES


@contextmanager
def local(
    folder: Path, *, allowed: Iterable[AllowedSource] = (), files_allowed: bool = False
) -> Iterator[Ports]:
    """All ports on this machine, on one data folder. allowed: HOST:PORT sources to open."""
    objects = DiskObjects(folder, cache_limit_bytes())
    ffmpeg = Ffmpeg(Path(imageio_ffmpeg.get_ffmpeg_exe()))
    web = SafeHttp(frozenset(allowed))
    browser = Chromium(find_chromium(), BundledFonts(LAYERS / "fonts"))
    tools = Tools(ffmpeg.tools_digest(), f"pillow {PIL.__version__}", browser.build())
    with (
        ThreadPoolExecutor(FETCHERS, "fetch") as fetchers,
        ThreadPoolExecutor(os.cpu_count() or 2, "render") as renderers,
    ):
        try:
            yield Ports(
                objects=objects,
                records=SqliteRecords(folder / "records.sqlite"),
                http=AnySource(web, files_allowed=files_allowed),
                browser=browser,
                prober=FfmpegProber(ffmpeg),
                renderer=FfmpegRenderer(ffmpeg),
                scratch=objects,
                clock=SystemClock(),
                tools=tools,
                fetchers=fetchers,
                renderers=renderers,
            )
        finally:
            browser.close()
            objects.evict()
            objects.close()


def cache_report(folder: Path, action: str, layer: str | None) -> str:
    """Do `stats`, `verify` or `clear` (of one layer, or of all) and say what was found."""
    objects = DiskObjects(folder, cache_limit_bytes())
    try:
        found = objects.clear(layer) if action == "clear" else getattr(objects, action)()
        return str(found)
    finally:
        objects.close()
