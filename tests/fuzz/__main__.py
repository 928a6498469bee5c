"""`make fuzz`: every target for its share of the minutes, two processes at a time; or one input."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fuzz.runs import again, all_of
from fuzz.targets import TARGETS

SEED = 20261201


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("names", nargs="*", metavar="|".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--input", type=Path, help="a file that an earlier run wrote")
    options = parser.parse_args()
    if options.input:
        return again(options.input)
    return all_of(options.names or list(TARGETS), options.minutes, options.seed)


if __name__ == "__main__":
    sys.exit(main())
