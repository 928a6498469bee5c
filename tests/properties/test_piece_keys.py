"""Keys of pieces: what changes the bytes is in them, and nothing else is. The tables are walked.

Every field of every value that a task holds is changed, one at a time; a new field is tested from
birth. The fences are changed where FFmpeg is run, and no key hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass, replace
from typing import Any

import pytest
from resplice.adapters.ffmpeg import command_line as fences
from resplice.adapters.ffmpeg.command_line import command_line
from resplice.core.colours import CURVE_POINTS, Colours
from resplice.core.composition import (
    Box,
    Canvas,
    ChromaKey,
    Clip,
    Composite,
    Correction,
    Fade,
    FilePicture,
    FramesPicture,
    Layer,
    Look,
    Mask,
    Motion,
    Picture,  # noqa: F401  # A field's type, found by its name.
    Play,
    Rotation,
    SheetPicture,
    Source,
)
from resplice.core.filtergraph import Invocation
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.piece_keys import PIECE_KINDS, PieceTask, piece_key
from resplice.core.pieces import (
    MixTask,
    PosterTask,
    Profile,
    RowTask,
    SegmentTask,
    SheetTask,
    Sound,
    SoundTask,
    StillTask,
    Stretch,
)
from resplice.core.tools import Tools

TOOLS = Tools("ffmpeg 1", "resampler 1", "browser 1", "core 1")
CANVAS = Canvas(320, 180, 25)
BOX = Box(2, 4, 60, 40)
STILL = FilePicture(Source("still", "png_pipe", "image", 640, 480, has_alpha=True))
WIDE = Colours(to_srgb=(1.2, -0.2, 0, 0, 1, 0, 0, 0, 1), curves=(tuple(range(CURVE_POINTS)),))
PHOTO = Source("photo", "mov", "image", 40, 30, True, colours=WIDE, stream="g:0", clear="i:9")
HIGH = Colours("bt2020", "smpte2084")
FILM = Source("film", "mov", "video", 640, 360, False, colours=HIGH, interlaced=True)
CLIP = Source("clip", "mov", "video", 640, 360, has_alpha=False, decoder="libvpx", untagged=True)
STREAM = replace(CLIP, digest="stream", demuxer="mpegts")
MUSIC = Source("music", "mp3", "audio", 0, 0, has_alpha=False)
MOTION = Motion(1.0, 1.5, 0.5, 0.4, 0.3, 0.2, life_frames=50)

DRESSED = Look((64, 48), (64, 48), 3, 5, BOX, ChromaKey("#00ff00", 25), Correction(0.1, 1, 1, 1),
               cut=BOX, pad=Box(1, 2, 80, 60), rotation=Rotation(10, 20, 30))  # fmt: skip
PLAIN = Look((64, 48), (64, 48), 3, 5)
SHEET = SheetPicture(STILL.file, (64, 48), (2, 5), 3)
TITLE = FramesPicture(replace(CLIP, digest="title", demuxer="apng"), 44)
ROUNDS = replace(TITLE, frames=20, loop_from=5)
LAYERS = (
    Layer(FilePicture(CLIP), DRESSED, 1, 40, 2, Clip(1_000_000, 3, 30),
          Mask(STILL, (Play(9, Clip(5, 6, 7)),)),
          (Fade("in", 0, 5), Fade("out", 30, 9))),
    Layer(STILL, replace(PLAIN, motion=MOTION), 1, 40, 2),
    Layer(FilePicture(STREAM), PLAIN, 1, 40, clip=Clip(1_000_000, 3)),
    Layer(FilePicture(PHOTO), PLAIN, 1, 40),
    Layer(FilePicture(FILM), PLAIN, 1, 40, clip=Clip(1_000_000, 3)),
    Layer(SHEET, PLAIN, 1, 40, showing=((0, 1), (9, 2))),
    Layer(TITLE, PLAIN, 1, 40, clip=Clip(0, 3)),
    Layer(ROUNDS, PLAIN, 1, 40, clip=Clip(0, 3)),
    Layer(TITLE, PLAIN, 40, 50),
)  # fmt: skip
SEGMENT = SegmentTask(
    *(CANVAS, Profile("fast", 20, 20), 50, Composite("#000000", LAYERS), Composite("#ffffff", ())),
    *("fade", (Layer(STILL, PLAIN, 1, 40),)),
)
STANDING = replace(SEGMENT, picture=Composite("#000000", LAYERS[2:]))
SOUNDS = (
    Sound(MUSIC, 10, 2000, 1_000_000, 0.5, 0, 100, 200),
    Sound(CLIP, 0, 500, 0, 1, 200),
    *(Sound(each, 0, 500, 0, 1) for each in (PHOTO, FILM)),
)
STRETCHES = (Stretch("scenes/sound/a", 5000), Stretch(None, 9000, 10), Stretch("b", 7000, 20))
TASKS: dict[str, PieceTask] = {
    "segment": SEGMENT,
    "standing segment": STANDING,
    "still": StillTask(SEGMENT, 3, 50, (60, 40)),
    "sheet": SheetTask(("scenes/still/a", "b", "c"), 2, (60, 40)),
    "sound": SoundTask(3000, SOUNDS),
    "row": RowTask(STRETCHES),
    "mix": MixTask(STRETCHES, SOUNDS, 20_000, 128_000),
    "poster": PosterTask("scenes/segment/a", 9, 25),
}
"""At least one of each kind, with something in every field."""

EXAMPLES: dict[str, Any] = {
    "Profile.preset": "slow",
    "Composite.background": "#123456",
    "SegmentTask.into": None,
    "SegmentTask.style": "wipeleft",
    "Sound.seek_us": 123_456,
    "Source.digest": "another",
    "Source.demuxer": "matroska",
    "Source.kind": "image",
    "Source.decoder": "",
    "Colours.to_srgb": (1.1, -0.1, 0, 0, 1, 0, 0, 0, 1),
    "Colours.curves": ((5,) * CURVE_POINTS,),
    "ChromaKey.colour": "#ff0000",
    "Fade.side": "out",
    "Stretch.key": "scenes/sound/other",
}
"""Other values of fields whose type does not say what else they may be: a new one may need one."""

UNHEARD = {
    *(f"Source.{name}" for name in ("width", "height", "has_alpha", "untagged", "colours")),
    *("Source.interlaced", "Source.stream", "Source.clear"),
    *(f"Colours.{name}" for name in ("primaries", "transfer", "to_srgb", "curves")),
}
CHANGES_NO_BYTE = {
    SegmentTask: {"Profile.audio_bitrate", "Profile.held_crf"},
    StillTask: {
        f"Profile.{name}"
        for name in ("preset", "crf", "held_crf", "threads", "audio_bitrate", "stands")
    },
    SheetTask: {"SheetTask.cell"},
    SoundTask: UNHEARD,
    RowTask: set[str](),
    MixTask: UNHEARD,
    PosterTask: set[str](),
}
"""Fields that are in no key of the kind: pictures have no sound, and sound has no size. Stills are
not encoded; on a sheet they are as large as their own keys say."""


def other(owner: Any, name: str) -> Any:
    """Another value for the field."""
    value, field = getattr(owner, name), f"{type(owner).__name__}.{name}"
    if field in EXAMPLES and EXAMPLES[field] != value:
        return EXAMPLES[field]
    match value:
        case bool():
            return not value
        case int():
            return value + 2
        case float():
            return value + 0.25
        case tuple() if all(isinstance(each, int) for each in value):
            return tuple(each + 2 for each in value)
        case tuple():
            return value[1:]
    return None


def optional(field: Field[Any]) -> bool:
    return str(field.type).endswith("| None")


def compared(value: Any) -> list[Field[Any]]:
    """The fields that tell it from others."""
    return [field for field in fields(value) if field.compare]


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """(Class.field, the value with that one field changed) for all it is made of, at any depth.

    What is left out of comparison follows from the rest, and is in no key.
    """
    for field in compared(value):
        own = getattr(value, field.name)
        if own in (None, ()):  # Elsewhere it is something, and nothing is what it is changed to.
            continue
        if not is_dataclass(own) or optional(field):
            another = other(value, field.name)
            yield f"{type(value).__name__}.{field.name}", replace(value, **{field.name: another})
        for name, another in parts_changed(own):
            yield name, replace(value, **{field.name: another})


def parts_changed(own: Any) -> Iterator[tuple[str, Any]]:
    """The same of a field's value: a value of ours, several, or plain words and numbers."""
    if is_dataclass(own):
        yield from variants(own)
    elif isinstance(own, tuple):
        for index, part in enumerate(own):
            for name, another in parts_changed(part):
                yield name, (*own[:index], another, *own[index + 1 :])


