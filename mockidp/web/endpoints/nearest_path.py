"""Which endpoint somebody meant who requested a path that does not exist.

First by the path's last part, since other servers have the same endpoints below other paths, then
by resemblance.
"""

from __future__ import annotations

from mockidp.protocol.discovery import AUTHORIZE, END_SESSION, JWKS, REVOKE, TOKEN, USERINFO

DISCOVERY = "/.well-known/openid-configuration"
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
"""By the last part of the path, in small letters and without punctuation."""
_ENDPOINTS = (AUTHORIZE, DISCOVERY, END_SESSION, JWKS, LOGOUT, REVOKE, TOKEN, USERINFO)
_LONGEST = 100
"""Characters of a path that is compared; the comparison takes more than linear time."""
_RESEMBLANCE = 0.75


def nearest_path(path: str) -> str | None:
    """Return the path of the endpoint that was probably meant; None if none is near."""
    if len(path) > _LONGEST:
        return None
    last = path.rstrip("/").rpartition("/")[2].lower()
    named = _BY_LAST_PART.get("".join(one for one in last if one.isalnum()))
    if named is not None:
        return named
    from difflib import get_close_matches  # noqa: PLC0415 - not needed at a start

    close = get_close_matches(path.lower(), _ENDPOINTS, n=1, cutoff=_RESEMBLANCE)
    return close[0] if close else None
