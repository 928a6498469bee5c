"""Whether a browser had room for its files: where it has none it ends, and seldom says why."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile

LEAST_FREE_BYTES = 64 << 20
"""Chromium itself warns of less in its temporary folder."""


def why(end: Exception) -> Exception:
    """What led to the browser's end: a full disk, as the system says it, or the end itself."""
    if shutil.disk_usage(tempfile.gettempdir()).free >= LEAST_FREE_BYTES:
        return end
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
