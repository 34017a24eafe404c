"""The logout tokens that a tenant has sent to apps, and the state of their delivery."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from mockidp.errors import TimedOut
from mockidp.protocol.jwt import decode
from mockidp.resources.client_logout import Initiator
from mockidp.tenant.journal_text import check_timeout

MAX_TOKENS = 1000
State = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoutToken:
    """One logout token, and its delivery to the app."""

    number: int
    """Counts from 1 since the tenant's start or last reset."""
    at: float
    """Seconds since 1970, by the tenant's clock."""
    token: str
    """The JWT, as it is posted in the form field `logout_token`."""
    client_id: str
    user_id: str
    sid: str
    """The session that has ended."""
    initiator: Initiator
    """Auth0's name for what ended the session."""
    url: str
    """The URL of the app to which it is posted."""
    state: State = "pending"
    attempts: int = 0
    """How often it was posted."""
    status: int | None = None
    """The status of the app's last answer; None if there was none."""
    problem: str = ""
    """Why the last attempt failed, and what to do."""

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of the token. Nothing is verified."""
        return decode(self.token)[1]

    def __str__(self) -> str:
        problem = f": {self.problem}" if self.problem else ""
        return (
            f"#{self.number} {self.state} to client={self.client_id} user={self.user_id} "
            f"({self.initiator}){problem}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """The conditions of a query. Those that are None match everything."""

    client_id: str | None = None
    user_id: str | None = None
    sid: str | None = None
    after: int = 0

    def matches(self, token: LogoutToken) -> bool:
        """Return whether a token matches."""
        named = ((name, getattr(self, name)) for name in ("client_id", "user_id", "sid"))
        return token.number > self.after and all(
            value is None or getattr(token, name) == value for name, value in named
        )


class LogoutTokens:
    """The last logout tokens of a tenant, the oldest first."""

    def __init__(self) -> None:
        self.begin_process()

    def begin_process(self) -> None:
        """Begin without tokens and with a new lock, as in the child process of a fork."""
        self._changed = threading.Condition()
        self._by_number: dict[int, LogoutToken] = {}
        self._count = 0

    def add(self, make: Callable[[int], LogoutToken]) -> LogoutToken:
        """Add a token. `make` creates it for a number."""
        with self._changed:
            self._count += 1
            token = make(self._count)
            self._by_number[token.number] = token
            while len(self._by_number) > MAX_TOKENS:
                del self._by_number[next(iter(self._by_number))]
            self._changed.notify_all()
        return token

    def update(self, token: LogoutToken, **changes: Any) -> LogoutToken:
        """Change the state of a token that is still kept, and return it."""
        changed = replace(token, **changes)
        with self._changed:
            if self._by_number.get(token.number) == token:
                self._by_number[token.number] = changed
                self._changed.notify_all()
        return changed

    def clear(self) -> None:
        """Remove all tokens, and number the next one 1."""
        with self._changed:
            self._by_number.clear()
            self._count = 0
            self._changed.notify_all()

    def of(self, wanted: Wanted) -> list[LogoutToken]:
        """Return the tokens that match a query."""
        with self._changed:
            return [one for one in self._by_number.values() if wanted.matches(one)]

    def wait_for(self, wanted: Wanted, *, times: int, timeout: float) -> list[LogoutToken]:
        """Return the tokens that match a query, once their deliveries have ended.

        Args:
            wanted: The query.
            times: How many have to match at least.
            timeout: The longest time to wait, in seconds; 0 does not wait.

        Raises:
            TimedOut: Too few tokens matched, or some were still pending. The text lists all.
            MockIdPError: The timeout is not a number.
        """
        check_timeout(timeout)

        def is_complete() -> bool:
            found = self.of(wanted)
            return len(found) >= times and all(one.state != "pending" for one in found)

        with self._changed:
            if self._changed.wait_for(is_complete, timeout):
                return self.of(wanted)
            held = "".join(f"\n  {one}." for one in self._by_number.values())
        raise TimedOut(
            f"Waited {timeout:g} s for {times} logout tokens and the end of their delivery. "
            + (f"There are:{held}" if held else "There is no logout token.")
        )
