"""A tenant with enterprise connections, and requests of their identity provider to log users out."""

import time
import uuid
from dataclasses import replace

import jwt

from helpers.acme import ACME, user
from helpers.assertions import KEY, public_pem
from helpers.tenant_client import bearer
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.resources.connection import Connection
from mockidp.resources.connection_options import ConnectionOptions
from mockidp.tenant.content.settings import Settings

ISSUER, PATH = "https://acme.okta.com", "/oauth/global-token-revocation/connection/"
SAML_ISSUER = "http://www.okta.com/exk1"
TYP = "global-token-revocation+jwt"


def options(**extra):
    """Return options that mockidp has no fields for."""
    return ConnectionOptions(extra=extra)


def provider(connection, issuer=ISSUER):
    """Return the entry with the key of a connection."""
    return IdentityProvider(connection=connection, issuer=issuer, key=public_pem())


TENANT = replace(
    ACME,
    connections=(
        Connection(name="acme", strategy="okta", options=options(client_id="0oa1")),
        Connection(name="Acme OIDC", strategy="oidc"),
        Connection(
            name="acme-saml",
            strategy="samlp",
            options=options(
                global_token_revocation_jwt_iss=SAML_ISSUER,
                global_token_revocation_jwt_sub="0oa2",
            ),
        ),
        Connection(name="google-oauth2", strategy="google-oauth2"),
        Connection(name="no-key", strategy="okta"),
    ),
    users=(
        *ACME.users,
        *(
            replace(user(name), user_id=user_id, connection=connection)
            for name, user_id, connection in (
                ("carol", "okta|acme|00u1", "acme"),
                ("dave", "okta|acme|00u2", "acme"),
                ("erin", "auth0|00u3", "acme"),
                ("frank", "oidc|Acme OIDC|00u1", "Acme OIDC"),
                ("grace", "samlp|acme-saml|grace@acme.example", "acme-saml"),
            )
        ),
    ),
    mockidp=Settings(
        identity_providers=(
            provider("acme"),
            provider("Acme OIDC"),
            provider("acme-saml", "http://idp.example/saml"),
        ),
    ),
)


def revocation_token(url, *, key=KEY, alg="RS256", typ=TYP, now=None, **claims):
    """Return the JWT with which Okta authenticates, signed by PyJWT; None omits a claim."""
    now = time.time() if now is None else now
    defaults = {
        "jti": str(uuid.uuid4()), "iss": ISSUER, "sub": "0oa1", "aud": url, "iat": int(now),
        "nbf": int(now) - 300, "exp": int(now) + 300,
    }  # fmt: skip
    kept = {name: value for name, value in (defaults | claims).items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers={"typ": typ, "kid": "of-okta"})


def subject(sub, iss=ISSUER):
    """Return the body of a request."""
    return {"sub_id": {"format": "iss_sub", "iss": iss, "sub": sub}}


def revoke(idp, *, user="00u1", connection="acme", body=None, token=None, **options):
    """Send a request to log a user out, as Okta does."""
    path = f"{PATH}{connection}"
    if token is None:
        token = revocation_token(f"{idp.url}{path}", now=idp.tenant.now(), **options)
    body = subject(user) if body is None else body
    return idp.post(path, json_body=body, headers=bearer(token) if token else {})


def log_carol_out(idp):
    """Turn a tenant into this one, and log a user out."""
    idp.edit(TENANT)
    return revoke(idp)
