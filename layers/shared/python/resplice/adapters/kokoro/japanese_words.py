"""Japanese texts as words with what is said: of tokens of a dictionary, with numbers spelt. Pure.

A word is what a row of subtitles must not part: a noun or a verb with the particles and endings
behind it, of a few letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from resplice.adapters.kokoro.japanese import LETTERS, LONG_E, O_ROW, katakana, sounds_of
from resplice.adapters.kokoro.japanese_numbers import (
    COUNTERS,
    IDEOGRAPHS,
    number_of,
    one_by_one,
    spelt,
    value_of,
)
from resplice.adapters.kokoro.unspaced import Plain, Said
from resplice.frozen import frozen

MOST_LETTERS = 6
"""Of a word that is put together; one of the dictionary may be longer."""
_ASCII_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000, 0x30FB: 0x3000}
_CLUSTER = re.compile("[\uff66-\uff9d][\uff9e\uff9f]|.", re.DOTALL)
_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
_KATAKANA = re.compile("[ァ-ヺー]+")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])")
_TELEPHONE = re.compile(r"0\d+(?:-\d+)+")
_NUMBER = re.compile(r"([¥$€]?)(\d+(?:,\d{3})*(?:\.\d+)?)")
_UNIT = re.compile(r"(?:%|℃|°C?|(?:km|kg|cm|mm|m|g|GB|MB|TB)(?![A-Za-z]))")
_FOREIGN = re.compile(r"[^\W\d_\u3005-\u30ff\u3400-\u9fff]+(?:['’.&-][^\W\d_\u3005-\u9fff]+)*")
_CAPITALS = re.compile("[A-Z]{1,5}")
_SIGNS = {"&": "アンド", "+": "プラス", "=": "イコール", "@": "アットマーク"}
_RANGE = re.compile(r"(?<=\d)[~〜](?=\d)")
_HANGING = ("助詞", "助動詞", "動詞/接尾", "動詞/非自立", "形容詞/非自立", "名詞/接尾")
_ENDINGS = ("助動詞", "助詞/接続助詞", "動詞/非自立")
_COUNTING, _BEFORE, _NUMERAL = "助数詞", "接頭詞", "名詞/数"


@frozen
class Token:
    """Characters [begin, end) of a text. kind: parts of speech, `名詞/接尾/助数詞`; said: how it
    is pronounced, in katakana, or `*`. As IPADIC has them.
    """

    begin: int
    end: int
    kind: str
    said: str


@frozen
class Item:
    """What is said of a text in [begin, end): katakana, or what another language reads.

    glued  no gap is heard before it; hangs: it is written with the one before
    """

    begin: int
    end: int
    kana: str
    foreign: str = ""
    kind: str = ""
    glued: bool = False
    hangs: bool = False


def plain(text: str) -> Plain:
    """Letters of any width in one form."""
    clusters = _CLUSTER.finditer(text)
    return Plain.of(
        (found.start(), found.end(), unicodedata.normalize("NFKC", found[0])) for found in clusters
    )


def asked(known: Plain) -> str:
    """As the dictionary has its letters: all of full width."""
    return known.text.translate(_ASCII_WIDE)


def words(
    known: Plain, tokens: Sequence[Token], read: Callable[[Sequence[str]], Mapping[str, str]]
) -> list[Said]:
    """Words of the original. tokens: of `asked(known)`; read: foreign words to their sounds."""
    items = list(_glued(_items(known.text, {token.begin: token for token in tokens})))
    foreign = read(sorted({item.foreign for item in items if item.foreign}))
    return [_said(known, group, foreign) for group in _grouped(items)]


def _said(known: Plain, group: Sequence[Item], foreign: Mapping[str, str]) -> Said:
    sounds = (foreign[item.foreign] if item.foreign else sounds_of(item.kana) for item in group)
    return known.said(group[0].begin, group[-1].end, " ".join(filter(None, sounds)))


def _grouped(items: Sequence[Item]) -> Iterator[list[Item]]:
    group = list[Item]()
    for item in items:
        near = bool(group) and item.begin == group[-1].end
        hangs = near and (item.hangs or group[-1].kind.startswith(_BEFORE))
        if group and not (hangs and item.end - group[0].begin <= MOST_LETTERS):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _glued(items: Iterator[Item]) -> Iterator[Item]:
    held: Item | None = None
    for item in items:
        if held and item.begin == held.end and not (item.foreign or held.foreign):
            ending = item.kind.startswith(_ENDINGS)
            if item.kana == "ウ" and ending and held.kana.endswith(O_ROW):
                item = replace(item, kana="ー")
            stopped = held.kana.endswith("ッ") or (ending and held.kana.endswith("ン"))
            if stopped or item.glued or item.kana.startswith(("ー", "ッ")):
                held = replace(held, end=item.end, kana=held.kana + item.kana)
                continue
        if held:
            yield held
        held = item
    if held:
        yield held


def _items(text: str, tokens: Mapping[int, Token]) -> Iterator[Item]:
    at = 0
    while at < len(text):
        found = _numbered(text, at, tokens) or _of_token(text, tokens.get(at)) or _other(text, at)
        if found:
            yield found
        at = found.end if found else at + 1


def _of_token(text: str, token: Token | None) -> Item | None:
    if token is None:
        return None
    surface, said = text[token.begin : token.end], token.said
    if not _KANA.fullmatch(said):
        said = katakana(surface)
    if not _KANA.fullmatch(said):
        return None
    said = katakana(said)
    if not (token.kind.startswith("動詞") or _KATAKANA.fullmatch(surface)):
        said = LONG_E.sub("ー", said)
    if surface.endswith(("言う", "いう")):
        said = re.sub("[イユ]ウ$", "ユー", said)
    hangs = token.kind.startswith(_HANGING)
    return Item(token.begin, token.end, said, kind=token.kind, hangs=hangs)


def _other(text: str, at: int) -> Item | None:
    if found := _FOREIGN.match(text, at):
        if _CAPITALS.fullmatch(found[0]):
            return Item(at, found.end(), "".join(LETTERS[letter] for letter in found[0]))
        return Item(at, found.end(), "", foreign=found[0])
    if _KANA.match(text, at):
        return Item(at, at + 1, katakana(text[at]), glued=True, hangs=True)
    kana = "カラ" if _RANGE.match(text, at) else _SIGNS.get(text[at], "")
    return Item(at, at + 1, kana) if kana else None


def _numbered(text: str, at: int, tokens: Mapping[int, Token]) -> Item | None:
    """A number with what it counts."""
    if found := _TIME.match(text, at):
        clock = (
            number_of(str(int(each)), unit, COUNTERS[unit])
            for each, unit in zip(found.groups(), "時分", strict=True)
        )
        return Item(at, found.end(), "".join(clock))
    if found := _TELEPHONE.match(text, at):
        return Item(at, found.end(), one_by_one(found[0]))
    if found := _NUMBER.match(text, at):
        digits, end, currency = found[2], found.end(), found[1]
        if currency:
            return Item(at, end, number_of(digits, currency, COUNTERS[currency]))
    else:
        end = _end_of_ideographs(text, at, tokens)
        digits, currency = str(value_of(text[at:end])), ""
    return _counting(text, at, end, digits, tokens) if end > at else None


def _end_of_ideographs(text: str, at: int, tokens: Mapping[int, Token]) -> int:
    token = tokens.get(at)
    while token and token.kind.startswith(_NUMERAL) and set(text[at : token.end]) <= IDEOGRAPHS:
        at = token.end
        token = tokens.get(at)
    return at


def _counting(text: str, at: int, end: int, digits: str, tokens: Mapping[int, Token]) -> Item:
    in_date = text[at - 1 : at] == "月"
    if unit := _UNIT.match(text, end):
        return Item(at, unit.end(), number_of(digits, unit[0], COUNTERS[unit[0]]))
    # The dictionary has some dates as one word, so that no token need begin behind the number.
    token = tokens.get(end) or Token(end, end + 1, "", "")
    counter = text[end : token.end]
    if counter in COUNTERS or _COUNTING in token.kind:
        reading, more = COUNTERS.get(counter, LONG_E.sub("ー", token.said)), ""
        if counter[:1] == "日":
            counter, reading, more = "日", "ニチ", reading.removeprefix("ニチ")
        if _KANA.fullmatch(reading):
            return Item(at, token.end, number_of(digits, counter, reading, in_date) + more)
    return Item(at, end, spelt(digits))
