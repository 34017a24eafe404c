"""Log in the user of a session transfer token at /authorize.

Auth0: a token that is not accepted is not an error. The user is asked to log in, also if the
browser has a session (`docs/fidelity.md`, "Native to Web SSO").
"""

from __future__ import annotations

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.sessions.session import end_session, start_session
from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.artifacts import Session
from mockidp.protocol.tokens.session_transfer import (
    COOKIE,
    LIFETIME,
    PARAMETER,
    SessionTransferToken,
)
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@frozen
class Browser:
    """What the browser sent with a request to /authorize, in addition to the parameters."""

    session: Session | None
    transfer_cookie: str | None = None
    address: str = ""


def session_after_transfer(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters, browser: Browser
) -> Session | None:
    """Return the session with which a request continues: the browser's own, a new one or none.

    The token is used up, and a session of another user ends.
    """
    text, method = parameters.get(PARAMETER), "query"
    if text is None:
        text, method = browser.transfer_cookie, "cookie"
    if text is None or (method == "cookie" and _is_spent(tenant, text, browser.session)):
        return browser.session
    record, why = _take(tenant, client, text, method, browser.address)
    user = tenant.directory.user(record.user_id) if record else None
    if record and user is None:
        why = f"User {record.user_id} was removed."
    if record is None or user is None:
        name = PARAMETER if method == "query" else COOKIE
        tenant.trace.advise(f"The user has to log in, because `{name}` was not accepted. {why}")
        return None
    current = browser.session
    if current is None:
        return start_session(tenant, base_url, user, amr=record.amr, is_transferred=True)
    if current.user_id == user.user_id:
        return current
    end_session(tenant, current, "session-revoked")
    tenant.trace.advise(
        f"The user has to log in, because the session transfer token is for {user.user_id}, but "
        f"the browser had a session of {current.user_id}, which was ended."
    )
    return None


def _is_spent(tenant: Tenant, text: str, session: Session | None) -> bool:
    """Return whether a cookie remains from the transfer that has started the session."""
    past = tenant.session_transfer_tokens.history(text)
    return (
        past is not None
        and past.taken_at is not None
        and session is not None
        and session.user_id == past.value.user_id
    )


def _take(
    tenant: Tenant, client: Client, text: str, method: str, address: str
) -> tuple[SessionTransferToken | None, str]:
    """Return a token that is accepted, which is used up; otherwise none, and why."""
    with tenant.trace.check("session_transfer_token", method=method, client=client.client_id):
        settings = client.session_transfer
        is_implied = client.client_id not in tenant.directory.clients
        if not is_implied and method not in settings.allowed_authentication_methods:
            return None, (
                "`session_transfer.allowed_authentication_methods` of client "
                f"{client.client_id} does not contain {method}."
            )
        known = tenant.session_transfer_tokens.get(text)
        bound = settings.enforce_device_binding == "ip" and known is not None
        if known is not None and bound and known.address != address:
            return None, (
                f"It was issued to address {known.address or 'unknown'}, but the browser's is "
                f"{address or 'unknown'}. `session_transfer.enforce_device_binding` of client "
                f"{client.client_id} is ip."
            )
        taken = tenant.session_transfer_tokens.take(text)
        return taken, "" if taken else _why_unknown(tenant, text)


def _why_unknown(tenant: Tenant, text: str) -> str:
    past = tenant.session_transfer_tokens.history(text)
    if past is None:
        return "This tenant never issued such a token."
    if past.taken_at is not None:
        return f"It was used at {clock_time(past.taken_at)}, and works only once."
    return f"It expired at {clock_time(past.expires_at)}, {LIFETIME} seconds after it was issued."
