"""The film of `movies.heavy` as a user of MoviePy would write it. Run by MoviePy's own Python.

Not for the product: it imports nothing of ours, and nothing of ours imports it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from moviepy import (
    AudioFileClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoFileClip,
    concatenate_videoclips,
    vfx,
)

SIZE, SECONDS, FPS = (1920, 1080), 4, 30
FONTS = Path(__file__).resolve().parents[2] / "layers/fonts/node_modules/@expo-google-fonts"
BOLD = str(FONTS / "noto-sans/700Bold/NotoSans_700Bold.ttf")


def words(text: str, size: int) -> TextClip:
    """In a box of their own: one that MoviePy measures cuts letters off."""
    box = {"method": "caption", "size": (1600, 2 * size), "text_align": "center"}
    return TextClip(BOLD, text, font_size=size, color="white", **box).with_duration(SECONDS)


def photo(base: str) -> CompositeVideoClip:
    """It grows by a fifth; its title comes and goes in half a second each."""
    ground = ImageClip(base + "photo.jpg").with_duration(SECONDS)
    fits = SIZE[0] / ground.w
    zooming = ground.resized(lambda t: fits * (1 + 0.2 * t / SECONDS)).with_position("center")
    fades = [vfx.CrossFadeIn(0.5), vfx.CrossFadeOut(0.5)]
    title = words("Summer sale starts now", 96).with_position("center").with_effects(fades)
    return CompositeVideoClip([zooming, title], size=SIZE)


def still(base: str) -> CompositeVideoClip:
    ground = ImageClip(base + "still.jpg").with_duration(SECONDS).resized(SIZE)
    caption = words("Only this weekend", 77).with_position(("center", 910))
    return CompositeVideoClip([ground, caption], size=SIZE)


def render(base: str, out: str) -> None:
    """Write the film to out. base: what the names of its files follow."""
    clip = VideoFileClip(base + "heavy.mp4", audio=False).subclipped(0, SECONDS)
    film = concatenate_videoclips([photo(base), clip, still(base)])
    music = AudioFileClip(base + "music.mp3").subclipped(0, film.duration)
    film.with_audio(music.with_volume_scaled(0.5)).write_videofile(
        out,
        fps=FPS,
        codec="libx264",
        preset="veryfast",
        ffmpeg_params=["-crf", "18", "-pix_fmt", "yuv420p"],
        audio_codec="aac",
        audio_bitrate="192k",
        threads=2,
        logger=None,
    )


if __name__ == "__main__":
    render(sys.argv[1], sys.argv[2])
