"""A tenant's real domain, answered inside the process for code that uses requests.

It stands on the library `responses`, and keeps its ways: what is answered is recorded as it
records, and what is registered there for other hosts is answered as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockidp.errors import MockIdPError
from mockidp.idp import MockIdP
from mockidp.protocol.origin import make_origin, split_host

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
    """Let a tenant answer for its real domain, to all code in the process that uses requests.

    In a `with` block, which gives the `MockIdP`; or over a function or a coroutine function,
    which gets it as the argument `idp` if it has one. Each block and each call has a tenant of
    its own, unless `idp` or a `Tenant` is given. https and http are answered; requests to other
    hosts go where they would go without it. Of two blocks for one domain the inner one answers.
    A block that fails tells its exchanges, in a note to the error; one that does not warns of
    faults that never fired.

    Only requests is intercepted. For httpx there is `MockIdP.transport`; urllib, and so PyJWT's
    `PyJWKClient`, needs the live server: `with MockIdP() as idp:`, or the fixture `idp`.

    Args:
        domain: The tenant's domain, such as `acme.eu.auth0.com`, or a custom domain; with a port
            where it is not the scheme's own.
        idp: One whose tenant it shall be: what is done through the one is seen through the other.
        tenant: As for `MockIdP`.
        settings: As for `MockIdP`.
        seed: As for `MockIdP`.
        keys: As for `MockIdP`.

    Raises:
        MockIdPError: No domain, or `responses` is not installed.
        TypeError: A tenant, settings, a seed or keys beside `idp`, which has its own.
    """
    try:
        from mockidp.clients.interception.domain_adapter import DomainAdapter  # noqa: PLC0415 - an extra
        from mockidp.clients.interception.interception import Interception  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MockIdPError(
            f"intercept needs the package responses ({error}): "
            "pip install 'mockidp-server[responses]'"
        ) from error
    made = {"tenant": tenant, "settings": settings, "seed": seed, "keys": keys}
    given = [name for name, value in made.items() if value is not None]
    if idp is not None and given:
        raise TypeError(f"idp has a tenant of its own: leave {' and '.join(given)} out")
    name, port = _split(domain)
    url = make_origin("https", name, port)

    def make_door() -> DomainAdapter:
        if idp is not None:
            return DomainAdapter(name, port, MockIdP(idp.tenant, url=url))
        made = MockIdP(tenant, settings=settings, seed=seed, keys=keys, url=url)
        return DomainAdapter(name, port, made)

    return Interception(make_door, stops=idp is None)


def _split(domain: str) -> tuple[str, str]:
    split = split_host(domain)
    if split is None:
        raise MockIdPError(
            f"{domain!r} is no domain to intercept: give a host such as acme.eu.auth0.com, "
            "without https:// before it and without a path; a name beyond ASCII as xn--..."
        )
    return split
