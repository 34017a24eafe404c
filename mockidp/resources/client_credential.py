"""The public keys of a client: how it authenticates with private_key_jwt and signs requests.

Spec: RFC 7523 2.2 (client assertions); RFC 9101 (request objects).
Auth0: `client_authentication_methods` and `signed_request_object` of a client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, ClassVar, Literal

from mockidp.errors import MockIdPError
from mockidp.protocol.authentication_methods import UNSUPPORTED_AUTHENTICATION_METHODS
from mockidp.protocol.client_keys import ClientKey, ClientKeys, load_client_key
from mockidp.resources.record import Record
from mockidp.resources.rules import Expected
from mockidp.resources.unsupported import Differs


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential(Record):
    """A public key of the client."""

    id: str = ""
    """Its id, such as `cred_` and 22 characters."""
    name: str = ""
    """Its name."""
    credential_type: Literal["public_key"] = "public_key"
    """The kind of credential."""
    pem: str | None = None
    """The public key, or an X.509 certificate with it, as PEM. An export from Auth0 has none, and
    what the client signs with the key is refused until it is added."""
    alg: Literal["RS256", "RS384", "PS256"] = "RS256"
    """The algorithm with which the client signs."""
    kid: str | None = None
    """The key id of tokens that are signed with the key. By default its JWK thumbprint."""
    expires_at: str | None = None
    """When the credential expires, such as `2030-01-01T00:00:00.000Z`."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"created_at", "updated_at"})
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "parse_expiry_from_cert": Differs("Auth0 lets the credential expire with its certificate"),
    }

    def key(self) -> ClientKey | None:
        """Return the key; None if the credential has no PEM."""
        if self.pem is None:
            return None
        return load_client_key(self.pem, alg=self.alg, kid=self.kid)

    @property
    def expiry(self) -> float:
        """When the credential expires, in seconds since 1970."""
        return datetime.fromisoformat(self.expires_at).timestamp() if self.expires_at else inf

    def describe(self, now: float) -> str:
        """Describe the credential for a hint: its name, and the key or why it is not usable."""
        name = self.name or self.id or "unnamed"
        key = self.key()
        if key is None:
            return f"{name} has no `pem`"
        if now >= self.expiry:
            return f"{name} expired at {self.expires_at}"
        return f"{name} has the `kid` {key.kid} and is for {self.alg}"


Credentials = tuple[Credential, ...]


def keys_of(credentials: Credentials) -> ClientKeys:
    """Return the keys of credentials. Those without a PEM are left out."""
    return ClientKeys(key for key in (one.key() for one in credentials) if key is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateKeyJwt(Record):
    """Authentication by a signed JWT, with the key of any of these credentials."""

    credentials: Credentials = ()
    """The client's public keys."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientAuthenticationMethods(Record):
    """How the client authenticates in place of a secret."""

    private_key_jwt: PrivateKeyJwt | None = None
    """The client signs a JWT for each request (RFC 7523)."""

    tls_client_auth: Mapping[str, Any] | None = None
    """Mutual TLS with a certificate of an authority, which mockidp refuses."""
    self_signed_tls_client_auth: Mapping[str, Any] | None = None
    """Mutual TLS with a self-signed certificate, which mockidp refuses."""

    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        name: Differs(
            "Auth0 authenticates the client by its TLS certificate, and mockidp refuses the client"
        )
        for name in UNSUPPORTED_AUTHENTICATION_METHODS
    }

    @property
    def mutual_tls(self) -> str:
        """The method that needs a TLS certificate; empty for none."""
        methods = UNSUPPORTED_AUTHENTICATION_METHODS
        return next((name for name in methods if getattr(self, name) is not None), "")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedRequestObject(Record):
    """Authorization requests in a signed JWT (RFC 9101)."""

    required: bool = False
    """Whether requests without one are refused."""
    credentials: Credentials = ()
    """The client's public keys."""


def check_pem(pem: str) -> Expected | None:
    """Check that a text is a public key that Auth0 accepts for a credential."""
    try:
        load_client_key(pem, alg="RS256", kid=None)
    except MockIdPError as error:
        return Expected(str(error))
    return None
