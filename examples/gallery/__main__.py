"""The gallery: every text style and component rendered, and shown on a page; `make gallery`.

    python -m gallery            (in examples) all of it, into docs/gallery
    python -m gallery NAME …     the movies of these alone (005, basic/050), and the page

Movies are made by `resplice render`, so that a piece that did not change comes from the cache;
they stay in build/gallery. Exits with 1 when a render fails or a preview cannot be small enough.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from gallery import grounds, page, previews
from gallery.pieces import FPS, LANDSCAPE, PORTRAIT, Piece, movie, pieces
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BUILD, DOCS = ROOT / "build" / "gallery", ROOT / "docs" / "gallery"
WIDTH, PORTRAIT_WIDTH = 480, 270
STRIP = ("basic/050", "005", "basic/051", "shape/polygon", "basic/000", "advanced/001")
STRIP_HEIGHT, STRIP_BYTES = 270, 120_000


def main() -> int:
    grounds.make(BUILD)
    DOCS.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    for plain, used in pieces():
        if wanted and plain.name not in wanted:
            continue
        show([plain, used], LANDSCAPE, WIDTH)
        if used.portrait is not None:
            show([used], PORTRAIT, PORTRAIT_WIDTH)
    (DOCS / "README.md").write_text(page.text(pieces(), DOCS))
    strip()
    return 0


def show(shown: list[Piece], size: tuple[int, int], width: int) -> None:
    """Render them, and write their previews."""
    tall = "-tall" if size == PORTRAIT else ""
    file, start_s = rendered(shown, size, shown[0].file + tall), 0.0
    for piece in shown:
        name = piece.file + tall
        for old in DOCS.glob(f"{name}.*"):
            old.unlink()
        clip = previews.frames(file, start_s, piece.seconds, width)
        written = previews.write(clip, DOCS, name, FPS)
        print(f"  {written}: {(DOCS / written).stat().st_size // 1000} kB", flush=True)
        start_s += piece.seconds


def rendered(shown: list[Piece], size: tuple[int, int], name: str) -> Path:
    document, out = BUILD / f"{name}.json", BUILD / f"{name}.mp4"
    document.write_text(json.dumps(movie(shown, size), indent=1, ensure_ascii=False))
    print(f"{shown[0].name} at {size[0]}x{size[1]}", flush=True)
    words = ("render", document, "-o", out, "--data", BUILD / "data", "--quiet", "--strict-fonts")
    command = [sys.executable, "-m", "resplice", *map(str, words)]
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(1)
    return out


def strip() -> None:
    """One row of frames, for the README."""
    found = {plain.name: (plain, used) for plain, used in pieces()}
    cells = []
    for plain, used in (found[name] for name in STRIP):
        file = BUILD / f"{plain.file}.mp4"
        height = STRIP_HEIGHT * LANDSCAPE[0] // LANDSCAPE[1]
        if file.exists():
            cells.append(previews.frames(file, plain.seconds + used.at, 0.05, height)[0])
    row = Image.new("RGB", (sum(cell.width for cell in cells), STRIP_HEIGHT))
    for number, cell in enumerate(cells):
        row.paste(cell, (number * cell.width, 0))
    made = (previews.jpeg(row, quality) for quality in previews.QUALITIES)
    (DOCS / "strip.jpg").write_bytes(next(each for each in made if len(each) <= STRIP_BYTES))


if __name__ == "__main__":
    sys.exit(main())
