"""What holds for every test run: Python keeps what it compiled, and Node is the one of the setup.

A run starts Python hundreds of times, and reads each test in several processes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PATH"] = os.pathsep.join((str(Path(sys.prefix) / "node"), os.environ["PATH"]))
