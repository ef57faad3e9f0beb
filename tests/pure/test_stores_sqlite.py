"""What only a file can do: outlive its process, be damaged, be locked, be full."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import anyio
import anyio.from_thread
import pytest

from fnlloyd.errors import SetupError, StoreFailed
from fnlloyd.stores.schema import STEPS, bring_up_to_date
from fnlloyd.stores.sqlite import SqliteStore

WRITER = """
import sys, anyio
from pathlib import Path
from fnlloyd.stores.sqlite import SqliteStore

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        await store.save(f"player-{number % 7}", {"number": number})
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()

anyio.run(main)
"""

FULL_DISK = """
import resource, signal, sys, anyio
from pathlib import Path
from fnlloyd.errors import StoreFailed
from fnlloyd.stores.sqlite import SqliteStore

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    await store.save("ada", {"score": 1})
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        await store.save("ada", {"x": "y" * 500_000})
    except StoreFailed as failed:
        sys.stdout.write(f"{failed.code} {failed.retryable} ")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sys.stdout.write(str(await store.load("ada")))
    await store.save("ada", {"score": 2})
    sys.stdout.write(str(await store.load("ada")))
    await store.aclose()

anyio.run(main)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


async def test_what_was_saved_is_there_after_closing_and_opening_again(path: Path) -> None:
    first = SqliteStore(path)
    await first.save("ada", {"score": 7})
    await first.save("bob", {"score": 8})
    await first.aclose()
    second = SqliteStore(path)
    assert (await second.ids(), await second.load("ada")) == (["bob", "ada"], {"score": 7})
    await second.aclose()


def test_every_acknowledged_save_survives_a_killed_writer(path: Path) -> None:
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                if line == "50\n":
                    writer.send_signal(signal.SIGKILL)
                    break
            acknowledged = int([line, *writer.stdout][-1].split()[0])
        number, damaged = anyio.run(_newest, path)
        assert damaged is None
        assert number >= acknowledged
        path.unlink()


async def _newest(path: Path) -> tuple[int, Path | None]:
    store = SqliteStore(path)
    records = [await store.load(name) for name in await store.ids()]
    await store.aclose()
    return max(record["number"] for record in records if record), store.damaged


@pytest.mark.parametrize("where", ["head", "middle", "all"])
async def test_a_damaged_file_is_moved_aside_and_an_empty_one_begun(path: Path, where: str) -> None:
    _fill(path)
    _spoil(path, where)
    spoiled = _bytes(path)
    store = SqliteStore(path)
    await store.open()
    assert store.damaged is not None
    assert store.damaged.name.startswith("sessions.db.damaged-")
    assert _bytes(store.damaged) == spoiled
    await store.save("ada", {"score": 1})
    assert await store.ids() == ["ada"]
    await store.aclose()


async def test_damage_met_while_running_does_not_stop_the_saving(path: Path) -> None:
    _fill(path, characters=100_000)  # more than SQLite keeps in memory
    store = SqliteStore(path)
    await store.open()
    _spoil(path, "middle")
    for name in await store.ids():
        await store.load(name)
    assert store.damaged is not None
    await store.save("ada", {"score": 1})
    assert await store.load("ada") == {"score": 1}
    await store.aclose()


async def test_two_damaged_files_in_a_row_are_both_kept(path: Path) -> None:
    aside = []
    for text in (b"first junk" * 99, b"second junk" * 99):
        _write(path, text)
        store = SqliteStore(path)
        await store.open()
        await store.aclose()
        assert store.damaged is not None
        aside.append(_bytes(store.damaged))
    assert aside == [b"first junk" * 99, b"second junk" * 99]


