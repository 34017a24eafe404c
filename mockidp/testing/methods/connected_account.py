"""The test method `connect_account`: an account of a user at another service."""

from __future__ import annotations

from dataclasses import field

from mockidp.errors import MockIdPError
from mockidp.flows.connected_accounts.token_vault import ID_PREFIX, add_account
from mockidp.frozen import frozen
from mockidp.resources.connected_account import TOKEN_LIFETIME, ConnectedAccount
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp
from mockidp.testing.method import MINIMUM, Method, Target, answer, parameters
from mockidp.testing.named import named_user, unknown


@frozen
class NewConnectedAccount:
    """The parameters of an account."""

    user: str
    """By id, the id's last part, or e-mail."""
    connection: str
    """The connection of the service."""
    access_token: str | None = None
    """The access token of the service; by default generated."""
    scopes: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """The scopes that the user has granted."""
    expires_in: int = field(default=TOKEN_LIFETIME, metadata={MINIMUM: 1})
    """Seconds until an access token expires, by the tenant's clock."""
    has_refresh_token: bool = True
    """Whether an access token that has expired is replaced by another one."""
    login_hint: str | None = None
    """The user's name at the service, for users with several accounts there."""


@frozen
class NewAccount:
    """A connected account."""

    id: str
    access_token: str


def _connect_account(target: Target, request: NewConnectedAccount) -> NewAccount:
    """Connect an account at another service with a user, without a page."""
    tenant = target.tenant
    user_id = named_user(tenant, request.user).user_id
    _check_connection(tenant, request.connection)
    now = tenant.now()
    token = request.access_token or tenant.ids.opaque_token()
    made = add_account(
        tenant,
        user_id,
        ConnectedAccount(
            id=ID_PREFIX + tenant.ids.opaque_token()[:22],
            connection=request.connection,
            login_hint=request.login_hint,
            scopes=request.scopes,
            access_token=token,
            expires_in=request.expires_in,
            expires_at=int(now) + request.expires_in,
            has_refresh_token=request.has_refresh_token,
            created_at=timestamp(now),
        ),
    )
    if made is None:
        raise unknown("user", user_id, tenant.directory.users)
    return NewAccount(id=made.id, access_token=token)


def _check_connection(tenant: Tenant, name: str) -> None:
    connection = tenant.directory.connection(name)
    if connection is None:
        raise unknown("connection", name, tenant.directory.connections)
    if not connection.connected_accounts.active:
        raise MockIdPError(
            f"Users cannot connect with {name}. Set `connected_accounts.active` of the connection "
            "to true."
        )


CONNECT_ACCOUNT = Method(
    name="connect_account",
    http="POST /connected-accounts",
    function=_connect_account,
    parameters=parameters(NewConnectedAccount),
    answer=answer(NewAccount),
)
