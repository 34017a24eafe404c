"""The public keys and certificates of a client: how it authenticates, and signs requests.

Spec: RFC 7523 2.2 (client assertions); RFC 9101 (request objects); RFC 8705 2 (mutual TLS).
Auth0: `client_authentication_methods` and `signed_request_object` of a client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import inf
from typing import ClassVar, Literal

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.clients.certificate import (
    ClientCertificate,
    der_of,
    one_line,
    thumbprint_of,
)
from mockidp.protocol.clients.keys import ClientKey, ClientKeys, load_client_key
from mockidp.protocol.mfa.authentication_methods import (
    MUTUAL_TLS,
    SELF_SIGNED_TLS_CLIENT_AUTH,
    TLS_CLIENT_AUTH,
)
from mockidp.resources.record import Record
from mockidp.resources.rules import Expected, Misfit
from mockidp.resources.unsupported import Differs
from mockidp.x509.subject import subject_of


@frozen
class Credential(Record):
    """A public key or a certificate of the client."""

    id: str = ""
    """Its id, such as `cred_` and 22 characters."""
    name: str = ""
    """Its name."""
    credential_type: Literal["public_key", "cert_subject_dn", "x509_cert"] = "public_key"
    """The kind of credential: a key, the subject of certificates that an authority has signed, or a
    self-signed certificate."""
    pem: str | None = None
    """The public key, or an X.509 certificate with it, as PEM. An export from Auth0 has none, and
    the client is refused until it is added."""
    subject_dn: str | None = None
    """The subject, in place of a certificate with it: one attribute in each line, as `C=XX`, in the
    order of the certificate."""
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
    def subject(self) -> str | None:
        """The subject that certificates need: `subject_dn`, or that of the PEM."""
        if self.subject_dn is not None:
            return self.subject_dn.strip()
        return subject_of(der_of(self.pem)) if self.pem else None

    @property
    def thumbprint(self) -> str | None:
        """The thumbprint of a self-signed certificate; None for other credentials."""
        if self.credential_type != "x509_cert" or self.pem is None:
            return None
        return thumbprint_of(der_of(self.pem))

    def matches(self, certificate: ClientCertificate) -> bool:
        """Return whether a certificate is this one, or has this subject."""
        if self.credential_type == "cert_subject_dn":
            return certificate.subject == self.subject
        return self.pem is not None and certificate.der == der_of(self.pem)

    @property
    def expiry(self) -> float:
        """When the credential expires, in seconds since 1970."""
        return datetime.fromisoformat(self.expires_at).timestamp() if self.expires_at else inf

    def describe(self, now: float) -> str:
        """Describe the credential for a hint: its name, and the key or why it is not usable."""
        name = self.name or self.id or "unnamed"
        by_subject = self.credential_type == "cert_subject_dn"
        if self.pem is None and not (by_subject and self.subject_dn):
            return f"{name} has no `pem`"
        if now >= self.expiry:
            return f"{name} expired at {self.expires_at}"
        if by_subject:
            return f"{name} has the subject {one_line(str(self.subject))}"
        if self.credential_type == "x509_cert":
            return f"{name} has the thumbprint {self.thumbprint}"
        key = load_client_key(str(self.pem), alg=self.alg, kid=self.kid)
        return f"{name} has the `kid` {key.kid} and is for {self.alg}"


Credentials = tuple[Credential, ...]
_KINDS = {
    "private_key_jwt": "public_key",
    TLS_CLIENT_AUTH: "cert_subject_dn",
    SELF_SIGNED_TLS_CLIENT_AUTH: "x509_cert",
}
"""The `credential_type` of each method's credentials."""


def keys_of(credentials: Credentials) -> ClientKeys:
    """Return the keys of credentials. Those without a PEM are left out."""
    return ClientKeys(key for key in (one.key() for one in credentials) if key is not None)


