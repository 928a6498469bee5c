"""SECURITY.md names tests, settings and files that exist."""

from __future__ import annotations

import re
from dataclasses import fields

from infra.layers import PACKAGE, ROOT
from infra.settings import Settings

PAGE = (ROOT / "SECURITY.md").read_text()
CODE = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))


def test_every_path_exists() -> None:
    said = re.findall(r"`((?:tests|layers|infra|docs)/[\w./-]*)`|\]\(([\w./-]+)\)", PAGE)
    paths = [one or other for one, other in said]
    assert len(paths) >= 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_setting_exists() -> None:
    variables = {*re.findall(r"RESPLICE_[A-Z_]+", PAGE)}
    assert variables and [each for each in variables if each not in CODE] == []
    of_stages = {each.name for each in fields(Settings)}
    named = {"reserved_concurrency", "monthly_budget_usd", "alarm_email", "quotas", "rate", "burst"}
    assert all(f"`{name}`" in PAGE for name in named) and named <= of_stages
    targets = {*re.findall(r"`make (\w+)`", PAGE)}
    makefile = (ROOT / "Makefile").read_text()
    assert targets and all(re.search(rf"^{each}:", makefile, re.MULTILINE) for each in targets)
