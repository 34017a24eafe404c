"""Mutual TLS: the certificate of a request, and the clients that authenticate with theirs.

Spec: RFC 8705 2 and 3.
Auth0: a proxy at a custom domain sends the certificate (docs/fidelity.md, "Mutual TLS"). Here, the
https listener of the mock accepts one as well.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from mockidp.frozen import frozen
from mockidp.protocol.clients.authentication import wrong_secret
from mockidp.protocol.clients.certificate import (
    ClientCertificate,
    from_handshake,
    from_headers,
    one_line,
)
from mockidp.protocol.mfa.authentication_methods import MTLS, SELF_SIGNED_TLS_CLIENT_AUTH
from mockidp.resources.client import Client
from mockidp.resources.client_credential import Credential
from mockidp.storage.store import TenantDeleted
from mockidp.tenant.tenant import Tenant

CERTIFICATE, VERIFIED, KEY = "client-certificate", "client-certificate-ca-verified", "cname-api-key"
HEADERS = (CERTIFICATE, VERIFIED, KEY)
"""The headers of a proxy."""


@frozen
class PresentedCertificate:
    """The certificate of a request, or the reason why the request has no certificate."""

    certificate: ClientCertificate | None = None
    why_not: str = (
        "No client certificate was sent, neither in the TLS handshake nor in the header "
        f"`{CERTIFICATE}`."
    )


NOTHING = PresentedCertificate()


def presented_certificate(
    tenant: Tenant, base_url: str, headers: Mapping[str, str], handshake: bytes | None
) -> PresentedCertificate:
    """Return the certificate of a request.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        headers: Those of `HEADERS` that were sent.
        handshake: The certificate of the TLS handshake, as DER.
    """
    sent = headers.get(CERTIFICATE)
    if sent is None:
        return PresentedCertificate(certificate=from_handshake(handshake)) if handshake else NOTHING
    try:
        _check_proxy(tenant, base_url, headers.get(KEY))
        return PresentedCertificate(certificate=from_headers(sent, headers.get(VERIFIED)))
    except ValueError as error:
        why = f"The certificate of the proxy was ignored. {error}"
        tenant.trace.advise(why)
        return PresentedCertificate(why_not=why)


def _check_proxy(tenant: Tenant, base_url: str, key: str | None) -> None:
    """Check that a request comes from the proxy of a custom domain.

    Raises:
        ValueError: It does not. The message is a sentence.
    """
    domain = tenant.urls.custom_domain(base_url)
    if domain is None:
        raise ValueError(
            "Auth0 reads it only at a custom domain. Let the proxy send the domain as `Host`, and "
            "add it to `customDomains` with `type: self_managed_certs`."
        )
    if domain.type != "self_managed_certs":
        raise ValueError(
            f"Custom domain {domain.domain} has `type: {domain.type}`. Auth0 reads certificates "
            "only at domains with `type: self_managed_certs`."
        )
    if domain.cname_api_key is None:
        raise ValueError(f"Custom domain {domain.domain} has no `cname_api_key`. Give it one.")
    if key is None or not hmac.compare_digest(domain.cname_api_key.encode(), key.encode()):
        wrong = "was not sent" if key is None else "has another value"
        raise ValueError(
            f"Header `{KEY}` {wrong}. Send the `cname_api_key` of custom domain {domain.domain}."
        )


def client_roots(tenants: Iterable[Tenant]) -> str | None:
    """Return the authorities of client certificates as PEM; None if no tenant uses mutual TLS."""
    found = [one for one in map(_client_ca, tenants) if one is not None]
    return "\n".join(found).strip() if found else None


def _client_ca(tenant: Tenant) -> str | None:
    """Return the authorities of a tenant; None if it does not use mutual TLS or is deleted."""
    with suppress(TenantDeleted), tenant.backend.transaction():
        if _uses_mutual_tls(tenant):
            return tenant.settings.client_ca or ""
    return None


def _uses_mutual_tls(tenant: Tenant) -> bool:
    directory = tenant.directory
    return (
        directory.configuration.tenant.mtls.enable_endpoint_aliases
        or bool(directory.clients.find(MTLS, "true"))
        or bool(directory.apis.find(MTLS, "true"))
    )


def authenticate_by_certificate(
    tenant: Tenant, client: Client, presented: PresentedCertificate
) -> None:
    """Check that a request has a certificate with which its client authenticates.

    Raises:
        AccessDenied: It has none, or that of somebody else.
    """
    found, method = presented.certificate, client.mutual_tls
    with tenant.trace.check(
        "client_certificate",
        method=method,
        thumbprint=found.thumbprint if found else None,
        subject=one_line(found.subject) if found else None,
    ):
        mismatch = _mismatch(tenant, client, presented)
        if mismatch:
            raise wrong_secret(f"Client {client.client_id} authenticates with {method}.", mismatch)


def _mismatch(tenant: Tenant, client: Client, presented: PresentedCertificate) -> str:
    """Explain why a certificate is not the client's; empty if it is."""
    found, method = presented.certificate, client.mutual_tls
    if found is None:
        return f"{presented.why_not} Expected: {_expected(tenant, client)}."
    if found.is_ca_verified == (method == SELF_SIGNED_TLS_CLIENT_AUTH):
        needed = "a self-signed one" if found.is_ca_verified else "one that an authority has signed"
        return f"It needs {needed}, but {found.describe()} was sent."
    now = tenant.now()
    if any(now < one.expiry and one.matches(found) for one in client.tls_credentials):
        return ""
    return f"Expected: {_expected(tenant, client)}. Instead, {found.describe()} was sent."


def _expected(tenant: Tenant, client: Client) -> str:
    return " or ".join(_descriptions(tenant, client.tls_credentials)) or "none is registered"


def _descriptions(tenant: Tenant, credentials: tuple[Credential, ...]) -> Iterator[str]:
    return (one.describe(tenant.now()) for one in credentials)


def mistake_in_binding(thumbprint: str, presented: PresentedCertificate) -> str:
    """Explain why a request may not use an access token that is bound to a certificate.

    Args:
        thumbprint: That of the certificate; empty if the token is not bound.
        presented: The certificate of the request.

    Returns:
        A sentence; empty if the request may use it.
    """
    found = presented.certificate
    if not thumbprint or (found is not None and found.thumbprint == thumbprint):
        return ""
    came = f"Instead, {found.describe()} was sent." if found else presented.why_not
    return f"The token is bound to the certificate with the thumbprint {thumbprint}. {came}"