@frozen
class PrivateKeyJwt(Record):
    """Authentication by a signed JWT, with the key of any of these credentials."""

    credentials: Credentials = ()
    """The client's public keys."""


@frozen
class TlsClientAuth(Record):
    """Authentication by a TLS certificate, that of any of these credentials."""

    credentials: Credentials = ()
    """The client's certificates, or their subjects."""


@frozen
class ClientAuthenticationMethods(Record):
    """How the client authenticates in place of a secret."""

    private_key_jwt: PrivateKeyJwt | None = None
    """The client signs a JWT for each request (RFC 7523)."""

    tls_client_auth: TlsClientAuth | None = None
    """Mutual TLS with a certificate that an authority has signed."""
    self_signed_tls_client_auth: TlsClientAuth | None = None
    """Mutual TLS with a self-signed certificate."""

    @property
    def mutual_tls(self) -> str:
        """The method that needs a TLS certificate; empty for none."""
        return next((name for name in MUTUAL_TLS if getattr(self, name) is not None), "")

    @property
    def tls_credentials(self) -> Credentials:
        """The credentials of that method."""
        method = self.tls_client_auth or self.self_signed_tls_client_auth
        return method.credentials if method else ()


@frozen
class SignedRequestObject(Record):
    """Authorization requests in a signed JWT (RFC 9101)."""

    required: bool = False
    """Whether requests without one are refused."""
    credentials: Credentials = ()
    """The client's public keys."""


def check_pem(pem: str) -> Expected | None:
    """Check that a text is a certificate, or a public key that Auth0 accepts for a credential."""
    try:
        load_client_key(pem, alg="RS256", kid=None)
    except MockIdPError as error:
        return None if _is_certificate(pem) else Expected(str(error))
    return None


def check_certificate(pem: str) -> Expected | None:
    """Check that a text is a certificate."""
    return None if _is_certificate(pem) else Expected("a PEM certificate")


def _is_certificate(pem: str) -> bool:
    try:
        der_of(pem)
    except ValueError:
        return False
    return True


def mistakes_in_credentials(
    unused: Credentials, methods: ClientAuthenticationMethods | None, *, is_public: bool
) -> Iterator[Misfit]:
    """Yield methods of a public client, and credentials that do not fit their type or method.

    Args:
        unused: The credentials of the client that its methods need not have.
        methods: Its methods.
        is_public: Whether it is public, so that it may have none.
    """
    yield from _mistakes_in_pems("credentials", unused)
    if methods is None:
        return
    used = next((name for name in _KINDS if getattr(methods, name) is not None), "")
    if is_public and used:
        yield Misfit(
            "token_endpoint_auth_method",
            found="none",
            expected=f"another method or none at all, because the client has {used}",
        )
    for name, kind in _KINDS.items():
        method = getattr(methods, name)
        path = f"client_authentication_methods.{name}.credentials"
        for number, one in enumerate(method.credentials if method else ()):
            if one.credential_type != kind and (one.pem or one.subject_dn):
                yield Misfit(f"{path}[{number}].credential_type", one.credential_type, kind)
        yield from _mistakes_in_pems(path, method.credentials if method else ())


def _mistakes_in_pems(path: str, credentials: Credentials) -> Iterator[Misfit]:
    """Yield the credentials whose PEM is not what their type needs: a key, or a certificate."""
    for number, one in enumerate(credentials):
        wrong = _why_no_pem(one) if one.pem else ""
        if wrong:
            yield Misfit(f"{path}[{number}].pem", f"a PEM for {one.credential_type}", wrong)


def _why_no_pem(credential: Credential) -> str:
    pem = str(credential.pem)
    if check_pem(pem):
        return ""  # the check of the field reports it
    if credential.credential_type != "public_key":
        return "" if _is_certificate(pem) else "a PEM certificate"
    try:
        load_client_key(pem, alg=credential.alg, kid=None)
    except MockIdPError as error:
        return str(error)
    return ""
