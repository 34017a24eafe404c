"""The relying party: its id, and the origins at which its challenges may be answered.

Spec: Web Authentication Level 2, 5.1.4.1 and 13.4.9.
Auth0: the id is the custom domain, or its `relying_party_identifier`. Web apps are listed in
`web_origins`, Android apps by the fingerprints of their certificates.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.hosts import is_address
from mockidp.protocol.errors.oauth_error import InvalidRequest, NotImplementedHere
from mockidp.protocol.tokens.base64url import base64url
from mockidp.protocol.urls.origin import host_in, origin_of
from mockidp.protocol.webauthn.cbor import INSTALL, has_cbor
from mockidp.resources.client import Client
from mockidp.resources.unsupported import look_up
from mockidp.tenant.tenant import Tenant


def check_installed(tenant: Tenant) -> None:
    """Check that the package for passkeys is installed.

    Raises:
        NotImplementedHere: It is not.
    """
    with tenant.trace.check("package", needed="cbor2"):
        if not has_cbor():
            raise NotImplementedHere(
                "Passkeys need the package cbor2",
                hint=f"Passkeys need the package cbor2. Install it with `{INSTALL}`.",
            )


def check_custom_domain(tenant: Tenant, base_url: str) -> None:
    """Check that a request of an app is not at Auth0's own domain.

    Raises:
        InvalidRequest: It is.
    """
    host = host_in(tenant.urls.browser_url(base_url))
    with tenant.trace.check("custom_domain", host=host):
        if f".{host}".endswith(".auth0.com"):
            raise InvalidRequest(
                "Passkeys are only available at a custom domain",
                hint=f"The request is at {host}, where Auth0 refuses passkeys. Use a custom "
                "domain, or the address of the mock without `issuer`.",
            )


def relying_party_id(tenant: Tenant, base_url: str) -> str:
    """Return the id of the relying party for a request."""
    host = host_in(tenant.urls.browser_url(base_url))
    domain = tenant.urls.custom_domain(base_url)
    if is_address(host):
        tenant.trace.advise(
            f"The relying party is {host}, which browsers refuse, because it is an IP address. "
            "Open the mock and the app at localhost."
        )
    chosen = look_up(domain.extra, "relying_party_identifier") if domain else None
    return chosen if isinstance(chosen, str) and chosen else host


def accepted_origins(tenant: Tenant, base_url: str, rp_id: str, client: Client) -> tuple[str, ...]:
    """Return the origins at which a client's users may answer challenges."""
    own = (origin_of(base_url), origin_of(tenant.urls.browser_url(base_url)))
    native = (f"https://{rp_id}", *_android_origins(client))
    return tuple(dict.fromkeys((*own, *client.web_origins, *native)))


def _android_origins(client: Client) -> Iterator[str]:
    """Yield the origin of each certificate of the client's Android app."""
    prints = look_up(client.extra, "mobile.android.sha256_cert_fingerprints")
    for one in prints if isinstance(prints, list | tuple) else ():
        try:
            digest = bytes.fromhex(str(one).replace(":", ""))
        except ValueError:
            continue
        yield f"android:apk-key-hash:{base64url(digest)}"
