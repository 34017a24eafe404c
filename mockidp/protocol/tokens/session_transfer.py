"""Native to Web SSO: the token with which a native app hands its user's login to a browser.

Auth0: `docs/fidelity.md`, "Native to Web SSO".
"""

from __future__ import annotations

import re
from typing import Any

from mockidp.frozen import frozen

LIFETIME = 60
PARAMETER, COOKIE = "session_transfer_token", "auth0_session_transfer_token"
TOKEN_TYPE = "urn:auth0:params:oauth:token-type:session_transfer_token"
_AUDIENCE = re.compile(r"urn:(?P<host>[^\s:]+(?::\d+)?):session_transfer")


@frozen
class SessionTransferToken:
    """A login that no browser has taken over yet.

    Attributes:
        client_id: The native client.
        user_id: The user.
        amr: How the user had authenticated in addition to the password.
        address: The IP address of the native app; empty if it is unknown.
    """

    client_id: str
    user_id: str
    amr: tuple[str, ...] = ()
    address: str = ""


def host_in(audience: str | None) -> str | None:
    """Return the host in the audience of session transfer tokens; None for other audiences."""
    found = _AUDIENCE.fullmatch(audience or "")
    return found["host"] if found else None


def transfer_response(token: str) -> dict[str, Any]:
    """Return the body that carries a token, which is no bearer token."""
    return {
        "access_token": token,
        "issued_token_type": TOKEN_TYPE,
        "token_type": "N_A",
        "expires_in": LIFETIME,
    }
