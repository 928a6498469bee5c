"""The demo's media: illustrations painted by the bundled browser, clips and music by FFmpeg.

make() is the whole interface. Nothing here is part of the renderer; a movie of yours has files.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imageio_ffmpeg
import music
from paintings import STILLS, Painting
from PIL import Image
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import find_chromium
from resplice.ports.browser import PaintPage

from layers import FRAMES, HIGH, HORIZON, LAYERS, SHORE, SUN_X, WIDE

HERE = Path(__file__).parent
FPS = 25
MUSIC_GAIN_DB = 3.6
DEEP = HIGH - HORIZON

ENCODING = (
    f"-frames:v {FRAMES} -an -c:v libx264 -preset veryfast -crf 16 -pix_fmt yuv420p"
    " -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv"
    " -map_metadata -1 -fflags +bitexact -movflags +faststart -f mp4"
).split()
FINISH = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"

# [name] is a layer, cut to the rows that hold ink and repeated for ever.
# Its x moves by whole pixels, so that nothing shakes.
CLIPS = {
    "valley": f"""
        [valley-sky][valley-far]overlay=x=-n:y=H-h:format=gbrp[a];
        [a][valley-mist]overlay=x=n-{FRAMES}:y=620:format=gbrp[b];
        [b][valley-mid]overlay=x=-2*n:y=H-h:format=gbrp[c];
        [c][valley-near]overlay=x=-4*n:y=H-h:format=gbrp,{FINISH}""",
    "sea": f"""
        [sea-sky][sea-clouds]overlay=x=-n:format=gbrp,split[all][sky];
        [sea-waves1]crop={WIDE}:{DEEP}:n:0,format=gray[w1];
        [sea-waves2]crop={WIDE}:{DEEP}:{FRAMES}-n:0,format=gray[w2];
        [w1][w2]blend=all_mode=multiply,lut=y='clip((val-42)*2.5,0,255)',format=gbrp[waves];
        [waves][sea-lane]blend=all_mode=multiply[glitter];
        [sky]crop={WIDE}:{DEEP}:0:{HORIZON}[water];
        [water][glitter]blend=all_mode=screen[sea];
        [all][sea]overlay=y={HORIZON}:format=gbrp[b];
        [b][sea-boat]overlay=x={SUN_X - 640}+n:y={HORIZON - 88}:format=gbrp,{FINISH}""",
    "aurora": f"""
        [aurora-green]crop={WIDE}:{SHORE}:n:0[g];
        [aurora-violet]crop={WIDE}:{SHORE}:{FRAMES}-n:0[v];
        [g][v]blend=all_mode=screen[light];
        [aurora-shimmer]crop={WIDE}:{SHORE}:2*n:0[s];
        [light][s]blend=all_mode=multiply[shining];
        [aurora-sky][shining]blend=all_mode=screen[sky];
        [sky][aurora-land]overlay=y=H-h:format=gbrp,split[up][down];
        [down]crop={WIDE}:{HIGH - SHORE}:0:{2 * SHORE - HIGH},vflip,gblur=sigma=3:sigmaV=9,
        lutrgb=r=val*0.55:g=val*0.6:b=val*0.66[lake];
        [up][lake]vstack,{FINISH}""",
}


def make(folder: Path) -> bool:
    """Make what the demo plays, in the folder; False when it is there already.

    Made beside it first, so that a broken run leaves nothing half.
    """
    stamp, recipe = folder / "recipe", _recipe()
    if stamp.exists() and stamp.read_text() == recipe:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".media-", dir=folder.parent) as name:
        work = Path(name)
        with ThreadPoolExecutor(2) as pool:
            sound = pool.submit(_compose, work)
            _paint_all(work, pool)
            list(pool.map(lambda clip: _shoot(clip, work), CLIPS))
            sound.result()
        for file in (*(f"{still}.jpg" for still in STILLS), *(f"{clip}.mp4" for clip in CLIPS),
                     "logo.png", "music.m4a"):  # fmt: skip
            shutil.move(work / file, folder / file)
    stamp.write_text(recipe)
    return True


def _recipe() -> str:
    """What the media depend on: a change of it makes them again."""
    sources = (HERE / name for name in ("paintings.py", "layers.py", "music.py", "media.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _paint_all(work: Path, pool: ThreadPoolExecutor) -> None:
    browser = Chromium(find_chromium, BundledFonts(HERE.parent / "layers" / "fonts"))
    paintings = {**STILLS, **LAYERS}
    try:
        list(pool.map(lambda name: _paint(browser, name, paintings[name](), work), paintings))
    finally:
        browser.close()


def _paint(browser: Chromium, name: str, painting: Painting, work: Path) -> None:
    painted = browser.paint(PaintPage(painting.width, painting.height, painting.page()))
    ink: Image.Image = Image.open(io.BytesIO(painted.png))
    if name in STILLS:
        ink.convert("RGB").save(work / f"{name}.jpg", quality=92)
        return
    if name != "logo":
        row = Image.new("RGBA", (painting.width, painted.height))
        row.paste(ink, (painted.x, 0))
        ink = row
    ink.save(work / f"{name}.png", compress_level=1)


def _shoot(clip: str, work: Path) -> None:
    """Let the layers of the clip pass by."""
    names = [name for name in LAYERS if name.startswith(f"{clip}-")]
    inputs, graph = [], CLIPS[clip]
    for number, name in enumerate(names):
        inputs += ["-i", str(work / f"{name}.png")]
        still = f"[{number}:v]format=gbrap,loop=loop=-1:size=1,setpts=N/{FPS}/TB,fps={FPS}"
        graph = f"{still}[{name}];\n{graph}"
    _ffmpeg(*inputs, "-filter_complex", graph, *ENCODING, str(work / f"{clip}.mp4"))


def _compose(work: Path) -> None:
    graph = music.graph(MUSIC_GAIN_DB)
    sound = ["-c:a", "aac", "-b:a", "160k", "-map_metadata", "-1", "-fflags", "+bitexact"]
    _ffmpeg("-filter_complex", graph, "-map", "[music]", *sound, str(work / "music.m4a"))


def _ffmpeg(*argv: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *argv]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    made = make(HERE.parent / "build" / "demo" / "media")
    print("made" if made else "there already")
