"""Records that a tenant has although nothing describes them.

Every request needs some, so they are kept: records do not change, and what is found out about one
is kept for the same object.
"""

from __future__ import annotations

from functools import cache, lru_cache

from mockidp.frozen import replace
from mockidp.protocol.management.scopes import SCOPES
from mockidp.protocol.my_account import MY_ACCOUNT_SCOPES
from mockidp.protocol.oauth import grant_types
from mockidp.resources.client import Client
from mockidp.resources.client_tokens import (
    ClientTokenExchange,
    NativeProviderLogin,
    NativeSocialLogin,
)
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import (
    ApiScope,
    ClientAccessPolicy,
    ResourceServer,
    SubjectTypeAuthorization,
    UserAccessPolicy,
)

_ALL_GRANT_TYPES = (
    *grant_types.DEFAULT_GRANT_TYPES,
    grant_types.PASSWORD,
    grant_types.PASSWORD_REALM,
    grant_types.PASSWORDLESS_OTP,
    grant_types.DEVICE_CODE,
    grant_types.TOKEN_EXCHANGE,
    grant_types.WEBAUTHN,
    grant_types.TOKEN_VAULT,
    *grant_types.MFA,
    *grant_types.LEGACY,
)

_ENABLED = NativeProviderLogin(enabled=True)


@lru_cache(maxsize=256)
def any_client(client_id: str) -> Client:
    """Return the client that a lenient tenant has for any id."""
    return Client(
        client_id=client_id,
        name=client_id,
        token_endpoint_auth_method="none",
        grant_types=_ALL_GRANT_TYPES,
        token_exchange=ClientTokenExchange(allow_any_profile_of_type=("custom_authentication",)),
        native_social_login=NativeSocialLogin(apple=_ENABLED, facebook=_ENABLED, google=_ENABLED),
        cross_origin_authentication=True,
    )


def management_api(identifier: str, described: ResourceServer | None = None) -> ResourceServer:
    """Return the Management API, which every tenant has.

    Args:
        identifier: Its audience.
        described: What a tenant file says about it, if it leaves out the scopes.
    """
    api = described or ResourceServer(identifier=identifier, name="Auth0 Management API")
    return replace(api, scopes=_api_scopes(SCOPES))


def my_account_api(
    identifier: str, described: ResourceServer | None = None, *, is_open: bool
) -> ResourceServer:
    """Return the My Account API, which every tenant has.

    Auth0: a client needs a grant with `subject_type` user, and gets no token for itself.

    Args:
        identifier: Its audience.
        described: What a tenant file says about it, if it leaves out the scopes.
        is_open: Whether clients need no grant, because the tenant accepts any client.
    """
    access = SubjectTypeAuthorization(
        client=ClientAccessPolicy(policy="deny_all"),
        user=UserAccessPolicy(policy="allow_all" if is_open else "require_client_grant"),
    )
    api = described or ResourceServer(
        identifier=identifier, name="Auth0 My Account API", subject_type_authorization=access
    )
    return replace(api, scopes=_api_scopes(MY_ACCOUNT_SCOPES))


@lru_cache(maxsize=16)
def implied_database(name: str) -> Connection:
    """Return the database of a tenant that describes none."""
    return Connection(name=name, is_domain_connection=True)


@cache
def _api_scopes(values: tuple[str, ...]) -> tuple[ApiScope, ...]:
    return tuple(ApiScope(value=one) for one in values)
