"""Where FFmpeg is on this machine. Does not start it: who asks may never need it."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path


def ffmpeg_executable() -> Path:
    """IMAGEIO_FFMPEG_EXE, or the one that comes with imageio-ffmpeg, or what that finds instead.

    Raises RuntimeError when there is none.
    """
    package = find_spec("imageio_ffmpeg")
    if package and package.origin and not os.environ.get("IMAGEIO_FFMPEG_EXE"):
        bundled = [*Path(package.origin).parent.glob("binaries/ffmpeg-*")]
        if len(bundled) == 1 and os.access(bundled[0], os.X_OK):
            return bundled[0]
    import imageio_ffmpeg  # Starts what it finds, to see whether that runs.

    return Path(imageio_ffmpeg.get_ffmpeg_exe())
