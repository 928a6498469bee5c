"""The layers hold all that the functions need: handlers run where there is nothing else.

The system that they run on is as bare as Lambda's, and each has only its own layers, code and
variables there.
"""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cloud
import pytest
from bare_root import GLIBC, BareRoot, bare_root, merged
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.ports.projects import Project
from studio import decoded, give, movie, picture, still, studio, tone
from web_server import Server, serving

from infra.local.lambda_process import BOOTSTRAP
from infra.synthesis import CACHE, cdk_out

LOOK_ROUND = """
import ctypes, os, shutil
def writable(path):
    try:
        open(path + "/new", "w").close()
    except OSError:
        return False
    return True
folders = [folder for folder, _, _ in os.walk("/") if not folder.startswith("/proc/")]
print([folder for folder in folders if writable(folder)])
print(sorted(os.listdir("/dev")), sorted(os.listdir("/etc")), shutil.which("sh"))
print(os.geteuid() in (0, 993), os.environ.get("HOME"), ctypes.CDLL(None).prctl(38, 1, 0, 0, 0))
"""


LACKS = '"message":"Programs run with less around them: Landlock (Linux 5.13'
"""Of a line of JSON: once in each process that starts programs."""


class Lambdas:
    """The functions of the synthesized stack, each started anew for each step of a movie."""

    def __init__(self, root: BareRoot, opts: Path, source: str, **said: str) -> None:
        """opts: where layers are. source: HOST:PORT that elements may come from. said: values of
        variables, instead of those of the stack.
        """
        self._bucket, self.table = cloud.new_bucket(), cloud.new_table()
        self._root, self._opts = root, opts
        self.logs = dict[str, str]()
        """Of the last process of each function."""
        self._made = cdk_out()
        template = json.loads((self._made / "Resplice-dev.template.json").read_text())
        self._resources = template["Resources"]
        self._deployed = {
            "RESPLICE_BUCKET": self._bucket,
            "RESPLICE_TABLE": self.table,
            "RESPLICE_ALLOWED_SOURCES": source,
            **said,
        }

    def call(self, name: str, **event: Any) -> Any:
        """What the function's handler gives for the event."""
        (result,) = self.call_each(name, [event])
        return result

    def call_each(self, name: str, events: Sequence[dict[str, Any]]) -> list[Any]:
        """What one process of the function gives for one event after the other."""
        done = self._called(name, events)
        replies = [
            json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"result"')
        ]
        assert len(replies) == len(events), f"{done.stdout}\n{done.stderr}"
        return [reply["result"] for reply in replies]

    def failed(self, name: str, **event: Any) -> dict[str, Any]:
        """What it fails with."""
        done = self._called(name, [event])
        (reply,) = (line for line in done.stdout.splitlines() if line.startswith('{"error"'))
        told: dict[str, Any] = json.loads(reply)["error"]
        return told

    def _called(
        self, name: str, events: Sequence[dict[str, Any]]
    ) -> subprocess.CompletedProcess[str]:
        asked = [{"id": str(uuid.uuid4()), "event": each, "deadline_s": 2e9} for each in events]
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        python = [self._root.python, "-I", "-S", "-c"]
        about = self._about(name)
        done = self._root.run(
            [*python, BOOTSTRAP.read_text(), "0", "1", arn, "/opt"],
            opt=self._opt([each["Ref"] for each in about["Layers"]]),
            task=self._asset(about["Code"]),
            environment=self._environment(about),
            stdin="".join(json.dumps(each) + "\n" for each in asked),
        )
        self.logs[name] = done.stdout + done.stderr
        return done

    def stored(self, prefix: str) -> bytes:
        """The only film that is stored under the prefix; its poster lies beside it."""
        s3 = cloud.client("s3")
        stored = s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix)["Contents"]
        (found,) = (each for each in stored if each["Key"].endswith(".mp4"))
        body: bytes = s3.get_object(Bucket=self._bucket, Key=found["Key"])["Body"].read()
        return body

    def _about(self, name: str) -> dict[str, Any]:
        """The function's properties."""
        every = (each.get("Properties", {}) for each in self._resources.values())
        (found,) = (each for each in every if each.get("FunctionName") == f"resplice-dev-{name}")
        about: dict[str, Any] = found
        return about

    def _asset(self, code: dict[str, Any]) -> Path:
        return self._made / f"asset.{code['S3Key'].removesuffix('.zip')}"

    def _opt(self, layers: list[str]) -> Path:
        """Functions of the same layers have one between them: they may not write there."""
        opt = self._opts / "-".join(layers)
        if not opt.exists():
            contents = (self._resources[each]["Properties"]["Content"] for each in layers)
            merged(map(self._asset, contents), opt)
        return opt

    def _environment(self, about: dict[str, Any]) -> dict[str, str]:
        own = about["Environment"]["Variables"]
        opened = ["RESPLICE_ALLOWED_SOURCES"] if "RESPLICE_TABLE" in own else []
        return {
            **own,
            **{name: self._deployed[name] for name in (*own, *opened) if name in self._deployed},
            **{f"AWS_{each}": "local" for each in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")},
            **{f"AWS_{each}": cloud.REGION for each in ("REGION", "DEFAULT_REGION")},
            **{f"AWS_LAMBDA_{each}": "any" for each in ("LOG_GROUP_NAME", "LOG_STREAM_NAME")},
            "AWS_ENDPOINT_URL": cloud.endpoint(),
            "AWS_LAMBDA_FUNCTION_NAME": about["FunctionName"],
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(about["MemorySize"]),
            "POWERTOOLS_TRACE_DISABLED": "true",
            "_HANDLER": about["Handler"],
        }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> BareRoot:
    return bare_root(tmp_path_factory.mktemp("bare"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def document(server: Server) -> dict[str, Any]:
    """A bit of all that functions do: downloads, paintings, a voice, a moving view, sound."""
    image = give(server, "/picture.png", picture("#2266aa", (320, 250)))
    title = {"type": "text", "text": "Größe 今日 😀", "settings": {"font-size": "12px"}}
    moving = {"type": "text", "style": "005", "text": "Hej", "settings": {"font-size": "20px"}}
    page = {
        **{"type": "html", "tailwind": True, "wait": 0.1, "y": 20},
        "html": f"<p class='w-6 bg-[#0f0]'>Ö<img src='{image}?2' class='w-4'><script>"
        "document.querySelector('p').append(' 日')</script>",
    }
    music = {"type": "audio", "src": give(server, "/tone.wav", tone(440))}
    spoken = {"type": "voice", "text": "Et kort ord.", "voice": "da", "model": "espeak"}
    scene = still(image, 1.0, zoom=3, pan="right")
    return movie({**scene, "elements": [*scene["elements"], title, moving, page, music, spoken]})


def test_nothing_is_there_but_glibc_and_python(root: BareRoot, tmp_path: Path) -> None:
    done = root.run([root.python, "-I", "-S", "-c", LOOK_ROUND], tmp_path, tmp_path, {})
    assert done.stdout.splitlines() == [
        "['/tmp']",
        "['null', 'random', 'urandom', 'zero'] ['hosts', 'passwd', 'resolv.conf'] None",
        "True None -1",
    ], done.stderr
    libraries = {path.name for path in root.folder.glob("lib*/**/*.so*")}
    assert {name for name in libraries if "ld-linux" not in name} <= {*GLIBC}


@pytest.fixture
def opts() -> Iterator[Path]:
    """A folder where files of layers can be linked to."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix=".") as folder:
        yield Path(folder)


def test_handlers_make_the_movie_that_this_machine_makes(
    root: BareRoot, server: Server, opts: Path, tmp_path: Path
) -> None:
    source = f"127.0.0.1:{server.server_port}"
    made = Lambdas(root.with_tmp(tmp_path), opts, source)
    wanted, project = document(server), uuid.uuid4().hex[:16]
    projects = DynamoProjects(DynamoTable(cloud.client("dynamodb"), made.table))
    projects.add(Project(project, "self", json.dumps(wanted), 1_700_000_000_000))

    run = {"project": project, "attempt": 0}
    state = made.call("prepare", **run, round=0)
    run["owner"] = state["owner"]
    assert sorted(task["function"] for task in state["tasks"]) == [
        *("element", "element", "paint", "paint", "paint", "speak")
    ]
    function_of = itemgetter("function")
    for function, tasks in groupby(sorted(state["tasks"], key=function_of), function_of):
        events = [{**run, "round": state["round"], "index": task["index"]} for task in tasks]
        made.call_each(function, events)
    state = made.call("prepare", **run, round=state["round"])
    assert state["count"] == 0
    tasks = made.call("plan", **run, round=state["round"])["tasks"]
    made.call_each("scene", [{**run, "index": task["index"]} for task in tasks])
    made.call("movie", **run)
    for function in ("element", "paint", "speak", "scene"):
        assert made.logs[function].count(LACKS) == 1, made.logs[function]

    (tmp_path / "movie.mp4").write_bytes(made.stored("movies/"))
    with studio(tmp_path / "data", server) as lab:
        assert decoded(tmp_path / "movie.mp4") == lab.decoded(wanted)


def test_a_function_that_lacks_walls_which_are_required_says_which(
    root: BareRoot, server: Server, opts: Path, tmp_path: Path
) -> None:
    source = f"127.0.0.1:{server.server_port}"
    made = Lambdas(root.with_tmp(tmp_path), opts, source, RESPLICE_REQUIRE_SANDBOX="1")
    for function in ("prepare", "scene"):
        told = made.failed(function, project=uuid.uuid4().hex[:16], round=0, index=0)
        assert told["errorType"] == "SandboxMissing", told
        assert "this machine lacks Landlock" in told["errorMessage"]
