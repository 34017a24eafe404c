"""Entries that are written before the commit that makes them those of a store.

So that a large commit does not block the server, it only renames the keys of replaced stores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.storage.redis.scripts import KEEP, PIECE, STAGED
from mockidp.storage.redis.server import checked
from mockidp.storage.redis.written import Changes, Row


class Staging:
    """The staged entries of a tenant.

    Args:
        client: The client for the server.
        prefix: Begins the name of each key.
        lease: The key of the lease.
        seconds: After which the lease expires.
    """

    def __init__(self, client: Any, prefix: str, lease: str, seconds: int) -> None:
        self._client, self._prefix, self._lease = client, prefix, lease
        self._milliseconds = seconds * 1000

    @contextmanager
    def staged(self, changes: Changes | None, commit_id: str, fence: str | None) -> Iterator[None]:
        """Stage entries for a commit inside. Afterwards delete those that it has not used.

        Args:
            changes: The changes; None if there are none.
            commit_id: The id of the commit.
            fence: That of the lease; None if another process may have it.
        """
        if changes is None or not changes.staged:
            yield
            return
        keys = {name: self._keys(name, commit_id) for name in changes.staged}
        try:
            for name, rows in changes.staged.items():
                has_order = name in changes.capacities
                self._write(rows, *keys[name], fence or "", has_order=has_order)
            yield
        finally:
            with suppress(MockIdPError), checked():  # they expire
                self._client.unlink(*(key for both in keys.values() for key in both))

    def _keys(self, name: str, commit_id: str) -> tuple[str, str]:
        staged = f"{self._prefix}staged:{commit_id}"
        return f"{staged}:store:{name}", f"{staged}:order:{name}"

    def _write(
        self, rows: Sequence[Row], store: str, order: str, fence: str, *, has_order: bool
    ) -> None:
        """Stage the entries of a store, and keep the lease."""
        for start in range(0, len(rows), PIECE):
            piece = list(enumerate(rows[start : start + PIECE], start + 1))
            with checked(), self._client.pipeline() as together:
                together.hset(store, mapping={row.key: f"0 {at} {row.text}" for at, row in piece})
                together.expire(store, STAGED)
                if has_order:
                    together.zadd(order, {row.key: at for at, row in piece})
                    together.expire(order, STAGED)
                together.eval(KEEP, 1, self._lease, fence, self._milliseconds)
                together.execute()
