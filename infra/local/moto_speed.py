"""What moto does again and again, done once. Its answers stay what they are, for all its users."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import moto.backends as backends
import moto.core.responses as responses
from moto.core.serialize import AttributePicker, XFormedAttributePicker
from moto.dynamodb.models.table import Table
from werkzeug.serving import WSGIRequestHandler

from infra.local.moto_answers import run_wsgi


@cache
def quicken() -> None:
    for owner, name, quicker in (
        (Table, "query", _asked_of_one_key),
        (backends, "list_of_moto_modules", _listed_once),
        (AttributePicker, "get_possible_keys", _keys_once),
        (XFormedAttributePicker, "get_possible_keys", _keys_once),
        (responses, "method_names_from_class", cache),
        (WSGIRequestHandler, "run_wsgi", lambda original: run_wsgi),
        (WSGIRequestHandler, "disable_nagle_algorithm", lambda original: True),
    ):
        setattr(owner, name, quicker(getattr(owner, name)))


@cache
def quicken_executions() -> None:
    """Each execution parses its state machine's text, which takes longer than most of its steps.
    What it runs is made anew of the parsed text.
    """
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

    original = AmazonStateLanguageParser.parse
    parsed = cache(lambda definition: original(definition)[1])

    def parse(definition: str) -> tuple[Any, Any]:
        tree = parsed(definition)
        return Preprocessor().visit(tree), tree

    AmazonStateLanguageParser.parse = staticmethod(parse)  # type: ignore[method-assign]


@cache
def quicken_stacks() -> None:
    """A template in JSON is YAML too, but to read it as that takes seconds."""
    from moto.cloudformation.models import Stack

    original = Stack.parse_template

    def parse_template(template: str) -> Any:
        try:
            return json.loads(template)
        except ValueError:
            return original(template)

    Stack.parse_template = staticmethod(parse_template)  # type: ignore[method-assign]


def _asked_of_one_key(original: Any) -> Any:
    """A query of a partition sorts the whole table."""

    def query(self: Any, hash_key: Any, *given: Any, **named: Any) -> Any:
        index = named.get("index_name") or (given[6] if len(given) > 6 else None)
        if index or hash_key is None or not self.has_range_key:
            return original(self, hash_key, *given, **named)
        partition = copy.copy(self)
        partition.items = {hash_key: self.items.get(hash_key, {})}
        return original(partition, hash_key, *given, **named)

    return query


def _listed_once(original: Any) -> Any:
    """Each request lists the folder of moto."""
    listed = cache(lambda: tuple(original()))
    return lambda: listed()


def _keys_once(original: Any) -> Any:
    """Each value of each answer is looked for under names that its kind and its class decide."""
    known: dict[Any, tuple[str, ...]] = {}

    def get_possible_keys(self: Any, context: Any) -> tuple[str, ...]:
        asked = (tuple(self.alias_providers), context.key, context.shape, type(context.obj))
        if asked not in known:
            known[asked] = tuple(original(self, context))
        return known[asked]

    return get_possible_keys
