"""`python -m resplice`: the command line."""

import sys

from resplice.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
