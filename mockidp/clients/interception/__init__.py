"""Interception of requests for a tenant's real domain, for code that uses the library requests.

It is built on the library `responses`: requests are recorded in its format, and responses that a
test registers for other hosts still work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockidp.errors import MockIdPError
from mockidp.idp import MockIdP
from mockidp.protocol.urls.origin import make_origin, split_host

if TYPE_CHECKING:
    from mockidp.clients.interception.interception import Interception
    from mockidp.tenant.source import KeySource, TenantSource
    from mockidp.testing.words import SettingsFields


def intercept(
    domain: str,
    *,
    idp: MockIdP | None = None,
    tenant: TenantSource | None = None,
    settings: SettingsFields | None = None,
    seed: int | None = None,
    keys: KeySource | None = None,
) -> Interception:
    """Answer every request that code in this process sends to a tenant's real domain with requests.

    Use it in a `with` block, whose value is the `MockIdP`, or as a decorator of a function or a
    coroutine function, which receives it as argument `idp` if it has one. Each block and each call
    gets its own tenant, unless `idp` or a `Tenant` is given. Both https and http are answered.
    Requests for other hosts are not affected. If two blocks have the same domain, the inner one
    answers. The error of a failed block gets a note with the exchanges; a block that succeeds warns
    about faults that never fired.

    Only requests is intercepted. For httpx use `MockIdP.transport`. urllib, and therefore PyJWT's
    `PyJWKClient`, needs the server: `with MockIdP() as idp:`, or the fixture `idp`.

    Args:
        domain: The tenant's domain, such as `acme.eu.auth0.com`, or a custom domain, with a port
            unless it is the default.
        idp: A `MockIdP` whose tenant answers.
        tenant: As for `MockIdP`.
        settings: As for `MockIdP`.
        seed: As for `MockIdP`.
        keys: As for `MockIdP`.

    Raises:
        MockIdPError: The domain is invalid, or `responses` is not installed.
        TypeError: A tenant, settings, a seed or keys are given together with `idp`.
    """
    try:
        from mockidp.clients.interception.domain_adapter import DomainAdapter  # noqa: PLC0415 - an extra
        from mockidp.clients.interception.interception import Interception  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MockIdPError(
            f"intercept needs the package responses ({error}): "
            "pip install 'mockidp-server[responses]'"
        ) from error
    options = {"tenant": tenant, "settings": settings, "seed": seed, "keys": keys}
    given = [name for name, value in options.items() if value is not None]
    if idp is not None and given:
        raise TypeError(f"idp already has a tenant: do not give {' and '.join(given)}")
    name, port = _split(domain)
    url = make_origin("https", name, port)

    def make_adapter() -> DomainAdapter:
        if idp is not None:
            return DomainAdapter(name, port, MockIdP(idp.tenant, url=url))
        new = MockIdP(tenant, settings=settings, seed=seed, keys=keys, url=url)
        return DomainAdapter(name, port, new)

    return Interception(make_adapter, stops=idp is None)


def _split(domain: str) -> tuple[str, str]:
    split = split_host(domain)
    if split is None:
        raise MockIdPError(
            f"{domain!r} is not a domain. Give a host such as acme.eu.auth0.com, "
            "without https:// and without a path. Write a non-ASCII name as xn--..."
        )
    return split
