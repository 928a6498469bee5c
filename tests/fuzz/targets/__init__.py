"""TARGETS: every kind of input. To add one: a row in a file here, and the file's rows below."""

from __future__ import annotations

from fuzz.target import Target
from fuzz.targets import addresses, documents, http, markup, media, pages, parsers, texts

ROWS = (documents, texts, parsers, addresses, markup, http, media, pages)
TARGETS: dict[str, Target] = {row.name: row for rows in ROWS for row in rows.TARGETS}
