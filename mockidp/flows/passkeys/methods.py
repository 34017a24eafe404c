"""Authentication methods: the second factors and the passkeys of a user."""

from __future__ import annotations

from mockidp.flows.mfa.authenticators import authenticators_of, remove_authenticator
from mockidp.flows.passkeys.held import passkeys_of, remove_passkey
from mockidp.protocol.login.passkeys import Passkey
from mockidp.protocol.mfa.records import Authenticator
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

AuthenticationMethod = Authenticator | Passkey


def methods_of(tenant: Tenant, user: User) -> tuple[AuthenticationMethod, ...]:
    """Return the second factors and the passkeys of a user."""
    return (*authenticators_of(tenant, user), *passkeys_of(tenant, user.user_id))


def remove_method(tenant: Tenant, one: AuthenticationMethod) -> None:
    """Remove an authentication method. It has no effect any more."""
    if isinstance(one, Passkey):
        remove_passkey(tenant, one)
    else:
        remove_authenticator(tenant, one)
