"""`make bench-peers`: the film of `rendering.cold` by MoviePy and by Remotion, in turns with ours.

Each starts as a process of its own, reads its sources over HTTP and encodes with the same preset
and crf. About ten minutes on two cores; the films are in `build/peers` afterwards. Remotion's CPU
is at least what is told: not all processes of its browser are counted.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from benchmarks import media, movies, rendering
from benchmarks.__main__ import ROOT
from benchmarks.rendering import Bench, Run, beside, timed

PEERS = ROOT / "build" / "peers"
REMOTION = ROOT / "benchmarks" / "peers" / "remotion"


@dataclass(frozen=True)
class Peer:
    """command: takes the address that its files follow, and where the film goes."""

    name: str
    command: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.name.split()[0]}.mp4"


def peers() -> tuple[Peer, Peer]:
    python, node = PEERS / "venv" / "bin" / "python", ROOT / ".venv" / "node" / "node"
    script = str(ROOT / "benchmarks" / "peers" / "moviepy_film.py")
    return (
        Peer(f"MoviePy {_of_python('moviepy')}", (str(python), script)),
        Peer(f"Remotion {_of_node('remotion')}", (str(node), str(REMOTION / "render.mjs"))),
    )


def _of_python(package: str) -> str:
    """The version that is installed for it there."""
    places = [str(place) for place in (PEERS / "venv").glob("lib/python*/site-packages")]
    return next(iter(distributions(name=package, path=places))).version


def _of_node(package: str) -> str:
    manifest = REMOTION / "node_modules" / package / "package.json"
    return str(json.loads(manifest.read_text())["version"])


def film(bench: Bench) -> None:
    """12 s, 1080p30: a photo that zooms with a title, a heavy clip, a still with a caption."""
    ours, theirs = list[Run](), {peer: list[Run]() for peer in peers()}
    with media.at(bench.media) as base:
        document, host = movies.at(base, movies.heavy()), media.host_of(base)
        for _ in range(rendering.ROUNDS):
            shutil.rmtree(bench.work / "cold", ignore_errors=True)
            ours.append(bench.render(document, "cold", "--allow-source", host))
            shutil.copy(bench.work / "out.mp4", PEERS / "Resplice.mp4")
            _passed("Resplice", ours)
            for peer, runs in theirs.items():
                runs.append(timed([*peer.command, base, str(PEERS / peer.file)]))
                _passed(peer.name, runs)
    for peer, runs in theirs.items():
        bench.tell(f"the same film by {peer.name}, against ours", beside(runs, ours))


def _passed(name: str, runs: list[Run]) -> None:
    """Minutes pass between the rows."""
    print(f"{name}: {runs[-1].wall_s:.1f} s, {runs[-1].cpu_s:.1f} s of CPU", file=sys.stderr)


def main() -> None:
    folder = ROOT / "build" / "bench"
    media.make(folder)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        film(Bench(ROOT, folder, Path(work)))


if __name__ == "__main__":
    main()