def walked(kind: type[PieceTask]) -> dict[str, set[bool]]:
    """Class.field → whether the key changed, for the places of it in the tasks of the kind."""
    seen: dict[str, set[bool]] = {}
    for task in TASKS.values():
        if isinstance(task, kind):
            before = piece_key(task, TOOLS)
            for name, another in variants(task):
                assert another != task, f"say in EXAMPLES what else {name} may be"
                seen.setdefault(name, set()).add(piece_key(another, TOOLS) != before)
    return seen


@pytest.mark.parametrize("kind", PIECE_KINDS, ids=lambda kind: kind.__name__)
def test_every_field_that_changes_the_bytes_is_in_the_key(kind: type[PieceTask]) -> None:
    seen = walked(kind)
    assert {name for name, differs in seen.items() if True not in differs} == CHANGES_NO_BYTE[kind]


@pytest.mark.parametrize("kind", PIECE_KINDS, ids=lambda kind: kind.__name__)
def test_the_walk_sees_every_field(kind: type[PieceTask]) -> None:
    seen = {name.partition(".")[0]: set[str]() for name in walked(kind)}
    for name in walked(kind):
        owner, _, field = name.partition(".")
        seen[owner].add(field)
    assert kind.__name__ in seen
    for owner, names in seen.items():
        walked_into = {f.name for f in compared(globals()[owner]) if f.type in globals()}
        assert names | walked_into == {field.name for field in compared(globals()[owner])}


