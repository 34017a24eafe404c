"""The SQLite file in which a backend keeps the entries of all its stores.

One table has one row for each entry. All changes of an exchange are one SQLite transaction. In the
mode WAL with `synchronous = NORMAL`, a killed process loses nothing that was committed; a machine
that loses power may lose the last moments, but never a part of a transaction.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.storage.store import FOREVER, Entry

Row = tuple[str, str, Entry[Any] | None]
"""A store, a key, and the entry with plain data as its value; None deletes the entry."""
FILE = "state.sqlite3"
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")
_APPLICATION, _VERSION = 0x6D6F636B, 2  # in SQLite's header
_CREATE = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS entries (
        store TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL,
        value TEXT NOT NULL, expires_at REAL, taken_at REAL,
        PRIMARY KEY (store, key)
    ) WITHOUT ROWID;
    PRAGMA application_id = {_APPLICATION};
    PRAGMA user_version = {_VERSION};
    COMMIT;
"""
_LOAD = "SELECT store, key, position, value, expires_at, taken_at FROM entries ORDER BY position"
_SAVE = """
    INSERT OR REPLACE INTO entries (store, key, position, value, expires_at, taken_at)
    VALUES (?, ?, ?, ?, ?, ?)
"""


class StateFile:
    """The file, which belongs to this process alone until it is closed.

    Every method is atomic, and raises MockIdPError if the file cannot be read or written.
    """

    def __init__(self, directory: Path) -> None:
        """Open the file of a directory, or create it.

        Raises:
            MockIdPError: It cannot be used, is not a file of mockidp, or another process has it.
        """
        self.path = directory / FILE
        self._lock = threading.Lock()
        with self._checked():
            self.path.touch(mode=0o600)  # before it contains keys
            self._db = sqlite3.connect(
                self.path, timeout=0, check_same_thread=False, isolation_level=None
            )
        try:
            with self._checked():
                self._prepare()
                self._opened = self._identities()
        except MockIdPError:
            self._db.close()
            raise

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def load(self) -> list[tuple[str, str, Entry[Any]]]:
        """Return all entries with store and key, in the order of their positions."""
        with self._lock, self._checked():
            (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(f"it is damaged ({verdict})")
            return [
                (
                    str(store),
                    str(key),
                    Entry(
                        value=json.loads(str(value)),
                        expires_at=FOREVER if expires_at is None else float(expires_at),
                        taken_at=None if taken_at is None else float(taken_at),
                        version=int(position),
                        position=int(position),
                    ),
                )
                for store, key, position, value, expires_at, taken_at in self._db.execute(_LOAD)
            ]

    def save(self, rows: Iterable[Row], *, replaced: Iterable[str] = ()) -> None:
        """Write changes, all or nothing.

        Args:
            rows: The changed entries.
            replaced: Stores whose other entries are deleted.
        """
        with self._lock, self._checked(), self._db:  # commits, or rolls back
            self._check_present()
            self._db.execute("BEGIN IMMEDIATE")
            for store in replaced:
                self._db.execute("DELETE FROM entries WHERE store = ?", (store,))
            for store, key, entry in rows:
                self._save_entry(store, key, entry)

    def _save_entry(self, store: str, key: str, entry: Entry[Any] | None) -> None:
        if entry is None:
            self._db.execute("DELETE FROM entries WHERE store = ? AND key = ?", (store, key))
            return
        expires_at = None if entry.expires_at == FOREVER else entry.expires_at
        value = json.dumps(entry.value)
        self._db.execute(_SAVE, (store, key, entry.position, value, expires_at, entry.taken_at))

    def _prepare(self) -> None:
        """Lock the file and create the table. A file of another program is left unchanged."""
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if tables and application != _APPLICATION:
            raise MockIdPError(
                f"{self.path} is not a state file of mockidp. Move it away, or set another "
                "directory with --data-dir."
            )
        if tables and version != _VERSION:
            raise MockIdPError(
                f"{self.path} has version {version}, but this mockidp only supports version "
                f"{_VERSION}. Remove it, or set another directory with --data-dir."
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_CREATE)

    def _check_present(self) -> None:
        """Check that the open files are still those in the directory.

        SQLite would continue to write to a removed file, and a restart would not find it.
        """
        if self._identities() != self._opened:
            raise MockIdPError(
                f"{self.path} was removed or replaced while mockidp was running. Restart mockidp."
            )

    def _identities(self) -> tuple[tuple[int, int], ...]:
        """Return what identifies the database and its write-ahead log."""
        try:
            found = [Path(f"{self.path}{suffix}").stat() for suffix in ("", "-wal")]
        except OSError:
            return ()
        return tuple((one.st_dev, one.st_ino) for one in found)

    @contextmanager
    def _checked(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            raise MockIdPError(describe_failure(self.path, error)) from None


def describe_failure(path: Path, error: Exception) -> str:
    """Return what is wrong with a state file, and how to fix it."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return (
            f"{path} is in use by another mockidp. Stop that one, or set another directory with "
            "--data-dir."
        )
    if name.startswith(_FULL):
        return (
            f"{path} could not be written ({error}). Is the disk full, or is there a limit on the "
            "size of files? Free some space, or set another directory with --data-dir."
        )
    return (
        f"{path} cannot be used: {error}. Fix or remove it, or set another directory with "
        "--data-dir."
    )
