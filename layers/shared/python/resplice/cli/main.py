"""The command line: resplice render | serve | components | cache | …. Finds one and ends it.

Exit codes: 0 done; 1 a source or the rendering failed; 2 the document or the call is wrong.
A command's own file is imported when the command is called, and before that next to nothing: a
movie that comes from the cache takes little longer than the imports.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from resplice import __version__

COMMANDS = {
    "render": "render a movie to an MP4",
    "still": "show frames of a movie as pictures, without rendering it",
    "watch": "render a movie at each save of it, and show it in the browser",
    "bulk": "render a movie once for each row of a table",
    "serve": "serve the HTTP API on this machine",
    "components": "list the components, or show what one may be told",
    "schema": "print the JSON Schema of movies, for editors",
    "doctor": "say what works here and what does not, and what to do about it",
    "cache": "look at, check or clear the caches",
    "keys": "make, list or revoke API keys",
    "connections": "enter, list or remove accounts with providers",
    "mcp": "let assistants render movies, over standard input and output",
    "sign": "what movies are signed with: a key, and a certificate",
    "verify": "check a movie against its manifest",
    "templates": "keep movies to render them again with other variables",
}
"""Each is a module beside this one, whose `add_options` takes the command's parser."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    program = argv is None
    try:
        options = _parser().parse_args(argv)
        _keep(program)
        if program:
            from resplice.cli.interrupts import hear

            hear()
        return _called(options)
    except OSError as error:
        return _output_failed(error)
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(130)
    finally:
        _keep(program)


def _keep(program: bool) -> None:
    """What a program has loaded stays to its end: no collection looks through it, nor the last."""
    if program:
        gc.freeze()


def _called(options: argparse.Namespace) -> int:
    from resplice.cli.failures import code_of, complain, lines_of
    from resplice.errors import RespliceError

    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except RespliceError as error:
        return complain(code_of(error), *lines_of(error))


def _output_failed(error: OSError) -> int:
    """What we print has nowhere to go: the end of a pipe, a full disk."""
    from resplice.cli.failures import complain

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1 if isinstance(error, BrokenPipeError) else complain(1, error.strerror or str(error))


class _Command(argparse.ArgumentParser):
    """The parser of one command, which gets its options when it is used."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        _imported(self.prog.rpartition(" ")[2]).add_options(self)
        return super().parse_known_args(args, namespace)


def _imported(command: str) -> Any:
    """The module of the command."""
    # Pydantic looks for its plugins in all that is installed; ours is no program for them.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()  # What is loaded stays: nothing is found by looking through it meanwhile.
    try:
        return import_module(f"resplice.cli.{command}")
    finally:
        gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="resplice", description="Render JSON2Video movies.")
    parser.add_argument("--version", action="version", version=f"resplice {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)
    for name, purpose in COMMANDS.items():
        commands.add_parser(name, help=purpose)
    return parser
