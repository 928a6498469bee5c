"""What one document may make the machine do: every limit on documents, and nothing else.

Work is bounded before it is done: a stage counts first, and pays for each value that it reads,
compares or copies. Limits on media files and pictures are the adapters' own.
"""

from __future__ import annotations

MAX_BYTES = 10 * 2**20
"""A movie of thousands of scenes is 1 MiB; what is larger carries media, which belongs in URLs."""
MAX_PAYLOAD_BYTES = 2 * 2**20
"""Of a request that carries no movie but, at most, a template's of 350 kB, which JSON may write in
three times as many bytes: whoever answers reads it itself, and others wait meanwhile."""
MAX_DEPTH = 64
"""Real movies nest 8 deep. Everything downstream may recurse over a document this deep."""
MAX_VALUES = 300_000
"""Numbers, texts, lists and objects: nearly 30 for each of the most elements."""
MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader reads alike."""

MAX_SCENES = 1_000
MAX_ELEMENTS = 10_000
"""In a movie, all scenes together."""
MAX_LISTED_ELEMENTS = 1_000
"""In one list: those of a scene, or the movie's own."""
MAX_PROBLEMS = 100
"""Nobody reads more, and a loop can make millions."""
MAX_WARNINGS = 20
MAX_SHOWN_CHARS = 200
"""Of a key or an expression in a message. Keys may be megabytes long."""

MAX_SECONDS = 3 * 3600
"""Of a movie, and of each length in it."""
MAX_PIXELS = 8192
MAX_TEXT_CHARS = 20_000

MAX_EXPRESSION_CHARS = 2_000
MAX_EXPRESSION_DEPTH = 50
MAX_REFERENCES = 20
"""How long a chain of variables that name variables may be."""

MAX_EXPANDED_CHARS = 32 * 2**20
"""What expanding may cost: three times the largest document."""
VALUE_CHARS = 64
"""What any value costs besides its text: about as long as it takes to copy so many characters."""
