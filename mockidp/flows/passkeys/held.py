"""The passkeys of users: find, add, use and remove them. They are stored by the credential's id."""

from __future__ import annotations

from mockidp.frozen import replace
from mockidp.protocol.login.passkeys import ID_PREFIX, MAX_PASSKEYS, Passkey
from mockidp.protocol.tokens.base64url import base64url
from mockidp.protocol.webauthn.verification import NewCredential, VerifiedLogin
from mockidp.resources.user import User
from mockidp.storage.store import replace_value
from mockidp.tenant.state.stores import USER
from mockidp.tenant.tenant import Tenant


def passkeys_of(tenant: Tenant, user_id: str) -> tuple[Passkey, ...]:
    """Return the passkeys of a user."""
    now, found = tenant.now(), tenant.passkeys.scan(USER, user_id)
    return tuple(entry.value for _, entry in found if entry.is_good(now))


def new_user_handle(tenant: Tenant) -> str:
    """Return a random `user.id` in base64url."""
    return base64url(tenant.ids.opaque_token().encode())


def user_handle_of(tenant: Tenant, user: User) -> str:
    """Return the handle of a user, which all passkeys have; a new one for the first."""
    held = passkeys_of(tenant, user.user_id)
    return held[0].user_handle if held else new_user_handle(tenant)


def add_passkey(
    tenant: Tenant,
    user_id: str,
    credential: NewCredential,
    *,
    user_handle: str,
    rp_id: str,
    user_agent: str = "",
    label: str = "",
) -> Passkey | None:
    """Store and return a passkey; None if the credential is known, or the user has too many."""
    made = Passkey(
        id=ID_PREFIX + tenant.ids.opaque_token()[:16],
        user_id=user_id,
        key_id=credential.id,
        public_key=credential.public_key,
        user_handle=user_handle,
        rp_id=rp_id,
        sign_count=credential.sign_count,
        aaguid=credential.aaguid,
        is_backup_eligible=credential.is_backup_eligible,
        is_backed_up=credential.is_backed_up,
        transports=credential.transports,
        user_agent=user_agent,
        label=label,
        created_at=tenant.now(),
    )
    with tenant.backend.exclusive():
        if len(passkeys_of(tenant, user_id)) >= MAX_PASSKEYS:
            return None
        if tenant.passkeys.get(made.key_id) is not None:
            return None
        tenant.passkeys.put(made.key_id, made)
    return made


def use_passkey(tenant: Tenant, passkey: Passkey, login: VerifiedLogin) -> bool:
    """Store the counter after a login. Return whether the passkey was unchanged until now."""
    used = replace(
        passkey,
        sign_count=login.sign_count,
        is_backed_up=login.is_backed_up,
        last_auth_at=tenant.now(),
    )
    return replace_passkey(tenant, passkey, used)


def replace_passkey(tenant: Tenant, old: Passkey, new: Passkey) -> bool:
    """Replace a passkey. Return whether it was unchanged until now."""
    return replace_value(tenant.passkeys, old.key_id, old, new)


def remove_passkey(tenant: Tenant, passkey: Passkey) -> None:
    """Remove a passkey. It no longer logs its user in."""
    tenant.passkeys.delete(passkey.key_id)
