"""Secrets in SQLite: what lies on the disk, who may read it, and what is said when it cannot be."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from resplice.adapters.sqlite.connections import SqliteConnections
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.sealing import Sealing
from resplice.core.providers import Connection
from resplice.errors import StorageError

HIDDEN = "sk-qK7hidden9"
MINE = Connection("mine", "elevenlabs")
YOURS = Connection("yours", "fal", (("endpoint", "https://a.example"),))


class Kept:
    """A data folder with two connections."""

    def __init__(self, folder: Path) -> None:
        self.file, self.key = SqliteFile(folder / "records.sqlite"), folder / "connections.key"
        self.connections = SqliteConnections(self.file, Sealing(self.key))
        for connection in (MINE, YOURS):
            self.connections.add(connection, {"key": HIDDEN})


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_no_file_holds_the_secret_and_none_but_the_owner_reads_the_key(
    kept: Kept, tmp_path: Path
) -> None:
    assert stat.S_IMODE(kept.key.stat().st_mode) == 0o600
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"records.sqlite", "connections.key"}
    assert not [path.name for path in files if path.name.startswith(".")]
    for path in files:
        assert HIDDEN.encode() not in path.read_bytes()
    (one,), (other,) = kept.file.rows("SELECT sealed FROM connections")
    assert one[:12] != other[:12]


def test_the_key_file_is_never_open_to_others_also_for_a_moment(tmp_path: Path) -> None:
    """Whatever the mask: every file that is made, as the system was asked to make it."""
    program = (
        "import os, sys; from pathlib import Path; os.umask(0); made = []\n"
        "sys.addaudithook(lambda event, args: made.append(event + ' ' + str(args[0]))"
        " if event in ('os.chmod', 'os.link', 'os.rename') else None)\n"
        "old = os.open\n"
        "def opened(path, flags, mode=0o777, **more):\n"
        "    made.append(f'{mode:o}') if flags & os.O_CREAT else None\n"
        "    return old(path, flags, mode, **more)\n"
        "os.open = opened\n"
        "from resplice.adapters.sqlite.sealing import Sealing\n"
        f"Sealing(Path({str(tmp_path / 'k')!r})).seal(b'', b'', first=True); print(*made)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert re.fullmatch(r"600 os\.link \S+/\.key-\w+\n", run.stdout), run
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600


def test_many_at_once_make_one_key(tmp_path: Path) -> None:
    file, key = SqliteFile(tmp_path / "records.sqlite"), tmp_path / "connections.key"

    def add(number: int) -> None:
        connections = SqliteConnections(file, Sealing(key))
        connections.add(Connection(f"c{number}", "fal"), {"key": str(number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(16)))
    connections = SqliteConnections(file, Sealing(key))
    assert [connections.secret(f"c{number}")["key"] for number in range(16)] == [
        str(number) for number in range(16)
    ]


def wrong_key(key: Path) -> None:
    key.write_text(f"{os.urandom(32).hex()}\n")


def no_key(key: Path) -> None:
    key.write_bytes(b"\xff\x00" * 99)


def a_folder(key: Path) -> None:
    key.unlink()
    key.mkdir()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (wrong_key, "is not the key .*: put the right one back, or remove the connections and"),
        (no_key, "holds no key: put the right one back"),
        (lambda key: key.write_bytes(b""), "holds no key: put the right one back"),
        (lambda key: key.unlink(), "connections.key is gone: put the right one back"),
        (lambda key: key.chmod(0o640), "others may read .*: chmod 600 .*connections.key"),
        (a_folder, "cannot use .*connections.key: Is a directory"),
    ],
)
def test_a_key_file_that_will_not_do_is_told_with_the_way_out(
    kept: Kept, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(kept.key)
    assert [each.id for each in kept.connections.list()] == ["mine", "yours"]
    with pytest.raises(StorageError, match=said) as refused:
        kept.connections.secret("mine")
    assert HIDDEN not in repr(refused.value) and not refused.value.__cause__


def test_a_lost_key_is_not_replaced_while_something_needs_it(kept: Kept) -> None:
    key = kept.key.read_text()
    kept.key.unlink()
    with pytest.raises(StorageError, match="is gone"):
        kept.connections.add(MINE, {"key": "new"})
    assert not kept.key.exists()
    assert kept.connections.remove("yours")
    kept.connections.add(MINE, {"key": "new"})
    assert kept.connections.secret("mine") == {"key": "new"}
    assert kept.key.read_text() != key


@pytest.mark.parametrize(
    "change",
    [
        "SET sealed = (SELECT sealed FROM connections WHERE id = 'yours') WHERE id = 'mine'",
        "SET id = CASE id WHEN 'mine' THEN 'theirs' ELSE 'mine' END",
        "SET settings = '[[\"endpoint\", \"https://evil.example\"]]' WHERE id = 'mine'",
        "SET kind = 'fal' WHERE id = 'mine'",
        "SET sealed = x'00' WHERE id = 'mine'",
        "SET sealed = substr(sealed, 1, 20) WHERE id = 'mine'",
    ],
)
def test_a_secret_is_opened_only_for_the_row_that_it_was_entered_with(
    kept: Kept, change: str
) -> None:
    kept.file.rows(f"UPDATE connections {change}")
    with pytest.raises(StorageError, match="is not the key"):
        kept.connections.secret("mine")


def test_who_uses_no_connection_needs_no_cryptography(tmp_path: Path) -> None:
    program = (
        "import sys; from resplice.cli.main import main\n"
        f"main(['connections', 'list', '--data', {str(tmp_path)!r}])\n"
        "assert not any(name.startswith('cryptography') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert not (tmp_path / "connections.key").exists()
