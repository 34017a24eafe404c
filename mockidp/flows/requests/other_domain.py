"""Codes, tokens and e-mail links of one domain of the tenant that are used at another one.

Auth0: tokens have the issuer of the domain at which their login began. The Management API refuses
tokens of another domain. Whether /userinfo does is not documented.
"""

from __future__ import annotations

from mockidp.flows.grants.request import GrantRequest
from mockidp.tenant.tenant import Tenant


def issuing_url(request: GrantRequest, begun_at: str) -> str:
    """Return the URL that determines the issuer of tokens. Give a hint if it is not the request's.

    Args:
        request: The token request.
        begun_at: The URL of the tenant at which the login began.
    """
    urls, here = request.tenant.urls, request.base_url
    found = urls.issuing_url(begun_at, here)
    if found != here:
        request.tenant.trace.advise(
            f"The login began at {urls.describe_domain(begun_at)}, so the `iss` of its tokens is "
            f"{urls.issuer(begun_at)}, but they were requested at {urls.describe_domain(here)}. "
            "A client that is configured with the latter refuses them. Use one domain for both."
        )
    return found


def mail_url(tenant: Tenant, base_url: str) -> str:
    """Return the URL for links in an e-mail, and give a hint if they are at another domain."""
    urls = tenant.urls
    found = urls.mail_url(base_url)
    if not urls.are_one_domain(found, base_url):
        flag = tenant.directory.configuration.tenant.flags.enable_custom_domain_in_emails
        tenant.trace.advise(
            f"The request came in at {urls.describe_domain(base_url)}, and the link in the e-mail "
            f"is at {urls.describe_domain(found)}, because `enable_custom_domain_in_emails` of "
            f"`tenant.flags` is {'on' if flag else 'off'}."
        )
    return found


def why_of_another_domain(tenant: Tenant, base_url: str, issuer: object) -> str:
    """Explain why a token is refused at a domain that is not its issuer's; empty if it is not."""
    urls = tenant.urls
    if (
        tenant.settings.accept_tokens_of_other_domains
        or not isinstance(issuer, str)
        or urls.are_one_domain(issuer, base_url)
    ):
        return ""
    return (
        f"The token was issued by {issuer}, which is {urls.describe_domain(issuer)}, and was sent "
        f"to {urls.describe_domain(base_url)}. Send it to the domain at which the user logged in, "
        "or set `accept_tokens_of_other_domains`."
    )
