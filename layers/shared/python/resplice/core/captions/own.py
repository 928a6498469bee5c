"""Captions that the user brings to lines: as they are given, unless their words have times. Pure.

Words with times are laid out like spoken ones; what has none is shown as the file has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.lines import MAX_LINES, Grouping, groups, one_at_a_time
from resplice.core.captions.writing import regular
from resplice.core.words import Word

SLIP_MS = 300
"""Captions that overlap by less are meant to follow one another."""
MOST_AT_ONCE = 3


def own_lines(cues: Iterable[Line], grouping: Grouping | None) -> list[Line]:
    """The lines of a file. grouping: of words with times; None keeps the lines of the file.

    Captions without such words that are there together are shown under one another.
    Raises CaptionsRefused when there are too many.
    """
    found = list(cues)
    timed = [line for cue in found if cue.timed for line in _regrouped(cue, grouping)]
    lines = one_at_a_time([*timed, *stacked([cue for cue in found if not cue.timed])])
    if len(lines) > MAX_LINES:
        raise CaptionsRefused(f"they make more than {MAX_LINES} lines")
    return lines


def _regrouped(cue: Line, grouping: Grouping | None) -> Iterator[Line]:
    """The caption in as many lines as it takes: each is gone when the next one comes."""
    if grouping is None:
        yield cue
        return
    words = regular(cue.words)
    ends = [*(word.start_ms for word in words[1:]), cue.end_ms]
    timed = [Word(w.text, w.start_ms, end) for w, end in zip(words, ends, strict=True)]
    at = 0
    for group in groups(timed, grouping):
        own = words[at : at + len(group)]
        at += len(group)
        begin = own[0].start_ms if at > len(group) else cue.start_ms
        yield Line(own, begin, group[-1].end_ms, timed=True)


def stacked(cues: Iterable[Line]) -> list[Line]:
    """Captions without times of words, one line at a time: those that overlap are put together."""
    ordered = _without_slips(sorted(cues, key=lambda cue: cue.start_ms))
    changes = sorted({edge for cue in ordered for edge in (cue.start_ms, cue.end_ms)})
    lines: list[Line] = []
    there: list[Line] = []
    following = 0
    for begin, end in pairwise(changes):
        there = [cue for cue in there if cue.end_ms > begin]
        while following < len(ordered) and ordered[following].start_ms <= begin:
            there = [*there, ordered[following]][-MOST_AT_ONCE:]
            following += 1
        if there:
            lines.append(Line(_under_one_another(there), begin, end, timed=False))
    return _joined(lines)


def _without_slips(ordered: Sequence[Line]) -> list[Line]:
    """Captions that end just after the next one has come end when it comes."""
    found = list(ordered)
    for index, (cue, after) in enumerate(pairwise(ordered)):
        if cue.start_ms < after.start_ms < cue.end_ms <= after.start_ms + SLIP_MS:
            found[index] = replace(cue, end_ms=after.start_ms)
    return found


def _under_one_another(cues: Sequence[Line]) -> tuple[LineWord, ...]:
    *before, last = cues
    ended = [(*cue.words[:-1], replace(cue.words[-1], ends_row=True)) for cue in before]
    return tuple(word for words in [*ended, last.words] for word in words)


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Without changes in which nothing changes."""
    found: list[Line] = []
    for line in lines:
        before = found[-1] if found else None
        same = before and before.end_ms == line.start_ms and _looks(before) == _looks(line)
        if before and same:
            found[-1] = replace(before, end_ms=line.end_ms)
        else:
            found.append(line)
    return found


def _looks(line: Line) -> list[LineWord]:
    return [replace(word, start_ms=0) for word in line.words]
