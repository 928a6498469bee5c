"""A text as pieces that the model takes: rows of tokens, each with the word that it is of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from resplice.adapters.kokoro.owners import owners
from resplice.frozen import frozen

MOST_TOKENS = 300
"""The model takes 510, and speaks best, and fastest, with fewer."""
FEW_TOKENS = 50
"""A piece of fewer takes the next sentence too: the model hurries through very short ones."""
LAST_PAUSE_TOKEN = 16
SENTENCE_ENDS = ".!?…"
MARKS = {
    **{mark: mark for mark in ".,;:!?…—"},
    **{
        "–": "—",
        "-": "—",
        "।": ".",
        "॥": ".",
        "。": ".",
        "！": "!",
        "？": "?",
        "，": ",",
        "、": ",",
    },
}
ABBREVIATIONS = frozenset(
    (
        *("mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr"),
        *("sra", "srta", "dra", "mme", "mlle", "dott"),
    )
)
"""A dot after these ends no clause, though eSpeak takes it for one before a capital."""
_CLOSING = " \t\r\n\"'”’»)]}›"


@frozen
class Clause:
    """A part of a text that is said in one breath.

    text    with its mark, and what is around it
    sounds  in the model's alphabet
    words   (place among all words, its sounds alone) of the words in it
    """

    text: str
    sounds: str
    words: Sequence[tuple[int, str]]


@dataclass
class Piece:
    """Tokens, and for each the place of its word; None for marks and spaces."""

    tokens: list[int] = field(default_factory=list)
    owners: list[int | None] = field(default_factory=list)

    def add(self, token: int, owner: int | None) -> None:
        self.tokens.append(token)
        self.owners.append(owner if token > LAST_PAUSE_TOKEN else None)

    def take(self, other: Piece) -> None:
        self.tokens += other.tokens
        self.owners += other.owners

    @property
    def is_heard(self) -> bool:
        return any(owner is not None for owner in self.owners)


def pieces(clauses: Sequence[Clause], tokens: Mapping[str, int]) -> list[Piece]:
    """Whole sentences, unless one is too long. tokens: of each character of the alphabet."""
    made, open_piece = list[Piece](), Piece()
    for clause in clauses:
        mark = mark_of(clause)
        for part in _parts(_piece(clause, mark, tokens)):
            if len(open_piece.tokens) + len(part.tokens) > MOST_TOKENS:
                made.append(open_piece)
                open_piece = Piece()
            open_piece.take(part)
        if mark and mark in SENTENCE_ENDS and len(open_piece.tokens) >= FEW_TOKENS:
            made.append(open_piece)
            open_piece = Piece()
    made.append(open_piece)
    return _without_crumbs([_trimmed(each) for each in made if each.is_heard])


def mark_of(clause: Clause) -> str:
    """The mark at its end, as the model knows it; empty when there is none."""
    bare = clause.text.rstrip(_CLOSING)
    last = bare[-1:]
    if last == "." and bare[:-1].split(" ")[-1].lower().lstrip("(\"'“«") in ABBREVIATIONS:
        return ""
    if last not in MARKS and re.search(r"\n\s*\n\s*$", clause.text):
        return "."
    return MARKS.get(last, "")


def _piece(clause: Clause, mark: str, tokens: Mapping[str, int]) -> Piece:
    piece = Piece()
    places = [place for place, _ in clause.words] or [0]
    found = owners(clause.sounds, [alone for _, alone in clause.words])
    for sound, owner in zip(clause.sounds, found, strict=True):
        if sound in tokens:
            piece.add(tokens[sound], places[owner])
    for pause in (*mark, " ") if piece.is_heard else ():
        piece.add(tokens[pause], None)
    return piece


def _parts(piece: Piece) -> Iterator[Piece]:
    """No longer than the model takes, apart between words where there are any."""
    begin, count = 0, len(piece.tokens)
    while count - begin > MOST_TOKENS:
        gaps = [at for at in range(begin + 1, begin + MOST_TOKENS) if piece.owners[at] is None]
        end = gaps[-1] + 1 if gaps else begin + MOST_TOKENS
        yield Piece(piece.tokens[begin:end], piece.owners[begin:end])
        begin = end
    yield Piece(piece.tokens[begin:], piece.owners[begin:])


def _trimmed(piece: Piece) -> Piece:
    """Without a space at its end."""
    if piece.tokens[-1] == LAST_PAUSE_TOKEN:
        return Piece(piece.tokens[:-1], piece.owners[:-1])
    return piece


def _without_crumbs(made: list[Piece]) -> list[Piece]:
    """A short rest goes with the piece before it."""
    rest_tokens = len(made[-1].tokens) if len(made) > 1 else FEW_TOKENS
    if rest_tokens < FEW_TOKENS and len(made[-2].tokens) + rest_tokens < MOST_TOKENS:
        rest = made.pop()
        made[-1].add(LAST_PAUSE_TOKEN, None)
        made[-1].take(rest)
    return made
