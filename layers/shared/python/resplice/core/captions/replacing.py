"""Words put in place of others: what was heard wrongly, or is to be written another way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from resplice.core.unspaced import unspaced
from resplice.core.words import Word

_PARTS = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)

_Tokens = tuple[str, ...]


def replaced(words: Sequence[Word], replacements: Mapping[str, str]) -> list[Word]:
    """The words with each key of the replacements become its value.

    A key is a whole word, or several in a row, in any case; punctuation around it stays. In a
    script without spaces it may be several in a row too, wherever they part. The longest key
    counts. What comes in its place has its time, shared out by letters; an empty value takes the
    words away.
    """
    by_first = _by_first(replacements)
    return list(_replaced(words, by_first)) if by_first else list(words)


def _by_first(replacements: Mapping[str, str]) -> dict[str, list[tuple[_Tokens, str]]]:
    """The keys' words by the first of them, longest keys first; by its first letter in a script
    without spaces, where it may be several.
    """
    found: dict[str, list[tuple[_Tokens, str]]] = {}
    for key, value in replacements.items():
        tokens = tuple(_parts(token)[1].casefold() for token in key.split())
        if tokens:
            first = tokens[0][:1] if unspaced(tokens[0]) else tokens[0]
            found.setdefault(first, []).append((tokens, value))
    for keys in found.values():
        keys.sort(key=lambda entry: (-len(entry[0]), -len("".join(entry[0]))))
    return found


def _replaced(
    words: Sequence[Word], by_first: Mapping[str, list[tuple[_Tokens, str]]]
) -> Iterator[Word]:
    parts = [_parts(word.text) for word in words]
    at = 0
    while at < len(words):
        first = parts[at][1].casefold()
        keys = by_first.get(first[:1] if unspaced(first) else first, ())
        matches = ((_stop(parts, at, tokens), value) for tokens, value in keys)
        stop, value = next((found for found in matches if found[0]), (0, ""))
        if not stop:
            yield words[at]
            at += 1
            continue
        text = value.strip()
        if text:
            text = f"{parts[at][0]}{text}{parts[stop - 1][2]}"
            yield from shared_out(text.split(), words[at].start_ms, words[stop - 1].end_ms)
        at = stop


def _stop(parts: Sequence[tuple[str, str, str]], at: int, tokens: _Tokens) -> int:
    """Where these words end that begin there, with no punctuation between them; 0 for others."""
    stop = at
    for token in tokens:
        said = parts[stop][1].casefold() if stop < len(parts) else ""
        stop += 1
        while unspaced(token) and len(said) < len(token) and stop < len(parts):
            said += parts[stop][1].casefold()
            stop += 1
        if said != token:
            return 0
    whole = all(not before[2] and not after[0] for before, after in pairwise(parts[at:stop]))
    return stop if whole else 0


def _parts(text: str) -> tuple[str, str, str]:
    """(punctuation before, the word, punctuation after); what is all punctuation is the word."""
    found = _PARTS.fullmatch(text)
    if found is None or not found[2]:
        return "", text, ""
    return found[1], found[2], found[3]


def shared_out(texts: Sequence[str], start_ms: int, end_ms: int) -> Iterator[Word]:
    """The words one after another in that time, each as long as it has letters."""
    total, passed = sum(map(len, texts)), 0
    for text in texts:
        begin = start_ms + (end_ms - start_ms) * passed // total
        passed += len(text)
        yield Word(text, begin, start_ms + (end_ms - start_ms) * passed // total)
