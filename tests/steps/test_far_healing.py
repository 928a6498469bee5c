"""What is there at one step may be gone or damaged at the next: it alone is made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, dangling, emptied
from resplice.adapters.s3.checkpoints import ObjectCheckpoints, key_of
from resplice.core.facts import content_key
from resplice.errors import NotFound
from resplice.ports.objects import Objects, StoredObject
from resplice.steps.pipeline.accept import accept
from studio import Studio, asked, give, movie, picture, still, studio, tone
from web_server import Server, serving

Damage = Callable[[Path], object]
FONTS = Path(__file__).parents[2] / "layers/fonts/node_modules/@fontsource"


def cut(file: Path) -> None:
    changed(file, file.read_bytes()[:-1])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    changed(file, data)


def changed(file: Path, data: bytes) -> None:
    file.chmod(0o600)  # Nobody may write to what is stored.
    file.write_bytes(data)


DAMAGES: list[Damage] = [Path.unlink, cut, flip]


@dataclass
class Once:
    """Something that happens before the first step of a name."""

    step: str
    happens: Callable[[], object]
    skip: int = 0
    seen: list[str] = field(default_factory=list)

    def __call__(self, step: str) -> None:
        self.seen.append(step)
        if step == self.step and self.seen.count(step) == self.skip + 1:
            self.happens()


@dataclass
class Desk:
    """right: the key of the movie, which is named by its bytes. runs: of FFmpeg, to make it."""

    lab: Studio
    server: Server
    folder: Path
    document: dict[str, Any]
    right: str = ""
    runs: int = 0
    count: int = 0

    def far(self) -> FarApart:
        self.count += 1
        return FarApart(emptied(self.lab.ports, self.place()))

    def place(self) -> Path:
        return self.folder / str(self.count)

    def blob(self, objects: Objects, key: str) -> Path:
        stored = objects.head(key)
        assert stored
        [file] = (path for path in self.place().rglob(stored.digest) if path.is_file())
        return file

    def work(self) -> tuple[int, list[str]]:
        return self.lab.runs(), asked(self.server)

    def ends_well(self, far: FarApart) -> str:
        """Play the document; its project. The movie is the right one."""
        project = far.post(self.document)
        far.play_all()
        assert far.movie_key(project) == self.right
        assert far.executions.started[-1] == project
        assert dangling(far, accept(self.document, far.ports.tools).key) == []
        return project


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data", server) as lab:
        red = give(server, "/red.png", picture("red"))
        blue = give(server, "/blue.png", picture("blue"))
        heard = {"type": "audio", "src": give(server, "/a.wav", tone(440, 0.2)), "duration": -2}
        first = still(red, 0.2)
        first["elements"].append(heard)
        desk = Desk(lab, server, folder, movie(first, still(blue, 0.1)))
        far = desk.far()
        desk.right = far.movie_key(far.made(desk.document)["project"])
        desk.runs = desk.work()[0]
        yield desk


def warm(desk: Desk) -> FarApart:
    """A service that has all pieces of the movie, but must stitch it."""
    far = desk.far()
    far.made({**desk.document, "comment": "same", "exports": []})
    key = accept(desk.document, far.ports.tools).key
    pointer = far.ports.cache_index.pointer(key)
    assert pointer
    far.ports.objects.delete(pointer["object"])
    desk.work()
    return far


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("kind", ["segment", "mix", "poster"])
def test_a_piece_is_damaged_between_plan_and_movie(desk: Desk, damage: Damage, kind: str) -> None:
    far = warm(desk)
    objects = far.ports.objects
    key = next(iter(objects.list(f"scenes/{kind}/"))).key
    far.before = Once("movie", lambda: damage(desk.blob(objects, key)))
    desk.ends_well(far)
    assert desk.work() == (1, []), "what was damaged"


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_new_piece_is_damaged_before_it_is_joined(desk: Desk, damage: Damage) -> None:
    far = desk.far()
    desk.work()
    objects = far.ports.objects

    def happens() -> None:
        for stored in list(objects.list("scenes/")):
            damage(desk.blob(objects, stored.key))

    far.before = Once("movie", happens)
    desk.ends_well(far)
    pieces = desk.runs - len(["mix", "stitch"])
    runs, requests = desk.work()
    assert runs == desk.runs + pieces
    assert requests == ["/a.wav", "/blue.png", "/red.png"]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_element_is_damaged_between_prepare_and_scene(desk: Desk, damage: Damage) -> None:
    far = desk.far()
    desk.work()
    objects = far.ports.objects

    def happens() -> None:
        pictures = [s.key for s in objects.list("elements/content/") if is_image(s.facts)]
        damage(desk.blob(objects, max(pictures)))

    def is_image(facts: Any) -> bool:
        return bool(facts["media"]["kind"] == "image")

    far.before = Once("scene", happens)
    desk.ends_well(far)
    runs, requests = desk.work()
    assert runs == desk.runs, "nothing that was made is made again"
    assert len(requests) == 4
    assert len(set(requests)) == 3


@pytest.mark.parametrize(
    ("name", "step", "skip"),
    [
        *(("accepted", "prepare", 1), ("round-1", "prepare", 1), ("began", "plan", 0)),
        *(("accepted", "plan", 0), ("prepared", "plan", 0), ("plan", "movie", 0)),
        *(("share-0", "scene", 0), ("share-1", "scene", 1), ("elements-1-0", "element", 0)),
    ],
)
def test_what_a_step_left_is_gone(desk: Desk, name: str, step: str, skip: int) -> None:
    far = desk.far()
    desk.work()

    def happens() -> None:
        [project] = far.executions.started
        key = key_of(project, name)
        assert far.ports.objects.head(key)
        far.ports.objects.delete(key)

    far.before = Once(step, happens, skip)
    desk.ends_well(far)
    runs, requests = desk.work()
    assert runs == desk.runs
    assert len(requests) == 3


def test_what_goes_again_and_again_ends_the_project(desk: Desk) -> None:
    far = desk.far()

    def before(step: str) -> None:
        if step == "movie":
            for stored in list(far.ports.objects.list("scenes/segment/")):
                far.ports.objects.delete(stored.key)

    far.before = before
    told = far.made(desk.document)
    assert told["status"] == "error"
    assert told["message"].startswith("there is no scenes/segment/")
    assert "\n" not in told["message"]
    assert dangling(far, accept(desk.document, far.ports.tools).key) == []


def test_a_url_that_gives_other_bytes_when_it_heals_is_seen_everywhere(desk: Desk) -> None:
    """The movie shows one state of a source, not two."""
    far = desk.far()
    give(desk.server, "/turns.png", picture("red"))
    url = desk.server.url("/turns.png")
    document = movie(still(url, 0.1), still(url, 0.2))

    def happens() -> None:
        give(desk.server, "/turns.png", picture("blue"))
        for stored in list(far.ports.objects.list("elements/content/")):
            far.ports.objects.delete(stored.key)

    far.before = Once("scene", happens, skip=1)
    told = far.made(document)
    fresh = desk.far()
    assert far.movie_key(told["project"]) == fresh.movie_key(fresh.made(document)["project"])
    assert json.loads(json.dumps(told["cache"]["scenes"][0]["result"])) == "miss"


class Guarded:
    """Objects of which a scene may not remove a damaged element, as the function's rights say."""

    def __init__(self, objects: Any) -> None:
        self._objects, self.step, self.damaged = objects, "", ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def put(self, key: str, *more: Any) -> StoredObject:
        self.damaged = "" if key == self.damaged else self.damaged
        stored: StoredObject = self._objects.put(key, *more)
        return stored

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        if key == self.damaged and self._objects.head(key):
            if self.step in ("prepare", "element", "paint"):
                self._objects.delete(key)
            raise NotFound(f"there is no {key}")
        with self._objects.open(key) as path:
            yield path


