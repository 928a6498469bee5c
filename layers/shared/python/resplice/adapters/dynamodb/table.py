"""One DynamoDB table, keys pk and sk: plain values in and out, its errors as StorageError.

What the items mean is known where they are written; all of them:

pk             sk                     what
project#<id>   project                a project; `open` only until it ends
project#<id>   due                    when somebody is to look at it, once that was postponed
project#<id>   document#<by>#<n>      a piece of its document, written before the project
project#<id>   result#<by>#<n>        a piece of a large result, written before the row names it
lease#<key>    lease                  a lease; without a holder when it was released
lease#<key>    waiter#<project>       who waits for the lease
pointer#<key>  pointer                a pointer
forgotten      <at>#<key>             a key that was let lead nowhere
tally#<owner>  <day>#                 what a day's movies were served from
key#<digest>   key                    an API key
keys           <created>#<digest>     the same once more, to list them
connections    <id>                   a connection without its secret
template#<id>  template               a template
templates#<owner>  <id>               the same, without what is large, in its owner's list
templates      <id>                   the same in the list of those that are shared
counter#<owner>#<name>   <window>     how much was used in that window
file#<key>     <project>              who shows the files of a movie
idempotency#<owner>  <key>            which project came of a key that a caller made up
progress#<id>  progress               how much of a project's pictures is there
outbox#<id>    entry                  what has become of a project's exports; `open` while due
media#<owner>  <path>                 a file of its media, or a folder, whose path ends with a slash
media#<owner>  #token                 what stands for the owner in the URLs of its files

A request whose answer was lost is sent again by the client of DynamoDB, and then meets its own
traces. So each writer signs with `by`, a word of its own, and knows its work again.
`expires_at` only removes garbage; nothing here reads it.

In expressions `#name` is the attribute of that name and
`:name` the value given for it, so that no name can be one of DynamoDB's several hundred reserved
words.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from resplice.core.time_units import DAY_S
from resplice.errors import StorageError
from resplice.frozen import frozen

KEYS_AT_ONCE = 100
BATCH_ATTEMPTS = 8
BATCH_PAUSE_SECONDS = 0.02
LAST_MS = 10**15 - 1
"""The latest moment that the sort keys have digits for."""

ANYHOW = "attribute_exists(#pk) OR attribute_not_exists(#pk)"

Value = str | int | bytes
Item = dict[str, Any]
"""Attributes by name, each a Value; pk and sk are among them."""


@frozen
class Change:
    """What becomes of an item when the condition holds.

    values  what `:name` is in the condition, beyond the attributes that are put
    put     attributes to be set; remove: attributes to go
    count   an attribute to grow by `more`
    """

    condition: str = ANYHOW
    values: Mapping[str, Value] = field(default_factory=dict)
    put: Mapping[str, Value] = field(default_factory=dict)
    remove: Sequence[str] = ()
    count: str = ""
    more: int = 1


class DynamoTable:
    """Every method raises StorageError. One instance may serve many threads."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name = client, name

    def get(self, pk: str, sk: str) -> Item | None:
        answer = self._call("get_item", Key=_key(pk, sk), ConsistentRead=True)
        return _item(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item) -> None:
        self._call("put_item", Item=_attributes(item))

    def add(self, item: Item) -> Item | None:
        """None; or, when there is one under this key, that item, and nothing was written."""
        answer = self._call(
            "put_item",
            Item=_attributes(item),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_expressions(ConditionExpression="attribute_not_exists(#pk)"),
        )
        return _item(answer.get("Item", {})) if "Error" in answer else None

    def delete(self, pk: str, sk: str) -> None:
        self._call("delete_item", Key=_key(pk, sk))

    def change(self, pk: str, sk: str, change: Change) -> tuple[bool, Item]:
        """Whether the condition held; the item as it now is, empty when there is none."""
        answer = self._call(
            "update_item",
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_update(pk, sk, change),
        )
        if "Error" in answer:
            return False, _item(answer.get("Item", {}))
        return True, _item(answer["Attributes"])

    def add_to(self, pk: str, sk: str, amounts: Mapping[str, int], garbage_s: int) -> None:
        """Let numbers of an item grow, which is made where there is none."""
        added = ", ".join(f"#{name} :{name}" for name in amounts)
        self._call(
            "update_item",
            Key=_key(pk, sk),
            ExpressionAttributeValues=_values({**amounts, "expires_at": garbage_s}),
            **_expressions(UpdateExpression=f"ADD {added} SET #expires_at = :expires_at"),
        )

    def together(self, writes: Sequence[Mapping[str, Any]]) -> bool:
        """Do all writes (of `adding`, `removing`, `changing`), or none and False when a condition
        fails.
        """
        items = [
            {kind: {"TableName": self._name, **request} for kind, request in write.items()}
            for write in writes
        ]
        return "Error" not in self._request("transact_write_items", TransactItems=items)

    def query(
        self,
        condition: str,
        values: Mapping[str, Value],
        index: str | None = None,
        newest_first: bool = False,
        page: int | None = None,
    ) -> Iterator[Item]:
        """All items, in the order of the sort key; consistent unless an index is read."""
        request = {
            **_expressions(KeyConditionExpression=condition),
            "ExpressionAttributeValues": _values(values),
            "ScanIndexForward": not newest_first,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
            **({"Limit": page} if page else {}),
        }
        while True:
            answer = self._call("query", **request)
            yield from map(_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def many(self, keys: Iterable[tuple[str, str]]) -> Iterator[Item]:
        """The items under these (pk, sk) that there are, in any order."""
        left, in_vain = [_key(*key) for key in keys], 0
        while left:
            batch = {"Keys": left[:KEYS_AT_ONCE], "ConsistentRead": True}
            answer = self._request("batch_get_item", RequestItems={self._name: batch})
            found = answer["Responses"].get(self._name, ())
            yield from map(_item, found)
            later = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])
            left = later + left[KEYS_AT_ONCE:]
            in_vain = in_vain + 1 if later and not found else 0
            if in_vain == BATCH_ATTEMPTS:
                raise self._error("it is throttled")
            if in_vain:
                time.sleep(BATCH_PAUSE_SECONDS * 2**in_vain)

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._request(operation, TableName=self._name, **request)

    def _request(self, operation: str, **request: Any) -> dict[str, Any]:
        """The answer. When a condition failed it has `Error`, and `Item` if there is one."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**request)
        except ClientError as error:
            if not _condition_failed(error.response):
                raise self._error(str(error)) from error
            return dict(error.response)
        except BotoCoreError as error:
            raise self._error(str(error)) from error
        return answer

    def _error(self, reason: str) -> StorageError:
        return StorageError(f"cannot use the table {self._name}: {reason}")


def adding(item: Item) -> Mapping[str, Any]:
    """Write an item unless there is one."""
    condition = _expressions(ConditionExpression="attribute_not_exists(#pk)")
    return {"Put": {"Item": _attributes(item), **condition}}


def replacing(item: Item, condition: str, values: Mapping[str, Value]) -> Mapping[str, Any]:
    """Write an item in the place of one for which the condition holds."""
    return {"Put": {"Item": _attributes(item), **_conditional(condition, values)}}


def putting(item: Item) -> Mapping[str, Any]:
    """Write an item, whether there is one or not."""
    return {"Put": {"Item": _attributes(item)}}


def removing(
    pk: str,
    sk: str,
    condition: str = "attribute_exists(#pk)",
    values: Mapping[str, Value] | None = None,
) -> Mapping[str, Any]:
    """Remove an item if there is one, or if it is as the condition says."""
    return {"Delete": {"Key": _key(pk, sk), **_conditional(condition, values or {})}}


def deleting(pk: str, sk: str) -> Mapping[str, Any]:
    """Remove an item, whether there is one or not."""
    return {"Delete": {"Key": _key(pk, sk)}}


def changing(pk: str, sk: str, change: Change) -> Mapping[str, Any]:
    """Change an item when the condition holds."""
    return {"Update": _update(pk, sk, change)}


def word() -> str:
    """For a writer to sign with."""
    return uuid4().hex


def expires_at(from_ms: int, days: int) -> int:
    """Seconds since the epoch, as DynamoDB's TTL wants them."""
    return from_ms // 1000 + days * DAY_S


