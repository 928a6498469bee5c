"""Whose fault it is that an element cannot be made: what ends the movie says it, to be counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from resplice import errors
from resplice.errors import MakeError, MakeFault
from resplice.ports.browser import Browser
from resplice.steps.execution.complete import MANY_FAILED, is_fault
from studio import movie, studio

TITLE = {"type": "text", "text": "Ann"}


@dataclass(frozen=True)
class Failing:
    """In the place of a browser."""

    error: Callable[[], Exception]
    browser: Browser

    def __getattr__(self, _: str) -> Any:
        def fails(*_: Any, **__: Any) -> Any:
            raise self.error()

        return fails


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (lambda: errors.PaintError("that takes too long"), False),
        (lambda: errors.SourceMissing("https://x.example/a.png", "404"), False),
        (lambda: errors.ProviderRefused("ElevenLabs", "the key"), False),
        (lambda: errors.BrowserBroken("it did not start"), True),
        (lambda: errors.RightsRefused("Amazon Polly", "not you"), True),
        (lambda: errors.SecretUnread("ElevenLabs", "the log says why"), True),
        (lambda: errors.StorageError("denied"), True),
        (lambda: KeyError("nobody foresaw it"), True),
    ],
)
def test_what_ends_a_movie_says_whose_fault_it_is(
    error: Callable[[], Exception], ours: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with studio(tmp_path / "data", None) as lab:
        lab = type(lab)(replace(lab.ports, browser=Failing(error, lab.ports.browser)))
        with pytest.raises(MakeError) as caught:
            lab.render(movie({"duration": 0.2, "elements": [TITLE]}))
    assert caught.value.ours == ours == isinstance(caught.value, MakeFault)
    assert [each.path for each in caught.value.problems] == ["scenes[0].elements[0]"]
    logged = [each for each in caplog.records if each.levelname == "ERROR"]
    assert bool(logged) == ours


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("StorageError", True),
        ("SecretUnread", True),
        ("Lambda.Unknown", True),
        ("Sandbox.Timedout", True),
        (MANY_FAILED, False),
        # The function that failed has counted these as faults itself.
        *(("RenderError", False), ("MakeFault", False), ("KeyError", False)),
        *(("SourceUnavailable", False), ("ProviderBusy", False), ("MakeError", False)),
        *(("Ended", False), ("QuotaExceeded", False), ("", False)),
    ],
)
def test_what_failed_at_each_try_is_a_fault_when_it_is_ours(name: str, counted: bool) -> None:
    assert is_fault({"Error": name, "Cause": "{}"}) == counted