@pytest.mark.parametrize("raised", PIECE_KINDS, ids=lambda kind: kind.__name__)
def test_a_raised_version_changes_the_keys_of_its_kind_and_no_other(
    raised: type[PieceTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: piece_key(task, TOOLS) for name, task in TASKS.items()}
    row = PIECE_KINDS[raised]
    monkeypatch.setitem(PIECE_KINDS, raised, replace(row, version=row.version + 1))
    after = {name: piece_key(task, TOOLS) for name, task in TASKS.items()}
    differs = {name for name in TASKS if before[name] != after[name]}
    assert differs == {name for name, task in TASKS.items() if isinstance(task, raised)}


@pytest.mark.parametrize("name", TASKS)
def test_the_tools_that_make_a_piece_are_in_its_key_and_no_others(name: str) -> None:
    task, before = TASKS[name], piece_key(TASKS[name], TOOLS)
    differs = {
        tool.name
        for tool in fields(TOOLS)
        if piece_key(task, replace(TOOLS, **{tool.name: "2"})) != before
    }
    moved = {"resampler"} if name in ("segment", "still") else set()
    assert differs == {"ffmpeg", "owner", *moved}


def test_kinds_are_told_apart() -> None:
    keys = [piece_key(task, TOOLS) for task in TASKS.values()]
    assert len(set(keys)) == len(keys)
    for task in TASKS.values():
        assert piece_key(task, TOOLS).startswith(f"scenes/{PIECE_KINDS[type(task)].name}/")


def invocations() -> dict[str, Invocation]:
    """Of every kind of piece, and of what decodes a feed."""
    made = {
        name: PIECE_KINDS[type(task)].invocation(task, AS_NAMED) for name, task in TASKS.items()
    }
    (feed,) = made["segment"].feeds
    return {**made, "feed": feed.decode}


FENCES = (
    *("-max_pixels", "-max_streams", "-protocol_whitelist", "-format_whitelist", "-nostdin"),
    "-filter_complex_threads",
)


@pytest.mark.parametrize("name", invocations())
def test_the_core_says_no_fence_and_the_runner_puts_one_around_every_file(name: str) -> None:
    invocation = invocations()[name]
    assert not [fence for fence in FENCES if fence in repr(invocation)]
    assert "-i" not in invocation.argv, "an input that is not in `inputs` has no fence"
    argv = [word for word in command_line(invocation) if word != "-noaccurate_seek"]
    reads = [n for n, word in enumerate(argv) if word == "-i"]
    files = [n for n in reads if not argv[n + 1].startswith("feed:")]
    assert len(reads) == len(invocation.inputs) and files
    for before, at in zip([0, *(n + 2 for n in reads)], reads, strict=False):
        said = dict(zip(argv[before:at:2], argv[before + 1 : at : 2], strict=True))
        if at in files:
            assert argv[at + 1].startswith("file:")
            assert int(said["-max_pixels"]) <= 128_000_000
            assert int(said["-max_streams"]) <= 64
            assert said["-protocol_whitelist"] == "file"
            assert said["-format_whitelist"] == said["-f"]


@pytest.mark.parametrize(
    ("fence", "value"),
    [
        *(("MAX_PIXELS", 1), ("MAX_STREAMS", 2), ("STILL_THREADS", 2)),
        *(("FILTER_THREADS", 3), ("MANY_INPUTS", 0)),
    ],
)
def test_a_fence_that_is_moved_moves_no_key(
    fence: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {name: piece_key(task, TOOLS) for name, task in TASKS.items()}
    before = {name: command_line(made) for name, made in invocations().items()}
    monkeypatch.setattr(fences, fence, value)
    assert {name: piece_key(task, TOOLS) for name, task in TASKS.items()} == keys
    assert {name: command_line(made) for name, made in invocations().items()} != before
