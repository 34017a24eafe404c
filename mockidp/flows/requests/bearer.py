"""Read the bearer token of a request to one of the tenant's own endpoints.

Spec: RFC 6750 2 and 3.
Auth0: the token may also be in the query string (`?access_token=`). A refusal is the text
`Unauthorized`.
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters


def parse_bearer(authorization: str | None, parameters: Parameters) -> str | None:
    """Return the token from the header or the parameters; None if neither has one.

    Raises:
        InvalidRequest: There are two tokens (RFC 6750 2 allows one).
    """
    scheme, _, token = (authorization or "").partition(" ")
    in_header = token.strip() if scheme.lower() == "bearer" else None
    in_parameters = parameters.get("access_token")
    if in_header and in_parameters:
        raise InvalidRequest(
            "Multiple access tokens",
            hint="One access token is in the Authorization header, and another in parameter "
            "`access_token`. Send only one.",
        )
    return in_header or in_parameters
