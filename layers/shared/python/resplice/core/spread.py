"""Words of a text over the time in which they are said, by their letters: when nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from resplice.core.unspaced import pieces
from resplice.core.words import Word

Span = tuple[float, float]

SENTENCE_PAUSE, PHRASE_PAUSE, WORD_PAUSE = 6.0, 3.0, 0.5
"""How long the voice rests behind a word, in letters."""
LONG_LETTER = 3.0
"""A digit and an ideograph are spoken as several letters are."""
_SENTENCE_ENDS, _PHRASE_ENDS = tuple(".!?…。！？"), tuple(",;:—–،、，；：")
_CLOSING = "\"'”’»)]}"
_IDEOGRAPHS = ("\u3040", "\u9fff")


def spread(text: str, start_ms: int, end_ms: int, voiced: Sequence[Span] = ()) -> tuple[Word, ...]:
    """The words of the text over [start_ms, end_ms): what lies between its white space, and pieces
    of what is written without, see `unspaced.pieces`. voiced: as of spread_words.
    """
    return spread_words(pieces(text), start_ms, end_ms, voiced)


def spread_words(
    texts: Sequence[str], start_ms: int, end_ms: int, voiced: Sequence[Span] = ()
) -> tuple[Word, ...]:
    """Each of these words, over [start_ms, end_ms).

    voiced  when somebody is heard, as (start, end) in ms, in order and apart: no word lies in the
            silence between. What is outside of [start_ms, end_ms) does not count.
    Each word lasts 1 ms or longer: more words than milliseconds go beyond end_ms.
    """
    spans = [span for span in _clipped(voiced, start_ms, end_ms) if span[1] > span[0]]
    if len(spans) < 2:
        whole = spans[0] if spans else (float(start_ms), float(end_ms))
        return _whole_ms(texts, _laid(texts, whole))
    return _whole_ms(texts, list(_over(texts, spans)))


def _clipped(voiced: Sequence[Span], start_ms: int, end_ms: int) -> Iterator[Span]:
    return ((max(start_ms, start), min(end_ms, end)) for start, end in voiced)


def _laid(texts: Sequence[str], span: Span) -> list[Span]:
    """Where each is said when all are said in the span; the last rests for no time."""
    if not texts:
        return []
    spoken, rests = [_letters(text) for text in texts], [_rest(text) for text in texts]
    rests[-1] = 0.0
    ends = list(accumulate(letters + rest for letters, rest in zip(spoken, rests, strict=True)))
    start, scale = span[0], (span[1] - span[0]) / ends[-1]
    begins = [0.0, *ends[:-1]]
    return [
        (start + begin * scale, start + (begin + letters) * scale)
        for begin, letters in zip(begins, spoken, strict=True)
    ]


def _over(texts: Sequence[str], spans: Sequence[Span]) -> Iterator[Span]:
    """Each word in the stretch in which its middle lies, if silence took no time."""
    lengths = [end - start for start, end in spans]
    limits = list(accumulate(lengths))
    middles = [(start + end) / 2 for start, end in _laid(texts, (0.0, limits[-1]))]
    first = 0
    for span, limit in zip(spans, limits, strict=True):
        last = limit is limits[-1]
        count = sum(1 for middle in middles[first:] if last or middle < limit)
        yield from _laid(texts[first : first + count], span)
        first += count


def _whole_ms(texts: Sequence[str], spans: Sequence[Span]) -> tuple[Word, ...]:
    starts = list(accumulate((round(start) for start, _ in spans), lambda a, b: max(a + 1, b)))
    following = [later for _, later in pairwise(starts)]
    words = []
    for n, (text, (_, end)) in enumerate(zip(texts, spans, strict=True)):
        latest = following[n] if n < len(following) else round(end)
        words.append(Word(text, starts[n], max(starts[n] + 1, min(round(end), latest))))
    return tuple(words)


def _letters(text: str) -> float:
    return max(1.0, sum(map(_length, text)))


def _length(letter: str) -> float:
    if letter.isdigit() or _IDEOGRAPHS[0] <= letter <= _IDEOGRAPHS[1]:
        return LONG_LETTER
    return 1.0 if letter.isalpha() else 0.0


def _rest(text: str) -> float:
    bare = text.rstrip(_CLOSING)
    if bare.endswith(_SENTENCE_ENDS):
        return SENTENCE_PAUSE
    return PHRASE_PAUSE if bare.endswith(_PHRASE_ENDS) else WORD_PAUSE
