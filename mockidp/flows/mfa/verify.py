"""Verify a second factor: a code of an app, a code that was sent, or a recovery code.

Every code works once: it is used up by one atomic swap or take.
"""

from __future__ import annotations

import hmac

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    confirm,
    is_enabled,
    is_enrolled,
    recovery_code_of,
    replace_authenticator,
)
from mockidp.flows.mfa.guesses import CodeRefusals, guess
from mockidp.frozen import replace
from mockidp.protocol.errors.repair import find_damage
from mockidp.protocol.mfa.guardian import OTP
from mockidp.protocol.mfa.records import Authenticator, OobChallenge
from mockidp.protocol.mfa.totp import DRIFT, PERIOD, step_of_code
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_USED = "The code was used before. Each code works once: wait for the app's next code."


def verify_otp(
    tenant: Tenant, user: User, code: str, refusals: CodeRefusals, *, adds_factor: bool = False
) -> None:
    """Use up the code of an authenticator app. The first code confirms the enrollment.

    A user who has a factor already cannot use an app that is not confirmed, unless `adds_factor`.

    Raises:
        OAuthError: The code is wrong, or too many were.
    """
    confirms = adds_factor or not is_enrolled(tenant, user)
    apps = [
        one
        for one in authenticators_of(tenant, user)
        if one.factor == OTP and is_enabled(tenant, OTP) and (one.is_active or confirms)
    ]
    guess(tenant, user, "otp", lambda: _try_apps(tenant, user, apps, code), refusals)


def verify_app(
    tenant: Tenant, user: User, app: Authenticator, code: str, refusals: CodeRefusals
) -> None:
    """Use up the code of one authenticator app, and confirm its enrollment.

    Raises:
        OAuthError: The code is wrong, or too many were.
    """
    guess(tenant, user, "otp", lambda: _try_apps(tenant, user, [app], code), refusals)


def _try_apps(tenant: Tenant, user: User, apps: list[Authenticator], code: str) -> str:
    if not apps:
        return f"User {user.user_id} has not enrolled an authenticator app."
    for app in apps:
        step = step_of_code(app.secret, code, tenant.now())
        if step is None:
            continue
        used = replace(app, used_step=step, is_active=True)
        if step <= app.used_step or not replace_authenticator(tenant, app, used):
            return _USED
        confirm(tenant, user, used)
        return ""
    return _why_wrong(tenant, apps, code)


def _why_wrong(tenant: Tenant, apps: list[Authenticator], code: str) -> str:
    now = tenant.now()
    secrets = [app.secret for app in apps]
    damage = find_damage(
        code, lambda one: any(step_of_code(secret, one, now) is not None for secret in secrets)
    )
    if damage:
        return f"The code that was sent {damage}."
    return (
        f"The code is not that of the user's app at {clock_time(now)} of the tenant's clock, nor "
        f"of the {DRIFT * PERIOD} seconds before and after. `idp.totp_code(user)` returns the "
        "current one."
    )


def verify_binding_code(
    tenant: Tenant,
    user: User,
    oob_code: str,
    challenge: OobChallenge,
    *,
    code: str,
    refusals: CodeRefusals,
) -> None:
    """Use up a challenge with the code that was sent to the user.

    Raises:
        OAuthError: The code is wrong, or too many were.
    """

    def attempt() -> str:
        if not hmac.compare_digest(challenge.binding_code.encode(), code.encode()):
            return "Another code was sent to the user. `idp.outbox.last()` returns the message."
        return "" if end_challenge(tenant, user, oob_code, challenge) else _USED_CHALLENGE

    guess(tenant, user, "binding_code", attempt, refusals)


_USED_CHALLENGE = "The code was used before. Start another challenge."


def end_challenge(tenant: Tenant, user: User, oob_code: str, challenge: OobChallenge) -> bool:
    """Take a challenge that the user has passed. Return whether it was still there."""
    if tenant.oob_challenges.take(oob_code) is None:
        return False
    for one in authenticators_of(tenant, user):
        if one.id == challenge.authenticator_id:
            confirm(tenant, user, one)
    return True


def verify_recovery_code(tenant: Tenant, user: User, code: str, refusals: CodeRefusals) -> str:
    """Replace a user's recovery code, if it was sent. Return the new one.

    Raises:
        OAuthError: The code is wrong, or too many were.
    """
    held, new = recovery_code_of(tenant, user), tenant.ids.recovery_code()

    def attempt() -> str:
        if held is None or not hmac.compare_digest(held.secret.encode(), code.encode()):
            damage = find_damage(code, lambda one: held is not None and one == held.secret)
            if damage:
                return f"The recovery code that was sent {damage}."
            return f"It is not the recovery code of user {user.user_id}."
        is_replaced = replace_authenticator(tenant, held, replace(held, secret=new))
        return "" if is_replaced else "The recovery code was used before."

    guess(tenant, user, "recovery_code", attempt, refusals)
    return new
