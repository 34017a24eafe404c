"""The delivery of logout tokens, in threads of its own, so that no request waits for an app.

Tokens of a request are held until its answer is ready. The threads are daemons and end when there
is nothing to deliver, so they keep no process from ending. A reset cancels all deliveries, as does
the deletion of the tenant, also by another process, and the child process of a fork has none.

Spec: OpenID Connect Back-Channel Logout 1.0 2.5.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakSet

from mockidp.faults.active import FaultHit
from mockidp.faults.vocabulary import BACKCHANNEL_LOGOUT
from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import Refusal
from mockidp.storage.store import Backend, TenantDeleted
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.logout.tokens import LogoutToken, LogoutTokens
from mockidp.tenant.trace import cut

if TYPE_CHECKING:
    from mockidp.tenant.logout.attempt import DeliveryAttempt

PAUSES = (0.2, 1.0)
"""Seconds before the second and the third attempt. There is no fourth."""
DELIVERY_FAILED = "delivery_failed"
"""The error of a journal entry for an attempt that failed."""
_MAX_THREADS = 8
_logger = logging.getLogger("mockidp.backchannel_logout")
_NO_STATUS = 0


@frozen
class TokenDelivery:
    """A token to be delivered, and the faults that fire meanwhile.

    Attributes:
        token: The token.
        hits: The faults.
        canceled: Set by a reset, or if the tenant is deleted.
    """

    token: LogoutToken
    hits: Sequence[FaultHit]
    canceled: threading.Event

    @property
    def loser(self) -> FaultHit | None:
        """The fault that loses the token; None if it is sent."""
        return next((hit for hit in self.hits if hit.fault.drop), None)


class _Held:
    """Holds the tokens that a thread sends. Each request does: a generator would take longer."""

    def __init__(
        self, of_thread: threading.local, release: Callable[[TokenDelivery], None]
    ) -> None:
        self._of_thread, self._release = of_thread, release
        self._tokens: list[TokenDelivery] = []

    def __enter__(self) -> None:
        self._of_thread.held = self._tokens

    def __exit__(self, *_error: object) -> None:
        self._of_thread.held = None
        for delivery in self._tokens:
            self._release(delivery)


class LogoutDelivery:
    """Delivers logout tokens, and adds a journal entry for each attempt.

    Args:
        journal: Receives the entries.
        now: Returns the tenant's time.
        allowed: Returns the hosts that are allowed in addition to local ones.
        backend: That of the tenant.

    Attributes:
        tokens: The tokens that were sent, with their states.
        pauses: Seconds before each repetition.
    """

    def __init__(
        self,
        journal: Journal,
        now: Callable[[], float],
        allowed: Callable[[], Sequence[str]],
        backend: Backend,
    ) -> None:
        self.tokens = LogoutTokens()
        self.pauses: Sequence[float] = PAUSES
        self._journal = journal
        self._now = now
        self._allowed = allowed
        self._backend = backend
        self._of_thread = threading.local()
        self._begin_process()
        _DELIVERIES.add(self)

    def _begin_process(self) -> None:
        self.tokens.begin_process()
        self._lock = threading.Lock()
        self._waiting: deque[TokenDelivery] = deque()
        self._threads = 0
        self._canceled = threading.Event()

    def send(self, token: LogoutToken, hits: Sequence[FaultHit]) -> None:
        """Record a token, and deliver it: at once, or at the end of the request.

        Args:
            token: The token, without its number.
            hits: The faults that fire at its delivery.
        """
        with self._lock:
            canceled = self._canceled
        self.tokens.add(token)
        delivery = TokenDelivery(token=token, hits=hits, canceled=canceled)
        held: list[TokenDelivery] | None = getattr(self._of_thread, "held", None)
        if held is None:
            self._start(delivery)
        else:
            held.append(delivery)

    def held(self) -> AbstractContextManager[None]:
        """Hold the tokens that this thread sends until the end of the block."""
        return _Held(self._of_thread, self._start_after_commit)

    def _start_after_commit(self, delivery: TokenDelivery) -> None:
        self._backend.after_commit(partial(self._start, delivery))

    def cancel(self) -> None:
        """Cancel all deliveries of this process."""
        with self._lock:
            self._canceled.set()
            self._canceled = threading.Event()
            self._waiting.clear()

    def _start(self, delivery: TokenDelivery) -> None:
        with self._lock:
            self._waiting.append(delivery)
            if self._threads == _MAX_THREADS:
                return
            self._threads += 1
        threading.Thread(target=self._work, name="mockidp logout", daemon=True).start()

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            try:
                self._deliver(delivery)
            except TenantDeleted:
                self.cancel()
            except Exception:  # the other deliveries go on
                _logger.exception("the delivery of a logout token has ended")

    def _next(self) -> TokenDelivery | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _deliver(self, delivery: TokenDelivery) -> None:
        for hit in delivery.hits:
            hit.wait()
        token, attempts = delivery.token, 0
        while not self._is_canceled(delivery):
            made, attempts = self._attempt(delivery), attempts + 1
            if self._is_canceled(delivery):
                return
            is_last = not made.repeats or attempts > len(self.pauses)
            self._journal.add(partial(self._entry, delivery, made, attempts))
            _log(token, made)
            token = self.tokens.update(
                token,
                state=_state(made, is_last=is_last),
                attempts=attempts,
                status=made.status,
                problem=made.problem,
            )
            if is_last:
                return
            delivery.canceled.wait(self.pauses[attempts - 1])

    def _is_canceled(self, delivery: TokenDelivery) -> bool:
        self.tokens.catch_up()  # another mock may have been reset
        return delivery.canceled.is_set()

    def _attempt(self, delivery: TokenDelivery) -> DeliveryAttempt:
        from mockidp.tenant.logout.attempt import DeliveryAttempt, attempt  # noqa: PLC0415 - few mocks send logout tokens

        if delivery.loser is not None:
            return DeliveryAttempt(problem=delivery.loser.hint("the logout token was not sent"))
        return attempt(delivery.token, allowed=self._hosts())

    def _hosts(self) -> Sequence[str]:
        """Return the allowed hosts, or those that were last known if the backend cannot be used.

        Raises:
            TenantDeleted: Another process has deleted the tenant.
        """
        try:
            return self._backend.run(self._allowed)
        except Refusal:
            return self._allowed()

    def _entry(
        self, delivery: TokenDelivery, made: DeliveryAttempt, attempts: int, number: int
    ) -> JournalEntry:
        token = delivery.token
        return JournalEntry(
            number=number,
            at=self._now(),
            endpoint=BACKCHANNEL_LOGOUT,
            method="POST",
            url=token.url,
            parameters={"logout_token": cut(token.token)},
            client=token.client_id,
            user=token.user_id,
            status=made.status or _NO_STATUS,
            error=DELIVERY_FAILED if made.problem else None,
            hint=made.problem,
            faults=tuple(hit.name for hit in delivery.hits),
            notes={"initiator": token.initiator, "sid": token.sid, "attempt": attempts},
        )


def _log(token: LogoutToken, made: DeliveryAttempt) -> None:
    hint = f" hint={made.problem!r}" if made.problem else ""
    _logger.info(
        "%s %s client=%r%s", BACKCHANNEL_LOGOUT, made.status or _NO_STATUS, token.client_id, hint
    )


def _state(made: DeliveryAttempt, *, is_last: bool) -> str:
    if not made.problem:
        return "delivered"
    return "failed" if is_last else "pending"


_DELIVERIES: WeakSet[LogoutDelivery] = WeakSet()


def _begin_process() -> None:
    for one in _DELIVERIES:
        one._begin_process()  # noqa: SLF001 - of this module


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=_begin_process)