def in_time(at_ms: int, name: str) -> str:
    """A sort key in the order of (at_ms, name). Moments beyond what it can say are its limits."""
    return f"{min(max(at_ms, 0), LAST_MS):015d}#{name}"


def _condition_failed(response: Mapping[str, Any]) -> bool:
    if response["Error"]["Code"] == "ConditionalCheckFailedException":
        return True
    reasons = response.get("CancellationReasons", ())
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)


def _expressions(**expressions: str) -> dict[str, Any]:
    """The expressions of a request, with the names that they use."""
    names = re.findall(r"#(\w+)", " ".join(expressions.values()))
    return {**expressions, "ExpressionAttributeNames": {f"#{name}": name for name in names}}


def _conditional(condition: str, values: Mapping[str, Value]) -> dict[str, Any]:
    given = {"ExpressionAttributeValues": _values(values)} if values else {}
    return {**_expressions(ConditionExpression=condition), **given}


def _update(pk: str, sk: str, change: Change) -> dict[str, Any]:
    clauses = {
        "SET": [f"#{name} = :{name}" for name in change.put],
        "REMOVE": [f"#{name}" for name in change.remove],
        "ADD": [f"#{change.count} :more"] if change.count else [],
    }
    values = {**change.put, **change.values, **({"more": change.more} if change.count else {})}
    return {
        "Key": _key(pk, sk),
        "ExpressionAttributeValues": _values(values),
        **_expressions(
            ConditionExpression=change.condition,
            UpdateExpression=" ".join(
                f"{word} {', '.join(parts)}" for word, parts in clauses.items() if parts
            ),
        ),
    }


def _key(pk: str, sk: str) -> dict[str, Any]:
    return _attributes({"pk": pk, "sk": sk})


def _values(values: Mapping[str, Value]) -> dict[str, Any]:
    return {f":{name}": value for name, value in _attributes(values).items()}


def _attributes(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in values.items()}


def _attribute(value: Value) -> dict[str, Any]:
    if isinstance(value, int):
        return {"N": str(value)}
    return {"S": value} if isinstance(value, str) else {"B": value}


def _item(attributes: Mapping[str, Mapping[str, Any]]) -> Item:
    return {
        name: int(value) if kind == "N" else value
        for name, typed in attributes.items()
        for kind, value in typed.items()
    }
