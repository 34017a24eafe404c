"""The step `passkey`: a user who typed a password is asked to create a passkey.

Auth0: progressive enrollment. A user who declines is not asked again for 30 days.
"""

from __future__ import annotations

from mockidp.flows.passkeys.held import passkeys_of
from mockidp.protocol.login.passkeys import DECLINED_LIFETIME, DeclinedPasskey
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.protocol.webauthn.cbor import has_cbor
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def is_pending(tenant: Tenant, _client: Client, login: LoginTransaction) -> bool:
    """Return whether the user still has to be asked."""
    user = tenant.directory.user(login.user_id or "") if login.typed_password else None
    return user is not None and _is_due(tenant, user)


def _is_due(tenant: Tenant, user: User) -> bool:
    connection = tenant.directory.connection(user.connection)
    return (
        connection is not None
        and connection.options.enrolls_passkeys
        and has_cbor()
        and not passkeys_of(tenant, user.user_id)
        and tenant.declined_passkeys.get(user.user_id) is None
    )


def decline(tenant: Tenant, user: User) -> None:
    """Store that a user does not want a passkey for now."""
    tenant.declined_passkeys.put(
        user.user_id,
        DeclinedPasskey(user_id=user.user_id),
        expires_at=tenant.now() + DECLINED_LIFETIME,
    )
