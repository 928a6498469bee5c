"""Provenance: the manifest of a movie, which says what it was made of, by which tools and by whom.

It is for whoever gets the movie: of an address it says where, never with which rights, and it
names no owner, no project and no connection. Equal movies have equal manifests, but for when they
were made and what of them was in the cache then. Whoever signs it signs its canonical bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from resplice.core.fingerprint import canonical
from resplice.core.media import PREFIX, place_at
from resplice.core.report import ElementReport, Origin, Report, Result
from resplice.core.tasks import TASKS, Task, kind_of
from resplice.core.tools import Tools
from resplice.errors import shown_place
from resplice.frozen import frozen

FORMAT = "resplice-manifest/1"
TOOLS = ("core", "ffmpeg", "resampler", "browser")
ALGORITHM = "Ed25519"
MAX_ADDRESS_CHARS = 300
FACTS = ("width", "height", "fps", "frames", "duration")
ANSWERED = frozenset({"success", "project", "made_for", "timestamp"})
"""What the API says beside a manifest, and is no part of it."""
_KEY, _VALUE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")

Json = dict[str, Any]


@frozen
class MadeMovie:
    """The movie's file.

    name    of the file, made of what it was put together of
    sha256  of its bytes; None where it was put together without any of us seeing them
    facts   FACTS of it
    """

    name: str
    size_bytes: int
    sha256: str | None
    facts: Mapping[str, Any]


@frozen
class Signature:
    """Of the canonical bytes of a manifest. key: the public one. Both are hex."""

    key: str
    value: str


@frozen
class Signed:
    """A manifest, with its signature if it has one."""

    manifest: Json
    signature: Signature | None

    def said(self) -> bytes:
        """What is signed."""
        return canonical(self.manifest)

    def written(self) -> bytes:
        """The file that holds both."""
        return canonical(self.as_json()) + b"\n"

    def as_json(self) -> Json:
        told = {"algorithm": ALGORITHM, **vars(self.signature)} if self.signature else None
        return {"manifest": self.manifest, "signature": told}


def signed_of(told: Mapping[str, Any]) -> Signed:
    """Reads what `as_json` says, or an answer of the API with that in it.

    Raises ValueError, in words, for anything else, so that no changed name hides a signature.
    """
    if unknown := told.keys() - ANSWERED - {"manifest", "signature"}:
        raise ValueError(f"'{min(unknown)[:40]}' is not of a manifest")
    manifest = told.get("manifest")
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"it holds no manifest of the format {FORMAT}")
    if not isinstance(manifest.get("movie"), dict):
        raise ValueError("its manifest tells of no movie")
    if "signature" not in told:
        raise ValueError("it does not say whether the manifest is signed")
    return Signed(manifest, _signature_of(told["signature"]))


def _signature_of(told: Any) -> Signature | None:
    if told is None:
        return None
    names = {"algorithm", "key", "value"}
    texts = isinstance(told, dict) and all(isinstance(each, str) for each in told.values())
    if not texts or told.keys() != names or told["algorithm"] != ALGORITHM:
        raise ValueError(f"its signature is none of {ALGORITHM}")
    if not _KEY.fullmatch(told["key"]) or not _VALUE.fullmatch(told["value"]):
        raise ValueError("the key or the value of its signature is not whole")
    return Signature(told["key"], told["value"])


def is_public_key(text: str) -> bool:
    return bool(_KEY.fullmatch(text))


def manifest(
    movie: MadeMovie,
    report: Report,
    pieces: Iterable[tuple[str, Result]],
    tools: Tools,
    made_at: str,
    made_by: str,
) -> Json:
    """pieces: their keys, and whether each was there. made_by: names this program."""
    sources, generated, painted = _parted(report.elements)
    return {
        "format": FORMAT,
        "made": {"at": made_at, "by": made_by},
        "movie": {"key": report.key, **_file(movie)},
        "tools": {name: getattr(tools, name) for name in TOOLS},
        "sources": sources,
        "generated": generated,
        "painted": painted,
        "scenes": [
            {"scene": each.scene, "key": each.key, "result": each.result} for each in report.scenes
        ],
        "transitions": [
            {"into_scene": each.into_scene, "result": each.result} for each in report.transitions
        ],
        "pieces": [{"key": key, "result": result} for key, result in dict(pieces).items()],
    }


def _file(movie: MadeMovie) -> Json:
    """The name is of the pieces' digests and where in them its bytes lie: a digest of the movie
    too, for who has the pieces.
    """
    told: Json = {"name": movie.name, "bytes": movie.size_bytes}
    told |= {name: movie.facts[name] for name in FACTS if name in movie.facts}
    if movie.sha256:
        return {**told, "sha256": movie.sha256}
    return {**told, "spans": movie.name.partition(".")[0]}


def _parted(elements: Sequence[ElementReport]) -> tuple[list[Json], list[Json], list[Json]]:
    """What was downloaded, what somebody or something made of words, and what the browser painted;
    equal ones once, in the order of the document.
    """
    same: dict[ElementReport, list[str]] = {}
    for each in elements:
        same.setdefault(_placeless(each), []).append(each.path)
    parted: tuple[list[Json], list[Json], list[Json]] = [], [], []
    for each, paths in same.items():
        origin = each.origin or Origin()
        parted[_part(each, origin)].append(_entry(each, origin, paths))
    return parted


def _part(each: ElementReport, origin: Origin) -> int:
    """Which of the three it is of. A web page is painted, wherever it comes from."""
    if "browser" in TASKS[_kind(each)].salts:
        return 2
    if origin.address:
        return 0
    return 1 if "provider" in dict(origin.told) else 2


def _kind(each: ElementReport) -> str:
    """The name of the kind of work, as its key says it."""
    return each.key.split("/")[1]


def _placeless(each: ElementReport) -> ElementReport:
    """What is told of it but for its place."""
    told = each.type, each.result, each.key
    return ElementReport("", *told, passing=each.passing, content=each.content, origin=each.origin)


def _entry(each: ElementReport, origin: Origin, paths: Sequence[str]) -> Json:
    """kind: of the work, as its key says it. The key itself is of the whole address, so who has it
    could try what was left out of that.
    """
    told: Json = {"at": [*paths], "type": each.type, "kind": _kind(each)}
    told |= {"result": each.result, **dict(origin.told)}
    if origin.address:
        told["from"] = origin.address
    if each.content:
        told["sha256"] = each.content
    if each.passing:
        told["stands_in"] = True
    return told


def origin_of(task: Task) -> Origin:
    """By the row of its kind."""
    kind = kind_of(task)
    url = str(getattr(task, kind.address)) if kind.address else ""
    values = ((name, str(getattr(task, name))) for name in kind.told)
    return Origin(said_address(url) if url else "", tuple(each for each in values if each[1]))


def said_address(url: str) -> str:
    """Scheme, host and path of a URL: what else may stand in it says who may read it. A local file
    by its name, an owner's own file without the owner's token, and data by its scheme alone.
    """
    scheme = url.strip().partition(":")[0].lower()
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}:"
    if scheme not in ("http", "https"):
        name = unquote(parts.path).rpartition("/")[2] if scheme == "file" else ""
        return f"{scheme}:{name}"[:MAX_ADDRESS_CHARS]
    named = f"[{host}]" if ":" in host else host
    at_port = f":{port}" if port else ""
    place = shown_place(f"{named}{at_port}{_said_path(parts.path.partition(';')[0])}")
    return f"{scheme}://{place}"[:MAX_ADDRESS_CHARS]


def _said_path(path: str) -> str:
    place = place_at(path)
    if place is None:
        return path
    folder, _, name = place.split("/", 2)
    return f"/{PREFIX}{folder}/{name}"
