"""The bundled fonts: a folder of fontsource packages, read as their CSS says.

Answers which @font-face rules a text needs, and which file a font's address means. Reads only
inside its folder.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from resplice.adapters.chromium import fallback_fonts
from resplice.core.text import FALLBACK_FAMILY
from resplice.core.text.families import TWINS
from resplice.errors import BrowserBroken
from resplice.frozen import frozen

ORIGIN = "https://fonts.resplice/"
"""Where pages find fonts. No such host exists: the browser adapter answers for it."""

_RULE = re.compile(r"@font-face\s*{([^}]*)}")
_DECLARATION = re.compile(r"([\w-]+):\s*([^;]+);")
_WOFF2 = re.compile(r"url\(\./files/([\w.-]+\.woff2)\)")
_SHEETS_VARIABLE = ("index.css", "wght-italic.css")
_SHEETS_STATIC = ("[1-9]00.css", "[1-9]00-italic.css")
_EMOJI = "noto-color-emoji"
_COMPLETE = "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf"
"""Noto Sans with all of its marks, which Google leaves out of the subsets that packages have."""


@frozen
class Face:
    """One @font-face rule: a file that has some characters of a family in one style."""

    address: str
    style: str
    weight: str
    unicode_range: str

    def covered(self, codepoints: Sequence[int]) -> Iterator[int]:
        """Those of the codepoints, which are sorted, that it has."""
        if not self.unicode_range:
            yield from codepoints
            return
        for span in _spans(self.unicode_range) if codepoints else ():
            first = bisect_left(codepoints, span.start)
            yield from codepoints[first : bisect_left(codepoints, span.stop, first)]

    def covers(self, codepoints: Sequence[int]) -> bool:
        return not self.unicode_range or any(True for _ in self.covered(codepoints))

    def rule(self, family: str, weight: str | None = None) -> str:
        span = f"unicode-range:{self.unicode_range};" if self.unicode_range else ""
        return (
            f'@font-face{{font-family:"{family}";font-style:{self.style};'
            f"font-weight:{weight or self.weight};src:url({ORIGIN}{self.address});{span}}}\n"
        )


class BundledFonts:
    """The fonts that npm put under `folder`/node_modules: the fonts layer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "node_modules"

    def has(self, family: str) -> bool:
        return self._package(family) is not None or family == FALLBACK_FAMILY

    def named_in(self, text: str) -> list[str]:
        """Those families, and those drawn with another, whose names the text has somewhere."""
        lower = text.lower()
        return [name for name in (*self._packages, *TWINS) if name in lower]

    def rules(self, families: Iterable[str], text: str) -> str:
        """The @font-face rules that the text needs in these families; unknown ones have none.

        Raises BrowserBroken.
        """
        codepoints = sorted({*map(ord, text), 0x20})
        return "".join(chain.from_iterable(self._rules(f, text, codepoints) for f in families))

    def file(self, address: str) -> Path | None:
        """The file that an address of a rule (without ORIGIN) means; None for any other."""
        path = self._folder / address
        if address == _COMPLETE:
            return path
        known = re.fullmatch(r"(@[\w-]+/[\w-]+)/files/[\w.-]+\.woff2", address)
        return path if known and known[1] in self._packages.values() and path.is_file() else None

    def digest(self) -> str:
        """SHA-256, hex, of the names and versions of all font packages. Raises BrowserBroken."""
        subsets = (self._folder / name / "package.json" for name in self._packages.values())
        manifests = chain(subsets, self._folder.glob("@expo-google-fonts/*/package.json"))
        said = sorted(_said(path, "name", "version") for path in manifests)
        versions = "\n".join("@".join(package) for package in said)
        return hashlib.sha256(versions.encode()).hexdigest()

    @cached_property
    def _packages(self) -> dict[str, str]:
        """Lower-case family name to package name. Raises BrowserBroken."""
        found = sorted(self._folder.glob("@fontsource*/*/metadata.json"))
        return {
            _said(path, "family")[0].lower(): f"{path.parts[-3]}/{path.parts[-2]}" for path in found
        }

    def _package(self, family: str) -> str | None:
        name = family.lower()
        return self._packages.get(TWINS.get(name, name).lower())

    def _rules(self, family: str, text: str, codepoints: Sequence[int]) -> Iterator[str]:
        if family == FALLBACK_FAMILY:
            yield from self._fallback_rules(text, codepoints)
        elif package := self._package(family):
            for face in _faces(self._folder / package):
                if face.covers(codepoints):
                    yield face.rule(family)

    def _fallback_rules(self, text: str, codepoints: Sequence[int]) -> Iterator[str]:
        """One family out of many fonts: upright, and every weight said to be there."""
        names = fallback_fonts.in_order(text)
        if missing := set(names) - self._packages.keys():
            raise BrowserBroken(f"Fonts are not installed: {', '.join(sorted(missing))}")
        faces = [face for name in names for face in self._fallback_faces(name, codepoints)]
        left = set(codepoints).difference(*(face.covered(codepoints) for face in faces))
        if left or fallback_fonts.has_rare_marks(text):
            yield Face(_COMPLETE, "normal", "400", "").rule(FALLBACK_FAMILY, "100 900")
        for face in faces:
            yield face.rule(FALLBACK_FAMILY, "100 900")

    def _fallback_faces(self, name: str, codepoints: Sequence[int]) -> Iterator[Face]:
        own = fallback_fonts.OWN_RANGES.get(name)
        if name not in fallback_fonts.LATIN:
            codepoints = fallback_fonts.beyond_latin(codepoints)
        for face in _faces(self._folder / self._packages[name]):
            face = replace(face, unicode_range=own) if own else face
            if face.style == "normal" and face.covers(codepoints):
                yield face


def _said(manifest: Path, *names: str) -> list[str]:
    """What the manifest has under these names. Raises BrowserBroken."""
    try:
        said = json.loads(manifest.read_text())
        return [str(said[name]) for name in names]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BrowserBroken(f"The font manifest {manifest} cannot be read") from error


@cache
def _faces(package: Path) -> tuple[Face, ...]:
    if package.name == _EMOJI:
        return _emoji_faces(package)
    sheets = _SHEETS_VARIABLE if "-variable" in package.parent.name else _SHEETS_STATIC
    return tuple(
        chain.from_iterable(
            _faces_in(sheet) for name in sheets for sheet in sorted(package.glob(name))
        )
    )


def _emoji_faces(package: Path) -> tuple[Face, ...]:
    """The whole emoji font for all its subsets' characters.

    The subsets' files hold SVG glyphs alone, which Chromium does not draw; the whole has COLR too.
    """
    spans = ",".join(face.unicode_range for face in _faces_in(package / "400.css"))
    return tuple(
        replace(face, unicode_range=spans) for face in _faces_in(package / "emoji-400.css")
    )


def _faces_in(sheet: Path) -> Iterator[Face]:
    files = f"{sheet.parent.parent.name}/{sheet.parent.name}/files/"
    for rule in _RULE.findall(sheet.read_text()):
        said = dict(_DECLARATION.findall(rule))
        if woff2 := _WOFF2.search(said["src"]):
            style, weight = said["font-style"], said["font-weight"]
            yield Face(files + woff2[1], style, weight, said.get("unicode-range", ""))


@cache
def _spans(unicode_range: str) -> tuple[range, ...]:
    """`U+0-FF,U+131` as ranges; fontsource writes no wildcards."""
    spans = (part.strip()[2:].partition("-") for part in unicode_range.split(","))
    return tuple(range(int(first, 16), int(last or first, 16) + 1) for first, _, last in spans)
