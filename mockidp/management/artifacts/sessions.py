"""Sessions of users, which log the browser in to further clients.

Auth0: a deleted session leaves the refresh tokens of its logins, a revoked one does not. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.sessions.session import end_session, end_sessions_of
from mockidp.frozen import replace
from mockidp.management.access import check_scopes
from mockidp.management.artifacts.artifact_fields import check_metadata, shown_time
from mockidp.management.body import check_keys
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.users.users import find_user
from mockidp.protocol.tokens.artifacts import Session
from mockidp.resources.strategies import is_social
from mockidp.storage.store import Entry, replace_value
from mockidp.tenant.state.stores import SID, USER
from mockidp.tenant.tenant import Tenant

_SESSIONS = ListShape(key="sessions", has_checkpoints=True, is_object=True)
_HOUR = 3600


def _show(tenant: Tenant, entry: Entry[Session]) -> dict[str, Any]:
    session = entry.value
    used_at = _used_at(tenant, entry)
    shown = {
        "id": session.sid,
        "user_id": session.user_id,
        "created_at": shown_time(session.auth_time),
        "updated_at": used_at,
        "authenticated_at": shown_time(session.auth_time),
        "idle_expires_at": shown_time(entry.expires_at),
        "expires_at": shown_time(session.absolute_expires_at),
        "last_interacted_at": used_at,
        "device": {},
        "clients": [{"client_id": one} for one in session.used_by],
        "authentication": {"methods": _methods(tenant, session)},
    }
    return shown | ({"session_metadata": dict(session.metadata)} if session.metadata else {})


def _used_at(tenant: Tenant, entry: Entry[Session]) -> str | None:
    """Return when a session was last used, which follows from when it expires."""
    idle = tenant.directory.configuration.tenant.idle_session_lifetime * _HOUR
    return shown_time(max(entry.value.auth_time, entry.expires_at - idle))


def _methods(tenant: Tenant, session: Session) -> list[dict[str, Any]]:
    user = tenant.directory.user(session.user_id)
    is_federated = user is not None and is_social(user.user_id.partition("|")[0])
    names = ("federated" if is_federated else "pwd", *session.amr)
    return [{"name": one, "timestamp": shown_time(session.auth_time)} for one in names]


def _entries(tenant: Tenant, index: str, value: str) -> list[Entry[Session]]:
    """Return the sessions that have not ended."""
    now = tenant.now()
    return [entry for _, entry in tenant.sessions.scan(index, value) if entry.is_good(now)]


def _find(call: Call) -> Entry[Session]:
    found = _entries(call.tenant, SID, call.id)
    with call.tenant.trace.check("session", id=call.id, found=bool(found)):
        if not found:
            raise not_found(
                "The session does not exist.",
                hint=f"No session has the id {call.id!r}, or it has ended. The id is the claim "
                "`sid` of the ID token.",
            )
    call.tenant.trace.note(user=found[0].value.user_id)
    return found[0]


def _list(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    found = _entries(call.tenant, USER, user.user_id)
    return _SESSIONS.page(
        call, found, lambda one: _show(call.tenant, one), lambda one: one.value.sid
    )


def _delete_all(call: Call) -> Any:
    end_sessions_of(call.tenant, find_user(call.tenant, call.id).user_id, "session-revoked")
    return {}


def _get(call: Call) -> Any:
    return _show(call.tenant, _find(call))


def _patch(call: Call) -> Any:
    metadata = check_metadata(call, "session_metadata")
    while True:
        entry = _find(call)
        changed = replace(entry.value, metadata=metadata)
        store, until = call.tenant.sessions, entry.expires_at
        if replace_value(store, changed.id, entry.value, changed, expires_at=until):
            return _show(call.tenant, replace(entry, value=changed))


def _delete(call: Call) -> Any:
    for entry in _entries(call.tenant, SID, call.id):
        end_session(call.tenant, entry.value, "session-revoked")
    return {}


def _revoke(call: Call) -> Any:
    _end_with_tokens(call.tenant, _find(call).value)
    return {}


def _end_with_tokens(tenant: Tenant, session: Session) -> None:
    end_session(tenant, session, "session-revoked")
    for key, _ in tenant.refresh_families.scan(SID, session.sid):
        tenant.refresh_families.take(key)


def _revoke_access(call: Call) -> Any:
    """End one session of a user or all, with the refresh tokens unless they are preserved."""
    check_scopes(call.tenant, call.caller, ("delete:refresh_tokens",))
    check_keys(call, {"session_id", "preserve_refresh_tokens"})
    tenant, user = call.tenant, find_user(call.tenant, call.id)
    session_id, keeps_tokens = _selected(call)
    found = _entries(tenant, USER, user.user_id)
    for entry in found:
        if session_id in (None, entry.value.sid):
            end_session(tenant, entry.value, "session-revoked")
    for key, family in tenant.refresh_families.scan(USER, user.user_id):
        if not keeps_tokens and session_id in (None, family.value.sid):
            tenant.refresh_families.take(key)
    if session_id is not None and session_id not in {one.value.sid for one in found}:
        tenant.trace.advise(f"User {user.user_id} has no session {session_id!r}.")
    return {}


def _selected(call: Call) -> tuple[str | None, bool]:
    wanted: Mapping[str, tuple[type, str]] = {
        "session_id": (str, "string"),
        "preserve_refresh_tokens": (bool, "boolean"),
    }
    for name, (kind, words) in wanted.items():
        with call.tenant.trace.check(name, sent=call.body.get(name)):
            if name in call.body and not isinstance(call.body[name], kind):
                raise invalid_body(
                    f"Expected type {words}", at=name, hint=f"Send `{name}` as a {words}."
                )
    return call.body.get("session_id"), call.body.get("preserve_refresh_tokens", False)


_OF_USER, _ONE = "/users/{id}/sessions", "/sessions/{id}"
_READ, _UPDATE, _DELETE = ("read:sessions",), ("update:sessions",), ("delete:sessions",)
OPERATIONS = (
    Operation(
        title="Get sessions for user", method="GET", path=_OF_USER, scopes=_READ, handler=_list,
        query=_SESSIONS.parameters,
    ),
    Operation(
        title="Delete sessions for user", method="DELETE", path=_OF_USER, scopes=_DELETE,
        handler=_delete_all, status=HTTPStatus.ACCEPTED,
    ),
    Operation(title="Get session", method="GET", path=_ONE, scopes=_READ, handler=_get),
    Operation(title="Update session", method="PATCH", path=_ONE, scopes=_UPDATE, handler=_patch),
    Operation(
        title="Delete session", method="DELETE", path=_ONE, scopes=_DELETE, handler=_delete,
        status=HTTPStatus.ACCEPTED,
    ),
    Operation(
        title="Revokes a session", method="POST", path=f"{_ONE}/revoke", scopes=_DELETE,
        handler=_revoke, status=HTTPStatus.ACCEPTED,
    ),
    Operation(
        title="Revokes selected resources from a user", method="POST",
        path="/users/{id}/revoke-access", scopes=_DELETE, handler=_revoke_access,
        status=HTTPStatus.ACCEPTED,
    ),
)  # fmt: skip
