"""The layers hold all that the functions need: handlers run where there is nothing else.

The system that they run on is as bare as Lambda's, and each has only its own layers, code and
variables there.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloud
import pytest
from bare_root import BareRoot, bare_root, merged, runtime
from resplice.adapters.records_dynamodb import DynamoRecords
from resplice.ports import Project
from studio import Studio, decoded, give, movie, picture, still, studio, tone
from web_server import Server, serving

from infra import layers, tools
from infra.functions import FUNCTIONS, ROWS, layers_of
from infra.local.lambda_process import BOOTSTRAP

NEWEST_GLIBC = 34
"""Amazon Linux 2023 has glibc 2.34."""

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


class Lambdas:
    """The stack's functions, each started anew for each event."""

    def __init__(self, folder: Path, source: str) -> None:
        """source: HOST:PORT that elements may come from."""
        self.bucket, self.table = cloud.new_bucket(), cloud.new_table()
        self._root, self._opts = bare_root(folder), folder / "opt"
        self._variables = {
            "BUCKET": self.bucket,
            "TABLE": self.table,
            "TOOLS": json.dumps(tools.named(runtime().version)),
            "SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:connections",
            "ALLOWED_SOURCES": source,
        }

    def call(self, name: str, **event: Any) -> Any:
        """What the function's handler gives for the event."""
        asked = {"id": str(uuid.uuid4()), "event": event, "deadline_s": 2e9}
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        done = self._root.run(
            [self._root.python, "-I", "-S", "-c", BOOTSTRAP.read_text(), "0", "1", arn, "/opt"],
            opt=self._opt(name),
            task=FUNCTIONS / name,
            environment=self._environment(name),
            stdin=json.dumps(asked) + "\n",
        )
        told = done.stdout.splitlines()[-1:] or ["{}"]
        reply = json.loads(told[0])
        assert "result" in reply, f"{done.stdout}\n{done.stderr}"
        return reply["result"]

    def keys(self) -> list[str]:
        """Of all objects in the bucket."""
        listed = cloud.client("s3").list_objects_v2(Bucket=self.bucket)
        return [each["Key"] for each in listed["Contents"]]

    def _opt(self, name: str) -> Path:
        opt = self._opts / name
        if not opt.exists():
            built = (layers.build(layer, runtime().version) for layer in layers_of(ROWS[name]))
            merged(built, opt)
        return opt

    def _environment(self, name: str) -> dict[str, str]:
        named = (*ROWS[name].variables, *(["ALLOWED_SOURCES"] if name == "element" else []))
        return {
            **{f"RESPLICE_{each}": self._variables[each] for each in named},
            **{f"AWS_{each}": "local" for each in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")},
            "AWS_REGION": cloud.REGION,
            "AWS_DEFAULT_REGION": cloud.REGION,
            "AWS_ENDPOINT_URL": cloud.endpoint(),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(ROWS[name].memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": name,
            "AWS_LAMBDA_LOG_STREAM_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": "Resplice",
            "POWERTOOLS_SERVICE_NAME": "resplice",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "_HANDLER": "handler.handler",
        }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> BareRoot:
    return bare_root(tmp_path_factory.mktemp("bare"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def document(server: Server) -> dict[str, Any]:
    """A bit of all that functions do: a download, a painting, a moving view, sound."""
    image = give(server, "/picture.png", picture("#2266aa", (320, 250)))
    title = {"type": "text", "text": "Größe 今日 😀", "settings": {"font-size": "12px"}}
    music = {"type": "audio", "src": give(server, "/tone.wav", tone(440))}
    scene = still(image, 1.0, zoom=3, pan="right")
    return movie({**scene, "elements": [*scene["elements"], title, music]})


def test_nothing_is_there_but_glibc_and_python(root: BareRoot, tmp_path: Path) -> None:
    done = root.run([root.python, "-I", "-S", "-c", LOOK_ROUND], tmp_path, tmp_path, {})
    assert done.stdout.splitlines() == [
        "['/tmp']",
        "['null', 'random', 'urandom', 'zero'] ['hosts', 'passwd', 'resolv.conf'] None",
        "True None -1",
    ], done.stderr
    libraries = {path.name for path in root.folder.rglob("*.so*") if "python3" not in str(path)}
    assert not [name for name in libraries if re.match("lib(nss[^_]|expat|font|X|free)", name)]


def test_handlers_make_the_movie_that_this_machine_makes(server: Server, tmp_path: Path) -> None:
    made = Lambdas(tmp_path, f"127.0.0.1:{server.server_port}")
    wanted, project = document(server), uuid.uuid4().hex[:16]
    records = DynamoRecords(cloud.client("dynamodb"), made.table)
    records.add_project(Project(project, "self", json.dumps(wanted), 1_700_000_000_000))

    run = {"project": project, "heals": 0}
    state = made.call("prepare", **run, wave=0)
    assert sorted(task["function"] for task in state["tasks"]) == ["element", "element", "paint"]
    for task in state["tasks"]:
        made.call(task["function"], **run, wave=state["wave"], index=task["index"])
    state = made.call("prepare", **run, wave=state["wave"])
    assert state["count"] == 0
    for task in made.call("plan", **run, wave=state["wave"])["tasks"]:
        made.call("scene", **run, index=task["index"])
    made.call("movie", **run)

    (key,) = (each for each in made.keys() if each.startswith("movies/"))
    cloud.client("s3").download_file(made.bucket, key, str(tmp_path / "movie.mp4"))
    with studio(tmp_path / "data", server) as lab:
        assert decoded(tmp_path / "movie.mp4") == lab.decoded(wanted)
