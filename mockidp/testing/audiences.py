"""The APIs that a minted token is for, one or several, and the scopes that they define."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from mockidp.errors import MockIdPError
from mockidp.faults import Fault
from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.frozen import frozen, replace
from mockidp.protocol.discovery.document import USERINFO
from mockidp.protocol.legacy.pipeline import profile_attributes
from mockidp.protocol.oauth.scope import OIDC_SCOPES, OPENID
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.testing.named import unknown


@frozen
class Audiences:
    """The values of `aud`, and the APIs among them."""

    names: tuple[str, ...]
    apis: tuple[ResourceServer, ...]

    @classmethod
    def find(
        cls,
        tenant: Tenant,
        base_url: str,
        named: str | Sequence[str] | None,
        *,
        lifetime: int | None,
    ) -> Self:
        """Find the API of each audience. By default, use the tenant's default audience.

        A lifetime, in seconds, replaces the token lifetime of the APIs.

        Raises:
            MockIdPError: No API has one of the identifiers.
        """
        names = tuple(filter(None, (named,) if isinstance(named, str) else named or ()))
        try:
            found = [find_api(tenant, base_url, name) for name in names or (None,)]
        except UnknownAudience as error:
            raise MockIdPError(error.hint) from None
        apis = [api for api in found if api is not None]
        if lifetime is not None:
            apis = [replace(api, token_lifetime=lifetime) for api in apis]
        return cls(names=names, apis=tuple(apis))

    @property
    def first(self) -> ResourceServer | None:
        """The API that decides the token's format; None if the token is opaque."""
        return self.apis[0] if self.apis else None

    @property
    def scope_values(self) -> tuple[str, ...]:
        """The scopes that the APIs define, without duplicates."""
        return tuple(dict.fromkeys(one for api in self.apis for one in api.scope_values))

    def set_claim(self, issuer: str, scope: Sequence[str], fault: Fault | None) -> Fault | None:
        """Return a fault that also sets `aud` to a list, if there are several audiences.

        If the fault changes `aud` itself, it is returned unchanged.
        """
        base = fault or Fault(endpoint="access_token")
        if len(self.names) < 2 or "aud" in {*base.set, *base.remove, *base.wrong}:  # noqa: PLR2004
            return fault
        userinfo = issuer + USERINFO.removeprefix("/")
        names = [*self.names, userinfo] if OPENID in scope else self.names
        return replace(base, set={"aud": list(dict.fromkeys(names)), **base.set})


def check_scope(
    tenant: Tenant, audiences: Audiences, scope: Sequence[str], user: User | None
) -> None:
    """Check that one of the APIs defines each scope. An undefined scope is probably misspelt.

    Raises:
        MockIdPError: A scope is unknown.
    """
    apis = audiences.apis
    # An opaque token is for /userinfo, where the legacy pipeline accepts any attribute as a scope.
    attributes = profile_attributes(user, None) if user and not apis else ()
    for one in scope:
        if one in OIDC_SCOPES or one in attributes:
            continue
        if any(tenant.directory.defines(api, one) for api in apis):
            continue
        error = unknown("scope", one, (*audiences.scope_values, *OIDC_SCOPES))
        remedy = "To mint a token with it anyway, set the claim `scope`."
        if not apis:
            remedy = "A token without an audience has no scopes of an API. Name its audience."
        raise MockIdPError(f"{error} {remedy}")
