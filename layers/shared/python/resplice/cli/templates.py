"""The command line: resplice templates list | create | get | delete. Of a folder, or of a stage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from resplice.api.timestamps import timestamp
from resplice.cli.place import add_owner, add_place, ports_of_place, wrong
from resplice.ports.templates import Template
from resplice.steps import templates
from resplice.steps.auditing import commanded


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice templates`."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", parser_class=argparse.ArgumentParser
    )
    listing = actions.add_parser("list", help="your templates")
    listing.add_argument("--library", action="store_true", help="those that all see instead")
    listing.set_defaults(run=_list)
    create = actions.add_parser("create", help="keep a movie as a template and print its id")
    create.add_argument("movie", type=Path, metavar="MOVIE.json")
    create.add_argument("--name", help="default: the file's")
    create.add_argument("--tag", action="append", default=[], dest="tags", metavar="TAG")
    create.add_argument("--shared", action="store_true", help="other owners see it too")
    create.set_defaults(run=_create)
    get = actions.add_parser("get", help="print the movie of a template")
    get.set_defaults(run=_get)
    delete = actions.add_parser("delete", help="forget a template")
    delete.set_defaults(run=_delete)
    for action in (get, delete):
        action.add_argument("id", metavar="ID")
    for action in (listing, create, get, delete):
        add_owner(action)
        add_place(action, "--region")


def _list(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        if options.library:
            found = templates.library(options.owner, (), ports)
        else:
            found = templates.own(options.owner, None, ports)
    rows = [("ID", "CHANGED", "NAME", "TAGS"), *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _row(template: Template) -> tuple[str, ...]:
    """Names are anybody's: nothing in them may move the cursor."""
    words = (template.name, ", ".join(template.tags))
    shown = ("".join(filter(str.isprintable, each)) for each in words)
    return template.id, timestamp(template.updated_at_ms)[:16] + "Z", *shown


def _create(options: argparse.Namespace) -> int:
    try:
        movie = options.movie.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise wrong(f"{options.movie}: {error}") from None
    said = templates.Said(
        options.name or options.movie.stem, tuple(options.tags), movie, shared=options.shared
    )
    with ports_of_place(options) as ports:
        made = templates.create(options.owner, said, ports)
        commanded("templates create", options.owner, {"template": made.id}, ports)
    print(made.id)
    return 0


def _get(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        template = templates.found(options.owner, options.id, ports)
    print(template.movie)
    return 0


def _delete(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        templates.remove(options.owner, options.id, ports)
        commanded("templates delete", options.owner, {"template": options.id}, ports)
    print(f"{options.id} is deleted", file=sys.stderr)
    return 0
