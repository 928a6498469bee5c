"""The fuzzing itself: a share of every target holds on every run, and planted faults are found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import strategies as st
from resplice.adapters.web.fetch import SafeHttp
from resplice.core.addresses import AllowedSource
from resplice.errors import DocumentError, SourceMissing

from fuzz.hunt import Found, hunted
from fuzz.placed import PORT, Place
from fuzz.runs import TARGETS, again, told
from fuzz.target import Check, Opened, Saw, Target

TESTS = Path(__file__).resolve().parents[1]
MOST = {"http": 12, "media": 5, "pages": 3, "drawings": 4, "fonts": 6}
USUALLY = 40
"""Inputs. More of them is `make fuzz`."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_share_of_every_target_breaks_no_law(name: str) -> None:
    most = MOST.get(name, USUALLY)
    found = hunted(TARGETS[name], 300, 1, most, few=True)
    assert found.faults == {}
    assert found.counts.inputs > most // 2


@pytest.mark.parametrize("name", ["documents", "captions", "parsers"])
def test_a_hunt_makes_the_same_inputs_again(name: str) -> None:
    made: list[list[bytes]] = [[], []]
    for inputs in made:
        drawn = _watched(TARGETS[name], inputs)
        hunted(drawn, 300, 3, 5, few=True)
    assert made[0] == made[1] and len(made[0]) >= 3


def _watched(target: Target, inputs: list[bytes]) -> Target:
    @contextmanager
    def opened(place: Place) -> Iterator[Opened]:
        with target.opened(place) as (made, _):
            yield made.map(lambda data: inputs.append(data) or data), lambda data: Saw(True)

    return Target("watched", opened)


def planted(
    check: Callable[[bytes, Place], Saw],
    inputs: st.SearchStrategy[bytes] | None = None,
    limit_s: float = 2.0,
) -> Target:
    @contextmanager
    def opened(place: Place) -> Iterator[Opened]:
        def called(data: bytes) -> Saw:
            return check(data, place)

        checked: Check = called
        yield st.binary(max_size=40) if inputs is None else inputs, checked

    return Target("planted", opened, limit_s)


def careless(data: bytes, _: Place) -> Saw:
    if 7 in data:
        raise KeyError(data[0])
    if len(data) > 12:
        raise IndexError(len(data))
    return Saw(True)


def sure(target: Target) -> Found:
    return hunted(target, 60, 1, 400)


def test_planted_faults_are_found_each_once_and_small() -> None:
    found = sure(planted(careless))
    kinds = {name.split()[0]: data for name, (data, _) in found.faults.items()}
    assert kinds == {"KeyError": b"\7", "IndexError": bytes(13)}
    assert "raise KeyError(data[0])" in "".join(told for _, told in found.faults.values())


def test_a_refusal_in_our_words_is_none_and_one_without_words_is() -> None:
    def refuse(data: bytes, _: Place) -> Saw:
        raise SourceMissing("a", "404") if data else DocumentError([])

    found = sure(planted(refuse))
    assert [name.split()[0] for name in found.faults] == ["Broken"]
    assert found.counts.refused > 100


def turn_for_ever(data: bytes, _: Place) -> Saw:
    while b"\2" in data:
        try:
            len(data)
        except Exception:
            continue
    return Saw(True)


def test_what_does_not_end_is_ended() -> None:
    found = hunted(planted(turn_for_ever, st.sampled_from([b"a", b"\2"]), 0.1), 60, 1, 20)
    (name,) = found.faults
    assert "it takes longer than 0.1 s" in name
    assert found.faults[name][0] == b"\2"


def test_what_reads_the_canary_is_seen() -> None:
    def leak(data: bytes, _: Place) -> Saw:
        return Saw(True, Path(data.decode()).read_bytes())

    (name,) = sure(planted(leak, st.just(b"@canary-file@"))).faults
    assert "the canary's secret came out" in name


def test_what_calls_the_canary_is_seen(tmp_path: Path) -> None:
    def call(data: bytes, place: Place) -> Saw:
        web = SafeHttp(frozenset([AllowedSource("127.0.0.1", place.port)]))
        web.fetch(data.decode(), tmp_path / "a")
        return Saw(True)

    (name,) = sure(planted(call, st.just(b"http://127.0.0.1:" + PORT))).faults
    assert "the canary was called" in name


ALONE = """
import sys
from contextlib import contextmanager
from fuzz.runs import hunted
from fuzz.target import Saw, Target
from hypothesis import strategies as st

def check(data):
    {does}
    return Saw(True)

@contextmanager
def opened(place):
    yield st.just(b"a"), check

print(*hunted(Target("planted", opened), 60, 1, 5, alone=True).faults)
"""


def test_what_takes_too_much_memory_fails_before_the_machine_has_none() -> None:
    script = ALONE.format(does="bytes(3 << 30)")
    ran = subprocess.run([sys.executable, "-c", script], cwd=TESTS, capture_output=True, text=True)
    assert "MemoryError" in ran.stdout, ran.stderr


def test_a_fault_is_written_with_the_command_that_tries_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TARGETS, "planted", planted(careless))
    found = sure(planted(careless))
    assert told(found, tmp_path) == 2
    said = capsys.readouterr().out
    assert said.startswith(f"| planted | {found.counts.inputs:,} | ")
    for path in tmp_path.glob("*.input"):
        assert f"make fuzz INPUT={path}" in said
        assert "Error" in path.with_suffix(".txt").read_text()
        with pytest.raises((KeyError, IndexError)):
            again(path)
    good = tmp_path / "planted-00.input"
    good.write_bytes(b"a")
    assert again(good) == 0
