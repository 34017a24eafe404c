"""`/user/ssodata`: which user has a session in this browser, and with which connection.

Auth0: docs/fidelity.md, "Legacy endpoints".
"""

from __future__ import annotations

import re
from typing import Any

from mockidp.flows.legacy.origin import check_own_page
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.legacy import SSO_DATA
from mockidp.protocol.tokens.artifacts import Session
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

PATH = "/user/ssodata"
_FUNCTION = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_MAX_FUNCTION = 100


def sso_data(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    session: Session | None,
    origin: str | None,
) -> dict[str, Any]:
    """Return the data about the browser's session, in Auth0's key order.

    Raises:
        Refusal: A page of another origin calls.
    """
    check_own_page(tenant, base_url, origin, PATH)
    check_parameters(tenant, SSO_DATA, parameters)
    user = tenant.directory.user(session.user_id) if session else None
    if session is None or user is None:
        return {"sso": False}
    tenant.trace.note(user=user.user_id)
    return {
        "sso": True,
        "sessionClients": list(session.used_by),
        "lastUsedClientID": session.used_by[-1] if session.used_by else None,
        "lastUsedUserID": user.user_id,
        "lastUsedUsername": user.email or user.username or user.name,
        "lastUsedConnection": _connection_of(tenant, user),
    }


def _connection_of(tenant: Tenant, user: User) -> dict[str, str]:
    connection = tenant.directory.connection(user.connection)
    strategy = connection.strategy if connection else DATABASE_STRATEGY
    return {"name": user.connection, "strategy": strategy}


def jsonp_function(tenant: Tenant, parameters: Parameters) -> str | None:
    """Return the name of the function that a script calls with the data; None for JSON.

    Raises:
        InvalidRequest: It is not the name of a function, or the tenant allows no scripts of others.
    """
    name = parameters.get("cbx")
    with tenant.trace.check("cbx", sent=name, legacy_lock_api=tenant.settings.legacy_lock_api):
        if name is None:
            return None
        if len(name) > _MAX_FUNCTION or _FUNCTION.fullmatch(name) is None:
            raise InvalidRequest(
                "Invalid cbx",
                hint=f"Parameter `cbx` is {name[:_MAX_FUNCTION]!r}, which is not the name of a "
                "function.",
            )
        if not tenant.settings.legacy_lock_api:
            raise InvalidRequest(
                "JSONP is not allowed",
                hint="Parameter `cbx` requests a script that any page can load. Auth0 answers only "
                "its own login page. Leave `cbx` out, or set `mockidp.legacy_lock_api`.",
            )
    return name
