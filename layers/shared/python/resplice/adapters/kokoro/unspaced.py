"""Words of a text whose script has no spaces between them, and its clauses. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from resplice.adapters.kokoro.pieces import Clause
from resplice.core.unspaced import parted
from resplice.frozen import frozen

_CLAUSE_END = re.compile(r"(?<=[，。！？!?；：、…—\n])(?![”」』）])|(?<=[,.!?;:])(?=\s)")
_RUN = re.compile(r"\S+")


@frozen
class Said:
    """Characters [begin, end) of a text, one word, and its sounds in the model's alphabet."""

    begin: int
    end: int
    sounds: str


@frozen
class Plain:
    """A text as it is read, and where in the original, [begin, end), each character comes from."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, parts: Iterable[tuple[int, int, str]]) -> Plain:
        """Of (begin, end, what is read there)."""
        letters = [(letter, begin, end) for begin, end, read in parts for letter in read]
        return cls(
            "".join(letter for letter, _, _ in letters),
            [begin for _, begin, _ in letters],
            [end for _, _, end in letters],
        )

    def said(self, begin: int, end: int, sounds: str) -> Said:
        """Of what is read in [begin, end), which is not empty."""
        return Said(self.begins[begin], self.ends[end - 1], sounds)


def laid_out(text: str, said: Sequence[Said]) -> tuple[list[str], list[Clause]]:
    """(the words, clauses that name them by place). said: in order; none has white space in it.

    Joined, the words are the text without its white space: what is not said (marks) belongs to the
    word before it, or to the one after it where white space or a bracket that opens parts them.
    """
    words = list(_words(text, list(apart(said))))
    ends = [found.start() for found in _CLAUSE_END.finditer(text)] + [len(text)]
    made, begin, first = list[Clause](), 0, 0
    for end in ends:
        last = next((at for at in range(first, len(words)) if words[at].begin >= end), len(words))
        if last > first:
            heard = [(at, words[at].sounds) for at in range(first, last)]
            sounds = " ".join(sounds for _, sounds in heard if sounds)
            made.append(Clause(text[begin:end], sounds, heard))
            begin, first = end, last
    return [text[word.begin : word.end] for word in words], made


def apart(said: Iterable[Said]) -> Iterator[Said]:
    """Those that share characters as one, in order."""
    held: Said | None = None
    for each in said:
        if held and each.begin < held.end:
            both = " ".join(filter(None, (held.sounds, each.sounds)))
            held = Said(held.begin, max(held.end, each.end), both)
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def _words(text: str, said: Sequence[Said]) -> Iterator[Said]:
    waiting = list(said)
    for run in _RUN.finditer(text):
        inside = [each for each in waiting if each.begin < run.end()]
        waiting = waiting[len(inside) :]
        begin, sounds = run.start(), ""
        for each, following in zip(inside, [*inside, None][1:], strict=True):
            end = run.end()
            if following:
                end = _before_brackets(text, each.end, following.begin)
            sounds = " ".join(filter(None, (sounds, each.sounds)))
            if following is None or parted(text[begin:end], text[end : run.end()]):
                yield Said(begin, end, sounds)
                begin, sounds = end, ""
        if not inside:
            yield Said(begin, run.end(), "")


def _before_brackets(text: str, least: int, end: int) -> int:
    """Where a word ends before the next one, which has the brackets that open before it."""
    while end > least and unicodedata.category(text[end - 1]) in ("Ps", "Pi"):
        end -= 1
    return end


def with_endings(text: str, said: Iterable[Said], endings: str) -> list[Said]:
    """Words of one sign that no row should begin with together with the word before: `endings`,
    and the sign of what is counted behind digits (`28日`).
    """
    made = list[Said]()
    for each in apart(said):
        if made and made[-1].end == each.begin and each.end - each.begin == 1:
            before = made[-1]
            if text[each.begin] in endings or text[before.end - 1].isdigit():
                sounds = " ".join(filter(None, (before.sounds, each.sounds)))
                made[-1] = Said(before.begin, each.end, sounds)
                continue
        made.append(each)
    return made
