"""The endpoint that was probably meant by a path that does not exist.

It is found by similarity, or by the last part of the path, because other servers have the same
endpoints at other paths.
"""

from __future__ import annotations

from mockidp.protocol.discovery.document import (
    AUTHORIZE,
    DISCOVERY,
    END_SESSION,
    JWKS,
    REVOKE,
    TOKEN,
    USERINFO,
)
from mockidp.protocol.errors.nearest import nearest

LOGOUT = "/v2/logout"
_BY_LAST_PART = {
    "auth": AUTHORIZE,
    "authorization": AUTHORIZE,
    "authorize": AUTHORIZE,
    "certs": JWKS,
    "endsession": END_SESSION,
    "jwks": JWKS,
    "jwksjson": JWKS,
    "keys": JWKS,
    "login": AUTHORIZE,
    "logoff": LOGOUT,
    "logout": LOGOUT,
    "oauthauthorizationserver": DISCOVERY,
    "openidconfiguration": DISCOVERY,
    "revocation": REVOKE,
    "revoke": REVOKE,
    "signin": AUTHORIZE,
    "signout": LOGOUT,
    "token": TOKEN,
    "tokens": TOKEN,
    "userinfo": USERINFO,
}
"""By the last part of the path, in lower case and without punctuation."""
_ENDPOINTS = (AUTHORIZE, DISCOVERY, END_SESSION, JWKS, LOGOUT, REVOKE, TOKEN, USERINFO)
_LIKENESS = 0.75
"""With a lower value, `/oauth` would suggest `/oauth/token`."""


def nearest_path(path: str) -> str | None:
    """Return the path of the endpoint that was probably meant; None if no path is similar."""
    last = path.rstrip("/").rpartition("/")[2].lower()
    named = _BY_LAST_PART.get("".join(one for one in last if one.isalnum()))
    return named or nearest(path, _ENDPOINTS, likeness=_LIKENESS)
