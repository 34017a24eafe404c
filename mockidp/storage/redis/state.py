"""The state of a tenant on a Redis or Valkey server, which several processes share.

Every method is one command or script, so it is atomic, and raises MockIdPError if the server cannot
be used. `storage.redis.scripts` describes the keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import Any, Literal

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.storage.redis.identity import Identity
from mockidp.storage.redis.news import Found, Messages, News, Position
from mockidp.storage.redis.pages import parse_page
from mockidp.storage.redis.problems import lost_lease, other_state
from mockidp.storage.redis.reads import id_read, tokens_of
from mockidp.storage.redis.scripts import ACQUIRE, COMMIT, DELETE, FIND, KEYS, PAGE, READ, RELEASE
from mockidp.storage.redis.server import checked, read_again
from mockidp.storage.redis.staging import Staging
from mockidp.storage.redis.written import NOTHING, Changes

LEASE = 10
"""Seconds after which a writer that was killed no longer excludes the others."""
_BLOCK = 1000
"""The longest time to wait for a commit, in milliseconds, before the connection is used again."""


@frozen
class CommitVerdict:
    """What became of a commit.

    Attributes:
        result: `conflict` if what was read has changed; `busy` if another process has the lease;
            `lost` if this one no longer has it; `excluded` if it did not arrive, and is not made
            any more; `unknown` if nobody knows it any more.
        news: The commits that the replica has missed.
        number: That of the commit; if nothing was changed, that of the last one.
    """

    result: Literal["done", "conflict", "busy", "lost", "excluded", "unknown"]
    news: News | None = None
    number: int = 0


class RedisState:
    """The keys of one tenant on a server.

    Args:
        client: The client for the server, from `connect`.
        prefix: Begins the name of each key.
        lifetime: Seconds after which the server deletes a new state; None if it stays.
        identity: Is the same for all replicas. None checks nothing.
    """

    def __init__(
        self,
        client: Any,
        prefix: str,
        *,
        lifetime: float | None = None,
        identity: Identity | None = None,
    ) -> None:
        self._client, self._identity = client, identity
        self._keys = [f"{prefix}{name}" for name in KEYS]
        self._prefix = prefix
        self._lifetime = "" if lifetime is None else int(lifetime * 1000)
        self._read: Any = self._client.register_script(READ)
        self._acquire: Any = self._client.register_script(ACQUIRE)
        self._release: Any = self._client.register_script(RELEASE)
        self._commit: Any = self._client.register_script(COMMIT)
        self._find: Any = self._client.register_script(FIND)
        self._delete: Any = self._client.register_script(DELETE)
        self._staging = Staging(client, prefix, self._keys[2], LEASE)

    def close(self) -> None:
        """Close the connections, except one over which another thread publishes counters."""
        self._client.connection_pool.disconnect(inuse_connections=False)

    def time_commands(self, report: Callable[[str, float], object]) -> None:
        """Report the name and the seconds of each command from now on."""
        self._client.on_command = report

    def delete(self) -> None:
        """Delete all keys. Without the state no script writes any. Staged entries expire."""
        with checked():
            self._delete(self._keys, [self._prefix])
            self._client.unlink(self._keys[1])

    def news(self, known: Position) -> News:
        """Return what happened since a position."""
        return self.read(known, {}, ()).news

    def read(
        self,
        known: Position,
        stores: Mapping[str, int],
        feeds: Sequence[str],
        scanned: str | None = None,
    ) -> Found:
        """Return what happened since a position, and what stores and feeds have after that.

        Args:
            known: The position.
            stores: The stores to read, with the cursors of their next pages.
            feeds: The feeds to read.
            scanned: One of the stores, of which a page is scanned if it is large.

        Raises:
            MockIdPError: As always, or the server has evicted entries, or the state is that of
                another mock.
        """
        arguments = [known.epoch, known.commits, self._prefix, len(stores), *stores, *feeds]
        if scanned is None:
            (news, *found), page = read_again(partial(self._read, self._keys, arguments)), None
        else:
            scan = partial(self._scan, scanned, stores[scanned], arguments)
            (news, *found), page = read_again(scan)
        since = self._news(news)
        if not found:  # there is no state
            found = [(0, 0, ())] * len(stores) + [(0, ())] * len(feeds)
        pages = {
            name: parse_page(name, one, page if name == scanned else None)
            for name, one in zip(stores, found, strict=False)
        }
        messages = {
            name: Messages(kept=kept, count=int(count))
            for name, (count, kept) in zip(feeds, found[len(stores) :], strict=True)
        }
        return Found(news=since, pages=pages, feeds=messages)

    def _scan(self, store: str, cursor: int, arguments: Sequence[Any]) -> Any:
        """Read, and then a page of a store."""
        with self._client.pipeline() as together:
            together.eval(READ, len(self._keys), *self._keys, *arguments)
            together.hscan(f"{self._prefix}store:{store}", cursor, count=PAGE)
            return together.execute()

    def wait(self, known: Position, seconds: float) -> None:
        """Wait until there is a commit after a position, but not longer than some seconds."""
        milliseconds = min(_BLOCK, max(1, int(seconds * 1000)))
        since = {self._keys[1]: f"{known.commits}-0"}
        read_again(partial(self._client.xread, since, count=1, block=milliseconds))

    @contextmanager
    def acquired(self, known: Position) -> Iterator[tuple[str, News]]:
        """Wait for the lease. Yield its fence, and what happened since a position.

        An error inside releases it.

        Raises:
            MockIdPError: The server cannot be used, or there is no state any more, or it is that of
                another mock.
        """
        fence = os.urandom(8).hex()
        found = self._wait_for_lease(known, fence)
        try:
            yield fence, self._news(found)
        except BaseException:
            with suppress(MockIdPError):  # it expires
                self.release(fence)
            raise

    def _wait_for_lease(self, known: Position, fence: str) -> Any:
        arguments = [known.epoch, known.commits, LEASE * 1000, self._lifetime, fence]
        while True:
            found = read_again(partial(self._acquire, self._keys, arguments))
            if found == []:
                raise lost_lease(LEASE)
            if found is not None:
                return found[0]
            self.wait_for_release()

    def wait_for_release(self) -> None:
        """Wait until the lease may be free."""
        read_again(partial(self._client.blpop, [self._keys[-1]], timeout=0.5))

    def release(self, fence: str) -> None:
        """Release the lease, unless it has expired."""
        read_again(partial(self._release, self._keys, [fence]))

    def staged(
        self, changes: Changes | None, commit_id: str, fence: str | None
    ) -> AbstractContextManager[None]:
        """Stage the entries of a large commit, which is made inside; see `Staging.staged`."""
        return self._staging.staged(changes, commit_id, fence)

    def commit(
        self,
        known: Position,
        changes: Changes | None,
        *,
        commit_id: str,
        reads: str,
        fence: str | None,
        release: bool,
    ) -> CommitVerdict:
        """Write changes, all or nothing, unless what they depend on has changed.

        Args:
            known: The position of the replica when it began to read.
            changes: The changes; None to check only whether what was read is current.
            commit_id: The id of the commit.
            reads: The tokens of what was read.
            fence: That of the lease; None if another process may have it.
            release: Whether to release the lease.

        Raises:
            AnswerLostError: It may have been made.
            MockIdPError: It was not made.
        """
        written = ("", "", "")
        if changes is not None:
            written = (changes.tokens, changes.text, changes.logged)
        arguments: list[Any] = [
            fence or "",
            *(known.epoch, known.commits, self._prefix, reads, *written, int(release), commit_id),
        ]
        commit = partial(self._commit, self._keys, arguments)
        if changes is None:
            return self._verdict(*read_again(commit))
        with checked():
            return self._verdict(*commit())

    def find(self, known: Position, commit_id: str) -> CommitVerdict:
        """Return what became of a commit whose answer was lost.

        If it was not made, it is excluded that the server makes it later.

        Args:
            known: As for `commit`.
            commit_id: As for `commit`.
        """
        token = tokens_of([id_read(commit_id)])
        arguments = [known.epoch, known.commits, commit_id, token, NOTHING.text]
        return self._verdict(*read_again(partial(self._find, self._keys, arguments)))

    def claim(self) -> None:
        """Note the identity. The caller has the lease, and there is no state yet."""
        if self._identity is not None:
            outline = json.dumps(self._identity.outline)
            fields = {"identity": str(self._identity), "outline": outline}
            with checked():
                self._client.hset(self._keys[0], mapping=fields)

    def _verdict(self, result: Any, news: Any = None, number: Any = 0) -> CommitVerdict:
        return CommitVerdict(
            result=result, news=None if news is None else self._news(news), number=int(number)
        )

    def _news(self, found: Any) -> News:
        epoch, commits, missed, identity = (*found, None)[:4]
        if int(commits) and self._identity is not None and identity != str(self._identity):
            outline = read_again(partial(self._client.hget, self._keys[0], "outline"))
            raise other_state(identity or "", json.loads(outline or "{}"), self._identity)
        return News(position=Position(epoch=epoch, commits=int(commits)), missed=missed)
