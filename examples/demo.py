"""The demo: a movie that speaks, rendered, rendered again, and with one spoken word changed.

    python examples/demo.py             the show; `make demo` runs it
    python examples/demo.py --picture   after it: make examples/demo.jpg, the picture in the README

All that it prints is read from the reports that `resplice render --report` writes. Exits with 1
when a render fails, when the same movie is not served from the cache, or when the edit speaks
more than its own line or renders more than its own scene.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import media

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "demo"
MOVIE, EDITED = HERE / "demo.json", BUILD / "edited.json"
EDITED_SCENE, EDIT = 4, ("the last boat comes in", "the last boat comes home")
PICTURE_SECONDS = (2.8, 6.5, 10.5, 14.5, 18.2, 23)
PICTURE_WIDTH = 640


@dataclass(frozen=True)
class Render:
    """One run of the command line: its report, and how long it took from start to exit."""

    report: dict[str, Any]
    seconds: float

    @property
    def result(self) -> str:
        return str(self.report["movie"]["result"])

    def rendered(self, part: str, number: str) -> list[int]:
        """The scenes, or the transitions, that were not in the cache."""
        return [entry[number] for entry in self.report[part] if entry["result"] != "hit"]

    def spoken(self) -> list[int]:
        """The scenes whose lines were spoken now; each scene has one."""
        voices = (entry for entry in self.report["elements"] if entry["type"] == "voice")
        results = enumerate((entry["result"] for entry in voices), 1)
        return [scene for scene, result in results if result != "hit"]

    def told(self) -> str:
        if self.result == "hit":
            return f"{self.seconds:5.1f} s   the whole movie came from the cache"
        lines = _count(self.spoken(), len(self.report["scenes"]))
        scenes = _count(self.rendered("scenes", "scene"), len(self.report["scenes"]))
        joints = _count(self.rendered("transitions", "into_scene"), len(self.report["transitions"]))
        rendered = f"rendered {scenes} scenes, {joints} transitions"
        return f"{self.seconds:5.1f} s   spoke {lines} lines, {rendered}"


def _count(some: list[int], every: int) -> str:
    return f"{len(some)} of {every}"


def main() -> int:
    if sys.argv[1:] == ["--picture"]:
        return picture()
    started = time.monotonic()
    print("Making the media: 3 pictures, 3 clips, music", flush=True)
    made = media.make(BUILD / "media")
    took = f"made in {time.monotonic() - started:.1f} s" if made else "there already"
    print(f"{took}: {_shown(BUILD / 'media')}\n")
    first = render(MOVIE, "demo")
    again = render(MOVIE, "again")
    write_edit()
    edited = render(EDITED, "edited")
    print(f"first    {first.told()}")
    print(f"again    {again.told()}")
    print(f"edited   {edited.told()}")
    print(f"\nThe movie: {_shown(BUILD / 'demo.mp4')}")
    print(f"The edit:  {_shown(BUILD / 'edited.mp4')} (in scene {EDITED_SCENE}, {EDIT[1]})")
    return complain(again, edited)


def render(movie: Path, name: str) -> Render:
    """Run the command line as a user would. Exits when it fails."""
    out, report = BUILD / f"{name}.mp4", BUILD / f"{name}.report.json"
    words = ("render", movie, "-o", out, "--data", BUILD / "data", "--report", report)
    shown = (_shown(word) if isinstance(word, Path) else str(word) for word in words)
    print(f"$ resplice {' '.join(shown)}", flush=True)
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "resplice", *map(str, words)])
    if done.returncode:
        sys.exit(1)
    print()
    return Render(json.loads(report.read_text()), time.monotonic() - started)


def write_edit() -> None:
    """The same movie with another word in one spoken line, its files found from where it lies."""
    text = MOVIE.read_text()
    if text.count(EDIT[0]) != 1:
        sys.exit(f"{MOVIE.name} does not say “{EDIT[0]}” once, so there is nothing to edit")
    EDITED.write_text(text.replace(*EDIT).replace("../build/demo/", ""))


def complain(again: Render, edited: Render) -> int:
    """The exit code: 1 when the caches did not keep what they promise."""
    if again.result != "hit":
        print("The same movie was not served from the cache", file=sys.stderr)
        return 1
    if edited.result == "hit":
        return 0
    scenes = edited.rendered("scenes", "scene")
    joints = edited.rendered("transitions", "into_scene")
    lines = edited.spoken()
    own = scenes == [EDITED_SCENE] and set(joints) <= {EDITED_SCENE, EDITED_SCENE + 1}
    # A run that broke off may have spoken the line: that is kept as well.
    if own and set(lines) <= {EDITED_SCENE}:
        return 0
    rendered = f"rendered scenes {scenes} and transitions into {joints}"
    print(f"The edit spoke the lines of scenes {lines}, {rendered}", file=sys.stderr)
    return 1


def picture() -> int:
    """A frame of each scene of the demo, side by side."""
    inputs, graph = [], ""
    for number, second in enumerate(PICTURE_SECONDS):
        inputs += ["-ss", str(second), "-i", str(BUILD / "demo.mp4")]
        graph += f"[{number}]trim=end_frame=1,scale={PICTURE_WIDTH}:-2[p{number}];"
    cells = "".join(f"[p{number}]" for number in range(len(PICTURE_SECONDS)))
    places = "0_0|w0_0|2*w0_0|0_h0|w0_h0|2*w0_h0".replace("2*w0", "w0+w1")
    graph += f"{cells}xstack=inputs={len(PICTURE_SECONDS)}:layout={places}"
    out = ["-frames:v", "1", "-q:v", "4", str(HERE / "demo.jpg")]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    return subprocess.run([*command, *inputs, "-filter_complex", graph, *out]).returncode


def _shown(path: Path) -> str:
    """As it is typed in the project's folder."""
    return str(path.relative_to(HERE.parent))


if __name__ == "__main__":
    sys.exit(main())
