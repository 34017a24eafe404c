"""What faults do to the parameters that are sent to a client's redirect URI."""

from __future__ import annotations

import json
from typing import Any

from mockidp.faults.context import FaultContext
from mockidp.faults.fault import Fault
from mockidp.faults.refusals import oauth_error_for
from mockidp.faults.vocabulary import WRONG_VALUES
from mockidp.frozen import replace
from mockidp.protocol.oauth.response_mode import AuthorizationResponse


def change_callback(
    fault: Fault, response: AuthorizationResponse, context: FaultContext
) -> AuthorizationResponse:
    """Return an authorization response as a fault changes it, or the error that replaces it."""
    error = oauth_error_for(fault, context)
    if error is not None:
        state = response.parameters.get("state")
        parameters = {"error": error.error, "error_description": error.description}
        if state is not None:
            parameters["state"] = state
        return replace(response, parameters=parameters, refusal=error)
    parameters = dict(response.parameters)
    if fault.wrong:
        parameters["state"] = WRONG_VALUES["state"]
    parameters |= {name: _text(value) for name, value in fault.set.items()}
    kept = {name: value for name, value in parameters.items() if name not in fault.remove}
    return replace(response, parameters=kept)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
