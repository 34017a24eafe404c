"""The header `Auth0-Custom-Domain`, which chooses the domain of links in e-mails and answers.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from mockidp.management.refusals import conflict, refused
from mockidp.protocol.urls.origin import with_host
from mockidp.tenant.tenant import Tenant

LINK_DOMAIN = "Auth0-Custom-Domain"
_SEVERAL = 2


def check_has_one_domain(tenant: Tenant) -> None:
    """Check that it is clear at which domain a link without a chosen domain is.

    Raises:
        ApiRefusal: The tenant has several verified domains, and none is the default.
    """
    ready = [one for one in tenant.directory.custom_domains.values() if one.is_ready]
    is_clear = len(ready) < _SEVERAL or any(one.is_default for one in ready)
    with tenant.trace.check("link_domain", verified=[one.domain for one in ready]):
        if not is_clear:
            names = ", ".join(one.domain for one in ready)
            raise conflict(
                "The tenant has multiple verified custom domains.",
                code="custom_domain_conflict",
                hint=f"The domains {names} are verified, and none is the default. Send one of them "
                f"in the header {LINK_DOMAIN}, or set the default with PATCH "
                "/custom-domains/default.",
            )


def chosen_url(tenant: Tenant, url: str, sent: str | None, *, has_links: bool) -> str | None:
    """Return the URL for links that the header chooses; None without it.

    Args:
        tenant: The tenant.
        url: The URL of the tenant in the request.
        sent: The header.
        has_links: Whether the operation makes links.

    Raises:
        ApiRefusal: The header does not name a verified custom domain of the tenant.
    """
    if sent is None:
        return None
    if not has_links:
        tenant.trace.advise(f"The header {LINK_DOMAIN} has no effect on this call.")
        return None
    found = with_host(url, sent.strip().lower())
    is_known = tenant.urls.is_custom(found)
    with tenant.trace.check("custom_domain", sent=sent, is_known=is_known):
        if not is_known:
            raise refused(
                f"Invalid {LINK_DOMAIN} header",
                code="invalid_custom_domain",
                hint=f"{sent[:100]!r} is not a verified custom domain of the tenant. Add it to "
                "`customDomains`, or omit the header.",
            )
    return tenant.urls.browser_url(found)
