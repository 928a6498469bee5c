"""The command line: resplice schema. The JSON Schema of movies, for editors."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator

from resplice.cli.failures import complain
from resplice.cli.options import add_components
from resplice.core.components import ComponentFolder
from resplice.core.declarations import DeclarationRefused, read_declaration
from resplice.core.schema.json_schema import json_schema
from resplice.wiring.local import components_in


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice schema`."""
    add_components(parser)
    parser.set_defaults(run=_print)


def _print(options: argparse.Namespace) -> int:
    folders = components_in(options.components).all()
    print(json.dumps(json_schema(folders), indent=2, ensure_ascii=False))
    if left_out := [*_left_out(folders)]:
        complain(0, *left_out)
    return 0


def _left_out(folders: Iterable[ComponentFolder]) -> Iterator[str]:
    """What is said of components that cannot be used."""
    for folder in folders:
        try:
            read_declaration(folder.declaration)
        except DeclarationRefused as error:
            yield f"{folder.name} is left out: component.json {error}"
