"""Synthesized stacks are kept, as long as what they link to is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra import synthesis


def test_one_whose_links_lead_nowhere_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, made = tmp_path / "layer", list[Path]()

    def synthesize(into: Path, said: Mapping[str, Any]) -> None:
        made.append(into)
        into.mkdir()
        layer.mkdir(exist_ok=True)
        (into / "asset.0").symlink_to(layer)

    monkeypatch.setattr(synthesis, "CACHE", tmp_path / "cdk")
    monkeypatch.setattr(synthesis, "_synthesize", synthesize)
    found = synthesis.cdk_out("3.13")
    assert synthesis.cdk_out("3.13") == found and len(made) == 1
    layer.rmdir()
    assert synthesis.cdk_out("3.13") == found and len(made) == 2
    assert (found / "asset.0").is_dir()
