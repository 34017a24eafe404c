"""A client that authenticates with private_key_jwt, and the assertions that it signs."""

import uuid

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.acme import URL

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
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
