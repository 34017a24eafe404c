"""The test methods `end_sessions` and `logout_tokens`."""

from __future__ import annotations

from dataclasses import field

from mockidp.flows.sessions.session import end_expired_sessions, end_session
from mockidp.frozen import frozen
from mockidp.tenant.logout.tokens import LogoutToken, Wanted
from mockidp.tenant.state.stores import SID, USER
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import (
    MAXIMUM,
    MINIMUM,
    NO_ANSWER,
    Method,
    MethodCaller,
    Target,
    answer,
    list_of,
    parameters,
)
from mockidp.testing.methods.journal import MAX_COUNT, MAX_WAIT
from mockidp.testing.named import named_client, named_user


@frozen
class EndSessions:
    """The sessions to end."""

    user: str
    """By id, the id's last part, or e-mail."""
    sid: str | None = None
    """The session id, as ID tokens have it; by default all sessions of the user."""
    refresh_tokens: bool = False
    """Whether the refresh tokens of the sessions are revoked, too."""


@frozen
class LogoutTokenQuery:
    """The parameters of `read_logout_tokens`. Parameters that are left out match everything."""

    client: str | None = None
    """A client's id."""
    user: str | None = None
    """By id, the id's last part, or e-mail."""
    sid: str | None = None
    """The session that has ended."""
    after: int = field(default=0, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """Only tokens after the one with this number."""
    wait_seconds: float | None = field(default=None, metadata={MINIMUM: 0, MAXIMUM: MAX_WAIT})
    """How long to wait for the end of their delivery, at most 60."""
    times: int = field(default=0, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """How many tokens to wait for."""


def _end_sessions(target: Target, request: EndSessions) -> None:
    """End the sessions of a user, and send logout tokens to the apps with these sessions."""
    tenant = target.tenant
    user_id = named_user(tenant, request.user).user_id
    with tenant.backend.transaction():
        for _, entry in tenant.sessions.scan(USER, user_id):
            if request.sid not in (None, entry.value.sid):
                continue
            if end_session(tenant, entry.value, "session-revoked") and request.refresh_tokens:
                _revoke_refresh_tokens(tenant, entry.value.sid)


def _revoke_refresh_tokens(tenant: Tenant, sid: str) -> None:
    for key, _ in tenant.refresh_families.scan(SID, sid):
        tenant.refresh_families.take(key)


def _read_logout_tokens(target: Target, query: LogoutTokenQuery) -> list[LogoutToken]:
    """Return logout tokens, the oldest first; `wait_seconds` waits for their delivery."""
    tenant = target.tenant
    end_expired_sessions(tenant)
    wanted = Wanted(
        client_id=named_client(tenant, query.client).client_id if query.client else None,
        user_id=query.user and _user_id(tenant, query.user),
        sid=query.sid,
        after=query.after,
    )
    tokens = tenant.logout_delivery.tokens
    if query.wait_seconds is None:
        return tokens.of(wanted)
    return tokens.wait_for(wanted, times=query.times, timeout=query.wait_seconds)


def _user_id(tenant: Tenant, name: str) -> str:
    """Return the id of a user, who may have been deleted."""
    tokens = tenant.logout_delivery.tokens.of(Wanted(user_id=name))
    return tokens[0].user_id if tokens else named_user(tenant, name).user_id


END_SESSIONS = Method(
    name="end_sessions",
    http="POST /sessions/end",
    function=_end_sessions,
    parameters=parameters(EndSessions),
    answer=NO_ANSWER,
    status=204,
)
READ_LOGOUT_TOKENS = Method(
    name="read_logout_tokens",
    python=("logout_tokens",),
    http="GET /logout-tokens",
    function=_read_logout_tokens,
    parameters=parameters(LogoutTokenQuery),
    answer=list_of(answer(LogoutToken)),
)
LOGOUT_METHODS = (END_SESSIONS, READ_LOGOUT_TOKENS)


class LogoutMethods(MethodCaller):
    """The test methods for sessions and logout tokens in Python."""

    def end_sessions(
        self, user: str, *, sid: str | None = None, refresh_tokens: bool = False
    ) -> None:
        """End the sessions of a user, and send logout tokens to the apps with these sessions.

        Args:
            user: By id, the id's last part, or e-mail.
            sid: The session id, as ID tokens have it; by default all sessions of the user.
            refresh_tokens: Whether the refresh tokens of the sessions are revoked, too.

        Raises:
            MockIdPError: There is no such user.
        """
        request = EndSessions(user=user, sid=sid, refresh_tokens=refresh_tokens)
        self._call(END_SESSIONS, request)

    def logout_tokens(
        self,
        *,
        client: str | None = None,
        user: str | None = None,
        sid: str | None = None,
        after: int = 0,
        times: int = 0,
        timeout: float = 10.0,
    ) -> list[LogoutToken]:
        """Wait until the matching logout tokens are delivered, and return them, the oldest first.

        A delivery may also have failed: `state` of each token is `delivered` or `failed`, and
        `problem` says what to do.

        Args:
            client: The client that gets them, by id.
            user: The user whose session has ended: by id, the id's last part, or e-mail.
            sid: The session that has ended.
            after: Only tokens after the one with this number.
            times: How many tokens to wait for, if the logout takes place elsewhere.
            timeout: The longest time to wait, in seconds; 0 does not wait.

        Raises:
            TimedOut: Too few tokens matched, or some were still pending. The text lists all.
            MockIdPError: There is no such user or client, or the timeout is not a number.
        """
        query = LogoutTokenQuery(client=client, user=user, sid=sid, after=after, times=times)
        return self._call_and_wait(READ_LOGOUT_TOKENS, query, timeout)
