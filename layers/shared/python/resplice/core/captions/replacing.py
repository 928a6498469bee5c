"""Words put in place of others: what was heard wrongly, or is to be written another way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from resplice.core.words import Word

_PARTS = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)

_Tokens = tuple[str, ...]


def replaced(words: Sequence[Word], replacements: Mapping[str, str]) -> list[Word]:
    """The words with each key of the replacements become its value.

    A key is a whole word, or several in a row, in any case; punctuation around it stays. The
    longest key counts. What comes in its place has its time, shared out by letters; an empty
    value takes the words away.
    """
    by_first = _by_first(replacements)
    return list(_replaced(words, by_first)) if by_first else list(words)


def _by_first(replacements: Mapping[str, str]) -> dict[str, list[tuple[_Tokens, str]]]:
    """The keys' words by the first of them, longest keys first."""
    found: dict[str, list[tuple[_Tokens, str]]] = {}
    for key, value in replacements.items():
        tokens = tuple(_parts(token)[1].casefold() for token in key.split())
        if tokens:
            found.setdefault(tokens[0], []).append((tokens, value))
    for keys in found.values():
        keys.sort(key=lambda entry: -len(entry[0]))
    return found


def _replaced(
    words: Sequence[Word], by_first: Mapping[str, list[tuple[_Tokens, str]]]
) -> Iterator[Word]:
    parts = [_parts(word.text) for word in words]
    at = 0
    while at < len(words):
        keys = by_first.get(parts[at][1].casefold(), ())
        found = next((key for key in keys if _matches(parts[at : at + len(key[0])], key[0])), None)
        if found is None:
            yield words[at]
            at += 1
            continue
        stop = at + len(found[0])
        text = found[1].strip()
        if text:
            text = f"{parts[at][0]}{text}{parts[stop - 1][2]}"
            yield from shared_out(text.split(), words[at].start_ms, words[stop - 1].end_ms)
        at = stop


def _matches(parts: Sequence[tuple[str, str, str]], tokens: _Tokens) -> bool:
    """Whether these are the words, with no punctuation between them."""
    if tuple(core.casefold() for _, core, _ in parts) != tokens:
        return False
    return all(not before[2] and not after[0] for before, after in pairwise(parts))


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
