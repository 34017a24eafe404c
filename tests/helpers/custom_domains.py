"""A tenant with two custom domains, one that is not verified, and clients at each of them."""

from dataclasses import replace

from helpers.acme import ACME, URL, with_client
from helpers.tenant_client import TenantClient
from mockidp.resources.custom_domain import CustomDomain

LOGIN, BRAND, PENDING = "login.acme.example", "id.brand.example", "soon.acme.test"
LOGIN_URL, BRAND_URL = f"http://{LOGIN}:9400", f"http://{BRAND}:9400"
PLACEHOLDER = "{custom_domain.metadata.public_app}"
DOMAINS = (
    CustomDomain(domain=LOGIN, domain_metadata={"public_app": "app.acme.example"}),
    CustomDomain(domain=BRAND),
    CustomDomain(domain=PENDING, status="pending_verification"),
)
TENANT = replace(
    with_client(
        ACME,
        "web",
        callbacks=("http://localhost:3000/callback", f"https://{PLACEHOLDER}/callback"),
        web_origins=(f"https://{PLACEHOLDER}",),
    ),
    custom_domains=DOMAINS,
)


def at_domains(document=TENANT, own=URL):
    """Return the tenant at its own domain and at its first two custom domains."""
    first = TenantClient(document, url=own)
    return first, first.another_browser(LOGIN_URL), first.another_browser(BRAND_URL)
