"""What goes back to the client's redirect URI, and what is wrong with it on purpose."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from mockidp.faults import Fault, FaultContext
from mockidp.faults.catalogue import CALLBACK
from mockidp.flows.authorization.response import ReplyTo, error_response
from mockidp.flows.faults.fire import fire
from mockidp.flows.faults.refusals import oauth_error_for
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.tenant.tenant import Tenant

ANOTHER_STATE = "another-state"


def apply_to_callback(tenant: Tenant, response: AuthorizationResponse) -> AuthorizationResponse:
    """Return the answer on its way to the client as the tenant's faults leave it."""
    known = {name: tenant.trace.notes.get(name) for name in ("client", "user")}
    for firing in fire(tenant, CALLBACK, **known):
        response = _spoil(tenant, response, firing.fault)
        tenant.trace.spoiled(firing, "what goes to the callback was spoiled")
    return response


def _spoil(tenant: Tenant, response: AuthorizationResponse, fault: Fault) -> AuthorizationResponse:
    error = oauth_error_for(tenant, fault, FaultContext(endpoint=CALLBACK))
    if error is not None:
        reply_to = ReplyTo(
            redirect_uri=response.redirect_uri,
            mode=response.mode,
            state=response.parameters.get("state"),
            relay=response.relay,
        )
        return error_response(error, reply_to)
    parameters = dict(response.parameters)
    if fault.wrong:
        parameters["state"] = ANOTHER_STATE
    parameters |= {name: _text(value) for name, value in fault.set.items()}
    kept = {name: value for name, value in parameters.items() if name not in fault.remove}
    return replace(response, parameters=kept)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
