"""Recognize the URLs of the tenant's own endpoints, at any of its host names."""

from __future__ import annotations

from mockidp.hosts import is_local_host, is_loopback
from mockidp.protocol.urls.origin import host_in, origin_of, split_host
from mockidp.tenant.tenant import Tenant


def is_own_url(tenant: Tenant, base_url: str, url: object, path: str) -> bool:
    """Return whether a URL is `path` at this tenant: at its issuer, or at another of its hosts.

    A token that was requested at http://localhost is also valid at https://127.0.0.1, and Auth0
    accepts the tenant's own domain and its custom domains in place of each other.
    """
    if not isinstance(url, str) or not url.endswith(path):
        return False
    if url == tenant.issuer(base_url) + path.removeprefix("/"):
        return True
    prefix = base_url.removeprefix(origin_of(base_url))
    origin = url.removesuffix(prefix + path)
    scheme, _, host = origin.partition("://")
    split = split_host(host)
    if origin == url or scheme not in ("http", "https") or split is None:
        return False
    custom = tenant.directory.custom_domains.get(split[0])
    return is_local_host(split[0], tenant.settings.own_hosts) if custom is None else custom.is_ready


def is_issuer(tenant: Tenant, base_url: str, url: str) -> bool:
    """Return whether a URL with a slash at the end is an issuer of the tenant.

    Any local name could be one, but it may as well be that of another service. So only names in the
    tenant file count, and those of the request and of loopback at the port of the request.
    """
    if not is_own_url(tenant, base_url, url, "/"):
        return False
    (name, port), (own_name, own_port) = _host_of(url), _host_of(base_url)
    if name in (*tenant.settings.own_hosts, *tenant.directory.custom_domains):
        return True
    return port == own_port and (name == own_name or is_loopback(name))


def _host_of(url: str) -> tuple[str, str]:
    return split_host(origin_of(url).partition("://")[2]) or ("", "")


def is_own_api(tenant: Tenant, base_url: str, identifier: object, path: str) -> bool:
    """Return whether an identifier is that of Auth0's API at `path`.

    Auth0: at a custom domain, the identifier still begins with the tenant's own domain.
    """
    return is_own_url(tenant, base_url, identifier, path) and not at_custom_domain(
        tenant, identifier
    )


def at_custom_domain(tenant: Tenant, url: object) -> bool:
    """Return whether a URL is at a custom domain of the tenant, verified or not."""
    return isinstance(url, str) and host_in(url) in tenant.directory.custom_domains


def audience_mistake(tenant: Tenant, base_url: str, audience: object) -> str:
    """Explain why the `aud` of a client's JWT does not name this tenant; empty if it does."""
    audiences = audience if isinstance(audience, list) else [audience]
    if any(is_own_url(tenant, base_url, one, "/") for one in audiences):
        return ""
    return (
        f"Its `aud` is {repr(audience)[:200]}. Set it to the issuer {tenant.issuer(base_url)!r}, "
        "with the slash at the end."
    )
