"""Refuse the passwords that `mockidp.breached_passwords` lists as disclosed in a data breach.

Auth0: `attackProtection.breachedPasswordDetection`, by stage: logins, sign-ups, resets.
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.flows.accounts.mail import send_mail
from mockidp.protocol.errors.account_refusal import PasswordLeakedRefusal
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.passwords.breached import EVERYTHING, BreachShield, Stage
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_FIELDS = {
    "login": "shields",
    "pre-user-registration": "stage.pre-user-registration.shields",
    "pre-change-password": "stage.pre-change-password.shields",
}
_DETECTION = "attackProtection.breachedPasswordDetection"
_LISTED = "The password is in `mockidp.breached_passwords`"


def check_new_password_is_safe(tenant: Tenant, stage: Stage, password: str) -> None:
    """Check a password that a user chooses.

    Raises:
        PasswordLeakedRefusal: It was disclosed, and the tenant refuses it.
    """
    if password not in tenant.settings.breached_passwords:
        return
    shields = _shields(tenant, stage)
    with tenant.trace.check("breached_password", stage=stage, shields=shields):
        if "block" in shields:
            raise PasswordLeakedRefusal(hint=f"{_LISTED}. Choose another one.")


def check_login_is_safe(
    tenant: Tenant,
    base_url: str,
    user: User,
    password: str,
    *,
    client_id: str,
    leaked: Callable[[str], OAuthError],
) -> None:
    """Check the right password of a user who logs in, and send the e-mail about it.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        user: The user.
        password: The password.
        client_id: The application.
        leaked: Makes the refusal from its hint.

    Raises:
        OAuthError: The password was disclosed, and the tenant refuses it.
    """
    if password not in tenant.settings.breached_passwords:
        return
    shields = _shields(tenant, "login")
    if "user_notification" in shields:
        send_mail(tenant, base_url, "stolen_credentials", user, client_id=client_id)
    with tenant.trace.check("breached_password", stage="login", shields=shields):
        if "block" in shields:
            raise leaked(
                f"{_LISTED}. Reset the password of user {user.user_id}, or remove it from the list."
            )


def _shields(tenant: Tenant, stage: Stage) -> tuple[BreachShield, ...]:
    """Return what happens at a stage. A hint says if nothing is refused."""
    detection = tenant.directory.configuration.attack_protection.breached_password_detection
    shields = (detection or EVERYTHING).shields_at(stage)
    if "block" not in shields and detection is not None:
        why = (
            f"`{_DETECTION}.{_FIELDS[stage]}` does not contain `block`"
            if detection.enabled
            else f"`{_DETECTION}.enabled` is false"
        )
        tenant.trace.advise(f"{_LISTED}, but it was accepted because {why}.")
    return shields
