"""The URLs of a tenant: its own domain, its custom domains, and the issuer of each.

The tenant's own domain is every host that is no custom domain, such as `localhost`, `127.0.0.1` and
the names in `mockidp.hosts`. The settings `issuer` and `browser_url` are for requests to it, and to
the custom domain that `issuer` names. Every other custom domain has its own issuer and pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.protocol.urls.origin import host_in, with_host
from mockidp.resources.custom_domain import CustomDomain
from mockidp.storage.single_value import SingleValue
from mockidp.tenant.content.document import Configuration
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.state.records import Records

_OWN_HOST = "localhost"
MTLS = "mtls."
"""The first label of the host of a custom domain's endpoints for mutual TLS."""


class TenantUrls:
    """The URLs of a tenant, for requests to one of them."""

    def __init__(
        self, domains: Records[CustomDomain], configuration: SingleValue[Configuration]
    ) -> None:
        self._domains = domains
        self._configuration = configuration

    @property
    def _settings(self) -> Settings:
        return self._configuration.value.mockidp

    @property
    def _has_none(self) -> bool:
        """Whether there is no custom domain, as in most tenants. URLs are compared often."""
        return not self._domains.store.count()

    def issuer(self, base_url: str) -> str:
        """Return the issuer for a request to `base_url`, with a slash at the end."""
        fixed = self._settings.issuer
        if self._has_none:
            return (fixed or base_url).rstrip("/") + "/"
        base_url = self._without_mtls(base_url)
        url = base_url if fixed is None or self._is_elsewhere(base_url) else fixed
        return url.rstrip("/") + "/"

    def mtls_url(self, base_url: str) -> str:
        """Return the URL of the endpoints for mutual TLS, without a slash; empty for none.

        Auth0: they are at the host `mtls.` and a custom domain that manages its certificates. Those
        of the tenant's own domain are where all others are, because Auth0 has none.
        """
        domain = self.custom_domain(base_url)
        if domain is None:
            return base_url
        is_possible = domain.type == "self_managed_certs"
        return with_host(base_url, MTLS + domain.domain) if is_possible else ""

    def domain_at(self, host: str) -> CustomDomain | None:
        """Return the custom domain of a host, also of that for mutual TLS, verified or not."""
        if self._has_none:
            return None
        found = self._domains.get(host)
        if found is None and self._configuration.value.tenant.mtls.enable_endpoint_aliases:
            return self._domains.get(host.removeprefix(MTLS))
        return found

    def _without_mtls(self, base_url: str) -> str:
        domain = self._ready_domain(base_url)
        return with_host(base_url, domain.domain) if domain else base_url

    def browser_url(self, base_url: str) -> str:
        """Return the URL for browsers for a request to `base_url`, without a slash at the end."""
        settings = self._settings
        fixed, base_url = settings.browser_url or settings.issuer, self._without_mtls(base_url)
        url = base_url if fixed is None or self._is_elsewhere(base_url) else fixed
        return url.rstrip("/")

    def custom_domain(self, base_url: str) -> CustomDomain | None:
        """Return the custom domain to which a request belongs; None for the tenant's own domain.

        It belongs to that of its issuer.
        """
        if self._has_none:
            return None
        return self._ready_domain(self.issuer(base_url))

    def is_custom(self, url: str) -> bool:
        """Return whether a custom domain is the host of a URL."""
        return self._ready_domain(url) is not None

    def domain_name(self, base_url: str) -> str:
        """Return the name of the custom domain of a request; empty at the tenant's own domain."""
        found = self.custom_domain(base_url)
        return found.domain if found else ""

    def are_one_domain(self, base_url: str, other: str) -> bool:
        """Return whether two URLs, or issuers, belong to the same domain."""
        return self._has_none or self.domain_name(base_url) == self.domain_name(other)

    def describe_domain(self, url: str) -> str:
        """Return what a URL, or an issuer, is at: `the custom domain NAME`, for hints."""
        name = self.domain_name(url)
        return f"the custom domain {name}" if name else "the tenant's own domain"

    def at_custom_domains(self, base_url: str) -> Iterator[str]:
        """Yield the URLs of the verified custom domains, with scheme, port and path of another."""
        for one in self._domains.values():
            if one.is_ready:
                yield with_host(base_url, one.domain)

    def issuing_url(self, begun_at: str, base_url: str) -> str:
        """Return the URL that determines `iss`: that of the request, or of its login.

        Auth0: tokens have the issuer of the domain at which the login began.

        Args:
            begun_at: Where the login began.
            base_url: Where its tokens are requested.
        """
        return base_url if not begun_at or self.are_one_domain(begun_at, base_url) else begun_at

    def own_issuer(self, base_url: str) -> str:
        """Return the issuer of the tenant's own domain, with a slash at the end.

        Auth0: also at a custom domain, it is the start of the identifiers of Auth0's own APIs. If
        `issuer` does not name it, it is at the first of `hosts`, or at localhost.
        """
        fixed = self._settings.issuer
        if self.custom_domain(base_url) is None:
            return self.issuer(base_url)
        if fixed is not None and self._ready_domain(fixed) is None:
            return fixed.rstrip("/") + "/"
        hosts = (one for one in self._settings.hosts if one not in self._domains)
        return with_host(base_url, next(hosts, _OWN_HOST)).rstrip("/") + "/"

    def mail_url(self, base_url: str) -> str:
        """Return the URL for links in e-mails that a request causes, without a slash at the end.

        Auth0: links are at custom domains only if `enable_custom_domain_in_emails` is on.
        """
        here, default = self.custom_domain(base_url), self._default_domain()
        if not self._configuration.value.tenant.flags.enable_custom_domain_in_emails:
            return self.browser_url(base_url if here is None else self.own_issuer(base_url))
        if here is None and default is not None:
            return with_host(base_url, default.domain)
        return self.browser_url(base_url)

    def _default_domain(self) -> CustomDomain | None:
        """Return the custom domain that is the default, or the only one."""
        ready = [one for one in self._domains.values() if one.is_ready]
        chosen = [one for one in ready if one.is_default]
        return chosen[0] if chosen else ready[0] if len(ready) == 1 else None

    def _ready_domain(self, url: str) -> CustomDomain | None:
        """Return the verified custom domain that is the host of a URL."""
        found = self.domain_at(host_in(url))
        return found if found is not None and found.is_ready else None

    def _is_elsewhere(self, base_url: str) -> bool:
        """Return whether a request is to a custom domain that the fixed issuer is not at."""
        domain = self._ready_domain(base_url)
        fixed = self._settings.issuer
        return domain is not None and (fixed is None or host_in(fixed) != domain.domain)
