"""Token Vault: the accounts that a user has connected, and the access tokens of their services.

Auth0: the vault has the access and the refresh token of each service, and renews an access token
that has expired. mockidp has no services: it generates their tokens, unless a test or the tenant
file sets them (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.flows.changed_user import change_user
from mockidp.flows.hints.timestamps import clock_time
from mockidp.frozen import replace
from mockidp.protocol.errors.extension_error import FederatedTokenNotFound
from mockidp.protocol.tokens.token_vault import NO_TOKEN
from mockidp.resources.client import Client
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

ID_PREFIX, _ID_LENGTH = "cac_", 22


def accounts_of(tenant: Tenant, user: User) -> tuple[ConnectedAccount, ...]:
    """Return the connected accounts of a user, with their ids."""
    return tuple(
        one
        if one.id
        else replace(
            one,
            id=tenant.ids.record_id(
                ID_PREFIX, user.user_id, one.connection, one.login_hint or "", length=_ID_LENGTH
            ),
        )
        for one in user.connected_accounts
    )


def connectable(tenant: Tenant, client: Client) -> tuple[Connection, ...]:
    """Return the connections with whose services a client's users can connect."""
    return tuple(
        one
        for one in tenant.directory.connections.values()
        if one.connected_accounts.active and one.is_enabled_for(client)
    )


def scopes_of(connection: Connection) -> tuple[str, ...]:
    """Return the scopes that a connection requests from its service: the option `scope`."""
    scope = connection.options.extra.get("scope")
    if isinstance(scope, str):
        return tuple(scope.split())
    return tuple(str(one) for one in scope) if isinstance(scope, list | tuple) else ()


def add_account(tenant: Tenant, user_id: str, account: ConnectedAccount) -> ConnectedAccount | None:
    """Connect an account; return None if the user was deleted.

    It replaces that of the same name at the same service.
    """
    user = _change(
        tenant,
        user_id,
        lambda held: (
            *(
                one
                for one in held
                if (one.connection, one.login_hint) != (account.connection, account.login_hint)
            ),
            account,
        ),
    )
    return accounts_of(tenant, user)[-1] if user else None


def remove_account(tenant: Tenant, user: User, account_id: str) -> bool:
    """Remove an account with its tokens. Return whether there was one."""
    found = any(one.id == account_id for one in accounts_of(tenant, user))
    if found:
        _change(
            tenant,
            user.user_id,
            lambda held: tuple(one for one in held if one.id != account_id),
        )
    return found


def fresh_token(tenant: Tenant, user: User, account: ConnectedAccount) -> ConnectedAccount:
    """Return an account with an access token that is valid now, which is renewed if necessary.

    Raises:
        FederatedTokenNotFound: It has expired, and there is no refresh token.
    """
    now = int(tenant.now())
    expires_at = account.expires_at
    is_new = account.access_token is None
    with tenant.trace.check(
        "access_token_of_service", account=account.id, expires_at=expires_at, now=now
    ):
        if not is_new and expires_at is not None and expires_at > now:
            return account
        is_expired = not is_new and expires_at is not None
        if is_expired and not account.has_refresh_token:
            raise FederatedTokenNotFound(
                NO_TOKEN,
                hint=f"The access token of {account.connection} expired at "
                f"{clock_time(expires_at or 0)}, and connected account {account.id} has no "
                "refresh token (`has_refresh_token: false`). Let the user connect it again.",
            )
    renewed = replace(
        account,
        access_token=tenant.ids.opaque_token() if is_new or is_expired else account.access_token,
        expires_at=now + account.expires_in,
    )
    _change(
        tenant,
        user.user_id,
        lambda held: tuple(renewed if one.id == account.id else one for one in held),
    )
    return renewed


def _change(
    tenant: Tenant,
    user_id: str,
    change: Callable[[tuple[ConnectedAccount, ...]], tuple[ConnectedAccount, ...]],
) -> User | None:
    return change_user(
        tenant,
        user_id,
        lambda user: replace(user, connected_accounts=change(accounts_of(tenant, user))),
    )
