"""A tenant whose APIs exchange the access tokens of their users, and their exchanges."""

from dataclasses import replace

import jwt

from helpers.acme import ACME, API, DATABASE, RBAC_API, api, web_client
from helpers.tenant_client import claims_of
from mockidp.protocol.oauth.grant_types import REFRESH_TOKEN, TOKEN_EXCHANGE
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import ClientTokenExchange
from mockidp.resources.organization import (
    Organization,
    OrganizationConnection,
    OrganizationMember,
)

HS256_API, GRANTED_API = "https://hs256.example/", "https://granted.example/"
CONSENT_API = "https://consent.example/"
ALLOWED = ClientTokenExchange(allow_any_profile_of_type=("on_behalf_of_token_exchange",))


def service(client_id, of=API, **fields):
    """Return the client of an API that exchanges its users' access tokens."""
    defaults = {
        "app_type": "resource_server",
        "resource_server_identifier": of,
        "grant_types": (TOKEN_EXCHANGE, REFRESH_TOKEN),
        "token_exchange": ALLOWED,
        "callbacks": (),
    }
    return web_client(client_id, **defaults | fields)


TENANT = replace(
    ACME,
    clients=(
        *(
            replace(one, organization_usage="allow") if one.client_id == "web" else one
            for one in ACME.clients
        ),
        service("items"),
        service("reports", of=RBAC_API),
        service("hashed", of=HS256_API),
        service("rfc9068", of="https://rfc9068.example/"),
        service("no-toggle", token_exchange=None),
        service("not-of-an-api", app_type="regular_web"),
        service("of-no-api", of=None),
        service("public", token_endpoint_auth_method="none", client_secret=None),
        service("no-grant", grant_types=(REFRESH_TOKEN,)),
    ),
    resource_servers=(
        *ACME.resource_servers,
        api(CONSENT_API, "a", skip_consent_for_verifiable_first_party_clients=False),
    ),
    client_grants=(
        *ACME.client_grants,
        ClientGrant(client_id="reports", audience=GRANTED_API, subject_type="user", scope=("a",)),
    ),
    organizations=(
        Organization(
            name="acme",
            id="org_acme",
            members=(OrganizationMember(user_id="auth0|alice", roles=("viewer",)),),
            connections=(OrganizationConnection(name=DATABASE),),
        ),
    ),
)


def user_token(idp, audience=API, **form):
    """Return an access token for alice that the client `web` has got."""
    return idp.password_token(audience=audience, **form).json["access_token"]


def exchange(idp, subject_token, *, client_id="items", **form):
    """Exchange an access token as the service of an API, by default for the API of reports."""
    defaults = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": subject_token,
        "subject_token_type": ACCESS_TOKEN,
        "requested_token_type": ACCESS_TOKEN,
        "audience": RBAC_API,
    }
    return idp.token(client_id=client_id, **defaults | form)


def signed_token(idp, **changes):
    """Return a user token with other claims, signed by PyJWT with the tenant's key."""
    claims = claims_of(user_token(idp)) | changes
    key = idp.tenant.keys.current
    kept = {name: one for name, one in claims.items() if one is not None}
    return jwt.encode(kept, key.private_key, algorithm="RS256", headers={"kid": key.kid})
