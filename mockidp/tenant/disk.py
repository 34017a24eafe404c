"""A tenant's state in a file: what was acknowledged is there after a crash of the process.

Each change is one transaction of SQLite, written before the request that made it is answered.
A killed process loses nothing; a machine that loses its power may lose the last moments.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.tenant.plain_data import to_plain
from mockidp.tenant.store import Entry

_FILE = "state.sqlite3"
_TABLES = """
    CREATE TABLE IF NOT EXISTS entries (
        number INTEGER PRIMARY KEY, store TEXT NOT NULL, key TEXT NOT NULL, entry TEXT NOT NULL,
        UNIQUE (store, key)
    );
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL);
"""


class Disk:
    """The file. Every method is atomic, for any thread."""

    def __init__(self, directory: Path) -> None:
        """Open the file of a data directory, or make it.

        Raises:
            MockIdPError: It cannot be read or written, or is none of ours.
        """
        self.path = directory / _FILE
        self._lock = threading.Lock()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_TABLES)
            self.path.chmod(0o600)
        except (OSError, sqlite3.Error) as error:
            raise MockIdPError(
                f"{self.path}: {error}. What --persist keeps is there: make it a file that can be "
                "read and written, name another directory with --data-dir, or remove the file."
            ) from None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def load(self) -> dict[str, Any] | None:
        """Return the state as a snapshot's plain data; None if nothing was kept yet.

        Raises:
            MockIdPError: What is there is damaged.
        """
        try:
            with self._lock:
                facts = dict(self._db.execute("SELECT name, fact FROM facts"))
                rows = self._db.execute("SELECT store, key, entry FROM entries ORDER BY number")
                entries = [(store, key, json.loads(entry)) for store, key, entry in rows]
            if not facts:
                return None
            state = {name: json.loads(fact) for name, fact in facts.items()}
        except (sqlite3.Error, ValueError) as error:
            raise MockIdPError(f"{self.path} is damaged ({error}): remove it") from None
        for store in state.get("stores", {}):
            state["stores"][store] = [[key, entry] for name, key, entry in entries if name == store]
        return state

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep a snapshot's plain data, and nothing else."""
        rows = [
            (store, key, json.dumps(entry))
            for store, entries in state["stores"].items()
            for key, entry in entries
        ]
        facts = dict(state) | {"stores": dict.fromkeys(state["stores"], None)}
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM entries")
            self._db.executemany("INSERT INTO entries (store, key, entry) VALUES (?, ?, ?)", rows)
            self._put_facts(facts)
            self._db.execute("COMMIT")

    def save_facts(self, facts: Mapping[str, Any]) -> None:
        """Keep the parts of a snapshot beside its stores."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._put_facts(facts)
            self._db.execute("COMMIT")

    def save_entry(self, store: str, key: str, entry: Entry[Any] | None) -> None:
        """Keep an entry of a store as its newest; None is one that was forgotten."""
        with self._lock:
            if entry is None:
                self._db.execute("DELETE FROM entries WHERE store = ? AND key = ?", (store, key))
                return
            self._db.execute(
                "INSERT OR REPLACE INTO entries (store, key, entry) VALUES (?, ?, ?)",
                (store, key, json.dumps(to_plain(entry))),
            )

    def _put_facts(self, facts: Mapping[str, Any]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO facts (name, fact) VALUES (?, ?)",
            [(name, json.dumps(fact)) for name, fact in facts.items()],
        )
