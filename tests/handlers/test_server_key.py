"""The key that a server asks for: an argument, a file, the environment says it; or nobody does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from resplice.errors import RespliceError
from resplice.wiring.server_key import server_key
from served import KEY, Served, running
from studio import COMMAND


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESPLICE_API_KEY", raising=False)
    monkeypatch.delenv("RESPLICE_API_KEY_FILE", raising=False)


def statuses(served: Served) -> list[int]:
    keys = (KEY, None, "wrong")
    return [served.call("GET", "/v2/movies", key=key)[0].status for key in keys]


@pytest.mark.parametrize("by", ["argument", "variable"])
def test_a_file_holds_the_key_of_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    options = ["--api-key-file", str(file)]
    if by == "variable":
        monkeypatch.setenv("RESPLICE_API_KEY_FILE", str(file))
        options = []
    with running(tmp_path / "data", *options) as served:
        assert statuses(served) == [200, 400, 400]
        seen = Path(f"/proc/{served.process.pid}/cmdline").read_bytes()
        assert KEY.encode() not in seen


def test_arguments_come_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("from-file")
    assert server_key(None, None) is None
    monkeypatch.setenv("RESPLICE_API_KEY", "from-variable")
    assert server_key(None, None) == "from-variable"
    assert server_key(None, file) == "from-file"
    assert server_key("said", None) == "said"
    monkeypatch.setenv("RESPLICE_API_KEY_FILE", str(file))
    with pytest.raises(RespliceError, match="Both RESPLICE_API_KEY and RESPLICE_API_KEY_FILE"):
        server_key(None, None)


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff\xfe", "é".encode(), b"a\nb"])
def test_a_file_without_a_key_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(RespliceError, match=str(file)):
        server_key(None, file)


@pytest.mark.parametrize("name", ["none", "."])
def test_a_file_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("RESPLICE_API_KEY_FILE", str(tmp_path / name))
    with pytest.raises(RespliceError, match=r"cannot be read: (No such file|Is a directory)"):
        server_key(None, None)


def test_no_server_is_open_by_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RespliceError, match="--api-key holds no key; to serve without one, leave"):
        server_key("", None)
    monkeypatch.setenv("RESPLICE_API_KEY", "")
    serve = [*COMMAND, "serve", "--port", "0", "--data", str(tmp_path)]
    run = subprocess.run(serve, capture_output=True, text=True, timeout=20)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "RESPLICE_API_KEY holds no key; to serve without one, leave it out" in run.stderr