@pytest.mark.parametrize("more", [{}, {"cache": False}], ids=["cached", "forced"])
def test_a_damaged_download_is_made_again_though_its_source_says_it_is_current(
    desk: Desk, more: dict[str, Any]
) -> None:
    ports = desk.far().ports
    objects: Any = Guarded(ports.objects)
    checkpoints = ObjectCheckpoints(objects, ports.scratch, ports.fetchers)
    far = FarApart(replace(ports, objects=objects, checkpoints=checkpoints))
    far.before = lambda step: setattr(objects, "step", step)
    url = desk.server.url("/red.png")
    assert far.made(movie(still(url, 0.1)))["status"] == "done"
    digest = hashlib.sha256(picture("red")).hexdigest()
    objects.damaged = content_key(digest)
    told = far.made({**movie(still(url, 0.3)), **more})
    assert (told["status"], told["message"]) == ("done", "")


def test_a_damaged_font_is_downloaded_again(desk: Desk) -> None:
    font = next(FONTS.glob("anton/files/*-latin-400*.woff2")).read_bytes()
    url = give(desk.server, "/anton.woff2", font)

    def title(words: str) -> dict[str, Any]:
        text = {"type": "text", "text": words, "settings": {"font-url": url}}
        return movie({"duration": 0.1, "elements": [text]})

    far, clean = desk.far(), desk.far()
    assert far.made(title("one"))["status"] == "done"
    key = content_key(hashlib.sha256(font).hexdigest())
    stored = far.ports.objects.head(key)
    assert stored
    for file in desk.folder.rglob(stored.digest):
        file.chmod(0o644)
        file.write_bytes(font[:-1] + b"?")
    told = far.made(title("two"))
    assert (told["status"], told["message"]) == ("done", "")
    assert told["url"] == clean.made(title("two"))["url"]
