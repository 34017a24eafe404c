"""The hosts that a tenant answers to."""

from __future__ import annotations

from functools import lru_cache

from mockidp.hosts import is_local_host
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.urls.origin import host_in, make_origin, split_host
from mockidp.tenant.tenant import Tenant


def base_url_at(
    tenant: Tenant, scheme: str, host: str, prefix: str, allowed: tuple[str, ...]
) -> str:
    """Return the URL of a tenant at the host of a request, without a slash at the end.

    Args:
        tenant: The tenant.
        scheme: `http` or `https`.
        host: The Host header.
        prefix: The path prefix of the tenant.
        allowed: Host names to answer to, in addition to local names and custom domains.

    Raises:
        InvalidRequest: The host is not allowed, or is a custom domain that is not verified.
    """
    name = host_in(f"{scheme}://{host}")
    domain = tenant.urls.domain_at(name)
    if domain is None:
        return _base_url(scheme, host, prefix, allowed)
    if not domain.is_ready:
        raise InvalidRequest(
            "Unknown host",
            hint=f"The custom domain {name!r} has `status: {domain.status}`, so Auth0 does not "
            "answer at it. Set its status to ready.",
        )
    return _base_url(scheme, host, prefix, (name,))


@lru_cache(maxsize=256)
def _base_url(scheme: str, host: str, prefix: str, allowed: tuple[str, ...]) -> str:
    split = split_host(host)
    if split is None:
        raise InvalidRequest(
            "Invalid Host header", hint=f"Header `Host` is {host[:100]!r}, which is not a host."
        )
    name, port = split
    if not is_local_host(name, allowed):
        raise InvalidRequest(
            "Unknown host",
            hint=f"This mock does not answer to the host {name!r}. It allows loopback names, IP "
            "addresses, single-label names, *.localhost, *.internal, *.test, the hosts in "
            "setting `hosts` and the tenant's `customDomains`.",
        )
    return make_origin(scheme, name, port) + prefix
