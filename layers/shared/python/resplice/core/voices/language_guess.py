"""The language of a text, at a guess: by its script, and by its small words where that is Latin.

Cheap and sure of itself only where it may be: None rather than a wrong language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

MAX_CHARS = 5_000
"""As much of a text as is looked at."""

# script's name or language, first and last letter
_SCRIPTS = """
latin 0041 005a  latin 0061 007a  latin 00c0 024f  latin 1e00 1eff  el 0370 03ff  cyrillic 0400 052f
hy 0531 058f  he 0590 05ff  arabic 0600 06ff  arabic 0750 077f  arabic 08a0 08ff  arabic fb50 fdff
arabic fe70 feff  devanagari 0900 097f  bengali 0980 09ff  pa 0a00 0a7f  gu 0a80 0aff  or 0b00 0b7f
ta 0b80 0bff  te 0c00 0c7f  kn 0c80 0cff  ml 0d00 0d7f  si 0d80 0dff  th 0e00 0e7f  lo 0e80 0eff
my 1000 109f  ka 10a0 10ff  ko 1100 11ff  am 1200 139f  iu 1400 167f  km 1780 17ff  kana 3040 30ff
ko 3130 318f  han 3400 4dbf  han 4e00 9fff  ko ac00 d7af  kana ff66 ff9d  han 20000 3134f
"""
_TELLING = {
    "cyrillic": [
        *(("uk", "іїєґ"), ("be", "ў"), ("kk", "әғқңөұүһ"), ("sr", "ђјљњћџ"), ("mk", "ѓќѕ")),
    ],
    "arabic": [("ur", "ٹڈڑںے"), ("ps", "ټډړښګ"), ("fa", "پچژگ")],
    "bengali": [("as", "ৰৱ")],
    "latin": [
        *(("vi", "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư"), ("es", "¿¡ñ"), ("pt", "ãõ")),
        *(("de", "ß"), ("tr", "ğışİ"), ("cs", "ěřů"), ("pl", "ąęłńśźż"), ("hu", "őű")),
        *(("ro", "țșăţş"), ("da", "æø")),
    ],
}
"""Letters that one language of a script has, and its others here have not."""

_USUAL = {
    **{"cyrillic": "ru", "arabic": "ar", "bengali": "bn", "devanagari": "hi"},
    **{"han": "zh", "kana": "ja"},
}
_WORDS = """
en the and of to is in that you it for with this are was have not on be your what we our a an by
en at from or as but they he she his her my me do can will here there has had so if all one i
es el los las de que y en un una por con para es como está pero su más lo muy esta
fr le les des et est une dans que qui pour pas vous avec sur ce nous au du mais sont
de der die das und ist nicht ein eine mit auf für von sie wir den zu sich auch ich dem
it il gli che di è un una per con non sono della nel questo come più anche ma dei lo
pt o os as que não um uma para com em do da é mais como por você seu são mas
nl de het een en van is niet dat op te met voor zijn je wij ook aan maar deze er
pl nie się na jest to że jak do po ale czy są tak dla przez ten być od za
sv och att det som en är på inte för med av den till har vi jag ett om men
da og det at er en ikke på til for med af som den har vi jeg et de men
nb og det er en ikke på til for med av som den har vi jeg et de men å
fi ja on ei se että oli hän mutta kun niin ole myös tämä joka ovat sen
tr ve bir bu için ile çok de da ne ama daha gibi olan var en kadar
cs a je se na to že v s si ale jak by pro jsou tak po ze jako
ro și în nu este cu o pe un la care mai din că sunt pentru dar fi
hu a az és nem hogy egy is ez van meg de ha már csak el volt
id yang dan di ini itu untuk dengan tidak dari pada adalah ke akan kami anda juga
"""
_SMALL: dict[str, frozenset[str]] = {}
for _language, *_small in (line.split() for line in _WORDS.strip().splitlines()):
    # A letter alone tells little, but for those of few languages; English is what is left.
    _telling = {each for each in _small if len(each) > 1 or not each.isascii() or _language == "en"}
    _SMALL[_language] = _SMALL.get(_language, frozenset()) | _telling
_DEVANAGARI = {
    "mr": frozenset({"आहे", "आणि", "नाही", "आहेत", "हे", "मी"}),
    "ne": frozenset({"छ", "छन्", "हुन्छ", "गर्न", "भने", "पनि"}),
    "hi": frozenset({"है", "हैं", "और", "के", "में", "नहीं"}),
}


def _ranges() -> Iterator[tuple[str, int, int]]:
    parts = _SCRIPTS.split()
    for name, first, last in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield name, int(first, 16), int(last, 16)


_RANGES = tuple(_ranges())


def guess(text: str) -> str | None:
    """The language's code (`en`), or None when it could be several."""
    text = text[:MAX_CHARS]
    scripts = Counter(filter(None, map(_script, text)))
    if not scripts:
        return None
    if scripts["kana"] and scripts["kana"] + scripts["han"] >= scripts.total() / 2:
        return "ja"
    script, letters = scripts.most_common(1)[0]
    if letters * 2 < scripts.total():
        return None
    if script == "latin":
        return _latin(text.lower())
    return _told(script, text.lower()) or _USUAL.get(script, script)


@lru_cache(4096)
def _script(letter: str) -> str | None:
    code = ord(letter)
    return next((name for name, first, last in _RANGES if first <= code <= last), None)


def _told(script: str, text: str) -> str | None:
    if script == "devanagari":
        return _most(text, _DEVANAGARI, 1)
    return next(
        (each for each, letters in _TELLING.get(script, []) if set(letters) & set(text)), None
    )


def _latin(text: str) -> str | None:
    return _most(text, _SMALL, 2, dict(_TELLING["latin"]))


def _most(
    text: str, small: dict[str, frozenset[str]], least: int, letters: dict[str, str] | None = None
) -> str | None:
    """The language with the most small words, and letters of its own; None when two have as many,
    or none has enough.
    """
    words = Counter("".join(each if _script(each) else " " for each in text).split())
    present = set(text)
    points = {
        language: sum(count for word, count in words.items() if word in known)
        for language, known in small.items()
    }
    for language, own in (letters or {}).items():
        points[language] = points.get(language, 0) + 2 * len(present & set(own))
    (best, most), (_, second) = sorted(points.items(), key=lambda pair: -pair[1])[:2]
    return best if most >= least and most > second else None