async def test_a_file_locked_by_another_process_is_a_setup_error_with_a_hint(path: Path) -> None:
    _fill(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM sessions WHERE id = 'nobody'")
    store = SqliteStore(path, busy_s=0.05)
    with pytest.raises(SetupError, match="locked by another process") as caught:
        await store.open()
    assert caught.value.hint == "stop the other program that has it open, or give this server a file of its own"
    with pytest.raises(StoreFailed, match="locked by another process"):
        await store.load("player-1")
    other.execute("COMMIT")
    other.close()
    assert await store.load("player-1") == {"x": "y" * 2000}
    await store.aclose()


async def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE accounts (id)")
    other.close()
    before = _bytes(path)
    store = SqliteStore(path)
    with pytest.raises(SetupError, match="another program's database"):
        await store.open()
    await store.aclose()
    assert _bytes(path) == before


async def test_the_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    _fill(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    store = SqliteStore(path)
    with pytest.raises(SetupError, match="written by a newer Fnlloyd"):
        await store.open()
    await store.aclose()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_one_may_not_write_in_is_a_setup_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SetupError, match="cannot be opened for writing: Permission denied"):
        anyio.run(SqliteStore(tmp_path / "x.db").open)
    tmp_path.chmod(0o700)


async def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be opened for writing: Is a directory"):
        await SqliteStore(tmp_path).open()


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_full_disk_is_told_and_costs_only_that_save(path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("internal True {'score': 1}{'score': 2}", "")


async def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    await store.save("ada", {})
    await store.aclose()
    with pytest.raises(StoreFailed, match="is closed"):
        await store.load("ada")


async def test_a_session_name_that_is_not_unicode_is_refused(path: Path) -> None:
    store = SqliteStore(path)
    with pytest.raises(StoreFailed, match="not Unicode"):
        await store.save("\ud800", {})
    await store.aclose()


async def test_a_cancelled_save_is_whole_or_not_at_all(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    with anyio.move_on_after(0):
        await store.save("ada", {"score": 1})
    assert await store.load("ada") in (None, {"score": 1})
    await store.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
async def test_what_players_said_is_readable_by_the_owner_alone(path: Path) -> None:
    store = SqliteStore(path)
    await store.save("ada", {})
    assert {entry.stat().st_mode & 0o077 for entry in path.parent.iterdir()} == {0}
    await store.aclose()


def test_an_older_file_is_brought_up_to_date_and_keeps_its_sessions() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(db, "memory")
    db.execute("INSERT INTO sessions VALUES ('ada', '{}', 1, 0)")
    bring_up_to_date(db, "memory", (*STEPS, "ALTER TABLE sessions ADD COLUMN note TEXT DEFAULT 'none'"))
    assert db.execute("SELECT id, note FROM sessions").fetchall() == [("ada", "none")]
    assert db.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)
    db.close()


def test_a_step_that_fails_leaves_the_file_as_it_was() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(db, "memory")
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(db, "memory", (*STEPS, "CREATE TABLE extra (id); SELECT nonsense"))
    assert db.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchall() == []
    assert db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    db.close()


def test_servers_that_start_together_on_a_new_file_all_open_it(path: Path) -> None:
    script = (
        "import sys, anyio\nfrom pathlib import Path\nfrom fnlloyd.stores.sqlite import SqliteStore\n"
        "async def main():\n store = SqliteStore(Path(sys.argv[1]))\n sys.stdin.readline()\n"
        " await store.save(sys.argv[2], {})\n await store.aclose()\nanyio.run(main)\n"
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), f"server-{number}"], stdin=subprocess.PIPE, text=True
        )
        for number in range(3)
    ]
    for server in servers:
        assert server.stdin is not None
        server.stdin.write("go\n")
        server.stdin.flush()
    codes = []
    for server in servers:
        server.communicate()
        codes.append(server.returncode)
    assert codes == [0, 0, 0]


def _fill(path: Path, characters: int = 2000) -> None:
    async def fill() -> None:
        store = SqliteStore(path)
        for number in range(50):
            await store.save(f"player-{number}", {"x": "y" * characters})
        await store.aclose()

    with anyio.from_thread.start_blocking_portal() as portal:
        portal.call(fill)


def _spoil(path: Path, where: str) -> None:
    size = path.stat().st_size
    start, length = {"head": (0, 100), "middle": (size // 3, size // 3), "all": (0, size)}[where]
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * length)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
