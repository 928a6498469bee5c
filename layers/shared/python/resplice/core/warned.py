"""Warnings: what a document asks for and does not get, though its movie is made.

Each is a line: it opens with the path of what it is about, says what is the matter and what to do,
and ends with its code, as `[outside-canvas]`. The line goes as it is into reports, terminals, the
API and pages. Pure; a warning changes no key and no frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

WAYS_OUT = {
    "after-the-end": "let it begin earlier, or what it is in last longer",
    "all-transparent": "lower the tolerance",
    "blank": "give it something to show",
    "box-ignored": "leave 'resize' out, or what lies beside it",
    "captions-guessed": "save the file as UTF-8",
    "crop-ignored": "leave the crop out, or let it begin inside the picture",
    "fade-cut": "shorten the fade, or let the element last longer",
    "font-missing": "give the font's file with 'font-url', or name one that is there",
    "hidden": "give the scenes over it a transparent background, or it a 'z-index' of 0 or more",
    "language-unknown": "name a language that it knows, or 'auto'",
    "left-out": "mend those first that are told",
    "letters-missing": "give a font that has them with 'font-url'",
    "mask-hides-all": "white shows, black and what is transparent hide: draw some of it white",
    "nothing-heard": "let something be heard meanwhile, or leave it out",
    "nothing-moves": "leave the recording out, or let CSS move the page",
    "nothing-said": "give it 'captions', or let something be said",
    "one-counts": "leave one of them out",
    "only-voices": "name a 'model' that listens, or give 'captions'",
    "other-model": "name a model that is there, or add a connection to who has it",
    "other-voice": "name a voice that is there, or add a connection to who has it",
    "outside-canvas": "move it with 'position', 'x' and 'y'",
    "page-lacks": "put the file where it can be fetched, or leave it out",
    "placeholder": "render without placeholders to have it made",
    "plays-once": "give it a duration; -2 is until its scene or movie ends",
    "prompt-ignored": "leave the 'prompt' out, or the 'src'",
    "rough-transcript": "read its words, or connect another transcriber",
    "seek-too-early": "seek by less",
    "setting-ignored": "see docs/schema.md for what it takes",
    "silent": "leave it out, or give it a 'volume' above 0",
    "too-short": "let it last longer",
    "transition-cut": "shorten the transition, or let its scenes last longer",
    "transition-unseen": "leave the transition out",
    "text-cut-off": "give it a smaller 'font-size' or a larger box",
    "unknown-key": "leave it out; docs/schema.md has what there is",
    "unknown-variable": "add it to 'variables'",
    "unseen": "leave it out, or give it more than 0",
    "unused-variable": "leave it out, or write {{…}} where it is meant to stand",
    "voice-cut": "leave out 'duration', or let it and its scene last as long as the speech",
}
"""Code -> what to do. A code keeps its meaning; words may change."""

_LEFT_OUT = re.compile(r"the movie has (\d+) more warnings; .*\[left-out\]")
_CODE = re.compile(r" \[([a-z-]+)\]$")


def warned(code: str, words: str, way_out: str | None = None) -> str:
    """The line, without its path. way_out: one that fits better than its code's own; an empty one
    where the words have it.
    """
    way = WAYS_OUT[code] if way_out is None else way_out
    return f"{words}{way and '; '}{way} [{code}]"


def first(lines: Iterable[str], most: int) -> list[str]:
    """At most so many lines, each once; when there are more the last one says how many."""
    each, more = dict[str, None](), 0
    for line in lines:
        if found := _LEFT_OUT.fullmatch(line):
            more += int(found[1])
        else:
            each[line] = None
    told = [*each]
    if not more and len(told) <= most:
        return told
    more += len(told[most - 1 :])
    return [*told[: most - 1], left_out(more)]


def said_of(found: Sequence[T], line: Callable[[T], str], most: int) -> list[str]:
    """The same of what lines can be said of: of what is left out none is made."""
    shown = found if len(found) <= most else found[: most - 1]
    left = len(found) - len(shown)
    return [*map(line, shown), *([left_out(left)] if left else [])]


def left_out(count: int) -> str:
    """The line that says how many are not told."""
    return warned("left-out", f"the movie has {count} more warnings")


def code_of(line: str) -> str:
    """Empty for a line of a version that knew no codes."""
    found = _CODE.search(line)
    return found[1] if found else ""


def shortened(line: str, most: int) -> str:
    """The line in at most so many characters: it is cut before its code."""
    if len(line) <= most:
        return line
    code = code_of(line)
    end = f"… [{code}]" if code else "…"
    return line[: most - len(end)] + end
