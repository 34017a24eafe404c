"""Start, find and end single sign-on sessions.

Spec: OpenID Connect Core 3.1.2.1 (`max_age`), Front-Channel Logout 3 (`sid`).
Auth0: a session ends after `session_lifetime` hours, or unused after `idle_session_lifetime`.
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.flows.sessions.backchannel_logout import send_logout_tokens
from mockidp.flows.sessions.login_count import count_login
from mockidp.frozen import replace
from mockidp.protocol.tokens.artifacts import ClientLogin, Session
from mockidp.resources.client_logout import Initiator
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import SESSION
from mockidp.tenant.state.stores import SID, USER
from mockidp.tenant.tenant import Tenant

_HOUR = 3600


def start_session(
    tenant: Tenant,
    base_url: str,
    user: User,
    *,
    amr: tuple[str, ...] = (),
    is_transferred: bool = False,
    is_login: bool = True,
) -> Session:
    """Return a new session of a user. Its `id` is the cookie's value; `sid` is public.

    It is valid only at the domain of `base_url`. It is a login of the user, unless it is
    transferred or nobody logged in.
    """
    if is_login and not is_transferred:
        count_login(tenant, user)
    now = tenant.now()
    session = Session(
        id=tenant.ids.opaque_id(),
        sid=tenant.ids.opaque_id(),
        user_id=user.user_id,
        auth_time=now,
        amr=amr,
        is_transferred=is_transferred,
        domain=tenant.urls.domain_name(base_url),
        absolute_expires_at=now + tenant.directory.configuration.tenant.session_lifetime * _HOUR,
    )
    tenant.sessions.put(session.id, session, expires_at=_idle_end(tenant, session))
    tenant.trace.made(SESSION, session.id)
    return session


def find_session(tenant: Tenant, base_url: str, session_id: str | None) -> Session | None:
    """Return the session of a cookie, and restart its idle lifetime.

    Auth0: each domain has its own sessions.
    """
    entry = tenant.sessions.find(session_id) if session_id else None
    if entry is None:
        if session_id:
            end_expired_sessions(tenant)
        return None
    if entry.value.domain != tenant.urls.domain_name(base_url):
        return None
    session = entry.value  # if the swap fails, another request extended or ended it
    expires_at = _idle_end(tenant, session)
    tenant.sessions.swap(session.id, entry.version, session, expires_at=expires_at)
    return session


def add_method(tenant: Tenant, session_id: str, method: str) -> None:
    """Note in a session how its user has authenticated as well."""
    _change(tenant, session_id, lambda session: replace(session, amr=(method,)))


def add_used_client(tenant: Tenant, session_id: str, client_id: str) -> None:
    """Note in a session that its user logged in to a client."""

    def add(session: Session) -> Session:
        others = (one for one in session.used_by if one != client_id)
        return replace(session, used_by=(*others, client_id))

    _change(tenant, session_id, add)


def add_client_login(tenant: Tenant, sid: str, login: ClientLogin) -> None:
    """Note in a session that a client has got an ID token of it. The last issuer counts."""

    def add(session: Session) -> Session:
        others = (one for one in session.clients if one.client_id != login.client_id)
        return replace(session, clients=(*others, login))

    for session_id, _ in tenant.sessions.scan(SID, sid):
        _change(tenant, session_id, add)


def _change(tenant: Tenant, session_id: str, change: Callable[[Session], Session]) -> None:
    """Replace a session by what `change` makes of it, unless it has ended."""
    while entry := tenant.sessions.find(session_id):
        changed = change(entry.value)
        if changed == entry.value or tenant.sessions.swap(
            session_id, entry.version, changed, expires_at=entry.expires_at
        ):
            return


def end_session(tenant: Tenant, session: Session, initiator: Initiator) -> bool:
    """End a session, and notify its clients. Return whether it had not ended before."""
    ended = tenant.sessions.take(session.id)
    if ended is not None:
        send_logout_tokens(tenant, ended, initiator)
    return ended is not None


def end_sessions_of(tenant: Tenant, user_id: str, initiator: Initiator) -> None:
    """End all sessions of a user, and notify their clients."""
    for _, entry in tenant.sessions.scan(USER, user_id):
        end_session(tenant, entry.value, initiator)


def revoke_refresh_tokens_of(tenant: Tenant, user_id: str) -> None:
    """Revoke all refresh tokens of a user."""
    for key, _ in tenant.refresh_families.scan(USER, user_id):
        tenant.refresh_families.take(key)


def end_expired_sessions(tenant: Tenant) -> None:
    """Notify the clients of expired sessions, once for each session."""
    now = tenant.now()
    for key, entry in tenant.sessions.scan():
        is_expired = entry.taken_at is None and entry.expires_at <= now
        if (
            is_expired
            and entry.value.clients
            and tenant.sessions.delete(key, version=entry.version)
        ):
            send_logout_tokens(tenant, entry.value, "session-expired")


def _idle_end(tenant: Tenant, session: Session) -> float:
    idle = tenant.directory.configuration.tenant.idle_session_lifetime * _HOUR
    return min(session.absolute_expires_at, tenant.now() + idle)
