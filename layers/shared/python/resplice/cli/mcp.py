"""The command line: resplice mcp. Assistants render movies, over standard input and output."""

from __future__ import annotations

import argparse
import importlib.util
import threading
from contextlib import ExitStack
from pathlib import Path

from resplice.cli.failures import complain
from resplice.cli.options import add_components
from resplice.wiring.callers import server_of
from resplice.wiring.local import components_in

WANTED = "`resplice mcp` needs the mcp package: pip install 'resplice[mcp]'"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice mcp`."""
    parser.add_argument(
        "--url",
        help="a server to render on, with the key RESPLICE_API_KEY; default: RESPLICE_URL, "
        "or else this machine",
    )
    parser.add_argument("--save-to", type=Path, metavar="DIR", help="save every movie there")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="caches and projects, when it renders here"
    )
    add_components(parser)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("mcp") is None:
        return complain(2, WANTED)
    if options.save_to and not options.save_to.is_dir():
        return complain(2, f"{options.save_to}: the folder does not exist")
    # Imported late: whoever has not asked for it may do without the package.
    from resplice.client import Client
    from resplice.mcp.server import server
    from resplice.mcp.tools import sleep_unless_cancelled

    own = ["--components", str(options.components)] if options.components else []
    with ExitStack() as lasting:
        turn, clients = threading.Lock(), list[Client]()

        def client() -> Client:
            """Begun when it is first needed: an assistant may never render."""
            with turn:
                if not clients:
                    url, key = lasting.enter_context(server_of(options.url, options.data, own))
                    clients.append(Client(url, key, sleep=sleep_unless_cancelled))
                return clients[0]

        server(client, lambda: components_in(options.components).all(), options.save_to).run()
    return 0
