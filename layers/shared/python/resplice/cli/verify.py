"""The command line: resplice verify. Whether a movie is the one that a manifest tells of."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

from resplice.cli.failures import complain
from resplice.core.document.strict_json import parse_value
from resplice.core.provenance import Signed, signed_of
from resplice.wiring.signing import holds, public_key_said

Finding = tuple[bool, str]
"""Whether it holds, and what, in words."""
UNSEEN = (
    "cannot be checked: it was put together without anyone seeing its bytes, so the manifest names"
    " the pieces that it is of, and no digest of the file"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice verify`."""
    parser.add_argument("movie", type=Path, metavar="MOVIE.mp4")
    parser.add_argument(
        "manifest",
        type=Path,
        metavar="MANIFEST.json",
        help="of `resplice render --manifest`, or what the API answered",
    )
    parser.add_argument(
        "--key",
        metavar="PUBLIC",
        help="who has to have signed it: what `resplice sign show` prints, or a PEM file",
    )
    parser.epilog = (
        "Exit codes: 0 all that was checked holds; 1 something does not, or the movie's bytes"
        " cannot be checked; 2 a file is missing or is no manifest, or the call is wrong."
    )
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    key = public_key_said(options.key) if options.key is not None else None
    if options.key is not None and key is None:
        return complain(2, f"{options.key[:200]}: is no Ed25519 public key, nor a PEM file of one")
    try:
        signed = signed_of(_read(options.manifest))
    except OSError as error:
        return complain(2, f"{options.manifest}: {error.strerror}")
    except ValueError as error:
        return complain(2, f"{options.manifest}: {error}")
    try:
        found = [("movie", _movie(options.movie, signed.manifest["movie"]))]
    except OSError as error:
        return complain(2, f"{options.movie}: {error.strerror}")
    found.append(("signature", _signature(signed, key)))
    for what, (_, words) in found:
        print(f"{what:<9}  {words}")
    print(f"{'sources':<9}  not checked: {_sources(signed.manifest)}")
    return 0 if all(holding for _, (holding, _) in found) else 1


def _read(path: Path) -> dict[str, Any]:
    """Raises OSError, ValueError, DocumentError."""
    told = parse_value(path.read_bytes(), "manifest")
    if not isinstance(told, dict):
        raise ValueError("it is no JSON object")
    return told


def _movie(path: Path, told: dict[str, Any]) -> Finding:
    """Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    wanted, size, size_bytes = told.get("sha256"), told.get("bytes"), path.stat().st_size
    if wanted == digest:
        return True, f"holds: its SHA-256 is {digest}"
    # What the manifest says instead may be anything, and is not shown on anybody's terminal.
    if wanted is not None:
        return False, f"DOES NOT HOLD: its SHA-256 is {digest}, and not what the manifest says"
    if size != size_bytes:
        return False, f"DOES NOT HOLD: it has {size_bytes} bytes, and not what the manifest says"
    return False, UNSEEN


def _signature(signed: Signed, key: str | None) -> Finding:
    """key: who has to have signed it."""
    own = signed.signature
    if own is None:
        said = "there is none: anybody may have written or changed the manifest"
        return key is None, said if key is None else f"DOES NOT HOLD: {said}"
    if not holds(own, signed.said()):
        return False, "DOES NOT HOLD: the manifest was changed, or signed with another key"
    if key is None:
        return True, f"holds, by the key {own.key}; --key says whose it has to be"
    if key != own.key:
        return False, f"DOES NOT HOLD: it is by the key {own.key}, and not {key}"
    return True, f"holds, by the key {own.key}"


def _sources(manifest: dict[str, Any]) -> str:
    sources = manifest.get("sources")
    count = len(sources) if isinstance(sources, list) else 0
    return f"the manifest tells of {count}, with their digests"
