"""The command line: resplice watch. A movie is rendered at each save of it or of a file that it
names, and a page in the browser shows the film.

Runs until it is interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import webbrowser
from dataclasses import replace
from pathlib import Path

from resplice.cli.failures import complain
from resplice.cli.movie_call import add_making, add_movie
from resplice.cli.options import hold_to_sandbox, paid_of
from resplice.cli.saves import Saves
from resplice.cli.watch_screen import Screen
from resplice.cli.watched_files import WatchedFiles
from resplice.cli.written import unwritable
from resplice.wiring.local import components_folder, local
from resplice.wiring.player import playing
from resplice.wiring.pools import Pools

LOOK_SECONDS = 0.1


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice watch`."""
    add_movie(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.mp4", help="write the film, too")
    parser.add_argument("--port", type=_port, default=0, help="of the page; default: any free one")
    parser.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        help="the page in a browser; default: when called on a terminal that has a display",
    )
    add_making(parser)
    parser.set_defaults(run=_watch)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return int(text)


def _watch(options: argparse.Namespace) -> int:
    """Pays nobody unless --max-cost says how much each save may cost."""
    hold_to_sandbox(options)
    named = [path for path in (options.movie, options.variables) if path]
    for path in named:
        if not path.is_file():
            return complain(2, f"{path}: there is no such file")
    if options.out and (reason := unwritable(options.out)):
        return complain(2, f"{options.out}: {reason}")
    paid, pools = paid_of(options), Pools()
    files = WatchedFiles(named, components_folder(options.components))
    with (
        local(
            options.data,
            allowed=options.allow_source,
            files_allowed=True,
            one_run=False,
            paid=replace(paid, max_cost_micro_usd=paid.max_cost_micro_usd or 0),
            components=options.components,
            pools=pools,
        ) as ports,
        playing(options.port, ports) as player,
    ):
        screen = Screen(options.movie.name, player, quiet=options.quiet)
        saves = Saves(options, files, ports, pools, screen)
        try:
            saves.begin()
            _greet(player.url, options)
            while True:
                time.sleep(LOOK_SECONDS)
                if files.saved():
                    saves.begin()
        finally:
            saves.stop()


def _greet(url: str, options: argparse.Namespace) -> None:
    if not options.quiet:
        print(f"Watching {options.movie}: {url}", flush=True)
    on_display = sys.platform == "darwin" or any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))
    )
    if options.open or (options.open is None and on_display and sys.stdout.isatty()):
        # Some browsers are waited for.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
