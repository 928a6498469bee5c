"""python -m infra.local: the stack on this machine, for a person, until it is told to stop."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence

from resplice.cli.options import add_bounds, add_origins, bounds_of
from resplice.core.quotas import UNBOUNDED
from resplice.errors import RespliceError
from resplice.wiring.sandbox import VARIABLE as SANDBOX
from resplice.wiring.sandbox import required

from infra.local.stack import CORS_ORIGINS, QUOTAS, running
from infra.synthesis import cdk_out


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    key = options.api_key or os.environ.get("RESPLICE_API_KEY") or secrets.token_urlsafe(30)
    opened = {
        "RESPLICE_ALLOWED_SOURCES": ",".join(options.allow_source),
        **({CORS_ORIGINS: ",".join(options.cors_origin)} if options.cors_origin else {}),
    }
    if (bounds := bounds_of(options)) != UNBOUNDED:
        opened[QUOTAS] = json.dumps({"together": bounds.as_json()})
    try:
        opened[SANDBOX] = str(int(required()))
        with running(cdk_out(), port=options.port, variables=opened) as stack:
            stack.add_key(key)
            stack.keep_time()
            print(_greeting(stack.base_url, stack.endpoint, key), flush=True)
            stopping.wait()
    except RespliceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument(
        "--api-key",
        metavar="KEY",
        help="the x-api-key to ask for; default: RESPLICE_API_KEY, or a new one",
    )
    parser.add_argument(
        "--allow-source",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="open exactly this address, private or not, for sources; may be repeated",
    )
    add_origins(parser)
    add_bounds(parser, "for all owners together")
    return parser


def _greeting(base_url: str, endpoint: str, key: str) -> str:
    return f"""Resplice serves {base_url}/v2
Try: curl {base_url}/v2/movies -H 'x-api-key: {key}' --data-binary @movie.json
AWS: aws --endpoint-url {endpoint} --region us-east-1 …, with any credentials; the stack is
     Resplice-dev. It lives in memory: all is gone at the end."""


if __name__ == "__main__":
    sys.exit(main())
