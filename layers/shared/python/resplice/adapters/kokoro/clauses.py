"""A text as clauses with their sounds: what each language needs for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.words import readable, words_of
from resplice.adapters.kokoro.mandarin import sounds_of, with_numbers_spelt
from resplice.adapters.kokoro.pieces import Clause
from resplice.adapters.kokoro.sounds import Reading

Syllables = Callable[[Sequence[str]], Sequence[Sequence[Sequence[str]]]]
"""Chinese texts to pinyin: of each text, of each word, of each syllable."""

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]+")
_RUN = re.compile(rf"{_CHINESE.pattern}|[^\u3400-\u4dbf\u4e00-\u9fff\u3007]+")
_CLAUSE_END = re.compile(r"(?<=[，。！？；：、…—\n])(?![”」』）])|(?<=[,.!?;:])(?=\s)")


def clauses(text: str, how: Reading, espeak: EspeakLibrary) -> list[Clause]:
    """As eSpeak NG reads it: numbers, abbreviations and where a clause ends are its judgement."""
    spans = words_of(text)
    asked = [readable(each) for each in (text, *(word for _, _, word in spans))]
    whole, *alone = espeak.sounds(how.espeak, asked)
    sounds = [how.sounds_of(" ".join(ipa for _, _, ipa in found)) for found in alone]
    return [
        Clause(
            text[begin:end],
            how.sounds_of(ipa),
            [
                (place, sounds[place])
                for place, (first, last, _) in enumerate(spans)
                if first < end and last > begin
            ],
        )
        for begin, end, ipa in whole
    ]


def chinese_clauses(
    text: str, latin: Reading, espeak: EspeakLibrary, syllables: Syllables
) -> list[Clause]:
    """Characters by their pinyin, all else as `latin` is read."""
    parts = list(_parts(text))
    runs = [_RUN.findall(with_numbers_spelt(readable(part))) for _, _, part in parts]
    known = _sounds({run for found in runs for run in found}, latin, espeak, syllables)
    said = [" ".join(filter(None, (known[run] for run in found))) for found in runs]
    made = list[Clause]()
    for number in range(parts[-1][0] + 1 if parts else 0):
        here = [at for at, (clause, _, _) in enumerate(parts) if clause == number]
        words = [(parts[at][1], said[at]) for at in here]
        sounds = " ".join(filter(None, (said[at] for at in here)))
        made.append(Clause("".join(parts[at][2] for at in here), sounds, words))
    return made


def _parts(text: str) -> Iterator[tuple[int, int, str]]:
    """(number of the clause, place of the word, what of the word is in the clause)."""
    spans = words_of(text)
    ends = [found.start() for found in _CLAUSE_END.finditer(text)] + [len(text)]
    begin = number = 0
    for end in ends:
        inside = [
            (place, text[max(first, begin) : min(last, end)])
            for place, (first, last, _) in enumerate(spans)
            if first < end and last > begin
        ]
        yield from ((number, place, part) for place, part in inside)
        number, begin = number + bool(inside), end


def _sounds(
    runs: set[str], latin: Reading, espeak: EspeakLibrary, syllables: Syllables
) -> dict[str, str]:
    chinese = sorted(run for run in runs if _CHINESE.match(run))
    others = sorted(runs - set(chinese))
    known = {
        run: " ".join(filter(None, ("".join(map(sounds_of, word)) for word in words)))
        for run, words in zip(chinese, syllables(chinese) if chinese else (), strict=True)
    }
    read = espeak.sounds(latin.espeak, others) if others else ()
    for run, found in zip(others, read, strict=True):
        known[run] = latin.sounds_of(" ".join(ipa for _, _, ipa in found))
    return known
