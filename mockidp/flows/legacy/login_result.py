"""`/login/callback`: log a browser in with the form that `/usernamepassword/login` returned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.flows.legacy.hosted_login import (
    CALLBACK,
    LIFETIME,
    LOGIN,
    PATH,
    SIGN_IN,
    context_of,
)
from mockidp.flows.login.authenticate import log_in_as
from mockidp.flows.login.transaction import find_login, login_not_found
from mockidp.flows.requests.own_url import is_own_url
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry, verify
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


def log_in_with_result(
    tenant: Tenant, base_url: str, parameters: Parameters
) -> tuple[LoginTransaction, Session]:
    """Log in the user of a posted form. Return the login and its new session.

    Raises:
        InvalidRequest: The form was changed, has expired or was posted before.
    """
    claims = _read_result(tenant, base_url, parameters)
    login = find_login(tenant, base_url, str(claims.get(LOGIN)))
    user = tenant.directory.user(str(claims.get("sub")))
    with tenant.trace.check("user", user=claims.get("sub"), logged_in=login.session_id is not None):
        if login.session_id is not None:
            raise login_not_found("The form was posted before, and can be posted only once.")
        if user is None:
            raise login_not_found(f"User {claims.get('sub')} was removed in the meantime.")
    _check_context(tenant, parameters, context_of(tenant, login, user))
    return login, log_in_as(tenant, login, user)


def _read_result(tenant: Tenant, base_url: str, parameters: Parameters) -> Mapping[str, Any]:
    """Return the claims of the signed result."""
    sent = parameters.get("wa")
    with tenant.trace.check("wa", sent=sent):
        if parameters.require("wa") != SIGN_IN:
            raise InvalidRequest(
                f"Unsupported wa: {sent}",
                hint=f"Field `wa` is {sent!r}, but {CALLBACK} accepts only {SIGN_IN}. Post the "
                f"form that {PATH} returned, unchanged.",
            )
    with tenant.trace.check("wresult", sent=cut(parameters.get("wresult"))):
        text = parameters.require("wresult")
        try:
            claims = verify(text, tenant.keys)
            expires_at = expiry(claims)
        except InvalidJwt as error:
            raise _invalid_result(str(error)) from None
        if not is_own_url(tenant, base_url, claims.get("iss"), "/") or LOGIN not in claims:
            raise _invalid_result("It is another token than that of the form.")
        if expires_at is None or tenant.now() >= expires_at:
            raise _invalid_result(f"It expired {LIFETIME} seconds after {PATH} returned it.")
    return claims


def _invalid_result(why: str) -> InvalidRequest:
    return InvalidRequest(
        "Invalid wresult", hint=f"Field `wresult` is invalid. {why} Log in again at {PATH}."
    )


def _check_context(tenant: Tenant, parameters: Parameters, expected: dict[str, Any]) -> None:
    """Check that the page did not change what the form says about the login."""
    with tenant.trace.check("wctx", expected=list(expected)):
        text = parameters.require("wctx")
        try:
            sent = json.loads(text)
        except (ValueError, RecursionError):
            sent = None
        if not isinstance(sent, dict):
            raise InvalidRequest(
                "Invalid wctx",
                hint=f"Field `wctx` is not a JSON object. Post the form that {PATH} returned, "
                "unchanged.",
            )
        changed = [name for name, value in expected.items() if sent.get(name) != value]
        if changed:
            raise InvalidRequest(
                "Invalid wctx",
                hint=f"Field `wctx` was changed: {', '.join(changed)}. Post the form that {PATH} "
                "returned, unchanged.",
            )
