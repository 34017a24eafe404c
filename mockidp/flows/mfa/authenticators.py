"""The authenticators of a user: those in the tenant file, and those enrolled at run time.

An authenticator of the tenant file is in the store only after it was used or removed; its id is
made from its value, so another value in the file is another authenticator.
Auth0: a user with a verified e-mail address can use it without enrolling it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.frozen import replace
from mockidp.protocol.mfa.guardian import EMAIL, FACTORS, OTP, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Authenticator, Factor, authenticator_prefix
from mockidp.resources.user import User
from mockidp.tenant.state.stores import USER
from mockidp.tenant.tenant import Tenant


def enabled_factors(tenant: Tenant) -> tuple[str, ...]:
    """Return the factors that users can enroll, in Auth0's order."""
    return tuple(one for one in FACTORS if is_enabled(tenant, one))


def is_enabled(tenant: Tenant, factor: str) -> bool:
    """Return whether the tenant has a factor switched on."""
    factors = tenant.directory.configuration.guardian_factors
    return any(one.name == factor and one.enabled for one in factors)


def authenticators_of(tenant: Tenant, user: User) -> tuple[Authenticator, ...]:
    """Return the authenticators of a user, also those that are not confirmed yet."""
    now = tenant.now()
    held = {
        entry.value.id: entry.value
        for _, entry in tenant.authenticators.scan(USER, user.user_id)
        if entry.is_good(now)
    }
    of_file = (
        held.pop(one.id, one)
        for one in _of_file(tenant, user)
        if one.id in held or tenant.authenticators.history(one.id) is None
    )
    found = (*of_file, *held.values())
    own = _own_email(tenant, user)
    is_known = own is None or any(one.address == own.address for one in found)
    return found if is_known or own is None else (*found, own)


def usable_authenticators(tenant: Tenant, user: User) -> tuple[Authenticator, ...]:
    """Return the authenticators with which a user can pass the second factor now."""
    return tuple(
        one
        for one in authenticators_of(tenant, user)
        if one.is_active and is_enabled(tenant, one.factor)
    )


def is_enrolled(tenant: Tenant, user: User) -> bool:
    """Return whether a user has enrolled a factor.

    Auth0: the verified e-mail address of the profile counts only if there is no other factor.
    """
    own = _own_email(tenant, user)
    counts = own is not None and enabled_factors(tenant) == (EMAIL,)
    return any(
        one.factor != RECOVERY_CODE and (counts or own is None or one.id != own.id)
        for one in usable_authenticators(tenant, user)
    )


def new_authenticator(
    tenant: Tenant,
    user_id: str,
    factor: Factor,
    *,
    secret: str = "",
    address: str = "",
    is_active: bool = False,
    label: str = "",
) -> Authenticator:
    """Store and return a new authenticator. It replaces unconfirmed ones of the same factor."""
    for _, entry in tenant.authenticators.scan(USER, user_id):
        if entry.value.factor == factor and not entry.value.is_active:
            tenant.authenticators.take(entry.value.id)
    made = Authenticator(
        id=authenticator_prefix(factor) + tenant.ids.opaque_token()[:16],
        user_id=user_id,
        factor=factor,
        secret=secret,
        address=address,
        is_active=is_active,
        label=label,
        created_at=tenant.now(),
    )
    tenant.authenticators.put(made.id, made)
    return made


def replace_authenticator(tenant: Tenant, old: Authenticator, new: Authenticator) -> bool:
    """Replace an authenticator. Return whether it was unchanged until now."""
    store = tenant.authenticators
    entry = store.find(old.id)
    if entry is not None:
        return entry.value == old and store.swap(old.id, entry.version, new)
    return store.history(old.id) is None and store.swap(old.id, None, new)


def remove_authenticator(tenant: Tenant, authenticator: Authenticator) -> None:
    """Remove an authenticator."""
    store = tenant.authenticators
    if store.history(authenticator.id) is None:
        store.put(authenticator.id, authenticator)
    store.take(authenticator.id)


def confirm(tenant: Tenant, user: User, authenticator: Authenticator) -> None:
    """Activate an authenticator that its user has used, and the recovery code given with it."""
    for one in authenticators_of(tenant, user):
        if not one.is_active and (one.id == authenticator.id or one.factor == RECOVERY_CODE):
            replace_authenticator(tenant, one, replace(one, is_active=True))


def recovery_code_of(tenant: Tenant, user: User) -> Authenticator | None:
    """Return the recovery code of a user."""
    found = usable_authenticators(tenant, user)
    return next((one for one in found if one.factor == RECOVERY_CODE), None)


def give_recovery_code(tenant: Tenant, user: User) -> str | None:
    """Return a recovery code for the first enrollment of a user, to be confirmed with it.

    None if the user has a factor or a code already, or the tenant has recovery codes switched off.
    """
    has_code = recovery_code_of(tenant, user) is not None
    if has_code or is_enrolled(tenant, user) or not is_enabled(tenant, RECOVERY_CODE):
        return None
    code = tenant.ids.recovery_code()
    new_authenticator(tenant, user.user_id, RECOVERY_CODE, secret=code)
    return code


def _of_file(tenant: Tenant, user: User) -> Iterator[Authenticator]:
    for one in user.mfa_factors:
        if one.totp is not None:
            yield _fixed(tenant, user, OTP, secret=one.totp.secret)
        if one.phone is not None:
            yield _fixed(tenant, user, SMS, address=one.phone.value)
        if one.email is not None:
            yield _fixed(tenant, user, EMAIL, address=one.email.value)


def _own_email(tenant: Tenant, user: User) -> Authenticator | None:
    """Return the verified e-mail address of the profile as an authenticator."""
    if not user.email or not user.email_verified or not is_enabled(tenant, EMAIL):
        return None
    own = _fixed(tenant, user, EMAIL, address=user.email, source="profile")
    return own if tenant.authenticators.history(own.id) is None else None


def _fixed(
    tenant: Tenant,
    user: User,
    factor: Factor,
    *,
    secret: str = "",
    address: str = "",
    source: str = "file",
) -> Authenticator:
    identity = (source, user.user_id, secret, address)
    return Authenticator(
        id=tenant.ids.record_id(authenticator_prefix(factor), *identity),
        user_id=user.user_id,
        factor=factor,
        secret=secret,
        address=address,
    )
