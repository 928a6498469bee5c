"""Whole films as people write them: voices, subtitles, audiograms, pictures from prompts. Only the
size and the sources are ours. What is heard and seen is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import RATE, ffmpeg
from paid import KEY
from provider_servers.replicate import ReplicateServer
from resplice.core.providers import Connection
from resplice.wiring.local import UNLIMITED, Paid
from stage import Document, Frames, Samples, Stage, near
from studio import Studio, give, picture, studio
from web_server import serving

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
WIDE: Document = {"resolution": "custom", "width": 320, "height": 180, "fps": 10}
HIGH: Document = {**WIDE, "width": 180, "height": 320}
QUIET = 0.003


def film(scenes: list[Document], *over: Document, **more: Any) -> Document:
    return {**WIDE, "quality": "high", "scenes": scenes, "elements": list(over), **more}


def voice(text: str, **more: Any) -> Document:
    return {"type": "voice", "text": text, **more}


def loudness(samples: Samples, start_s: float, end_s: float) -> float:
    """The root of the mean square of what is heard."""
    part = samples[round(start_s * RATE) : round(end_s * RATE)].astype(float)
    return float(np.sqrt((part**2).mean()))


def heard_from(samples: Samples, level: float = 0.02) -> float:
    """The second in which it is first louder than that."""
    return float(np.flatnonzero(np.abs(samples).max(axis=1) > level)[0]) / RATE


def pixels(frames: Frames, colour: tuple[int, int, int], within: int = 40) -> list[int]:
    """How many pixels of each frame have about that colour."""
    alike = np.abs(frames - np.array(colour)).max(axis=3) <= within
    return [int(count) for count in alike.sum(axis=(1, 2))]


def test_a_voice_over_a_zooming_picture(stage: Stage) -> None:
    stripes = np.tile(np.arange(192) // 16 % 2 * 150 + 80, (128, 1)).astype(np.uint8)
    shown = {
        "type": "image",
        "src": stage.footage.array("stripes", stripes),
        "scale": {"width": 320, "height": 213},
    }
    spoken = voice("A short line spoken over a slow zoom.", start=1.5)
    document = film([{"elements": [{**shown, "zoom": 5}, spoken]}])
    duration = stage.render(document).stored.facts["duration"]
    assert 2.7 < duration < 7, "it lasts as long as what is said"
    frames, samples = stage.frames(document), stage.samples(document)
    assert len(samples) / RATE == pytest.approx(duration, abs=0.03)
    assert 1.45 <= heard_from(samples) < 1.9
    assert np.abs(samples[: round(1.4 * RATE)]).max() < QUIET
    assert 0.04 < loudness(samples, 1.6, duration - 0.2) < 0.4, "about -16 LUFS"
    assert np.abs(samples).max() <= 1
    assert frames[0].max(axis=2).min() > 60, "it covers the canvas"
    assert (np.abs(frames[0] - frames[-1]).max(axis=2) > 60).sum() > 300, "it zooms"


def test_a_voice_over_music_over_a_whole_movie(stage: Stage) -> None:
    music = stage.footage.tone(330, 30, peak=0.2)
    under = {"type": "audio", "src": music, "duration": -2, "volume": 0.4, "fade-out": 2}
    welcome = voice("Welcome to nine Elm Road.", voice="en-US-EmmaMultilingualNeural", start=4)
    shots = [
        {"duration": 4, "elements": [{"type": "image", "src": stage.footage.colour(*colour)}]}
        for colour in ((200, 0, 0), (0, 160, 0), (0, 0, 200), (90, 90, 90))
    ]
    document = film(shots, under, welcome)
    outcome, samples = stage.render(document), stage.samples(document)
    assert outcome.stored.facts["duration"] == 16
    assert any("EmmaMultilingualNeural" in each for each in outcome.report.warnings)
    music_alone = 0.4 * 0.2 / np.sqrt(2)
    assert loudness(samples, 1, 3.5) == pytest.approx(music_alone, rel=0.05)
    assert loudness(samples, 4.2, 5.2) > 1.3 * music_alone
    assert loudness(samples, 10, 13) == pytest.approx(music_alone, rel=0.05)
    assert loudness(samples, 15.8, 16) < 0.15 * music_alone


def test_boxed_words_of_what_a_voice_says(stage: Stage) -> None:
    look = {
        **{"style": "boxed-word", "font-family": "Inter", "font-size": 15, "all-caps": True},
        **{"font-color": "#FFFFFF", "outline-color": "#000000", "position": "bottom-center"},
        "box-color": "#0E7C66",
    }
    spoken = voice("Boxed words are easy to follow.", voice="en-US-AndrewMultilingualNeural")
    document = film([{"elements": [spoken]}], {"type": "subtitles", "settings": look})
    outcome, frames = stage.render(document), stage.frames(document)
    assert outcome.ass
    with stage.studio.ports.objects.open(outcome.ass) as path:
        assert "BOXED" in path.read_text() and "Boxed" not in path.read_text()
    boxes = pixels(frames, (0x0E, 0x7C, 0x66))
    assert sum(count > 60 for count in boxes) >= 0.6 * len(frames)
    rows = np.nonzero(frames.max(axis=(0, 2, 3)) > 60)[0]
    assert rows.min() > 120, "at the bottom"
    places = [
        np.nonzero(np.abs(frame - np.array((0x0E, 0x7C, 0x66))).max(axis=2) <= 40)[1].mean()
        for frame, count in zip(frames, boxes, strict=True)
        if count > 60
    ]
    assert np.ptp(places) > 30, "from word to word"


def test_large_words_of_a_clip(stage: Stage, tmp_path: Path) -> None:
    talk = tmp_path / "talk.mp4"
    dark = ("-f", "lavfi", "-i", "color=0x101030:s=90x160:r=10:d=7")
    ffmpeg(*dark, "-i", str(SPEECH), "-shortest", "-pix_fmt", "yuv420p", str(talk))
    look = {
        **{"style": "classic", "box-color": "#000000", "outline-width": 2, "shadow-offset": 0},
        **{"word-color": "#B185A7", "max-words-per-line": 4, "font-size": 46},
        **{"font-family": "Luckiest Guy", "position": "center-center"},
        **{"line-color": "#FFF4E9", "outline-color": "#000000", "shadow-color": "#000000"},
    }
    said = {"type": "subtitles", "language": "en", "model": "default", "settings": look}
    clip = {"type": "video", "src": talk.as_uri()}
    document = film([{"elements": [clip]}], said, width=180, height=320)
    frames = stage.frames(document)
    assert len(frames) in (62, 63)
    words, lines = pixels(frames, (0xB1, 0x85, 0xA7)), pixels(frames, (0xFF, 0xF4, 0xE9))
    assert max(words[:3]) < 20 and max(lines[:3]) < 20, "nobody speaks yet"
    assert min(words[4:20]) > 100 and max(lines[4:20]) > 200
    assert max(words[36:40]) > 100, "and on"


@contextmanager
def gallery(folder: Path, paid: Paid = UNLIMITED) -> Iterator[Studio]:
    """A studio with the account `my-replicate`."""
    with ReplicateServer() as server, serving() as web:
        server.made = give(web, "/made.png", picture("#2060a0"))
        with studio(folder, web, paid) as lab:
            account = Connection("my-replicate", "replicate", (("endpoint", server.url()),))
            lab.ports.connections.add(account, {"key": KEY})
            yield lab


def test_a_picture_of_a_prompt_by_an_account(stage: Stage, tmp_path: Path) -> None:
    prompt = {"type": "image", "prompt": "A sea cliff", "model": "flux-schnell", "duration": 3}
    document = film([{"elements": [{**prompt, "connection": "my-replicate"}]}])
    with gallery(tmp_path) as lab:
        frames = Stage(lab, stage.footage).frames(document)
        assert lab.render(document).report.warnings == ()
    assert len(frames) == 30
    assert min(pixels(frames, (0x20, 0x60, 0xA0), 12)) > 2000


def test_a_card_stands_for_a_picture_that_nobody_makes(stage: Stage, tmp_path: Path) -> None:
    prompt = {"type": "image", "prompt": "A brick cottage at dusk, lamps lit", "duration": 4}
    shaped = {**prompt, "model": "flux-schnell", "aspect-ratio": "horizontal"}
    with gallery(tmp_path, Paid(placeholders=True)) as lab:
        place = Stage(lab, stage.footage)
        outcome = place.render(film([{"elements": [shaped]}]))
        frames = place.frames(film([{"elements": [shaped]}]))
    assert (len(frames), outcome.stored.facts["duration"]) == (40, 4)
    assert near(frames[0], frames[-1], 12) and frames[0].std() > 5, "words on a card"


def test_a_green_wave_of_music(stage: Stage) -> None:
    times = np.arange(16 * RATE) / RATE
    swelling = (np.sin(times * 700) * np.abs(np.sin(times * 2)) * 0.8)[:, None]
    music = {"type": "audio", "src": stage.footage.sound("swelling.wav", swelling), "duration": 15}
    wave = {"type": "audiogram", "height": 100, "color": "green", "amplitude": 10}
    document = film([{"elements": [music, wave]}], draft=False)
    frames, samples = stage.frames(document), stage.samples(document)
    assert len(frames) == 150 and len(samples) / RATE == pytest.approx(15, abs=0.03)
    green = (frames[..., 1] > 40) & (frames[..., 0] < 30)
    heights = green[:, :, 160].sum(axis=1)
    assert heights.max() > 60 and heights.min() < 20, "it follows the sound"
    assert not green[:, 110:].any(), "within its 100 pixels"


def test_a_white_wave_on_a_phone(stage: Stage) -> None:
    clip = {"type": "audio", "src": stage.footage.tone(440, 2, peak=0.5)}
    wave = {"type": "audiogram", "color": "white", "amplitude": 5, "y": 40}
    frames = stage.frames({**film([{"elements": [clip, wave]}]), **HIGH})
    assert len(frames) == 20
    middle = frames[10, :, 90].max(axis=1)
    rows = np.nonzero(middle > 60)[0]
    assert rows.mean() == pytest.approx(40 + 160, abs=3), "y moves it down"
    assert near(middle[rows[3:-3]], 128, 10), "half white"
    assert len(rows) == pytest.approx(0.75 * 160, abs=6), "as loud as it is"
