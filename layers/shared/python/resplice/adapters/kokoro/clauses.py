"""A text as clauses with their sounds: what each language needs for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.words import readable, words_of
from resplice.adapters.kokoro.japanese_words import Token, asked, plain, words
from resplice.adapters.kokoro.mandarin import sounds_of, spelt_parts
from resplice.adapters.kokoro.pieces import Clause
from resplice.adapters.kokoro.sounds import Reading
from resplice.adapters.kokoro.unspaced import Plain, Said, laid_out, with_endings

Word = tuple[str, Sequence[str]]
"""A Chinese word and its syllables in pinyin."""
Pinyin = Callable[[Sequence[str]], Sequence[Sequence[Word]]]
"""Chinese texts to their words."""

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]+")
_MARK = r"\s“”‘’\"（）《》「」『』【】，。！？；：、…—～·"
_PARTICLES = "的了着吗嗎呢吧啊们們"
_RUN = re.compile(rf"{_CHINESE.pattern}|[^{_MARK}\u3400-\u4dbf\u4e00-\u9fff\u3007]+")


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
    text: str, latin: Reading, espeak: EspeakLibrary, pinyin: Pinyin
) -> tuple[list[str], list[Clause]]:
    """(words, clauses that name them): characters by their pinyin, all else as `latin` is read."""
    known = Plain.of(spelt_parts(readable(text)))
    runs = [found for found in _RUN.finditer(known.text) if any(map(str.isalnum, found[0]))]
    chinese = sorted({found[0] for found in runs if _CHINESE.match(found[0])})
    others = {found[0] for found in runs} - set(chinese)
    by_run = dict(zip(chinese, pinyin(chinese) if chinese else (), strict=True))
    foreign = foreign_sounds(sorted(others), latin, espeak)
    said = list[Said]()
    for found in runs:
        at = found.start()
        for word, sounds in _words(found[0], by_run, foreign):
            said.append(known.said(at, at + len(word), sounds))
            at += len(word)
    return laid_out(text, with_endings(text, said, _PARTICLES))


def _words(
    run: str, pinyin: Mapping[str, Sequence[Word]], foreign: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(a word, its sounds)"""
    if run in pinyin:
        yield from ((word, "".join(map(sounds_of, read))) for word, read in pinyin[run])
    else:
        yield run, foreign[run]


def japanese_clauses(
    text: str, latin: Reading, espeak: EspeakLibrary, tokens: Callable[[str], Sequence[Token]]
) -> tuple[list[str], list[Clause]]:
    """(words, clauses that name them): by a dictionary, foreign words as `latin` is read."""
    known = plain(readable(text))
    said = words(
        known,
        tokens(asked(known)),
        lambda texts: foreign_sounds(texts, latin, espeak),
    )
    return laid_out(text, said)


def foreign_sounds(texts: Sequence[str], how: Reading, espeak: EspeakLibrary) -> Mapping[str, str]:
    """Each as it is read by itself."""
    read = espeak.sounds(how.espeak, texts) if texts else ()
    return {
        text: how.sounds_of(" ".join(ipa for _, _, ipa in found))
        for text, found in zip(texts, read, strict=True)
    }
