"""A movie as commands are called with it: a document and its variables, read and accepted."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from resplice.cli.options import add_components, add_data, add_paid, add_sandbox, add_sources
from resplice.cli.written import resolved
from resplice.core.document.strict_json import parse, parse_value
from resplice.core.sources import named_files
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.steps import templates
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.wiring.local import local_path, located


def add_movie(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("movie", type=Path, metavar="MOVIE.json")
    parser.add_argument("--variables", type=Path, metavar="V.json", help="values for {{names}}")


def add_making(parser: argparse.ArgumentParser) -> None:
    """What every command takes that makes something of a movie."""
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    add_paid(parser)
    add_sources(parser)
    add_sandbox(parser)
    add_components(parser)
    add_data(parser)


def document_of(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the document, its variables). Raises DocumentError."""
    document = parse(_bytes(options.movie))
    path: Path | None = options.variables
    variables = parse_value(_bytes(path), "variables") if path else {}
    if not isinstance(variables, dict):
        raise DocumentError([Problem("", f"{path}: the variables are not an object")])
    return document, variables


def accepted_of(
    options: argparse.Namespace, document: dict[str, Any], variables: dict[str, Any], ports: Ports
) -> Accepted:
    """The movie, with the template that it calls; paths in it are from where it lies.

    Raises DocumentError, NotFound, StorageError.
    """
    return accept(
        templates.whole(ports.owner, document, ports),
        ports.tools,
        ports.offers,
        ports.components.all,
        variables=variables,
        files_allowed=True,
        located=partial(located, folder=options.movie.absolute().parent),
    )


def files_read(accepted: Accepted, options: argparse.Namespace) -> set[Path]:
    """Every local file that the movie is made of."""
    elements = (element for _, element in accepted.movie.each_element())
    sources = [local_path(url) for element in elements for _, url in named_files(element)]
    return resolved([options.movie, options.variables, *sources])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
    raise DocumentError([Problem("", f"{path}: {reason}")])
