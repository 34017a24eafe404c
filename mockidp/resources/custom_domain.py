"""A domain of the tenant's own, with its own issuer: Auth0's `custom-domain` resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.hosts import is_address
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType, Summary
from mockidp.resources.rules import Expected
from mockidp.resources.unsupported import Differs

READY = "ready"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+")


@frozen
class CustomDomain(Record):
    """A domain at which the tenant answers with its own issuer, sessions and tokens."""

    domain: str
    """The host name, in lower case and without a port, such as `login.acme.example`."""
    id: str = field(default="", metadata={"name": "custom_domain_id"})
    """Its id. No answer depends on it."""
    status: Literal["ready", "pending_verification", "pending", "failed", "disabled"] = "ready"
    """Whether it is verified. The tenant answers only at domains that are `ready`."""
    primary: bool = True
    """Whether it is the primary domain. No answer depends on it."""
    is_default: bool = False
    """Whether links in e-mails lead to it if a request at the tenant's own domain caused the
    e-mail."""
    type: Literal["auth0_managed_certs", "self_managed_certs"] = "auth0_managed_certs"
    """Who manages its certificates. Here, mockidp always does. A proxy may send client certificates
    only to a domain with `self_managed_certs`."""
    cname_api_key: str | None = None
    """The key that the proxy sends as `cname-api-key`."""
    tls_policy: str = "recommended"
    """The version of TLS. No answer depends on it."""
    domain_metadata: Mapping[str, Any] = field(default_factory=dict)
    """Up to 10 strings, which `{custom_domain.metadata.KEY}` in URLs of clients refers to."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "certificate", "created_at", "origin_domain_name", "relying_party_identifier",
            "updated_at", "verification", "verification_method",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "custom_client_ip_header": Differs(
            "Auth0 reads the client's address from the header that this field names"
        ),
    }

    @property
    def is_ready(self) -> bool:
        """Whether the tenant answers at it."""
        return self.status == READY


def check_domain(domain: str) -> Expected | None:
    """Check that a custom domain is a host name with a dot, and not a real Auth0 domain."""
    if not _DOMAIN.fullmatch(domain) or is_address(domain):
        return Expected("a host name in lower case with a dot, such as login.acme.example")
    if f".{domain}".endswith(".auth0.com"):
        return Expected("a host outside auth0.com: a mock must not pass for a real tenant")
    return None


def check_metadata(metadata: Mapping[str, Any]) -> Expected | None:
    """Check that all values of the metadata are strings."""
    wrong = next((key for key, one in metadata.items() if not isinstance(one, str)), None)
    return None if wrong is None else Expected(f"strings as values, unlike the value of {wrong}")


def _summary(one: CustomDomain) -> Summary:
    return {"domain": one.domain, "status": one.status}


CUSTOM_DOMAIN = ResourceType(
    name="custom_domain",
    title="custom domain",
    plural="custom_domains",
    record=CustomDomain,
    key="domain",
    sections={"customDomains": "Custom domains, each with its own issuer and sessions."},
    id_prefix="cd_",
    unique=("domain",),
    secrets=("cname_api_key",),
    summary=_summary,
    checks={
        (CustomDomain, "domain"): check_domain,
        (CustomDomain, "domain_metadata"): check_metadata,
    },
)
