"""The core needs nothing but what every function has: the standard library, pydantic, rfc8785."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("examples/*.json"), *ROOT.glob("tests/cases/*/movie.json")])
COLOURS = {
    "scenes": [
        {
            "background-color": colour,
            "elements": [
                {"type": "image", "src": "a:", "chroma-key": {"color": colour}},
                {"type": "text", "text": "a", "settings": {"color": colour}},
            ],
        }
        for colour in ("dodgerblue", "rgb(1, 2, 3)", "hsl(120 50% 50% / 0.5)", "#abc")
    ]
}

PROGRAM = """
import importlib, json, pkgutil, sys

OURS = {"resplice", "pydantic", "pydantic_core", "annotated_types", "typing_extensions",
        "typing_inspection", "rfc8785"}

class Others:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = top in OURS or top in sys.stdlib_module_names
        if not known and not top.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"{name} is not in every function", name=name)

sys.meta_path.insert(0, Others())
import resplice.core
for module in pkgutil.walk_packages(resplice.core.__path__, "resplice.core."):
    importlib.import_module(module.name)

from resplice.core.document.strict_json import parse
from resplice.core.tools import Tools
from resplice.core.providers import Access, Offers
from resplice.core.schema.unknown import unknown_keys
from resplice.errors import DocumentError
from resplice.steps.pipeline.accept import accept

tools, offers = Tools("a", "b", "c", "d"), Offers((Access("kokoro"), Access("pocketsphinx")))
for text in json.load(sys.stdin):
    try:
        unknown_keys(accept(parse(text), tools, lambda: offers, files_allowed=True).movie)
        print("accepted")
    except DocumentError as error:
        print("refused", error)
"""


def _with_urls(text: str) -> str:
    """The document with addresses for its local files."""
    return re.sub(r'("(?:src|mask|font-url)": *")(?![a-z]+:)', r"\1https://example.com/", text)


def accepted_alone(texts: list[str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "layers/shared/python")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_example_is_accepted_with_nothing_but_what_all_functions_have() -> None:
    colours = json.dumps(COLOURS).replace("a:", "https://example.com/a.png")
    texts = [_with_urls(path.read_text()) for path in DOCUMENTS]
    found = accepted_alone([colours, *texts])
    assert len(DOCUMENTS) >= 10
    assert found == ["accepted"] * (len(DOCUMENTS) + 1)


@pytest.mark.parametrize("module", ["PIL.ImageColor", "boto3", "aws_lambda_powertools"])
def test_the_guard_finds_what_is_not_everywhere(module: str) -> None:
    program = PROGRAM.replace("import resplice.core\n", f"import {module}\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert f"{module.partition('.')[0]} is not in every function" in done.stderr
