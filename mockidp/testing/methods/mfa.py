"""The test methods for second factors: enroll them, compute codes, answer notifications."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    new_authenticator,
    remove_authenticator,
)
from mockidp.frozen import frozen, replace
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Factor
from mockidp.protocol.mfa.totp import DRIFT, PERIOD, totp_code
from mockidp.resources.checks import check_email
from mockidp.resources.mfa_factor import check_phone_number, check_totp_secret
from mockidp.resources.rules import Check
from mockidp.storage.store import replace_value
from mockidp.tenant.state.stores import USER
from mockidp.testing.method import (
    ID,
    NO_ANSWER,
    Method,
    Target,
    answer,
    parameters,
)
from mockidp.testing.named import named_user


@frozen
class NewTotp:
    """An authenticator app to enroll."""

    user: str
    """By id, the id's last part, or e-mail."""
    secret: str | None = None
    """The secret in base32; by default generated."""


@frozen
class NewPhone:
    """A phone to enroll."""

    user: str
    """By id, the id's last part, or e-mail."""
    phone_number: str
    """The number, such as +15551234567."""


@frozen
class NewEmail:
    """An e-mail address to enroll."""

    user: str
    """By id, the id's last part, or e-mail."""
    email: str
    """The address."""


@frozen
class EnrolledUser:
    """A user."""

    user: str
    """By id, the id's last part, or e-mail."""


@frozen
class PushAnswer:
    """The answer of a user to the latest push notification."""

    user: str
    """By id, the id's last part, or e-mail."""
    approved: bool
    """Whether the user approves the login."""


@frozen
class TotpSecret:
    """The secret of an authenticator app."""

    secret: str


@frozen
class OneTimeCode:
    """A code."""

    code: str


def _enroll_totp(target: Target, request: NewTotp) -> TotpSecret:
    """Enroll an authenticator app for a user. Return its secret."""
    secret = request.secret or target.tenant.ids.totp_secret()
    _enroll(target, request.user, OTP, secret=_checked(secret, check_totp_secret))
    return TotpSecret(secret=secret)


def _enroll_phone(target: Target, request: NewPhone) -> None:
    """Enroll a phone for a user, which gets codes by text message."""
    address = _checked(request.phone_number, check_phone_number)
    _enroll(target, request.user, SMS, address=address)


def _enroll_email(target: Target, request: NewEmail) -> None:
    """Enroll an e-mail address for a user, which gets codes."""
    _enroll(target, request.user, EMAIL, address=_checked(request.email, check_email))


def _enroll_push(target: Target, request: EnrolledUser) -> None:
    """Enroll push notifications for a user."""
    _enroll(target, request.user, PUSH)


def _recovery_code(target: Target, request: EnrolledUser) -> OneTimeCode:
    """Give a user a new recovery code. It replaces the one before."""
    tenant = target.tenant
    user = named_user(tenant, request.user)
    for one in authenticators_of(tenant, user):
        if one.factor == RECOVERY_CODE:
            remove_authenticator(tenant, one)
    code = tenant.ids.recovery_code()
    _enroll(target, request.user, RECOVERY_CODE, secret=code)
    return OneTimeCode(code=code)


def _enroll(
    target: Target, user: str, factor: Factor, *, secret: str = "", address: str = ""
) -> None:
    user_id = named_user(target.tenant, user).user_id
    new_authenticator(
        target.tenant, user_id, factor, secret=secret, address=address, is_active=True
    )


def _checked(value: str, check: Check) -> str:
    wrong = check(value)
    if wrong:
        raise MockIdPError(f"found {value!r}, expected {wrong.text}")
    return value


def _totp_code(target: Target, name: str) -> OneTimeCode:
    """Return a code of a user's authenticator app that was not used yet."""
    tenant = target.tenant
    user = named_user(tenant, name)
    apps = [one for one in authenticators_of(tenant, user) if one.factor == OTP]
    if not apps:
        raise MockIdPError(
            f"User {user.user_id} has no authenticator app. `enroll_totp` enrolls one."
        )
    current = int(tenant.now()) // PERIOD
    step = max(current, apps[-1].used_step + 1)
    if step > current + DRIFT:
        raise MockIdPError(
            f"The codes of user {user.user_id} up to {DRIFT * PERIOD} seconds from now were used. "
            f"Move the clock: `idp.clock.advance({PERIOD})`."
        )
    return OneTimeCode(code=totp_code(apps[-1].secret, step * PERIOD))


def _answer_push(target: Target, request: PushAnswer) -> None:
    """Answer the latest push notification of a user, as the user does on the phone."""
    tenant = target.tenant
    user = named_user(tenant, request.user)
    for key, entry in reversed(tenant.oob_challenges.scan(USER, user.user_id)):
        challenge = entry.value
        if not entry.is_good(tenant.now()) or challenge.binding_code:
            continue
        answered = replace(challenge, answer="approved" if request.approved else "rejected")
        if challenge.answer == "pending" and replace_value(
            tenant.oob_challenges, key, challenge, answered, expires_at=entry.expires_at
        ):
            return
    raise MockIdPError(f"No push notification is waiting for user {user.user_id}.")


def _remove_authenticators(target: Target, name: str) -> None:
    """Remove all second factors of a user, including those of the tenant file."""
    tenant = target.tenant
    for one in authenticators_of(tenant, named_user(tenant, name)):
        remove_authenticator(tenant, one)


ENROLL_TOTP = Method(
    name="enroll_totp",
    http="POST /mfa/totp",
    function=_enroll_totp,
    parameters=parameters(NewTotp),
    answer=answer(TotpSecret),
)
ENROLL_PHONE = Method(
    name="enroll_phone",
    http="POST /mfa/phones",
    function=_enroll_phone,
    parameters=parameters(NewPhone),
    answer=NO_ANSWER,
    status=204,
)
ENROLL_EMAIL = Method(
    name="enroll_email",
    http="POST /mfa/emails",
    function=_enroll_email,
    parameters=parameters(NewEmail),
    answer=NO_ANSWER,
    status=204,
)
ENROLL_PUSH = Method(
    name="enroll_push",
    http="POST /mfa/push",
    function=_enroll_push,
    parameters=parameters(EnrolledUser),
    answer=NO_ANSWER,
    status=204,
)
NEW_RECOVERY_CODE = Method(
    name="new_recovery_code",
    http="POST /mfa/recovery-codes",
    function=_recovery_code,
    parameters=parameters(EnrolledUser),
    answer=answer(OneTimeCode),
)
TOTP_CODE = Method(
    name="totp_code",
    http="GET /users/{id}/totp",
    function=_totp_code,
    parameters=ID,
    answer=answer(OneTimeCode),
)
ANSWER_PUSH = Method(
    name="answer_push",
    python=("approve_push", "reject_push"),
    http="POST /mfa/push-answers",
    function=_answer_push,
    parameters=parameters(PushAnswer),
    answer=NO_ANSWER,
    status=204,
)
REMOVE_AUTHENTICATORS = Method(
    name="remove_authenticators",
    http="DELETE /users/{id}/authenticators",
    function=_remove_authenticators,
    parameters=ID,
    answer=NO_ANSWER,
    status=204,
)
MFA_METHODS = (
    ENROLL_TOTP,
    TOTP_CODE,
    ENROLL_PHONE,
    ENROLL_EMAIL,
    ENROLL_PUSH,
    ANSWER_PUSH,
    NEW_RECOVERY_CODE,
    REMOVE_AUTHENTICATORS,
)
