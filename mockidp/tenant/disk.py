"""A tenant's state in a file: what was acknowledged is there after a crash of the process.

The changes of an exchange are one SQLite transaction, written before the exchange is answered.
A killed process loses nothing; a machine that loses power may lose the last moments.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.storage.store import Entry
from mockidp.tenant.data_dir import make_data_dir
from mockidp.tenant.plain_data import to_plain

StoredEntry = tuple[str, str, Entry[Any] | None]
"""A store, a key, and the entry; None for one that was evicted."""
FILE = "state.sqlite3"
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")
_APPLICATION, _VERSION = 0x6D6F636B, 1  # as SQLite's header has them
_BEGIN = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS entries (
        number INTEGER PRIMARY KEY, store TEXT NOT NULL, key TEXT NOT NULL, entry TEXT NOT NULL,
        UNIQUE (store, key)
    );
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL);
    PRAGMA application_id = {_APPLICATION};
    PRAGMA user_version = {_VERSION};
    COMMIT;
"""


class Disk:
    """The file, which is this process's alone until it ends. Every method is atomic.

    All of them raise MockIdPError where the file cannot be read or written.
    """

    def __init__(self, directory: Path) -> None:
        """Open the file of a data directory, or make it.

        Raises:
            MockIdPError: It cannot be read or written, is none of ours, or another process's.
        """
        self.path = directory / FILE
        self._lock = threading.Lock()
        try:
            make_data_dir(directory)
            self.path.touch(mode=0o600)  # before there are any keys in it
            self._db = sqlite3.connect(
                self.path, timeout=0, check_same_thread=False, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise MockIdPError(self._why(error)) from None
        try:
            with self._checked():
                self._take()
                self._opened = self._identities()
        except MockIdPError:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def load(self) -> tuple[dict[str, Any], list[tuple[str, str, Any]]]:
        """Return the facts by name, and the entries as store, key and entry, the oldest first."""
        with self._lock, self._checked():
            (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(f"it is damaged ({verdict})")
            facts = self._db.execute("SELECT name, fact FROM facts").fetchall()
            rows = self._db.execute("SELECT store, key, entry FROM entries ORDER BY number")
            entries = [(store, key, json.loads(str(entry))) for store, key, entry in rows]
            return {name: json.loads(str(fact)) for name, fact in facts}, entries

    def save(
        self,
        facts: Mapping[str, Any],
        entries: Iterable[StoredEntry] = (),
        *,
        replaced: Iterable[str] = (),
    ) -> None:
        """Write changes, all or nothing.

        Args:
            facts: The facts that changed.
            entries: The entries that changed, the newest last.
            replaced: Stores that keep none of their entries but those in `entries`.
        """
        with self._lock, self._checked(), self._db:  # commits, or rolls back
            self._check_present()
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "DELETE FROM entries WHERE store = ?", [(store,) for store in replaced]
            )
            for store, key, entry in entries:
                self._put_entry(store, key, entry)
            self._db.executemany(
                "INSERT OR REPLACE INTO facts (name, fact) VALUES (?, ?)",
                [(name, json.dumps(fact)) for name, fact in facts.items()],
            )

    def _put_entry(self, store: str, key: str, entry: Entry[Any] | None) -> None:
        if entry is None:
            self._db.execute("DELETE FROM entries WHERE store = ? AND key = ?", (store, key))
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO entries (store, key, entry) VALUES (?, ?, ?)",
                (store, key, json.dumps(to_plain(entry))),
            )

    def _take(self) -> None:
        """Take hold of the file; others' files stay as they are."""
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if tables and application != _APPLICATION:
            raise MockIdPError(
                f"{self.path} is no state of a mockidp: move it away, or name another directory "
                "with --data-dir"
            )
        if tables and version != _VERSION:
            raise MockIdPError(
                f"{self.path} has version {version}, and this mockidp keeps {_VERSION}: remove it, "
                "or name another directory with --data-dir"
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_BEGIN)

    def _check_present(self) -> None:
        """Check that the open files are still those of the directory.

        SQLite would go on writing to a file that was removed, and a restart would not find it.
        """
        if self._identities() != self._opened:
            raise MockIdPError(
                f"{self.path} was removed or replaced while this mockidp was running, so it cannot "
                "keep anything there: restart it"
            )

    def _identities(self) -> tuple[tuple[int, int], ...]:
        """Return what tells the database and its write-ahead log from other files."""
        try:
            found = [Path(f"{self.path}{suffix}").stat() for suffix in ("", "-wal")]
        except OSError:
            return ()
        return tuple((one.st_dev, one.st_ino) for one in found)

    @contextmanager
    def _checked(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise MockIdPError(self._why(error)) from None

    def _why(self, error: Exception) -> str:
        """Say what is wrong with the file, and how to fix it."""
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_BUSY"):
            return (
                f"{self.path}: another mockidp keeps its state there; stop it, or name another "
                "directory with --data-dir"
            )
        if name.startswith(_FULL):
            return (
                f"{self.path} could not be written ({error}): is the disk full, or is there a "
                "limit on the size of files? Free some space, or name another directory with "
                "--data-dir"
            )
        return (
            f"{self.path}: {error}. --persist needs a file there that it can read and write: fix "
            "or remove it, or name another directory with --data-dir"
        )
