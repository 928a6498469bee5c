"""Content credentials: what the C2PA manifest in a movie's file says, made of our manifest of it.

Whoever gets the file reads it, so it says no more than the manifest, and less: no key and no piece
of the cache. Nothing here signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
COMPOSITE, SYNTHETIC, WITH_TRAINED = (
    *("composite", "compositeSynthetic"),
    "compositeWithTrainedAlgorithmicMedia",
)
ALGORITHMIC, TRAINED = "algorithmicMedia", "trainedAlgorithmicMedia"
"""IPTC's words for how a picture or a sound came to be: of the movie, and of a part of it."""

SEEN_OR_HEARD = frozenset({"speak", "generate"})
"""Kinds of work whose results are in the movie; of what was transcribed only words are."""
UNTRAINED = frozenset({"espeak"})
"""Providers whose voices are made by rules: no model was trained for them."""

FORMAT = "video/mp4"
FIELD, SALT = "content-credentials", "credentials"
FACT, WANTED = "credentials", "wanted"
"""What is noted beside a file that is to have them; the one that has them is another one."""
MOST_LISTED = 200
"""Of each kind of part: the manifest lies in front of what is played."""
TOLD = ("format", "made", "tools")
LISTED = ("sources", "generated", "painted")
PARAMETERS = ("provider", "model", "voice", "language", "sha256")

Json = dict[str, Any]


def credentialed_name(name: str, run: str) -> str:
    """Of a movie's file that is to have credentials: they differ each time it is made. name: that
    of one that is to have none.
    """
    return hashlib.sha256(f"{SALT} {run} {name}".encode()).hexdigest()


def signed_name(name: str) -> str:
    """Of the file that has credentials, with its ending. name: that of the one without, which
    somebody late may write again: nobody else has this one.
    """
    stem, point, ending = name.partition(".")
    return hashlib.sha256(f"{SALT} {stem}".encode()).hexdigest() + point + ending


def signed_key(key: str) -> str:
    """Where that file lies. key: of the one without."""
    folder, slash, name = key.rpartition("/")
    return folder + slash + signed_name(name)


def definition(manifest: Mapping[str, Any], title: str) -> Json:
    """What is to be signed, as c2pa takes it. manifest: ours, of the movie. title: its file's."""
    name, _, version = str(manifest["made"]["by"]).partition(" ")
    made = [each for each in manifest["generated"] if each["kind"] in SEEN_OR_HEARD]
    ingredients = _ingredients(manifest["sources"][:MOST_LISTED])
    return {
        "claim_generator_info": [{"name": name.capitalize(), "version": version}],
        "title": title,
        "format": FORMAT,
        "ingredients": ingredients,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": _actions(made, ingredients)}},
            {"label": "org.resplice.manifest", "data": _told(manifest)},
        ],
    }


def source_type(made: Sequence[Mapping[str, Any]]) -> str:
    """Of a movie with these parts that something made of words."""
    if any(_is_trained(each) for each in made):
        return SOURCE_TYPES + WITH_TRAINED
    return SOURCE_TYPES + (SYNTHETIC if made else COMPOSITE)


def _is_trained(made: Mapping[str, Any]) -> bool:
    return made.get("provider") not in UNTRAINED


def _ingredients(sources: Sequence[Mapping[str, Any]]) -> list[Json]:
    """What was downloaded, by its digest; equal bytes once."""
    found = {each["sha256"]: each for each in sources if each.get("sha256")}
    return [
        {
            "title": str(each["from"]).rpartition("/")[2] or str(each["from"]),
            "relationship": "componentOf",
            "instance_id": f"urn:sha256:{sha256}",
            "informational_URI": each["from"],
        }
        for sha256, each in found.items()
    ]


def _actions(made: Sequence[Mapping[str, Any]], ingredients: Sequence[Json]) -> list[Json]:
    actions: list[Json] = [{"action": "c2pa.created", "digitalSourceType": source_type(made)}]
    if ingredients:
        named = [each["instance_id"] for each in ingredients]
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": named}})
    return actions + [_generated(each) for each in made[:MOST_LISTED]]


def _generated(made: Mapping[str, Any]) -> Json:
    return {
        "action": "c2pa.edited",
        "digitalSourceType": SOURCE_TYPES + (TRAINED if _is_trained(made) else ALGORITHMIC),
        "description": f"{made['kind']} by {made.get('provider', 'a provider')}",
        "parameters": {f"org.resplice.{name}": made[name] for name in PARAMETERS if made.get(name)},
    }


def _told(manifest: Mapping[str, Any]) -> Json:
    """The part of our manifest that goes with the file. more: how many entries are left out."""
    told = {name: manifest[name] for name in TOLD}
    told |= {name: manifest[name][:MOST_LISTED] for name in LISTED}
    more = sum(max(0, len(manifest[name]) - MOST_LISTED) for name in LISTED)
    return {**told, "more": more} if more else told
