"""What holds for every test run: Python keeps what it compiled.

A run starts Python hundreds of times, and reads each test in several processes.
"""

from __future__ import annotations

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
