"""Transactions whose changes are committed by one script, and that may run again."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from mockidp.errors import MockIdPError
from mockidp.protocol.errors.refusal import Refusal
from mockidp.storage.redis.attempt import Attempt
from mockidp.storage.redis.follower import Follower
from mockidp.storage.redis.lease import Lease
from mockidp.storage.redis.news import Position
from mockidp.storage.redis.problems import KEPT, refused_commit, unchecked_commit
from mockidp.storage.redis.server import AnswerLostError
from mockidp.storage.redis.state import LEASE, CommitVerdict, RedisState
from mockidp.storage.redis.written import Changes
from mockidp.storage.store import TenantDeleted

T = TypeVar("T")
_logger = logging.getLogger("mockidp.storage")
ATTEMPTS = 5
"""How often a transaction runs without the lease."""
_MAX_LOST = 1000


class SharedTransactions:
    """The transactions of a backend.

    Attributes:
        on_empty: Writes the first state, or that after the server has lost its data. Called while
            no one else writes.
        is_deletable: Whether the tenant was deleted if the server has no state.
        lease: Excludes all other writers.

    Args:
        state: The state on the server.
        follower: The copies of this process.
    """

    def __init__(self, state: RedisState, follower: Follower) -> None:
        self.lease = Lease(self._acquire, state.release)
        self.on_empty: Callable[[], object] | None = None
        self.is_deletable = False
        self._state, self._follower = state, follower
        self._of_thread = threading.local()
        self._lost: deque[Attempt] = deque(maxlen=_MAX_LOST)
        """Those of which nobody knows whether they were committed."""

    def run(self, action: Callable[[], T]) -> T:
        """Run an action in a transaction, and again if what it has read has changed meanwhile.

        What it does apart from changes of stores must wait in `after_commit`.
        """
        if self.attempt is not None:
            return action()
        if self.lease.is_mine:
            return self._run_under_lease(action)
        self._find_lost()
        for _ in range(ATTEMPTS):
            known = self._follower.position  # first, because each page that is read moves it on
            if self._follower.is_incomplete:
                self._begin()
                known = self._follower.position
            attempt = Attempt(known, repeats=True)
            answer, error = self._try(attempt, action)
            if self._commit(attempt, error):
                return _result(answer, error)
        with self.lease:
            self._begin_state()
            return self._run_under_lease(action)

    def _run_under_lease(self, action: Callable[[], T]) -> T:
        """Run an action while others can write only if it waits."""
        while True:
            attempt = Attempt(self._follower.position, repeats=True)
            answer, error = self._try(attempt, action)
            if self._commit(attempt, error):
                return _result(answer, error)

    def _try(
        self, attempt: Attempt, action: Callable[[], T]
    ) -> tuple[T | None, BaseException | None]:
        self._of_thread.attempt = attempt
        try:
            return action(), None
        except BaseException as error:  # noqa: BLE001 - raised again, if its reads were current
            return None, error
        finally:
            self._of_thread.attempt = None

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all changes that this thread makes inside, or undo them; join an open one."""
        attempt = self.attempt
        return self._once() if attempt is None else attempt.joined()

    @contextmanager
    def _once(self) -> Iterator[None]:
        self._begin()
        attempt = self._of_thread.attempt = Attempt(self._follower.position, repeats=False)
        try:
            try:
                yield
            except Refusal as refused:
                self._commit(attempt, refused)
                raise
            else:
                self._commit(attempt, None)
            finally:
                self._of_thread.attempt = None
        finally:
            if attempt.holds_lease:
                self.lease.release()

    @contextmanager
    def separately(self) -> Iterator[None]:
        """Let transactions inside end on their own, although this thread has one open."""
        outer, self._of_thread.attempt = self.attempt, None
        try:
            yield
        finally:
            self._of_thread.attempt = outer

    @contextmanager
    def detached(self) -> Iterator[None]:
        """Read what was last known, and commit nothing: to write a refusal without the server."""
        attempt = self._of_thread.attempt = Attempt(self._follower.position, repeats=True)
        attempt.is_current = True
        try:
            yield
        finally:
            self._of_thread.attempt = None
        for action in attempt.after_commit:
            action()

    def exclusive(self) -> AbstractContextManager[object]:
        """Exclude other writers, for a change that depends on several entries.

        A transaction that runs again if they change needs no lease.
        """
        attempt = self.attempt
        if attempt is None:
            return self.lease
        self.changing()
        return nullcontext()

    def after_commit(self, action: Callable[[], object]) -> None:
        """Run an action that cannot be undone once the changes so far are committed."""
        attempt = self.attempt
        if attempt is None:
            action()
        else:
            attempt.after_commit.append(action)

    @property
    def attempt(self) -> Attempt | None:
        """The open transaction of this thread."""
        return getattr(self._of_thread, "attempt", None)

    def changing(self) -> Attempt:
        """Return the open transaction, which is about to change something."""
        attempt: Attempt = self._of_thread.attempt
        if not attempt.repeats and not attempt.holds_lease:
            self.lease.acquire()
            attempt.holds_lease = True
            attempt.known = self._follower.position
        return attempt

    def _follow(self) -> None:
        with self._follower.refusing():
            self._follower.follow()

    def _begin(self) -> None:
        """Catch up, and write the first state if the server has no state.

        Raises:
            TenantDeleted: The tenant has none any more.
        """
        if self.lease.is_mine:
            return
        self._find_lost()
        self._follow()
        self._check_existence(self._follower.position)
        if self.on_empty is not None and not self._follower.position.commits:
            with self.lease:
                self._begin_state()

    def _begin_state(self) -> None:
        """Write the first state, unless there is one. The caller has the lease."""
        if self.on_empty is not None and not self._follower.position.commits:
            with self._follower.refusing():
                self._state.claim()
            self.on_empty()

    def _check_existence(self, known: Position) -> None:
        """Check that a tenant that can be deleted exists, so that it is not created again."""
        if self.is_deletable and not known.commits:
            raise TenantDeleted

    def _acquire(self) -> str:
        """Acquire the lease, and catch up."""
        follower, known = self._follower, self._follower.position
        self._check_existence(known)
        with follower.refusing(), self._state.acquired(known) as (fence, news), follower.lock:
            follower.adopt(news)
        return fence

    def _commit(self, attempt: Attempt, error: BaseException | None) -> bool:
        """Commit an attempt. Return whether it was done, and must not run again.

        Args:
            attempt: The attempt.
            error: What ended it. Only a refusal keeps its changes.
        """
        if error is not None and not isinstance(error, Refusal):
            attempt.changes.clear()
            attempt.messages.clear()
            attempt.after_commit.clear()
        if attempt or attempt.repeats:
            verdict = self._send(attempt)
            if verdict.result != "done":
                if not attempt.repeats:
                    raise self._follower.refusal(refused_commit(verdict.result, LEASE))
                return False
        for action in attempt.after_commit:
            action()
        return True

    def _send(self, attempt: Attempt) -> CommitVerdict:
        follower, lease = self._follower, self.lease
        self._check_existence(attempt.known)
        changes = follower.changes(attempt) if attempt else None
        with follower.refusing(), self._state.staged(changes, attempt.id, lease.my_fence):
            while True:
                is_last = lease.is_mine and attempt.holds_lease and lease.depth == 1
                verdict = self._try_to_send(attempt, changes, release=is_last)
                if verdict.result != "busy":
                    break
                self._state.wait_for_release()
        if verdict.news is None:
            raise follower.refusal(refused_commit(verdict.result, LEASE))
        with follower.refusing(), follower.lock:
            follower.adopt(verdict.news)
            if verdict.result == "done" and changes is not None:
                follower.apply_own(verdict.number, attempt, changes, verdict.news.position)
                if is_last:
                    lease.fence = None
        return verdict

    def _try_to_send(
        self, attempt: Attempt, changes: Changes | None, *, release: bool
    ) -> CommitVerdict:
        """Send a commit. If the answer is lost, find out whether it was made."""
        try:
            return self._state.commit(
                attempt.known,
                changes,
                commit_id=attempt.id,
                reads=attempt.read_tokens,
                fence=self.lease.my_fence,
                release=release,
            )
        except AnswerLostError:
            if changes is None:
                raise
            try:
                return self._find(attempt)
            except MockIdPError as error:
                raise unchecked_commit(error) from None

    def _find(self, attempt: Attempt) -> CommitVerdict:
        try:
            return self._state.find(attempt.known, attempt.id)
        except MockIdPError:
            self._lost.append(attempt)
            raise

    def _find_lost(self) -> None:
        """Find out about the commits whose answers were lost while the server was away."""
        while self._lost:
            try:
                attempt = self._lost.popleft()
            except IndexError:  # another thread was faster
                return
            with self._follower.refusing():
                found = self._find(attempt)
            if found.result == "done":
                _logger.warning(KEPT)
                for action in attempt.after_commit:
                    action()


def _result(answer: T | None, error: BaseException | None) -> T:
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # without an error, it is what the action returned
