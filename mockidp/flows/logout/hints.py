"""The hints of a logout request: whose session it means to end.

Spec: OpenID Connect RP-Initiated Logout 1.0 2 (`id_token_hint`, `logout_hint`).
Auth0: hints that contradict each other are refused. The person has to confirm a logout without a
hint, and one whose `id_token_hint` is of another session.
"""

from __future__ import annotations

from mockidp.flows.sessions.id_token_hint import read_id_token_hint
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.artifacts import Session
from mockidp.protocol.tokens.jwt import InvalidJwt
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


@frozen
class LogoutHints:
    """What the hints of a request say.

    Attributes:
        client_id: The client of the `id_token_hint` or, without one, of the request.
        named: The session or, in an `id_token_hint` of a login without one, the user.
    """

    client_id: str | None
    named: str | None = None

    def name(self, session: Session) -> bool:
        """Return whether there is a hint that names this session or its user."""
        return self.named in (session.sid, session.user_id)


def read_hints(
    tenant: Tenant, base_url: str, parameters: Parameters, session: Session | None
) -> LogoutHints:
    """Return the checked hints of a request.

    Raises:
        InvalidRequest: A hint is not valid, or the hints, `client_id` and the browser's session
            contradict each other.
    """
    client_id, named = parameters.get("client_id"), None
    id_token, logout_hint = parameters.get("id_token_hint"), parameters.get("logout_hint")
    if id_token is not None:
        client_id, named = _check_id_token_hint(tenant, base_url, id_token, client_id)
    if logout_hint is not None:
        _check_logout_hint(tenant, logout_hint, named, session)
    return LogoutHints(client_id=client_id, named=named or logout_hint)


def _check_id_token_hint(
    tenant: Tenant, base_url: str, hint: str, client_id: str | None
) -> tuple[str, str]:
    """Return the client of the hint, and its session or user."""
    with tenant.trace.check("id_token_hint", sent=cut(hint), client_id=client_id):
        try:
            claims = read_id_token_hint(tenant, base_url, hint)
        except InvalidJwt as error:
            raise InvalidRequest(
                "Invalid id_token_hint", hint=f"Parameter `id_token_hint` is invalid. {error}"
            ) from None
        audience = str(claims.get("aud"))
        if client_id not in (None, audience):
            raise InvalidRequest(
                "Invalid id_token_hint",
                hint=f"Parameter `id_token_hint` was issued to client {audience}, but "
                f"`client_id` is {client_id}.",
            )
    return audience, str(claims.get("sid") or claims.get("sub"))


def _check_logout_hint(
    tenant: Tenant, hint: str, named: str | None, session: Session | None
) -> None:
    sid = session.sid if session else None
    with tenant.trace.check("logout_hint", sent=hint, id_token_hint=named, session=sid):
        if named not in (None, hint):
            raise InvalidRequest(
                "Invalid logout_hint",
                hint="Parameter `logout_hint` is not the `sid` of the `id_token_hint`. Send the "
                "`sid` of the same ID token, or only one of the two parameters.",
            )
        if sid not in (None, hint):
            raise InvalidRequest(
                "Invalid logout_hint",
                hint="Parameter `logout_hint` is not the `sid` of this browser's session. Send the "
                "`sid` of the ID token from the latest login.",
            )
