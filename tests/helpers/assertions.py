"""A client that authenticates with private_key_jwt, and the assertions that it signs."""

import uuid
from dataclasses import replace

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.acme import ACME, API, GRANTS, URL, web_client
from helpers.tenant_client import hint
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN
from mockidp.resources.client_credential import (
    ClientAuthenticationMethods,
    PrivateKeyJwt,
)
from mockidp.resources.client_grant import ClientGrant

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
UNAUTHORIZED = {"error": "invalid_client", "error_description": "Unauthorized"}
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def public_pem(key=KEY):
    """Return the public key as PEM."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()  # fmt: skip


def private_pem(key=KEY):
    """Return the private key as PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def make_assertion(now, *, key=KEY, alg="RS256", header=None, **claims):
    """Return a client assertion of the client `signer`, signed by PyJWT; None omits a claim."""
    defaults = {
        "iss": "signer",
        "sub": "signer",
        "aud": f"{URL}/",
        "iat": int(now),
        "exp": int(now) + 60,
        "jti": str(uuid.uuid4()),
    }
    kept = {name: value for name, value in (defaults | claims).items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers=header)


def with_assertion(assertion):
    """Return the parameters that carry an assertion."""
    return {"client_assertion": assertion, "client_assertion_type": JWT_BEARER}


def signer_document(*credentials):
    """Return the tenant with the client `signer`, which has these credentials."""
    methods = ClientAuthenticationMethods(private_key_jwt=PrivateKeyJwt(credentials=credentials))
    signer = web_client(
        "signer",
        client_secret=None,
        client_authentication_methods=methods,
        grant_types=(AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS),
    )
    grant = ClientGrant(client_id="signer", audience=API, scope=("read:items",))
    return replace(ACME, clients=(*ACME.clients, signer), client_grants=(*GRANTS, grant))


def request_token(idp, assertion, **form):
    """Request a machine's token with an assertion."""
    return idp.post(
        "/oauth/token",
        **{"grant_type": CLIENT_CREDENTIALS, "audience": API} | with_assertion(assertion) | form,
    )


def sign(idp, **options):
    """Return an assertion of the client `signer`, by the tenant's clock."""
    return make_assertion(idp.tenant.now(), **options)


def refusal(answer):
    """Return the hint of a refused assertion, without its first sentence."""
    assert (answer.status_code, answer.json) == (401, UNAUTHORIZED)
    first, _, rest = hint(answer).partition(" was refused. ")
    assert first == "The client assertion"
    return rest
