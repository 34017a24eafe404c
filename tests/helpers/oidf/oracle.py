"""Checks of tokens and claims with joserfc, which has no code in common with mockidp."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

SKEW = 5
PROTOCOL_CLAIMS = {
    "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash",
    "c_hash", "sid",
}  # fmt: skip
CLAIMS_OF_SCOPE = {
    "openid": {"sub"},
    "profile": {
        "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture",
        "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at", "preferred_username",
    },
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
    "offline_access": set(),
}  # fmt: skip
"""The claims of each scope (OpenID Connect Core 5.4)."""
STANDARD_CLAIMS = set.union(*CLAIMS_OF_SCOPE.values())
_URLS = {"profile", "picture", "website"}
_ADDRESS = {"formatted", "street_address", "locality", "region", "postal_code", "country"}
_VISIBLE = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")


def read_jwt(token, keys, *, alg="RS256"):
    """Return header and claims of a token that one of the published keys has signed."""
    decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[alg])
    assert decoded.header["kid"] in {key["kid"] for key in keys["keys"]}
    return decoded.header, decoded.claims


def check_id_token(claims, *, issuer, client_id, nonce, now):
    """Check what every ID token has to fulfill (OpenID Connect Core 2 and 3.1.3.7)."""
    assert claims["iss"] == issuer
    assert client_id in (claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]])
    assert isinstance(claims["sub"], str)
    assert 0 < len(claims["sub"]) <= 255
    assert now - SKEW <= claims["iat"] <= now + SKEW
    assert claims["iat"] < claims["exp"] < now + 365 * 86400
    assert claims.get("nonce") == nonce
    assert claims.get("acr") != ""
    if "auth_time" in claims:
        assert isinstance(claims["auth_time"], int)
        assert now - 86400 < claims["auth_time"] <= now + SKEW


def check_standard_claims(claims):
    """Check the type of each standard claim, and that no claim is empty (Core 5.1)."""
    for name, value in claims.items():
        if name in {"email_verified", "phone_number_verified"}:
            assert isinstance(value, bool), name
        elif name == "updated_at":
            assert isinstance(value, int), name
            assert 0 < value < 10**10
        elif name == "address":
            assert value, name
            assert set(value) <= _ADDRESS
            assert all(isinstance(part, str) and part for part in value.values())
        elif name in STANDARD_CLAIMS:
            assert isinstance(value, str), name
            assert value, name
            assert name not in _URLS or urlsplit(value).scheme in {"http", "https"}


def left_half(text):
    """Return what `at_hash` and `c_hash` contain (Core 3.1.3.6 and 3.3.2.11)."""
    return urlsafe_b64encode(sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def s256(verifier):
    """Return the PKCE challenge of a verifier (RFC 7636 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def check_entropy(secret, bits=96):
    """Check the length of a secret value, and that it is not a repetition."""
    assert len(secret) * 5 >= bits
    assert len(set(secret)) >= 10


def check_error(error):
    """Check an error that a client gets (RFC 6749 4.1.2.1 and 5.2)."""
    assert _VISIBLE.fullmatch(error["error"])
    assert _VISIBLE.fullmatch(error.get("error_description", ""))
    assert set(error) <= {"error", "error_description", "error_uri", "state", "iss"}


def check_logout_token(claims, *, id_token, now):
    """Check a logout token of the session of an ID token (Back-Channel Logout 2.4 and 2.6)."""
    for name in ("iss", "aud", "sub", "sid"):
        assert claims[name] == id_token[name]
    assert now - SKEW <= claims["iat"] <= now + SKEW
    assert claims["iat"] < claims["exp"]
    assert claims["jti"]
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in claims
