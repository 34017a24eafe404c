"""The logout tokens that a tenant has sent to apps, and the state of their delivery."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Literal

from mockidp.codec.write import to_wire
from mockidp.errors import TimedOut
from mockidp.frozen import frozen, replace
from mockidp.protocol.tokens.jwt import decode
from mockidp.resources.client_logout import Initiator
from mockidp.storage.feed import Feed, OpenFeed
from mockidp.tenant.journal.text import check_timeout

MAX_TOKENS = 1000
_KEPT = 4 * MAX_TOKENS
"""A token and the results of its three attempts."""
State = Literal["pending", "delivered", "failed"]


@frozen
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


@frozen
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
        self._feed: Feed | None = None
        self.begin_process()

    def begin_process(self) -> None:
        """Begin with a new lock, as in the child process of a fork, and with shared tokens only."""
        self._changed = threading.Condition()
        if self._feed is None:
            self._tokens: dict[str, LogoutToken] = {}  # by the JWT, which has a `jti`
            self._count = 0

    def share(self, open_feed: OpenFeed) -> None:
        """Share the tokens with other mocks, through a feed for which this is the receiver."""
        self._feed = open_feed("logout_tokens", _KEPT, self)

    def add(self, token: LogoutToken) -> None:
        """Add a token. It gets the next number."""
        self._send("add", token)

    def update(self, token: LogoutToken, **changes: Any) -> LogoutToken:
        """Change the state of a token that is still kept, and return it."""
        changed = replace(token, **changes)
        self._send("update", changed)
        return changed

    def _send(self, action: str, token: LogoutToken) -> None:
        if self._feed is None:
            self._change(action, token)
        else:
            self._feed.send(json.dumps([action, to_wire(token)]))

    def receive(self, message: str) -> None:
        """Add or change a token of a mock that shares the tenant, or of this one."""
        action, token = json.loads(message)
        self._change(action, LogoutToken(**token))

    def _change(self, action: str, token: LogoutToken) -> None:
        with self._changed:
            if action == "add":
                self._count += 1
                self._tokens[token.token] = replace(token, number=self._count)
                while len(self._tokens) > MAX_TOKENS:
                    del self._tokens[next(iter(self._tokens))]
            elif token.token in self._tokens:
                number = self._tokens[token.token].number
                self._tokens[token.token] = replace(token, number=number)
            self._changed.notify_all()

    def clear(self) -> None:
        """Remove all tokens, and number the next one 1."""
        if self._feed is None:
            self.begin(0)
        else:
            self._feed.clear()

    def begin(self, count: int) -> None:
        """Remove all tokens, and number the next one after a number."""
        with self._changed:
            self._tokens.clear()
            self._count = count
            self._changed.notify_all()

    def of(self, wanted: Wanted) -> list[LogoutToken]:
        """Return the tokens that match a query."""
        self.catch_up()
        with self._changed:
            return [one for one in self._tokens.values() if wanted.matches(one)]

    def catch_up(self) -> None:
        """Follow what other mocks have sent, resets included."""
        if self._feed is not None:
            self._feed.catch_up()

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

        if self._wait_until(is_complete, timeout):
            return self.of(wanted)
        held = "".join(f"\n  {one}." for one in self.of(Wanted()))
        raise TimedOut(
            f"Waited {timeout:g} s for {times} logout tokens and the end of their delivery. "
            + (f"There are:{held}" if held else "There is no logout token.")
        )

    def _wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        if self._feed is not None:
            return self._feed.wait_until(is_done, seconds)
        with self._changed:
            return self._changed.wait_for(is_done, seconds)
