"""A tenant for Cross App Access, and the assertions of its identity providers."""

from dataclasses import replace

import jwt

from helpers.acme import DATABASE, public_client, web_client
from helpers.assertions import KEY
from helpers.universal_logout import ISSUER
from helpers.universal_logout import TENANT as CONNECTED
from mockidp.protocol.oauth.grant_types import JWT_BEARER
from mockidp.resources.client_tokens import IdentityAssertionGrant
from mockidp.resources.connection import CrossAppAccess
from mockidp.resources.organization import (
    Organization,
    OrganizationConnection,
    OrganizationMember,
)

API, SAML_ISSUER = "https://api.example/", "http://idp.example/saml"
ALLOWED = {
    "identity_assertion_authorization_grant": IdentityAssertionGrant(active=True),
    "grant_types": (),
}
_ENABLED = ("acme", "acme-saml")

TENANT = replace(
    CONNECTED,
    clients=(
        *CONNECTED.clients,
        web_client("agent", **ALLOWED),
        public_client("spa-agent", **ALLOWED),
        web_client("either", organization_usage="allow", **ALLOWED),
        web_client("only", organization_usage="require", **ALLOWED),
    ),
    connections=tuple(
        replace(one, cross_app_access_resource_app=CrossAppAccess(status="enabled"))
        if one.name in _ENABLED
        else one
        for one in CONNECTED.connections
    ),
    organizations=(
        Organization(
            name="acme",
            id="org_acme",
            members=(OrganizationMember(user_id="okta|acme|00u1"),),
            connections=(OrganizationConnection(name="acme"),),
        ),
        Organization(
            name="other", id="org_other", connections=(OrganizationConnection(name=DATABASE),)
        ),
    ),
)


def assertion(idp, *, key=KEY, alg="RS256", typ="oauth-id-jag+jwt", **claims):
    """Return an assertion of the identity provider, signed by PyJWT; None omits a claim."""
    now = int(idp.tenant.now())
    defaults = {
        "jti": "j", "iss": ISSUER, "aud": f"{idp.url}/", "sub": "00u1", "client_id": "agent",
        "resource": API, "scope": "read:items", "iat": now, "exp": now + 300,
    }  # fmt: skip
    kept = {name: value for name, value in (defaults | claims).items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers={"typ": typ, "kid": "of-okta"})


def exchange(idp, sent=None, *, client_id="agent", form=(), **options):
    """Exchange an assertion as a client does."""
    sent = assertion(idp, client_id=client_id, **options) if sent is None else sent
    more = {"client_secret": None} if client_id == "spa-agent" else {}
    return idp.token(
        client_id=client_id, grant_type=JWT_BEARER, assertion=sent, **more, **dict(form)
    )
